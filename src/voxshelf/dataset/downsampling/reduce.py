"""Arrays made smaller by whole factors: :func:`downsample`.

Words used here: a *cell* is the box of ``factor`` voxels that become one. Cells lie on the coarser mag's
grid; where the data begin or end inside of a cell, only the voxels that exist count: nothing is invented, and
no border darkens because zeros outside were averaged in.

What the modes mean for an even or a tied cell:

- median: the mean of the two middle values, halves rounded to even for integers. Taking always the lower (or
  upper) one would darken (brighten) noisy images a little more with every mag. It never leaves the cell's
  range, and for RGB every channel has its own.
- mode: among equally frequent values 0 (background) loses, then the smallest wins; floats are compared by
  their bits.
- mean: exact, halves rounded to even for integers.
- nearest: the voxel nearest to the cell's topleft corner; so two steps by 2 equal one by 4.

NaN is no value: median, mean, min and max are those of the others, and a cell of NaN alone stays NaN.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from voxshelf.errors import ArrayMismatchError, OutOfRangeError
from voxshelf.model import Category

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from voxshelf.model import Vec3Int

__all__ = ["DownsampleMode", "downsample"]

_INT32_CELL = 1 << 15


class DownsampleMode(StrEnum):
    """How the voxels of a cell become one."""

    MEDIAN = "median"
    MODE = "mode"
    MEAN = "mean"
    NEAREST = "nearest"
    MIN = "min"
    MAX = "max"

    @classmethod
    def default_for(cls, category: Category) -> DownsampleMode:
        """``mode`` for segmentations, whose ids must not be mixed; ``median`` for colour."""
        return cls.MODE if category is Category.SEGMENTATION else cls.MEDIAN


def downsample(
    array: NDArray[Any],
    factor: Sequence[int],
    mode: DownsampleMode | str,
    *,
    lead: Sequence[int] = (0, 0, 0),
) -> NDArray[Any]:
    """Make an array smaller.

    Parameters
    ----------
    array : array (x, y, z) or (c, x, y, z)
        Of one of WKW's voxel types, without an empty axis; fastest in Fortran order.
    factor : sequence of 3 ints
        How many voxels become one, per axis; at least 1.
    mode : DownsampleMode
        How.
    lead : sequence of 3 ints
        How many voxels per axis the first cell lacks, because the array begins inside of it: its position
        modulo ``factor``.

    Returns
    -------
    array
        Of the same type and dimensions, in Fortran order; ``ceil((lead + size) / factor)`` voxels per axis.

    Raises
    ------
    OutOfRangeError
        If a factor is below 1, or a lead is negative or as large as its factor.
    ArrayMismatchError
        If the array has other dimensions, no voxels, or neither integers nor floats.
    """
    mode = DownsampleMode(mode)
    steps, missing = _three(factor), _three(lead)
    if min(steps) < 1 or any(not 0 <= m < f for m, f in zip(missing, steps, strict=True)):
        raise OutOfRangeError(
            f"Voxels cannot be joined by the factor {steps} from {missing} voxels into a cell.",
            hint="Give three factors of at least 1, and a lead that is smaller than its factor.",
        )
    if array.ndim not in {3, 4} or array.size == 0 or array.dtype.kind not in "iuf":
        raise ArrayMismatchError(
            f"An array of type {array.dtype} and shape {array.shape} cannot be downsampled.",
            hint="Give an array (x, y, z) or (c, x, y, z) of integers or floats with at least one voxel.",
        )
    voxels = array if array.ndim == 4 else array[np.newaxis]
    if steps == (1, 1, 1):
        small = voxels.copy(order="F")
    elif mode is DownsampleMode.NEAREST:
        small = _nearest(voxels, steps, missing)
    elif mode in {DownsampleMode.MIN, DownsampleMode.MAX}:
        small = _extreme(voxels, steps, missing, np.fmin if mode is DownsampleMode.MIN else np.fmax)
    elif voxels.dtype.kind == "i" and mode is not DownsampleMode.MODE:
        small = _signed(voxels, steps, missing, mode)
    else:
        small = _compiled(voxels, steps, missing, mode)
    return small if array.ndim == 4 else small[0]


def _three(numbers: Sequence[int]) -> Vec3Int:
    x, y, z = (int(number) for number in numbers)
    return (x, y, z)


def _first_voxels(size: int, factor: int, lead: int) -> NDArray[np.int64]:
    """Where along an axis the first voxel that exists of each cell lies."""
    return np.maximum(np.arange(-(-(size + lead) // factor)) * factor - lead, 0)


def _nearest(voxels: NDArray[Any], factor: Vec3Int, lead: Vec3Int) -> NDArray[Any]:
    x, y, z = map(_first_voxels, voxels.shape[1:], factor, lead)
    return np.asfortranarray(voxels[:, :, :, z][:, :, y][:, x])


def _extreme(
    voxels: NDArray[Any], factor: Vec3Int, lead: Vec3Int, larger_or_smaller: np.ufunc
) -> NDArray[Any]:
    """One axis after the other, z first: so planes and rows stay whole as long as they are large."""
    rows = voxels.T  # (z, y, x, c)
    for axis in (0, 1, 2):
        size, step = rows.shape[axis], factor[2 - axis]
        first = _first_voxels(size, step, lead[2 - axis])
        last = np.append(first[1:], size) - 1
        before: tuple[Any, ...] = (slice(None),) * axis
        best = rows[(*before, first)]
        for k in range(1, step):  # a cut cell's last voxel is taken again, which changes nothing
            larger_or_smaller(best, rows[(*before, np.minimum(first + k, last))], out=best)
        rows = best
    return np.asfortranarray(rows.T)


def _signed(voxels: NDArray[Any], factor: Vec3Int, lead: Vec3Int, mode: DownsampleMode) -> NDArray[Any]:
    """Shift to unsigned numbers and back: order, distances and what is even or odd stay the same.

    So the kernels need not be compiled for signed types.
    """
    bits = np.dtype(f"u{voxels.dtype.itemsize}")
    half = bits.type(1 << (8 * bits.itemsize - 1))
    small = _compiled(np.asfortranarray(voxels).view(bits) ^ half, factor, lead, mode)
    small ^= half
    return small.view(voxels.dtype)


def _compiled(voxels: NDArray[Any], factor: Vec3Int, lead: Vec3Int, mode: DownsampleMode) -> NDArray[Any]:
    """Hand the memory to the kernels as rows ``(z, y, x * c)``."""
    channels, *size = voxels.shape
    voxels = np.asfortranarray(voxels)
    shape = tuple(-(-(s + le) // f) for s, f, le in zip(size, factor, lead, strict=True))
    small = np.empty((channels, *shape), dtype=voxels.dtype, order="F")
    source = voxels.T.reshape(size[2], size[1], size[0] * channels)
    out = small.T.reshape(shape[2], shape[1], shape[0] * channels)
    cell = factor[0] * factor[1] * factor[2]
    if mode is DownsampleMode.MODE:
        from voxshelf.dataset.downsampling.mode_kernels import mode as kernel  # noqa: PLC0415 - loads numba

        bits = np.dtype(f"u{voxels.dtype.itemsize}")
        scratch, is_mixed = np.empty(cell, dtype=bits), np.empty(source.shape[2], dtype=np.uint8)
        kernel(source.view(bits), out.view(bits), factor, lead, channels, scratch, is_mixed, bits.type(1))
    elif mode is DownsampleMode.MEAN:
        _mean(source, out, factor, lead, channels)
    else:
        from voxshelf.dataset.downsampling.median_kernels import median  # noqa: PLC0415 - loads numba

        columns = np.empty((4, source.shape[2]), dtype=source.dtype)
        median(source, out, factor, lead, channels, columns, np.empty(cell, dtype=source.dtype))
    return small


def _mean(source: NDArray[Any], out: NDArray[Any], factor: Vec3Int, lead: Vec3Int, channels: int) -> None:
    from voxshelf.dataset.downsampling import mean_kernels as kernels  # noqa: PLC0415 - loads numba

    if source.dtype.kind == "f":
        kernels.mean_of_floats(source, out, factor, lead, channels)
    elif source.dtype.itemsize == 8:
        halves = source.view(np.dtype("u4")).reshape(*source.shape, 2)
        low = np.ascontiguousarray(halves[..., 0])
        high = np.ascontiguousarray(halves[..., 1])
        kernels.mean_of_wide_integers(high, low, out, factor, lead, channels)
    else:
        fits = source.dtype.itemsize < 4 and factor[0] * factor[1] * factor[2] < _INT32_CELL
        sums = np.empty(source.shape[2], dtype=np.int32 if fits else np.int64)
        kernels.mean_of_integers(source, out, factor, lead, channels, sums)
