"""From a plan to a picture's voxels: ``read_plane``, and which of them nobody recorded: ``missing_rects``.

A picture's voxels are an array of ``(rows, columns)`` or, for several channels, ``(channels, rows, columns)``; rows
run along the plane's *v* axis, columns along *u*. Values are those of the layer, unchanged.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from voxshelf.slicing.planes import plane_box

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from voxshelf.model import BoundingBox
    from voxshelf.slicing.planning import Plan


class Readable(Protocol):
    """The part of a dataset's layer that reading needs."""

    def read(self, box: BoundingBox, mag: Any = ...) -> NDArray[Any]:
        """Voxels ``(x, y, z)`` or ``(c, x, y, z)`` of a box given in Mag-1 voxels."""


def read_plane(layer: Readable, plan: Plan) -> NDArray[Any]:
    """Read what a plan asks for.

    Parameters
    ----------
    layer : Readable
        A layer of a dataset.
    plan : Plan
        From :func:`voxshelf.slicing.plan`.

    Returns
    -------
    ndarray
        ``(rows, columns)``, or ``(channels, rows, columns)`` where the layer has several channels; C-contiguous.

    Raises
    ------
    DamagedDataError
        Where a block in the box is damaged.
    """
    voxels = layer.read(plan.box, mag=plan.mag)
    u, v, normal = plan.plane.axes
    offset = voxels.ndim - 3
    order = (*range(offset), offset + normal, offset + v, offset + u)
    planes = np.transpose(voxels, order)
    picture = planes[..., 0, :: plan.stride, :: plan.stride]
    return np.ascontiguousarray(picture[0] if offset and picture.shape[0] == 1 else picture)


def missing_rects(layer: Any, plan: Plan, picture: NDArray[Any]) -> list[tuple[int, int, int, int]]:
    """Which parts of a picture are not on disk: zeros that nobody recorded.

    Parameters
    ----------
    layer : Layer
        A dataset's layer; one that does not know how it is stored has no missing parts.
    plan : Plan
        What was read.
    picture : ndarray
        What :func:`read_plane` gave for it.

    Returns
    -------
    list of tuples of 4 ints
        ``(column, row, end column, end row)``, each within one file.
    """
    if not hasattr(layer, "mag"):
        return []
    stored = layer.mag(plan.mag).folder.array
    box = plan.box.in_mag(plan.mag)
    u, v, _ = plan.plane.axes
    found = []
    for top, bottom, low_v, high_v in _parts(box, v, stored.file_shape[v], plan.stride):
        for left, right, low_u, high_u in _parts(box, u, stored.file_shape[u], plan.stride):
            if picture[..., top:bottom, left:right].any():
                continue
            cube = plane_box(plan.plane, (low_u, low_v, high_u, high_v), box.topleft[plan.plane.axes[2]])
            if stored.is_missing(cube):
                found.append((left, top, right, bottom))
    return found


def _parts(box: BoundingBox, axis: int, side: int, stride: int) -> Iterator[tuple[int, int, int, int]]:
    """Cut a box along an axis at the borders of files, ``side`` apart: pixels from and to, voxels from and to."""
    first, end = box.topleft[axis], box.bottomright[axis]
    cuts = [first, *range((first // side + 1) * side, end, side), end]
    for low, high in pairwise(cuts):
        pixels = (-(-(low - first) // stride), -(-(high - first) // stride))
        if pixels[1] > pixels[0]:
            yield (*pixels, low, high)
