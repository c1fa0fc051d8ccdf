"""Segments of one layer: find one by its id, show it alone, hide or recolour it, and see which were touched."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import ipywidgets as widgets
import numpy as np

from voxshelf.slicing import segment_colors
from voxshelf.widgets.slice_viewer.controls import WIDE, close_all, hear, hex_color, rgb, small_button

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.widgets.slice_viewer.layer_state import LayerState
    from voxshelf.widgets.slice_viewer.state import ViewerState

_MOST_ROWS = 8


class SegmentPanel(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """The controls of a segmentation's segments.

    Parameters
    ----------
    state : ViewerState
        What is looked at.
    layer : LayerState
        The segmentation.
    """

    def __init__(self, state: ViewerState, layer: LayerState) -> None:
        self._state, self._layer = state, layer
        self.id = widgets.Text(
            placeholder="Segment id",
            tooltip="An id as the pointer reads it; or right-click a segment in the picture",
            layout=widgets.Layout(flex="1 1 0", **WIDE),
        )
        only = small_button("Only", "Show only this segment", lambda: self._with_id(self._isolate))
        hide = small_button("Hide", "Hide this segment", lambda: self._with_id(layer.hide_segment))
        pick = small_button("Choose", "Add it to the list below", lambda: self._with_id(layer.select_segment))
        self.problem = widgets.Label()
        self.problem.add_class("vxs-problem")
        self.problem.layout.display = "none"
        self.list = widgets.VBox()
        self.everything = small_button(
            "Show all segments", "Undo hiding and choosing", state.show_all_segments
        )
        parts = [widgets.HBox([self.id, only, hide, pick]), self.problem, self.list, self.everything]
        super().__init__(parts)
        self.add_class("vxs-segment-panel")
        touched = ["hidden_segments", "selected_segments", "segment_colors"]
        hear(self, layer, lambda _: self._update(), touched)
        hear(self, state, lambda _: self._update(), "selective_segment_visibility")
        self._update()

    def touched(self) -> list[int]:
        """Segments that were chosen, hidden or recoloured, in that order."""
        layer = self._layer
        return list(dict.fromkeys([*layer.selected_segments, *layer.hidden_segments, *layer.segment_colors]))

    def _isolate(self, segment: int) -> None:
        self._state.isolate_segment(self._layer.name, segment)

    def _with_id(self, act: Callable[[int], None]) -> None:
        text = self.id.value.strip().replace(",", "").replace("_", "")
        limits = np.iinfo(self._layer.element_class.dtype)
        is_number = re.fullmatch(r"-?\d+", text) is not None
        is_one = is_number and limits.min <= int(text) <= limits.max and int(text) != 0
        if not is_one:
            self.problem.value = f"Give an id of {self._layer.element_class}, other than 0."
        self.problem.layout.display = "none" if is_one else None
        if is_one:
            act(int(text))

    def _update(self) -> None:
        touched = self.touched()
        rows = [self._row(segment) for segment in touched[:_MOST_ROWS]]
        if len(touched) > _MOST_ROWS:
            rows.append(widgets.Label(f"… and {len(touched) - _MOST_ROWS} more"))
        before, self.list.children = self.list.children, rows
        for row in before:
            close_all(row)
        hides = self._layer.hidden_segments or self._state.selective_segment_visibility
        self.everything.layout.display = None if hides else "none"

    def _row(self, segment: int) -> widgets.HBox:
        layer = self._layer
        own = layer.segment_colors.get(segment)
        stable = segment_colors(np.array([segment], layer.element_class.dtype))[0]
        color = widgets.ColorPicker(
            concise=True,
            value=hex_color(stable if own is None else own),
            tooltip="Colour of this segment",
            layout=widgets.Layout(width="28px"),
        )
        color.observe(lambda change: layer.color_segment(segment, rgb(change["new"])), "value")
        hidden = segment in layer.hidden_segments
        name = widgets.Label(str(segment), layout=widgets.Layout(flex="1 1 0", **WIDE))
        show = small_button(
            "Show" if hidden else "Hide",
            "Show it again" if hidden else "Hide it",
            lambda: layer.select_segment(segment) if hidden else layer.hide_segment(segment),
        )
        forget = small_button("✕", "Treat it like all others", lambda: layer.forget_segment(segment))
        return widgets.HBox([color, name, show, forget])
