"""Reading what an index selected: as few voxels as possible, with bounded extra memory.

Words used here: a *reader* gives any box of voxels of one mag as ``(x, y, z)`` or ``(c, x, y, z)``; *strided*
positions lie more than one voxel apart. Results are in Fortran order (x fastest), as WKW stores voxels.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from voxshelf.formats.wkw.voxel_memory import new_array

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from voxshelf.dataset.indexing import AxisSelection
    from voxshelf.model import Vec3Int

__all__ = ["Reader", "read_selected"]

_PIECE_BYTES = 8 * 1024 * 1024


class Reader(Protocol):
    """What voxels are read from."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of one value."""

    @property
    def num_channels(self) -> int:
        """Values per voxel."""

    @property
    def block_shape(self) -> Vec3Int:
        """The box that is decoded at once, in voxels."""

    def read(self, topleft: Vec3Int, size: Vec3Int) -> NDArray[Any]:
        """Voxels ``(x, y, z)``, or ``(c, x, y, z)`` for several channels, Fortran-ordered."""


def read_selected(
    reader: Reader,
    space: Sequence[AxisSelection],
    channels: AxisSelection | None = None,
    *,
    piece_bytes: int = _PIECE_BYTES,
) -> NDArray[Any]:
    """Read the voxels at selected positions.

    Parameters
    ----------
    reader : Reader
        One mag.
    space : sequence of 3 AxisSelection
        On x, y, z.
    channels : AxisSelection, optional
        On the channel axis, if there is one.
    piece_bytes : int
        How much may be read at once where that is not what is wanted: where voxels between strided positions or
        other channels are read in vain, or where axes are mirrored.

    Returns
    -------
    ndarray or numpy scalar
        Axes ``(c, x, y, z)`` without those that are dropped; a scalar when all are.
    """
    axes = [*([channels] if channels is not None else []), *space]
    shape = tuple(axis.count for axis in axes)
    if 0 in shape:
        voxels = np.zeros(shape, reader.dtype, order="F")
    elif all(axis.step == 1 or axis.count == 1 for axis in space) and _are_all(channels, reader.num_channels):
        voxels = reader.read(_vec(axis.lowest for axis in space), _vec(axis.count for axis in space))
    else:
        voxels = new_array(shape, reader.dtype)
        _fill_by_pieces(voxels, reader, space, channels, piece_bytes)
    kept = tuple(axis.count for axis in axes if not axis.is_dropped)
    return voxels.reshape(kept, order="F")[()]


def _are_all(channels: AxisSelection | None, count: int) -> bool:
    return channels is None or (channels.start, channels.step, channels.count) == (0, 1, count)


def _fill_by_pieces(
    out: NDArray[Any],
    reader: Reader,
    space: Sequence[AxisSelection],
    channels: AxisSelection | None,
    piece_bytes: int,
) -> None:
    """Read piece by piece; what is not wanted of a piece never takes more than one piece's memory."""
    chosen = () if channels is None else (_ascending(channels),)
    to_channels = () if channels is None else (_placed(channels, slice(0, channels.count)),)
    steps = [abs(axis.step) for axis in space]
    for piece in _pieces(reader, space, piece_bytes):
        topleft = _vec(
            axis.lowest + part.start * step for axis, part, step in zip(space, piece, steps, strict=True)
        )
        size = _vec((part.stop - part.start - 1) * step + 1 for part, step in zip(piece, steps, strict=True))
        target = tuple(_placed(axis, part) for axis, part in zip(space, piece, strict=True))
        wanted = tuple(slice(None, None, step) for step in steps)
        out[(*to_channels, *target)] = reader.read(topleft, size)[(*chosen, *wanted)]


def _ascending(axis: AxisSelection) -> slice:
    step = abs(axis.step)
    return slice(axis.lowest, axis.lowest + (axis.count - 1) * step + 1, step)


def _placed(axis: AxisSelection, part: slice) -> slice:
    """Where the positions ``part``, counted from the lowest, lie in the output: mirrored where the step is negative."""
    if axis.step > 0:
        return part
    stop = axis.count - 1 - part.stop
    return slice(axis.count - 1 - part.start, None if stop < 0 else stop, -1)


def _pieces(
    reader: Reader, space: Sequence[AxisSelection], piece_bytes: int
) -> Iterator[tuple[slice, slice, slice]]:
    """Divide the positions into parts: single planes where blocks lie between them, else by memory."""
    sides = reader.block_shape
    lengths = [1 if abs(axis.step) >= side else axis.count for axis, side in zip(space, sides, strict=True)]
    steps = [abs(axis.step) for axis in space]
    voxel_bytes = reader.dtype.itemsize * reader.num_channels
    for axis in (2, 1, 0):
        while lengths[axis] > 1 and _bytes(lengths, steps, voxel_bytes) > piece_bytes:
            lengths[axis] = -(-lengths[axis] // 2)
    ranges = [range(0, axis.count, length) for axis, length in zip(space, lengths, strict=True)]
    for z, y, x in itertools.product(*reversed(ranges)):
        first = (x, y, z)
        ends = [min(at + length, axis.count) for at, length, axis in zip(first, lengths, space, strict=True)]
        yield (slice(x, ends[0]), slice(y, ends[1]), slice(z, ends[2]))


def _bytes(lengths: Sequence[int], steps: Sequence[int], voxel_bytes: int) -> int:
    x, y, z = (length * step for length, step in zip(lengths, steps, strict=True))
    return x * y * z * voxel_bytes


def _vec(values: Any) -> Vec3Int:
    x, y, z = values
    return (x, y, z)
