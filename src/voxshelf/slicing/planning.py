"""From a view to what must be read: ``plan`` chooses the mag and the box.

Two rules decide. *Enough*: the finest mag of which no more than about two voxels fall on a pixel. *Not too much*: a
picture never has more than :data:`LARGEST_PICTURE` voxels; where even that mag has more, a coarser one is taken, and
where none is left, every n-th voxel is shown (``stride``) and, beyond :data:`LARGEST_READ` voxels, only the middle of
the view (``is_whole`` is False).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voxshelf.model import BoundingBox, Mag
from voxshelf.slicing.planes import plane_box, voxels_per_pixel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voxshelf.model import VoxelSize
    from voxshelf.slicing.planes import Plane, Region, View

LARGEST_PICTURE = 1536 * 1024
LARGEST_READ = 4096 * 4096
_TOLERANCE = math.sqrt(2)


@dataclass(frozen=True)
class Plan:
    """What to read for one picture.

    Parameters
    ----------
    plane : Plane
        The plane.
    mag : Mag
        The mag to read.
    box : BoundingBox
        What to read, in Mag-1 voxels, on the grid of ``mag``, one voxel of ``mag`` thick.
    stride : int
        Every how many voxels of ``mag`` one is shown, on both axes of the plane.
    is_whole : bool
        Whether the box covers all of the layer that is in view.
    """

    plane: Plane
    mag: Mag
    box: BoundingBox
    stride: int = 1
    is_whole: bool = True

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the picture."""
        u, v, _ = self.plane.axes
        size = self.box.in_mag(self.mag).size
        return -(-size[v] // self.stride), -(-size[u] // self.stride)

    @property
    def rect(self) -> tuple[int, int, int, int]:
        """Where the picture lies: ``(u0, v0, u1, v1)`` in Mag-1 voxels."""
        u, v, _ = self.plane.axes
        rows, columns = self.shape
        left, top = self.box.topleft[u], self.box.topleft[v]
        return (
            left,
            top,
            left + columns * self.stride * self.mag[u],
            top + rows * self.stride * self.mag[v],
        )

    @property
    def depths(self) -> tuple[int, int]:
        """The half-open range of depths that show this same picture."""
        normal = self.plane.axes[2]
        return self.box.topleft[normal], self.box.bottomright[normal]


def plan(view: View, *, bounding_box: BoundingBox, mags: Iterable[Mag], voxel_size: VoxelSize) -> Plan | None:
    """Choose the mag and the box of a layer for a view.

    Parameters
    ----------
    view : View
        What is looked at.
    bounding_box : BoundingBox
        The layer's extent in Mag-1 voxels; nothing outside is read.
    mags : iterable of Mag
        The mags that the layer has.
    voxel_size : VoxelSize
        The dataset's.

    Returns
    -------
    Plan or None
        None where nothing of the layer is in view, or it has no mags.
    """
    return plan_region(view.region(voxel_size), bounding_box=bounding_box, mags=mags, voxel_size=voxel_size)


def plan_region(
    region: Region, *, bounding_box: BoundingBox, mags: Iterable[Mag], voxel_size: VoxelSize
) -> Plan | None:
    """The same as :func:`plan` for a part of a plane, which may be more than is on screen."""
    visible = region.box.intersection(bounding_box)
    candidates = sorted(Mag(mag) for mag in mags)
    if visible.is_empty or not candidates:
        return None
    mag = _sharp_enough(region, candidates, voxel_size)
    for coarser in [candidate for candidate in candidates if candidate >= mag]:
        mag = coarser
        if _voxels(visible, mag) <= LARGEST_PICTURE:
            break
    box = _middle(visible, region.plane, mag)
    stride = max(1, math.ceil(math.sqrt(_voxels(box, mag) / LARGEST_PICTURE)))
    return Plan(region.plane, mag, box.aligned_to(mag), stride, is_whole=box == visible)


def _sharp_enough(region: Region, mags: list[Mag], voxel_size: VoxelSize) -> Mag:
    """The finest mag with no more than about two voxels per pixel, else the coarsest."""
    u, v, _ = region.plane.axes
    per_u, per_v = voxels_per_pixel(region.plane, region.zoom, voxel_size)
    for mag in mags:
        if per_u / mag[u] * (per_v / mag[v]) <= _TOLERANCE**2:
            return mag
    return mags[-1]


def _voxels(box: BoundingBox, mag: Mag) -> int:
    """Voxels of ``mag`` that touch one slice of ``box``."""
    return box.in_mag(mag).volume


def _middle(box: BoundingBox, plane: Plane, mag: Mag) -> BoundingBox:
    """The middle of a slice, cut down to what may be read at once."""
    excess = _voxels(box, mag) / LARGEST_READ
    if excess <= 1:
        return box
    u, v, normal = plane.axes
    wide, high = (int(size / math.sqrt(excess)) for size in (box.size[u], box.size[v]))
    left, top = box.center[u] - wide // 2, box.center[v] - high // 2
    return plane_box(plane, (left, top, left + wide, top + high), box.topleft[normal])
