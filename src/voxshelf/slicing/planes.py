"""Planes through a volume and what a screen sees of them: ``Plane``, ``View``.

Words used here: a plane has a horizontal axis *u* (to the right), a vertical axis *v* (downwards) and a *normal*
along which one scrolls; *depth* is the voxel on the normal. ``XY`` shows x to the right and y down; ``XZ`` x to the
right and z down; ``YZ`` z to the right and y down, so that XZ fits below XY and YZ beside it. *zoom* is how many
Mag-1 voxels of the finest axis fall on one screen pixel; other axes follow the voxel size, so the picture keeps the
proportions of the specimen. A *region* is a part of a plane, looked at with a zoom: what is on screen, or a little more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from voxshelf.model import BoundingBox

if TYPE_CHECKING:
    from voxshelf.model import VoxelSize

Rect: TypeAlias = tuple[float, float, float, float]

SMALLEST_ZOOM = 0.005


class Plane(StrEnum):
    """An axis-aligned plane, named by its two axes."""

    XY = "XY"
    XZ = "XZ"
    YZ = "YZ"

    @property
    def axes(self) -> tuple[int, int, int]:
        """The indices (0 = x, 1 = y, 2 = z) of the horizontal axis, the vertical axis and the normal."""
        return _AXES[self.value]


_AXES = {"XY": (0, 1, 2), "XZ": (0, 2, 1), "YZ": (2, 1, 0)}


@dataclass(frozen=True)
class View:
    """A look at a volume.

    Parameters
    ----------
    plane : Plane
        Which way one looks.
    position : tuple of 3 floats
        The point ``(x, y, z)`` in the middle of the screen, in Mag-1 voxels; ``10.5`` is the middle of voxel 10.
    zoom : float
        Mag-1 voxels of the finest axis per screen pixel, greater than 0.
    screen : tuple of 2 ints
        Width and height in pixels.
    """

    plane: Plane
    position: tuple[float, float, float]
    zoom: float
    screen: tuple[int, int]

    @property
    def depth(self) -> int:
        """The voxel on the plane's normal."""
        return math.floor(self.position[self.plane.axes[2]])

    def voxels_per_pixel(self, voxel_size: VoxelSize) -> tuple[float, float]:
        """How many Mag-1 voxels one pixel covers, horizontally and vertically."""
        return voxels_per_pixel(self.plane, self.zoom, voxel_size)

    def visible_rect(self, voxel_size: VoxelSize) -> Rect:
        """What the screen shows: ``(u0, v0, u1, v1)`` in Mag-1 voxels, not rounded."""
        u, v, _ = self.plane.axes
        per_u, per_v = self.voxels_per_pixel(voxel_size)
        half_u, half_v = self.screen[0] * per_u / 2, self.screen[1] * per_v / 2
        center_u, center_v = self.position[u], self.position[v]
        return (center_u - half_u, center_v - half_v, center_u + half_u, center_v + half_v)

    def visible_box(self, voxel_size: VoxelSize) -> BoundingBox:
        """Every Mag-1 voxel that the screen touches, one slice thick."""
        u0, v0, u1, v1 = self.visible_rect(voxel_size)
        return plane_box(
            self.plane, (math.floor(u0), math.floor(v0), math.ceil(u1), math.ceil(v1)), self.depth
        )

    def region(self, voxel_size: VoxelSize) -> Region:
        """What the screen shows, not cut to any volume."""
        return Region(self.plane, self.visible_box(voxel_size), self.zoom)


@dataclass(frozen=True)
class Region:
    """A part of a plane, looked at with a zoom.

    Parameters
    ----------
    plane : Plane
        The plane.
    box : BoundingBox
        The part, in Mag-1 voxels, one voxel thick along the normal.
    zoom : float
        As in :class:`View`.
    """

    plane: Plane
    box: BoundingBox
    zoom: float

    @property
    def depth(self) -> int:
        """The voxel on the plane's normal."""
        return self.box.topleft[self.plane.axes[2]]


def voxels_per_pixel(plane: Plane, zoom: float, voxel_size: VoxelSize) -> tuple[float, float]:
    """How many Mag-1 voxels one pixel covers, horizontally and vertically."""
    u, v, _ = plane.axes
    edge = zoom * min(voxel_size.factor)
    return edge / voxel_size.factor[u], edge / voxel_size.factor[v]


def plane_box(plane: Plane, rect: tuple[int, int, int, int], depth: int) -> BoundingBox:
    """The box, one voxel thick, that lies under ``rect`` ``(u0, v0, u1, v1)`` of ``plane`` at ``depth``."""
    u, v, normal = plane.axes
    lower, upper = [0, 0, 0], [0, 0, 0]
    lower[u], lower[v], lower[normal] = rect[0], rect[1], depth
    upper[u], upper[v], upper[normal] = rect[2], rect[3], depth + 1
    return BoundingBox.from_corners(lower, upper)


def fit_zoom(box: BoundingBox, plane: Plane, screen: tuple[int, int], voxel_size: VoxelSize) -> float:
    """The zoom at which ``box`` just fits the screen.

    An empty box or screen has none; 1 is answered.
    """
    u, v, _ = plane.axes
    edge = min(voxel_size.factor)
    wide = box.size[u] * voxel_size.factor[u] / edge / max(screen[0], 1)
    high = box.size[v] * voxel_size.factor[v] / edge / max(screen[1], 1)
    return max(wide, high, SMALLEST_ZOOM) if box.volume else 1.0
