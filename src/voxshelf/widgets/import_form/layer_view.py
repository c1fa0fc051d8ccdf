"""One layer of the form on screen: whether to import it, its facts and its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets
import traitlets

from voxshelf.widgets.data_fields import LayerControls
from voxshelf.widgets.import_form.rows import FieldRow, fact_markup
from voxshelf.widgets.theme import escape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voxshelf.model import Place
    from voxshelf.widgets.import_form.layer_form import LayerForm
    from voxshelf.widgets.import_form.state import ImportFormState


class LayerView(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """A layer's box.

    Parameters
    ----------
    layer : LayerForm
        What is shown.
    form : ImportFormState
        What it belongs to.
    """

    def __init__(self, layer: LayerForm, form: ImportFormState) -> None:
        self.layer = layer
        self._include = widgets.Checkbox(value=True, indent=False, layout=widgets.Layout(width="auto"))
        self._include.tooltip = "Import this layer"
        traitlets.link((layer, "included"), (self._include, "value"))
        title = widgets.HTML(f"<b>{escape(layer.name)}</b>")
        facts = widgets.HTML(fact_markup(layer.facts))
        facts.add_class("vx-grow")
        head = widgets.HBox([self._include, title, facts])
        head.add_class("vx-bar")
        self.controls = LayerControls(layer, layer.by_noun, form)
        self._rows = {
            noun: FieldRow(layer.by_noun[noun], control) for noun, control in self.controls.by_noun.items()
        }
        self._body = widgets.VBox(list(self._rows.values()))
        self._body.add_class("vx-stack")
        super().__init__([head, self._body])
        self.add_class("vx-panel")
        self.add_class("vx-stack")
        layer.observe(lambda _: self._follow(), ["included", "shows_segment_id"])
        self._follow()

    def stop(self) -> None:
        """Cancel what is being searched."""
        self.controls.stop()

    def give_away_open_rows(self) -> list[FieldRow]:
        """The rows that need the person, for a place above the layers; they still belong to this layer."""
        fields = self.layer.by_noun
        open_rows = [
            row
            for noun, row in self._rows.items()
            if fields[noun].proposed.value is None and self._asks(noun)
        ]
        self._body.children = tuple(row for row in self._rows.values() if row not in open_rows)
        for row in open_rows:
            row.name_layer(self.layer.name)
        return open_rows

    def _asks(self, noun: str) -> bool:
        return noun != "largest_segment_id" or self.layer.shows_segment_id

    def complain(self, sentences: Mapping[Place, str]) -> None:
        """Show at each field what its rule says; ``sentences`` by place."""
        for row_noun, row in self._rows.items():
            row.complain(sentences.get(("layers", self.layer.name, row_noun), ""))

    def _follow(self) -> None:
        included = self.layer.included
        self._body.layout.display = None if included else "none"
        for noun, row in self._rows.items():
            row.layout.display = None if included and self._asks(noun) else "none"
