"""From values to colours for still pictures: windows, grey values, and a colour per segment id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["color_of_ids", "gray_to_rgb", "shown_window"]

_DARKEST_PERCENT, _BRIGHTEST_PERCENT = 1.0, 99.5
_GOLDEN_RATIO = 0.6180339887498949


def shown_window(values: NDArray[Any]) -> tuple[float, float]:
    """The values to show black and white: nearly all of those that occur, without 0 and what is no number.

    0 is what nothing is stored as; at the rim of a dataset it would make everything else pale.
    """
    # Every number as float: differences of integers would wrap around.
    sample = np.asarray(values[np.isfinite(values) & (values != 0)], np.float64)
    if not sample.size:
        return (0.0, 1.0)
    low, high = np.percentile(sample, (_DARKEST_PERCENT, _BRIGHTEST_PERCENT))
    return (float(low), float(high)) if high > low else (min(0.0, float(low)), max(0.0, float(high)))


def gray_to_rgb(
    values: NDArray[Any], window: tuple[float, float], color: Any = None, *, inverted: bool = False
) -> NDArray[np.uint8]:
    """Values ``(y, x)`` as RGB ``(y, x, 3)``, in shades of a colour.

    Parameters
    ----------
    values : array
        Any numeric type; what is no number is black.
    window : tuple of 2 floats
        The values shown black and in full colour.
    color : sequence of 3 numbers, optional
        0-255; white by default, and where it is no colour.
    inverted : bool
        Whether dark and bright are exchanged.
    """
    low, high = window
    shade = np.clip((np.nan_to_num(values.astype(np.float64)) - low) / (high - low), 0, 1)
    if inverted:
        shade = 1 - shade
    try:
        full = np.clip(np.asarray(color if color is not None else (255, 255, 255), np.float64), 0, 255)
    except (TypeError, ValueError):
        full = np.full(3, 255.0)
    if full.shape != (3,):
        full = np.full(3, 255.0)
    return np.asarray(np.rint(shade[..., np.newaxis] * full), np.uint8)


def color_of_ids(ids: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """A vivid colour per id, always the same one; and where there is a segment at all (0 is none).

    Returns
    -------
    tuple
        RGB 0-255 of shape ``(…, 3)``; bool of the ids' shape.
    """
    # Neighbouring ids get hues far apart: multiples of the golden ratio never cluster.
    hue = (ids.astype(np.float64) * _GOLDEN_RATIO) % 1.0
    offsets = np.array((0.0, 2 / 3, 1 / 3))
    ramp = np.abs(((hue[..., np.newaxis] + offsets) % 1.0) * 6 - 3) - 1
    return np.clip(ramp, 0, 1) * 200 + 55, ids != 0
