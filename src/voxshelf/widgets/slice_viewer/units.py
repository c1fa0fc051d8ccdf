"""Which physical unit the axes of a volume count in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voxshelf.model import BoundingBox, VoxelSize

# From fine to coarse; a volume counts in the coarsest unit of which it has at least this many.
_UNITS = (("nm", 1.0), ("µm", 1e3), ("mm", 1e6), ("m", 1e9))
_AT_LEAST = 2.0


@dataclass(frozen=True)
class AxisUnit:
    """A unit and what a voxel measures in it.

    Parameters
    ----------
    symbol : str
        Such as ``µm``.
    per_voxel : tuple of 3 floats
        The edges of a Mag-1 voxel, ``(x, y, z)``, in that unit.
    """

    symbol: str
    per_voxel: tuple[float, float, float]


def axis_unit(box: BoundingBox, voxel_size: VoxelSize) -> AxisUnit:
    """The unit in which the box's longest edge is a handy number."""
    edges = voxel_size.in_nanometers
    longest = max(size * edge for size, edge in zip(box.size, edges, strict=True))
    symbol, factor = _UNITS[0]
    for name, nanometers in _UNITS:
        if longest >= _AT_LEAST * nanometers:
            symbol, factor = name, nanometers
    x, y, z = (edge / factor for edge in edges)
    return AxisUnit(symbol, (x, y, z))
