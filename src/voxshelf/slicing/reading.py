"""From a plan to a picture's voxels: ``read_plane``.

A picture's voxels are an array of ``(rows, columns)`` or, for several channels, ``(channels, rows, columns)``; rows
run along the plane's *v* axis, columns along *u*. Values are those of the layer, unchanged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
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
