"""Morton (Z-curve) order: where in a WKW file the block at ``(x, y, z)`` stands.

Words used here: a block's *position* is ``(x, y, z)`` within its file, counted in blocks; its *index* is its
place in the file's sequence of blocks. The index interleaves the bits of the three coordinates, x lowest:
``… z1 y1 x1 z0 y0 x0``.
Specification: https://github.com/scalableminds/webknossos-wrap#webknossos-wrapper-format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Coordinate = TypeVar("Coordinate", int, NDArray[np.int64])

__all__ = ["morton_index", "morton_position"]

# A WKW file has at most 2**15 blocks per side (four bits hold the logarithm), so 21 bits per axis do.
_SPREAD = (
    (32, 0x1F00000000FFFF),
    (16, 0x1F0000FF0000FF),
    (8, 0x100F00F00F00F00F),
    (4, 0x10C30C30C30C30C3),
    (2, 0x1249249249249249),
)
_GATHER = (
    (2, 0x10C30C30C30C30C3),
    (4, 0x100F00F00F00F00F),
    (8, 0x1F0000FF0000FF),
    (16, 0x1F00000000FFFF),
    (32, 0x1FFFFF),
)


def _spread(value: Coordinate) -> Coordinate:
    """Put two zero bits between any two bits of ``value``."""
    for shift, mask in _SPREAD:
        value = (value | (value << shift)) & mask
    return value


def _gather(value: Coordinate) -> Coordinate:
    """Take every third bit of ``value``: the inverse of :func:`_spread`."""
    value = value & 0x1249249249249249
    for shift, mask in _GATHER:
        value = (value | (value >> shift)) & mask
    return value


def morton_index(x: Coordinate, y: Coordinate, z: Coordinate) -> Coordinate:
    """The index of the block at position ``(x, y, z)``.

    Parameters
    ----------
    x, y, z : int or int64 arrays that broadcast against each other
        Coordinates within the file, counted in blocks, each in ``0 … 2**15 - 1``.

    Returns
    -------
    int or int64 array
        The place in the file's sequence of blocks.

    Examples
    --------
    >>> morton_index(1, 0, 0), morton_index(0, 1, 0), morton_index(0, 0, 1), morton_index(3, 3, 3)
    (1, 2, 4, 63)
    """
    return _spread(x) | (_spread(y) << 1) | (_spread(z) << 2)


def morton_position(index: Coordinate) -> tuple[Coordinate, Coordinate, Coordinate]:
    """The position ``(x, y, z)`` of the block with this index: the inverse of :func:`morton_index`.

    Parameters
    ----------
    index : int or int64 array
        Places in the file's sequence of blocks.

    Returns
    -------
    tuple of 3 ints or of 3 int64 arrays
        Coordinates within the file, counted in blocks.

    Examples
    --------
    >>> morton_position(6)
    (0, 1, 1)
    """
    return _gather(index), _gather(index >> 1), _gather(index >> 2)
