"""What is about to be imported, as a picture: ``Preview`` draws one slice with the form's present values.

It follows the form: the bounding box cuts, the voxel size gives the proportions, the category decides between
grey values and coloured ids, layers that are left out disappear. Drawing runs aside; only the newest counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import traitlets

from voxshelf.errors import VoxshelfError
from voxshelf.model import BoundingBox, Confidence, VoxelSize
from voxshelf.widgets.still_picture import PicturedLayer, still_picture, telling_depth

if TYPE_CHECKING:
    from voxshelf.dataset import Dataset
    from voxshelf.widgets.import_form.state import ImportFormState

SIDE = 320
_PAUSE = 0.15


class Preview(traitlets.HasTraits):
    """A slice of the dataset of a form.

    Parameters
    ----------
    form : ImportFormState
        Whose values count.
    """

    png = traitlets.Bytes(b"", help="The picture; empty where there is none.")
    depth = traitlets.Int(0, help="The z of the slice.")
    depths = traitlets.Tuple((0, 0), help="The first and the last z.")
    note = traitlets.Unicode("", help="Why there is no picture, as a sentence.")
    is_loose = traitlets.Bool(False, help="Whether there may be slices without data: a box may be too large.")

    def __init__(self, form: ImportFormState) -> None:
        super().__init__()
        self._form = form
        self._dataset: Dataset | None = None
        self._touched = False
        self._fitting = False
        form.observe(lambda _: self._draw_soon(), ["changes", "stage"])
        self.observe(self._on_depth, "depth")

    def close(self) -> None:
        """Draw nothing more."""
        self._form.aside.drop()

    def _on_depth(self, _: Any) -> None:
        if not self._fitting:
            self._touched = True
            self._draw_soon(0.0)

    def _draw_soon(self, delay: float = _PAUSE) -> None:
        self._form.aside.run("preview", self._draw, delay=delay)

    def _layers(self) -> list[PicturedLayer]:
        if self._dataset is None:
            self._dataset = self._form.store[self._form.key]
        known = self._dataset.layers
        return [
            PicturedLayer(known[layer.name], layer.category.value)
            for layer in self._form.layers
            if layer.included and layer.category.value is not None and layer.name in known
        ]

    def _box(self) -> BoundingBox:
        box = BoundingBox((0, 0, 0), (0, 0, 0))
        for layer in self._form.layers:
            if layer.included and layer.bounding_box.value is not None:
                box = box.union(layer.bounding_box.value)
        return box

    def _draw(self) -> None:
        box = self._box()
        self.is_loose = any(
            layer.included and layer.bounding_box.confidence is not Confidence.CERTAIN
            for layer in self._form.layers
        )
        if box.is_empty:
            self.png, self.note = b"", "There is no bounding box to show yet."
            return
        voxel_size = self._form.voxel_size.value or VoxelSize((1, 1, 1))
        try:
            layers = self._layers()
            if not self._touched:
                self._move_to(telling_depth(layers, box=box, voxel_size=voxel_size), box)
            self._move_to(self.depth, box)
            png = still_picture(layers, box=box, voxel_size=voxel_size, side=SIDE, depth=self.depth)
        except (VoxshelfError, OSError, ValueError) as error:
            self.png, self.note = b"", f"No preview: {error}"
            return
        self.png = png or b""
        self.note = "" if png else "There is nothing to show here."

    def _move_to(self, depth: int, box: BoundingBox) -> None:
        first, last = box.topleft[2], box.bottomright[2] - 1
        self._fitting = True
        try:
            self.depths = (first, last)
            self.depth = min(max(depth, first), last)
        finally:
            self._fitting = False
