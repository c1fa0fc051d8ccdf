"""One layer of the form on screen: whether to import it, its facts and its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import traitlets

from voxshelf.widgets.import_form.rows import FieldRow, category_control, fact_markup, text_control
from voxshelf.widgets.theme import ProgressLine, escape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voxshelf.model import Place
    from voxshelf.widgets.import_form.layer_form import LayerForm
    from voxshelf.widgets.import_form.segment_ids import SegmentIdSearch


class LayerView(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """A layer's box.

    Parameters
    ----------
    layer : LayerForm
        What is shown.
    search : SegmentIdSearch
        Behind *Compute*.
    """

    def __init__(self, layer: LayerForm, search: SegmentIdSearch) -> None:
        self._layer = layer
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
            "bounding_box": FieldRow(
                layer.bounding_box,
                text_control(layer.bounding_box, placeholder="x, y, z, x_size, y_size, z_size"),
            ),
            "largest_segment_id": self._make_segment_row(search),
        }
        self._body = widgets.VBox(list(self._rows.values()))
        self._body.add_class("vx-stack")
        super().__init__([head, self._body])
        self.add_class("vx-panel")
        self.add_class("vx-stack")
        layer.observe(lambda _: self._follow(), ["included", "shows_segment_id"])
        self._follow()

    def _make_segment_row(self, search: SegmentIdSearch) -> FieldRow:
        layer = self._layer
        compute = widgets.Button(
            description="Compute",
            tooltip="Read the whole layer and find the largest id",
            layout=widgets.Layout(width="84px"),
        )
        compute.on_click(lambda _: search.start(layer))
        progress = ProgressLine(lambda: search.cancel(layer))
        text = text_control(layer.largest_segment_id, placeholder="unknown", width="150px")
        control = widgets.HBox([text, compute, progress])
        control.add_class("vx-bar")

        def follow(change: Any) -> None:
            running = layer.progress is not None
            compute.layout.display = "none" if running else None
            if not running:
                progress.stop()
            elif change["old"] is None:
                progress.start(layer.progress_text)
            else:
                progress.step(change["new"], layer.progress_text)

        layer.observe(follow, "progress")
        return FieldRow(layer.largest_segment_id, control)

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
