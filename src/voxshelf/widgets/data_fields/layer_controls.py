"""The controls of one layer's fields; two of its values can be found by reading voxels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from voxshelf.widgets.data_fields.controls import category_control, text_control
from voxshelf.widgets.data_fields.searches import Search, find_data_bounds, find_largest_segment_id
from voxshelf.widgets.theme import ProgressLine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voxshelf.widgets.data_fields.fields import Field
    from voxshelf.widgets.data_fields.searches import SearchedForm, SearchedLayer


class SearchControl(widgets.HBox):  # type: ignore[misc]  # ipywidgets ships no types
    """A text, and a button that finds its value; in the button's place progress and Cancel while that goes on.

    Parameters
    ----------
    search : Search
        What the button starts.
    text : Widget
        Shows and changes the value.
    verb, meaning : str
        What the button says, and what it does.
    """

    def __init__(self, search: Search, text: widgets.Widget, verb: str, meaning: str) -> None:
        self.search = search
        self._text = text
        self._meaning = meaning
        self._button = widgets.Button(description=verb, tooltip=meaning, layout=widgets.Layout(width="84px"))
        self._button.on_click(lambda _: search.start())
        self._progress = ProgressLine(search.cancel)
        super().__init__([text, self._button, self._progress])
        self.add_class("vx-bar")
        search.observe(self._follow, "progress")

    def lock(self, *, text: bool, search: bool, why: str = "") -> None:
        """Say which of the two cannot be used now; ``why`` the button cannot."""
        self._text.disabled = text
        self._button.disabled = search
        self._button.tooltip = why or self._meaning

    def start(self) -> None:
        """Press the button, unless it cannot be pressed."""
        if not self._button.disabled:
            self.search.start()

    def _follow(self, change: Any) -> None:
        progress = self.search.progress
        self._button.layout.display = None if progress is None else "none"
        if progress is None:
            self._progress.stop()
        elif change["old"] is None:
            self._progress.start(self.search.progress_text)
        else:
            self._progress.step(progress, self.search.progress_text)


class LayerControls:
    """A layer's controls, by noun.

    Parameters
    ----------
    layer : SearchedLayer
        Whose values can be searched.
    fields : mapping of str to Field
        ``category``, ``bounding_box`` and ``largest_segment_id``.
    form : SearchedForm
        What the layer belongs to.
    """

    def __init__(self, layer: SearchedLayer, fields: Mapping[str, Field], form: SearchedForm) -> None:
        box, largest = fields["bounding_box"], fields["largest_segment_id"]
        self.category = category_control(fields["category"])
        self.bounding_box = SearchControl(
            Search(form, layer, box, find_data_bounds),
            text_control(box, placeholder="x, y, z, width, height, depth"),
            "Tighten",
            "Read the layer and cut off what is 0 all around",
        )
        self.largest_segment_id = SearchControl(
            Search(form, layer, largest, find_largest_segment_id),
            text_control(largest, placeholder="unknown", width="150px"),
            "Compute",
            "Read the whole layer and find the largest id",
        )

    @property
    def by_noun(self) -> dict[str, widgets.Widget]:
        """All of them, in the order in which they are shown."""
        return {
            "category": self.category,
            "bounding_box": self.bounding_box,
            "largest_segment_id": self.largest_segment_id,
        }

    def stop(self) -> None:
        """Cancel what is being searched."""
        for control in (self.bounding_box, self.largest_segment_id):
            control.search.cancel()
