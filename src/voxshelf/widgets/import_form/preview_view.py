"""The preview on screen: the picture, and a slider through the slices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets
import traitlets

from voxshelf.widgets.theme import escape

if TYPE_CHECKING:
    from voxshelf.widgets.import_form.preview import Preview


class PreviewView(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Shows a preview.

    Parameters
    ----------
    preview : Preview
        What is drawn.
    """

    def __init__(self, preview: Preview) -> None:
        self._preview = preview
        self._image = widgets.Image(format="png")
        self._note = widgets.HTML()
        self._depth = widgets.IntSlider(
            description="z", min=0, max=0, continuous_update=True, layout=widgets.Layout(width="auto")
        )
        self._depth.style.description_width = "14px"
        frame = widgets.Box([self._image, self._note])
        frame.add_class("vx-preview-frame")
        self._loose = widgets.HTML(
            '<span class="vx-hint">z runs to the end of the boxes; the data may end before. Tighten finds out where.'
            "</span>"
        )
        super().__init__([frame, self._depth, self._loose])
        self.add_class("vx-preview")
        preview.observe(lambda _: self._paint(), ["png", "note"])
        preview.observe(lambda _: self._fit(), ["depths", "is_loose"])
        traitlets.link((preview, "depth"), (self._depth, "value"))
        self._fit()
        self._paint()

    def _paint(self) -> None:
        preview = self._preview
        self._image.value = preview.png
        self._image.layout.display = None if preview.png else "none"
        self._note.value = f'<span class="vx-hint">{escape(preview.note)}</span>' if preview.note else ""
        self._note.layout.display = None if preview.note else "none"

    def _fit(self) -> None:
        first, last = self._preview.depths
        # The slider refuses a maximum below its minimum, even for the moment between two assignments.
        with self._depth.hold_trait_notifications():
            self._depth.min, self._depth.max = first, last
        self._depth.layout.display = None if last > first else "none"
        self._loose.layout.display = None if last > first and self._preview.is_loose else "none"
