"""The compiled kernel for the median; importing this module loads numba.

Words used here: a *cell* is the group of voxels that become one; at the edge of the data it is cut and has
fewer. Arrays are ``(z, y, w)`` with ``w = x * channels``, C-contiguous: the transposed view of WKW's
``(c, x, y, z)`` in Fortran order. *lead* says how many voxels per axis the first cell lacks.

The fast way (factors 1 and 2, no NaN) works on whole rows, so that the compiler uses vector instructions:
the cell's four rows are sorted against each other, column by column; then two neighbouring columns, each
sorted, are merged by the bitonic rule: of ``a`` and ``b`` with n elements each, ``min(a[i], b[n-1-i])`` are
the n smallest of all. Cells with fewer rows or columns count each voxel twice, which moves no median.
"""

from __future__ import annotations

from typing import Any

from numba import types
from numba.extending import overload

from voxshelf.dataset.downsampling.sorting_kernels import sort_in_place
from voxshelf.formats.compiled import kernel

__all__ = ["median"]


def _middle(lower: Any, upper: Any) -> Any:
    """The mean of two values, ``lower <= upper``: half to even for integers, never outside of the two."""
    raise TypeError(f"only compiled code calls this, with numbers, not with {lower!r} and {upper!r}")


@overload(_middle)
def _middle_of(lower: Any, upper: Any) -> Any:
    del upper
    if isinstance(lower, types.Float):
        return _middle_of_floats
    return _middle_of_integers


def _middle_of_floats(lower: Any, upper: Any) -> Any:
    half = type(lower)(0.5)
    mean = lower * half + upper * half  # halves first: the sum may not overflow
    return min(max(mean, lower), upper)


def _middle_of_integers(lower: Any, upper: Any) -> Any:
    differing = lower ^ upper
    down = (lower & upper) + (differing >> 1)
    rest = differing & down  # its lowest bit is set where the mean ends in .5 and was rounded to odd
    return down + (rest - ((rest >> 1) << 1))


@kernel()
def median(source: Any, out: Any, factor: Any, lead: Any, channels: int, columns: Any, cell: Any) -> None:
    """The median of every cell.

    Parameters
    ----------
    source, out : arrays (z, y, w)
        Of one type.
    factor, lead : tuples of 3 ints
        ``x, y, z``.
    channels : int
        Values per voxel; each channel for itself.
    columns : array (4, source's w)
        Scratch space of the same type.
    cell : array
        Scratch space of the same type for all voxels of a cell.
    """
    is_small = factor[0] <= 2 and factor[1] <= 2 and factor[2] <= 2
    for z in range(out.shape[0]):
        z0, z1 = max(0, z * factor[2] - lead[2]), min(source.shape[0], (z + 1) * factor[2] - lead[2])
        for y in range(out.shape[1]):
            y0, y1 = max(0, y * factor[1] - lead[1]), min(source.shape[1], (y + 1) * factor[1] - lead[1])
            is_done = False
            if is_small:
                is_done = _sort_columns(
                    source[z0, y0], source[z0, y1 - 1], source[z1 - 1, y0], source[z1 - 1, y1 - 1], columns
                )
            if is_done:
                _merge_columns(columns, out[z, y], factor[0], lead[0], channels)
            else:
                _median_row(source[z0:z1, y0:y1], out[z, y], factor[0], lead[0], channels, cell)


@kernel()
def _sort_columns(row0: Any, row1: Any, row2: Any, row3: Any, columns: Any) -> bool:
    """Sort four rows against each other; False where a NaN is among them."""
    lowest, low, high, highest = columns[0], columns[1], columns[2], columns[3]
    nans = 0
    for i in range(len(row0)):
        a, b, c, d = row0[i], row1[i], row2[i], row3[i]
        nans |= (a != a) | (b != b) | (c != c) | (d != d)  # noqa: PLR0124 - true only for NaN
        ab, ba = min(a, b), max(a, b)
        cd, dc = min(c, d), max(c, d)
        lowest[i], highest[i] = min(ab, cd), max(ba, dc)
        m, n = max(ab, cd), min(ba, dc)
        low[i], high[i] = min(m, n), max(m, n)
    return nans == 0


@kernel(inline=True)
def _merged(columns: Any, i: int, k: int) -> Any:
    """The median of two sorted columns of four."""
    a0, a1, a2, a3 = columns[0, i], columns[1, i], columns[2, i], columns[3, i]
    b0, b1, b2, b3 = columns[0, k], columns[1, k], columns[2, k], columns[3, k]
    lower = max(min(a0, b3), min(a1, b2), min(a2, b1), min(a3, b0))
    upper = min(max(a0, b3), max(a1, b2), max(a2, b1), max(a3, b0))
    return _middle(lower, upper)


@kernel()
def _merge_columns(columns: Any, out: Any, factor: int, lead: int, channels: int) -> None:
    width = columns.shape[1]
    if factor == 1:
        for i in range(width):
            out[i] = _middle(columns[1, i], columns[2, i])
        return
    first = lead * channels  # the first cell has only one column where a voxel is missing before it
    for i in range(first):
        out[i] = _merged(columns, i, i)
    pairs = (width - first) // (2 * channels)
    if channels == 1:
        paired, target = columns[:, first:], out[first:]
        for i in range(pairs):
            target[i] = _merged(paired, 2 * i, 2 * i + 1)
    else:
        for i in range(pairs):
            for c in range(channels):
                k = first + 2 * i * channels + c
                out[first + i * channels + c] = _merged(columns, k, k + channels)
    for c in range(width - first - pairs * 2 * channels):
        k = first + pairs * 2 * channels + c
        out[first + pairs * channels + c] = _merged(columns, k, k)


@kernel()
def _median_row(rows: Any, out: Any, factor: int, lead: int, channels: int, cell: Any) -> None:
    """Medians of cells of any size; NaN is no value, and a cell of nothing else stays NaN."""
    width = rows.shape[2] // channels
    for i in range(len(out)):
        x, c = i // channels, i % channels
        count = 0
        for z in range(rows.shape[0]):
            for y in range(rows.shape[1]):
                for k in range(max(0, x * factor - lead), min(width, (x + 1) * factor - lead)):
                    value = rows[z, y, k * channels + c]
                    if value == value:  # noqa: PLR0124 - false only for NaN
                        cell[count] = value
                        count += 1
        if count == 0:
            out[i] = rows[0, 0, max(0, x * factor - lead) * channels + c]
        else:
            sort_in_place(cell, count)
            out[i] = _middle(cell[(count - 1) // 2], cell[count // 2])
