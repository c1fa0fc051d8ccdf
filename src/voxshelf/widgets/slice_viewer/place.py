"""Where a viewer looks: ``PlaceState``, the part of its state that knows planes, positions and zoom."""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING, Any

import traitlets

from voxshelf.errors import OutOfRangeError
from voxshelf.model import BoundingBox, VoxelSize
from voxshelf.slicing import SMALLEST_ZOOM, Plane, Region, View, fit_zoom

if TYPE_CHECKING:
    from collections.abc import Iterable


class PlaceState(traitlets.HasTraits):
    """Where one looks. Traits may be changed from any thread.

    Parameters
    ----------
    bounding_box : BoundingBox
        The volume, in Mag-1 voxels.
    voxel_size : VoxelSize or None
        None where nobody knows: then voxels are shown as cubes, without units.

    Attributes
    ----------
    panes : int
        1 for one plane, 4 for three planes and a pane of information.
    plane : str
        ``"XY"``, ``"XZ"`` or ``"YZ"``: the plane on screen or, of several, the one that was used last.
    position : tuple of 3 ints
        The voxel in the middle of the picture, ``(x, y, z)`` in Mag-1 voxels; kept within the volume.
    zoom : float or None
        Mag-1 voxels of the finest axis per screen pixel; None fits the whole volume.
    physical : bool
        Whether the axes count in physical units instead of voxels; stays False where the voxel size is unknown.
    screen : tuple of 2 ints
        Width and height of the picture area in pixels, as the browser has it.
    """

    panes = traitlets.Enum([1, 4], 1)
    plane = traitlets.CaselessStrEnum([str(plane) for plane in Plane], "XY")
    position = traitlets.Tuple(traitlets.Int(), traitlets.Int(), traitlets.Int(), default_value=(0, 0, 0))
    zoom: Any = traitlets.Float(None, allow_none=True)
    physical = traitlets.Bool(False)
    screen = traitlets.Tuple(traitlets.Int(), traitlets.Int(), default_value=(640, 480))

    def __init__(self, bounding_box: BoundingBox, voxel_size: VoxelSize | None, **others: Any) -> None:
        self.lock = threading.RLock()
        self.bounding_box = bounding_box
        self.has_units = voxel_size is not None
        self.voxel_size = voxel_size or VoxelSize((1, 1, 1))
        self._center = self._inside(self._middle())
        super().__init__(**others)
        self.position = self._rounded(self._center)
        self.observe(self._position_was_set, "position")

    @property
    def center(self) -> tuple[float, float, float]:
        """The point in the middle of the picture, in Mag-1 voxels; it lies in voxel ``position``."""
        return self._center

    @property
    def view(self) -> View:
        """The present view, with a number for the zoom also where the whole volume is fitted."""
        zoom: float | None = self.zoom
        if zoom is None:
            # Planes beside each other have one scale: that at which each of them fits.
            planes = list(Plane) if self.panes == 4 else [Plane(self.plane)]
            zoom = max(fit_zoom(self.bounding_box, plane, self.screen, self.voxel_size) for plane in planes)
        return View(Plane(self.plane), self._center, zoom, self.screen)

    @property
    def region(self) -> Region:
        """What is on screen as a part of the plane, not cut to the volume."""
        return self.view.region(self.voxel_size)

    @property
    def box(self) -> BoundingBox:
        """The box that is visible: Mag-1 voxels, one slice thick, within the volume."""
        return self.view.visible_box(self.voxel_size).intersection(self.bounding_box)

    def look_from(self, document: dict[str, Any]) -> bool:
        """Take over a view that the browser reports; answers whether it was taken as it is."""
        with self.lock, self.hold_trait_notifications():
            center = self._inside(document["center"])
            zoom = document["zoom"]
            self._center = center
            self.plane = document["plane"]
            self.panes = document.get("panes", self.panes)
            self.position = self._rounded(center)
            self.zoom = None if zoom is None else max(float(zoom), SMALLEST_ZOOM)
            self.physical = bool(document["physical"])
            width, height = document.get("screen") or self.screen
            self.screen = (max(int(width), 1), max(int(height), 1))
        return all(math.isclose(a, b) for a, b in zip(center, document["center"], strict=True))

    def view_document(self) -> dict[str, Any]:
        """The present view, for the browser."""
        return {
            "plane": self.plane,
            "panes": self.panes,
            "center": list(self._center),
            "zoom": self.zoom,
            "physical": self.physical,
            "screen": list(self.screen),
        }

    def go_to(self, point: Iterable[float]) -> None:
        """Look at a point in Mag-1 voxels, which may be a fraction of one; outside, at the nearest inside."""
        with self.lock:
            before, self._center = self._center, self._inside(point)
            if self.position != self._rounded(self._center):
                self.position = self._rounded(self._center)
            elif before != self._center:
                # Within the same voxel, too, others follow.
                same = self.position
                self.notify_change(
                    traitlets.Bunch(name="position", old=same, new=same, owner=self, type="change")
                )

    @traitlets.validate("position")
    def _valid_position(self, proposal: Any) -> tuple[int, int, int]:
        return self._rounded(self._inside(tuple(edge + 0.5 for edge in proposal["value"])))

    @traitlets.validate("zoom")
    def _valid_zoom(self, proposal: Any) -> float | None:
        zoom = proposal["value"]
        if zoom is not None and not (zoom > 0 and math.isfinite(zoom)):
            raise OutOfRangeError(
                f"{zoom} is not a zoom.",
                hint="Give voxels per screen pixel, greater than 0, or None to fit the whole volume.",
            )
        return None if zoom is None else max(zoom, SMALLEST_ZOOM)

    @traitlets.validate("physical")
    def _valid_physical(self, proposal: Any) -> bool:
        return bool(proposal["value"]) and self.has_units

    def _position_was_set(self, change: Any) -> None:
        with self.lock:
            if self._rounded(self._center) != change["new"]:
                x, y, z = change["new"]
                self._center = (x + 0.5, y + 0.5, z + 0.5)

    def _middle(self) -> tuple[float, ...]:
        """The middle of the volume in the plane, the middle of a voxel on the normal."""
        box = self.bounding_box
        normal = Plane(self.plane).axes[2]
        return tuple(
            box.center[axis] + 0.5 if axis == normal else box.topleft[axis] + box.size[axis] / 2
            for axis in range(3)
        )

    def _inside(self, center: Iterable[float]) -> tuple[float, float, float]:
        box = self.bounding_box
        x, y, z = (
            min(max(float(at), low), max(high, low + 1) - 1e-6)
            for at, low, high in zip(center, box.topleft, box.bottomright, strict=True)
        )
        return (x, y, z)

    @staticmethod
    def _rounded(center: tuple[float, float, float]) -> tuple[int, int, int]:
        x, y, z = (math.floor(at) for at in center)
        return (x, y, z)


def around(boxes: Iterable[BoundingBox]) -> BoundingBox:
    """The smallest box around all of these."""
    total = BoundingBox((0, 0, 0), (0, 0, 0))
    for box in boxes:
        total = total.union(box)
    return total
