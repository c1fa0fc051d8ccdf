"""Compiled kernels for the mean; importing this module loads numba.

Words used here: as in :mod:`voxshelf.dataset.downsampling.median_kernels`. Integer means are exact and
rounded half to even: always rounding up or down would make every mag a little brighter or darker.
"""

from __future__ import annotations

from typing import Any

from voxshelf.formats.compiled import kernel

__all__ = ["mean_of_floats", "mean_of_integers", "mean_of_wide_integers"]


@kernel(inline=True)
def _rounded(total: Any, count: Any) -> Any:
    """``total / count``, half to even."""
    quotient = total // count
    rest = 2 * (total - quotient * count)
    if rest > count or (rest == count and quotient % 2 != 0):
        quotient += 1
    return quotient


@kernel()
def mean_of_integers(source: Any, out: Any, factor: Any, lead: Any, channels: int, sums: Any) -> None:
    """The mean of every cell of unsigned integers of up to 32 bits.

    Parameters
    ----------
    source, out : arrays (z, y, w)
        Of one type.
    factor, lead : tuples of 3 ints
        ``x, y, z``.
    channels : int
        Values per voxel; each channel for itself.
    sums : array (source's w)
        Scratch space, wide enough for the sum of a cell.
    """
    width = source.shape[2] // channels
    for z in range(out.shape[0]):
        z0, z1 = max(0, z * factor[2] - lead[2]), min(source.shape[0], (z + 1) * factor[2] - lead[2])
        for y in range(out.shape[1]):
            y0, y1 = max(0, y * factor[1] - lead[1]), min(source.shape[1], (y + 1) * factor[1] - lead[1])
            sums[:] = 0
            for k in range(z0, z1):
                for j in range(y0, y1):
                    _add(sums, source[k, j])
            to = out[z, y]
            for x in range(len(to) // channels):
                x0, x1 = max(0, x * factor[0] - lead[0]), min(width, (x + 1) * factor[0] - lead[0])
                for c in range(channels):
                    total = 0
                    for k in range(x0, x1):
                        total += sums[k * channels + c]
                    to[x * channels + c] = _rounded(total, (z1 - z0) * (y1 - y0) * (x1 - x0))


@kernel()
def _add(sums: Any, row: Any) -> None:
    for i in range(len(sums)):
        sums[i] += row[i]


@kernel()
def mean_of_wide_integers(high: Any, low: Any, out: Any, factor: Any, lead: Any, channels: int) -> None:
    """The mean of every cell of unsigned 64-bit integers, whose sum no number holds.

    A value is ``high * 2**32 + low``; the halves are added up and divided one after the other, as on paper.

    Parameters
    ----------
    high, low : arrays (z, y, w) of uint32
        The halves of the source's values.
    out : array (z, y, w) of uint64
        The means.
    factor, lead, channels
        As for :func:`mean_of_integers`.
    """
    width = high.shape[2] // channels
    for z in range(out.shape[0]):
        z0, z1 = max(0, z * factor[2] - lead[2]), min(high.shape[0], (z + 1) * factor[2] - lead[2])
        for y in range(out.shape[1]):
            y0, y1 = max(0, y * factor[1] - lead[1]), min(high.shape[1], (y + 1) * factor[1] - lead[1])
            for x in range(out.shape[2] // channels):
                x0, x1 = max(0, x * factor[0] - lead[0]), min(width, (x + 1) * factor[0] - lead[0])
                count = (z1 - z0) * (y1 - y0) * (x1 - x0)
                for c in range(channels):
                    upper, lower = 0, 0
                    for k in range(z0, z1):
                        for j in range(y0, y1):
                            for i in range(x0, x1):
                                upper += int(high[k, j, i * channels + c])
                                lower += int(low[k, j, i * channels + c])
                    # The rest of the upper half goes down; count < 2**31 keeps that within 63 bits.
                    lower += (upper % count) << 32
                    out[z, y, x * channels + c] = ((upper // count) << 32) + _rounded(lower, count)


@kernel()
def mean_of_floats(source: Any, out: Any, factor: Any, lead: Any, channels: int) -> None:
    """The mean of every cell of floats; NaN is no value, and a cell of nothing else stays NaN.

    Summed in double precision, and kept between the cell's smallest and largest value whatever is lost in
    rounding.

    Parameters
    ----------
    source, out, factor, lead, channels
        As for :func:`mean_of_integers`.
    """
    width = source.shape[2] // channels
    for z in range(out.shape[0]):
        z0, z1 = max(0, z * factor[2] - lead[2]), min(source.shape[0], (z + 1) * factor[2] - lead[2])
        for y in range(out.shape[1]):
            y0, y1 = max(0, y * factor[1] - lead[1]), min(source.shape[1], (y + 1) * factor[1] - lead[1])
            rows, to = source[z0:z1, y0:y1], out[z, y]
            for x in range(len(to) // channels):
                x0, x1 = max(0, x * factor[0] - lead[0]), min(width, (x + 1) * factor[0] - lead[0])
                for c in range(channels):
                    to[x * channels + c] = _mean_of_cell(rows, x0, x1, channels, c)


@kernel()
def _mean_of_cell(rows: Any, x0: int, x1: int, channels: int, channel: int) -> Any:
    smallest = largest = rows[0, 0, x0 * channels + channel]
    count, mean = 0, 0.0
    for z in range(rows.shape[0]):
        for y in range(rows.shape[1]):
            for x in range(x0, x1):
                value = rows[z, y, x * channels + channel]
                if value != value:  # noqa: PLR0124 - true only for NaN
                    continue
                if count == 0:
                    smallest = largest = value
                smallest, largest = min(smallest, value), max(largest, value)
                mean += value
                count += 1
    if count == 0:
        return smallest
    # Doubles near their limit overflow when summed: then divide before adding.
    if (
        smallest != largest
        and (mean - mean) != 0.0
        and (largest - largest) == 0
        and (smallest - smallest) == 0
    ):
        mean = _mean_of_huge(rows, x0, x1, channels, channel, count)
    else:
        mean /= count
    return min(max(mean, float(smallest)), float(largest))


@kernel()
def _mean_of_huge(rows: Any, x0: int, x1: int, channels: int, channel: int, count: int) -> float:
    mean = 0.0
    for z in range(rows.shape[0]):
        for y in range(rows.shape[1]):
            for x in range(x0, x1):
                value = rows[z, y, x * channels + channel]
                if value == value:  # noqa: PLR0124 - false only for NaN
                    mean += value / count
    return mean
