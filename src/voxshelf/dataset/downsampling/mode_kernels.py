"""The compiled kernel for the most frequent value; importing this module loads numba.

Words used here: as in :mod:`voxshelf.dataset.downsampling.median_kernels`. The kernel knows unsigned integers
only: equality of bits is all that matters, so other types come as a view.
"""

from __future__ import annotations

from typing import Any

from voxshelf.dataset.downsampling.sorting_kernels import sort_in_place
from voxshelf.formats.compiled import kernel

__all__ = ["mode"]


@kernel()
def mode(
    source: Any, out: Any, factor: Any, lead: Any, channels: int, cell: Any, is_mixed: Any, one: Any
) -> None:
    """The most frequent value of every cell.

    Among equally frequent values 0 loses, then the smallest wins. Segments are what a segmentation is about:
    a process as wide as the background beside it survives, and the choice depends neither on where the
    voxels lie nor on the direction in which they are read.

    Parameters
    ----------
    source, out : arrays (z, y, w)
        Of one unsigned integer type.
    factor, lead : tuples of 3 ints
        ``x, y, z``.
    channels : int
        Values per voxel; each channel for itself.
    cell : array
        Scratch space of the same type for all voxels of a cell.
    is_mixed : array (source's w) of uint8
        Scratch space.
    one : scalar of the source's type
        1: with a literal, numba would turn 64-bit numbers into floats.
    """
    width = source.shape[2] // channels
    for z in range(out.shape[0]):
        z0, z1 = max(0, z * factor[2] - lead[2]), min(source.shape[0], (z + 1) * factor[2] - lead[2])
        for y in range(out.shape[1]):
            y0, y1 = max(0, y * factor[1] - lead[1]), min(source.shape[1], (y + 1) * factor[1] - lead[1])
            rows, row, to = source[z0:z1, y0:y1], source[z0, y0], out[z, y]
            is_mixed[:] = 0
            for k in range(z0, z1):
                for j in range(y0, y1):
                    _compare(row, source[k, j], is_mixed)
            for i in range(len(to)):
                x, c = i // channels, i % channels
                x0, x1 = max(0, x * factor[0] - lead[0]), min(width, (x + 1) * factor[0] - lead[0])
                first = row[x0 * channels + c]
                differing = False
                for k in range(x0, x1):
                    differing |= (is_mixed[k * channels + c] != 0) | (row[k * channels + c] != first)
                # Most cells lie within one segment: only the others need counting.
                to[i] = _mode_of_cell(rows, x0, x1, channels, c, cell, one) if differing else first


@kernel()
def _compare(row: Any, other: Any, is_mixed: Any) -> None:
    for i in range(len(row)):
        is_mixed[i] |= row[i] != other[i]


@kernel()
def _mode_of_cell(rows: Any, x0: int, x1: int, channels: int, channel: int, cell: Any, one: Any) -> Any:
    count = 0
    for z in range(rows.shape[0]):
        for y in range(rows.shape[1]):
            for x in range(x0, x1):
                # One less, so that 0 becomes the largest number: sorted, it comes last.
                cell[count] = rows[z, y, x * channels + channel] - one
                count += 1
    if count == 8:
        return _most_frequent_of_eight(cell) + one
    sort_in_place(cell, count)
    return _longest_run(cell, count) + one


@kernel(inline=True)
def _most_frequent_of_eight(values: Any) -> Any:
    """What :func:`_longest_run` finds among sorted values, by counting, without a branch to mispredict."""
    best, best_count = values[0], 0
    for i in range(8):
        value, count = values[i], 0
        for k in range(8):
            count += values[k] == value
        is_better = (count > best_count) | ((count == best_count) & (value < best))
        best = value if is_better else best
        best_count = count if is_better else best_count
    return best


@kernel()
def _longest_run(values: Any, count: int) -> Any:
    """The value of the longest run of equal ones, the first among equally long ones."""
    best, best_length, start = values[0], 0, 0
    for i in range(1, count + 1):
        if i == count or values[i] != values[start]:
            if i - start > best_length:
                best, best_length = values[start], i - start
            start = i
    return best
