"""How values are distributed: ``Histogram``, and the window that shows them well.

8-bit types have the histogram of their whole range. Other types have that of the values found: the full range of
16 bits or of floats would squeeze the data into one bar. Values that are not finite are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PERCENTILES = (0.5, 99.5)
_BINS = 128
_MANY = 1 << 18


@dataclass(frozen=True)
class Histogram:
    """Counts of values.

    Parameters
    ----------
    counts : ndarray of int64, shape (bins,)
        How many values fall in each bin.
    edges : ndarray of float64, shape (bins + 1,)
        Bin *i* is ``edges[i] <= value < edges[i + 1]``; the last one is closed.
    """

    counts: NDArray[np.int64]
    edges: NDArray[np.float64]

    @property
    def centers(self) -> NDArray[np.float64]:
        """The middle of each bin."""
        middle: NDArray[np.float64] = (self.edges[:-1] + self.edges[1:]) / 2
        return middle


def histogram(
    values: NDArray[Any], *, limits: tuple[float, float] | None = None, bins: int = _BINS
) -> Histogram:
    """Count values of any type; ``limits`` default to :func:`value_limits`, and values outside are not counted."""
    lo, hi = limits or value_limits(values)
    if np.issubdtype(values.dtype, np.integer):
        # Bars as wide as a whole number of values: others would show a comb.
        width = max(1, -(-int(hi - lo + 1) // bins))
        count = max(1, -(-int(hi - lo + 1) // width))
        edges = lo + np.arange(count + 1, dtype=np.float64) * width - 0.5
    else:
        edges = np.linspace(lo, hi if hi > lo else lo + 1.0, bins + 1)
    counts, _ = np.histogram(_finite(values), bins=edges)
    return Histogram(counts.astype(np.int64), edges)


def value_limits(values: NDArray[Any]) -> tuple[float, float]:
    """Between which values a histogram makes sense: the type's range for 8 bits, else those found."""
    if values.dtype.itemsize == 1:
        info = np.iinfo(values.dtype)
        return float(info.min), float(info.max)
    finite = _finite(values)
    if finite.size == 0:
        return 0.0, 1.0
    return float(finite.min()), float(finite.max())


def auto_window(
    values: NDArray[Any], *, percentiles: tuple[float, float] = PERCENTILES
) -> tuple[float, float] | None:
    """The window that shows all but the darkest and brightest half percent.

    Zeros are left out where they look like the padding around data: other values exist, and none below zero.

    Returns
    -------
    tuple of 2 floats or None
        None where there are no two different values to tell apart.
    """
    finite = _finite(values.reshape(-1)[:: max(1, values.size // _MANY)])
    filled = finite[finite != 0]
    if filled.size and filled.min() > 0:
        finite = filled
    if finite.size == 0 or finite.min() == finite.max():
        return None
    lo, hi = (float(edge) for edge in np.percentile(finite, percentiles))
    if np.issubdtype(values.dtype, np.integer):
        lo, hi = float(np.floor(lo)), float(np.ceil(hi))
    return (lo, hi) if hi > lo else (float(finite.min()), float(finite.max()))


def _finite(values: NDArray[Any]) -> NDArray[Any]:
    flat = values.reshape(-1)
    return flat[np.isfinite(flat)] if flat.dtype.kind == "f" else flat
