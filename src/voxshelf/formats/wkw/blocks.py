"""Voxels into blocks: which blocks a box touches, and the copy of rows into them.

Words used here: a *batch* is a run of ``8**level`` blocks that stand one after another in a WKW file and
together form a small cube, because the file's order is Morton's; a *part* is the box of voxels that a writer
has for one batch. Positions are ``(x, y, z)``; within a block x runs fastest, and a voxel's channels lie
side by side.
Specification: https://github.com/scalableminds/webknossos-wrap#webknossos-wrapper-format.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from voxshelf.formats.wkw.morton import morton_index

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from voxshelf.formats.wkw.header import WkwHeader
    from voxshelf.model.geometry import BoundingBox, Vec3Int

__all__ = ["Batch", "batch_level", "batches", "blocks_between", "place_voxels"]

_BATCH_BYTES = 256 * 1024
_LARGE_BATCH_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Batch:
    """A run of blocks of one file; positions are voxels counted from the file's own corner.

    Parameters
    ----------
    first, count : int
        The run in the file's Morton order.
    corner : tuple of 3 ints
        The run's first voxel.
    lower, upper : tuple of 3 ints
        The part of the box to write that lies in the run: its first voxel, and the one after its last.
        Equal where the box does not reach into the run.
    """

    first: int
    count: int
    corner: Vec3Int
    lower: Vec3Int
    upper: Vec3Int

    @property
    def is_touched(self) -> bool:
        """Whether the box to write reaches into the run."""
        return self.lower != self.upper

    @property
    def at(self) -> Vec3Int:
        """Where in the run the touched part begins."""
        (cx, cy, cz), (x, y, z) = self.corner, self.lower
        return (x - cx, y - cy, z - cz)

    @property
    def size(self) -> Vec3Int:
        """The touched part's size."""
        (x0, y0, z0), (x1, y1, z1) = self.lower, self.upper
        return (x1 - x0, y1 - y0, z1 - z0)


def batch_level(header: WkwHeader) -> int:
    """How many times 8 blocks are joined into a batch.

    As often as they stay within 256 KiB, and once if they stay within 2 MiB: 64³ voxels in the usual blocks.
    """
    level, batch_bytes = 0, header.block_bytes * 8
    while 2 << level <= header.file_len and batch_bytes <= (_BATCH_BYTES if level else _LARGE_BATCH_BYTES):
        level, batch_bytes = level + 1, batch_bytes * 8
    return level


def batches(header: WkwHeader, box: BoundingBox) -> Iterator[Batch]:
    """Divide a whole file into runs of blocks, in Morton order.

    Parameters
    ----------
    header : WkwHeader
        Sides of blocks and files.
    box : BoundingBox
        The voxels to write, counted from the file's own corner.

    Yields
    ------
    Batch
        Touched ones of ``8**batch_level`` blocks; between them untouched runs, as long as possible.
    """
    split = _split(header, box, batch_level(header))
    for touched, group in groupby(split, key=lambda batch: batch.is_touched):
        if touched:
            yield from group
        else:
            run = list(group)
            yield replace(run[0], count=sum(batch.count for batch in run))


def _split(header: WkwHeader, box: BoundingBox, smallest: int) -> Iterator[Batch]:
    """Halve the file's cube of blocks on every axis until a piece is untouched or small enough."""
    lower, upper = box.topleft, box.bottomright

    def pieces(first: int, level: int, corner: Vec3Int) -> Iterator[Batch]:
        side = header.block_len << level
        x0, y0, z0 = map(max, corner, lower)
        x1, y1, z1 = (min(c + side, u) for c, u in zip(corner, upper, strict=True))
        if x0 >= x1 or y0 >= y1 or z0 >= z1:
            yield Batch(first, 8**level, corner, corner, corner)
        elif level <= smallest:
            yield Batch(first, 8**level, corner, (x0, y0, z0), (x1, y1, z1))
        else:
            half = side // 2
            for child in range(8):
                x, y, z = (c + half * (child >> axis & 1) for axis, c in enumerate(corner))
                yield from pieces(first + child * 8 ** (level - 1), level - 1, (x, y, z))

    return pieces(0, header.file_len.bit_length() - 1, (0, 0, 0))


def place_voxels(voxels: NDArray[Any], at: Vec3Int, out: NDArray[np.uint8], header: WkwHeader) -> None:
    """Copy a box of voxels to where they belong in a batch of blocks.

    Parameters
    ----------
    voxels : array (c, x, y, z)
        Of the header's type and channels; any strides, fastest where x (and channels) lie side by side.
    at : tuple of 3 ints
        Where the array's first voxel lies in the batch, in voxels.
    out : array of uint8
        The batch's bytes, block after block in Morton order.
    header : WkwHeader
        Sides and bytes per voxel.
    """
    from voxshelf.formats.wkw.blocks_kernels import place_rows  # noqa: PLC0415 - numba loads at first use

    rows, strides = _rows(voxels)
    size: Vec3Int = voxels.shape[1:]
    indices = blocks_between(header.block_len, at, size)
    place_rows(rows, strides, size, at, indices, header.block_len, header.voxel_bytes, out)


@lru_cache(maxsize=512)
def blocks_between(block_len: int, at: Vec3Int, size: Vec3Int) -> NDArray[np.int64]:
    """The blocks of a batch that a box touches.

    Parameters
    ----------
    block_len : int
        Voxels per block side.
    at, size : tuples of 3 ints
        The box, counted from the batch's corner, in voxels.

    Returns
    -------
    array (x, y, z) of int64
        The touched blocks' places in the batch's Morton order.
    """
    ranges = [
        np.arange(a // block_len, -(-(a + s) // block_len), dtype=np.int64)
        for a, s in zip(at, size, strict=True)
    ]
    return np.asarray(morton_index(*np.meshgrid(*ranges, indexing="ij")))


def _rows(voxels: NDArray[Any]) -> tuple[NDArray[np.uint8], tuple[int, int]]:
    """The memory from the first to the last voxel as flat bytes, with the strides of y and z.

    Copies only where a row of x is not contiguous or memory runs backwards.
    """
    channels, size_x, size_y, size_z = voxels.shape
    itemsize = voxels.dtype.itemsize
    step_c, step_x, step_y, step_z = voxels.strides
    contiguous = (channels == 1 or step_c == itemsize) and (size_x == 1 or step_x == itemsize * channels)
    if not contiguous or step_y < 0 or step_z < 0:
        voxels = np.asfortranarray(voxels)
        _, _, step_y, step_z = voxels.strides
    length = itemsize * channels * size_x + step_y * (size_y - 1) + step_z * (size_z - 1)
    first = voxels[:1, :1, :1, :1].reshape(1).view(np.uint8)
    return np.lib.stride_tricks.as_strided(first, (length,), (1,)), (step_y, step_z)
