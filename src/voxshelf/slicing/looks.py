"""How values become brightness and colour: ``Look``, ``levels``, ``ramp``.

A value *v* within the window ``[lo, hi]`` becomes the level ``floor((v - lo) · 255 / (hi - lo) + 0.5)``, clamped to
0-255 (not a number: 0). A level *n* becomes, per channel, ``floor(t · color · alpha + 0.5)`` with
``t = (n / 255) ** (1 / gamma)``, after ``n → 255 - n`` if inverted. The browser computes the same in the same
precision, so a picture made here equals the one on screen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from voxshelf.model import Category
from voxshelf.slicing.segments import SegmentChoice

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALLEST_GAMMA = 0.01


@dataclass(frozen=True)
class Look:
    """How one layer appears.

    Parameters
    ----------
    category : Category
        Colour layers go through window, gamma and colour; segmentations get a colour per id.
    window : tuple of 2 floats
        The values shown black and fully bright.
    color : tuple of 3 floats
        RGB, 0-255, of full brightness.
    alpha : float
        0-100.
    gamma : float
        Above 1 brightens the middle, below 1 darkens it.
    inverted : bool
        Bright and dark exchanged.
    pattern : float
        Opacity of the stripes inside of segments, 0-100.
    segments : SegmentChoice
        Which segments are shown, and how.
    """

    category: Category = Category.COLOR
    window: tuple[float, float] = (0.0, 255.0)
    color: tuple[float, float, float] = (255.0, 255.0, 255.0)
    alpha: float = 100.0
    gamma: float = 1.0
    inverted: bool = False
    pattern: float = 0.0
    segments: SegmentChoice = field(default_factory=SegmentChoice)


def levels(values: NDArray[Any], window: tuple[float, float]) -> NDArray[np.uint8]:
    """Brightness 0-255 of values of any type; a window without width is a threshold just above ``lo``."""
    lo, hi = (float(edge) for edge in window)
    numbers = values.astype(np.float64)
    if not hi > lo:
        return np.where(numbers > lo, np.uint8(255), np.uint8(0))
    with np.errstate(over="ignore", invalid="ignore"):  # the full range of doubles has no width in doubles
        scaled = np.clip((numbers - lo) * 255.0 / (hi - lo), 0.0, 255.0)
    return np.floor(np.nan_to_num(scaled, nan=0.0) + 0.5).astype(np.uint8)


def ramp(look: Look) -> NDArray[np.uint8]:
    """The colour of each level: ``(256, 3)``, red, green, blue."""
    t = np.arange(256) / 255.0
    if look.inverted:
        t = (255 - np.arange(256)) / 255.0
    t = t ** (1.0 / max(look.gamma, SMALLEST_GAMMA))
    color = np.asarray(look.color, np.float64)
    return np.floor(t[:, None] * color * (look.alpha / 100.0) + 0.5).astype(np.uint8)
