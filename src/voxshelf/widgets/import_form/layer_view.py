"""One layer of the form on screen: whether to import it, its facts and its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import traitlets

from voxshelf.widgets.import_form.rows import FieldRow, category_control, fact_markup, text_control
from voxshelf.widgets.import_form.searches import Search, find_data_bounds, find_largest_segment_id
from voxshelf.widgets.theme import ProgressLine, escape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voxshelf.model import Place
    from voxshelf.widgets.import_form.fields import Field
    from voxshelf.widgets.import_form.layer_form import LayerForm
    from voxshelf.widgets.import_form.searches import Find
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
        self._layer = layer
        self._form = form
        self._searches: list[Search] = []
        self._include = widgets.Checkbox(value=True, indent=False, layout=widgets.Layout(width="auto"))
        self._include.tooltip = "Import this layer"
        traitlets.link((layer, "included"), (self._include, "value"))
        title = widgets.HTML(f"<b>{escape(layer.name)}</b>")
        facts = widgets.HTML(fact_markup(layer.facts))
        facts.add_class("vx-grow")
        head = widgets.HBox([self._include, title, facts])
        head.add_class("vx-bar")
        self._rows = {
            "category": FieldRow(layer.category, category_control(layer.category)),
            "bounding_box": self._make_searchable(
                layer.bounding_box,
                find_data_bounds,
                text_control(layer.bounding_box, placeholder="x, y, z, x_size, y_size, z_size"),
                _button("Tighten", "Read the layer and cut off what is 0 all around"),
            ),
            "largest_segment_id": self._make_searchable(
                layer.largest_segment_id,
                find_largest_segment_id,
                text_control(layer.largest_segment_id, placeholder="unknown", width="150px"),
                _button("Compute", "Read the whole layer and find the largest id"),
            ),
        }
        self._body = widgets.VBox(list(self._rows.values()))
        self._body.add_class("vx-stack")
        super().__init__([head, self._body])
        self.add_class("vx-panel")
        self.add_class("vx-stack")
        layer.observe(lambda _: self._follow(), ["included", "shows_segment_id"])
        self._follow()

    def _make_searchable(
        self, field: Field, find: Find, text: widgets.Widget, button: widgets.Button
    ) -> FieldRow:
        """A row whose value can be found by reading voxels: a button, and in its place progress and Cancel."""
        search = Search(self._form, self._layer, field, find)
        self._searches.append(search)
        button.on_click(lambda _: search.start())
        progress = ProgressLine(search.cancel)
        control = widgets.HBox([text, button, progress])
        control.add_class("vx-bar")

        def follow(change: Any) -> None:
            running = search.progress is not None
            button.layout.display = "none" if running else None
            if not running:
                progress.stop()
            elif change["old"] is None:
                progress.start(search.progress_text)
            else:
                progress.step(change["new"], search.progress_text)

        search.observe(follow, "progress")
        return FieldRow(field, control)

    def stop(self) -> None:
        """Cancel what is being searched."""
        for search in self._searches:
            search.cancel()

    def give_away_open_rows(self) -> list[FieldRow]:
        """The rows that need the person, for a place above the layers; they still belong to this layer."""
        fields = {
            "category": self._layer.category,
            "bounding_box": self._layer.bounding_box,
            "largest_segment_id": self._layer.largest_segment_id,
        }
        open_rows = [
            row
            for noun, row in self._rows.items()
            if fields[noun].proposed.value is None and self._asks(noun)
        ]
        self._body.children = tuple(row for row in self._rows.values() if row not in open_rows)
        for row in open_rows:
            row.name_layer(self._layer.name)
        return open_rows

    def _asks(self, noun: str) -> bool:
        return noun != "largest_segment_id" or self._layer.shows_segment_id

    def complain(self, sentences: Mapping[Place, str]) -> None:
        """Show at each field what its rule says; ``sentences`` by place."""
        for row_noun, row in self._rows.items():
            row.complain(sentences.get(("layers", self._layer.name, row_noun), ""))

    def _follow(self) -> None:
        included = self._layer.included
        self._body.layout.display = None if included else "none"
        for noun, row in self._rows.items():
            row.layout.display = None if included and self._asks(noun) else "none"


def _button(description: str, tooltip: str) -> widgets.Button:
    return widgets.Button(description=description, tooltip=tooltip, layout=widgets.Layout(width="84px"))
