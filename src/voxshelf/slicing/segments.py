"""Stable colours of segments: the same id has the same colour everywhere, always.

``hash``: the id as two's complement of 64 bits, low half *lo*, high half *hi*; ``h = lo ^ (hi · 0x85ebca6b)``, then
MurmurHash3's 32-bit finalizer (``h ^= h >> 16``; ``h *= 0x85ebca6b``; ``h ^= h >> 13``; ``h *= 0xc2b2ae35``;
``h ^= h >> 16``), all modulo 2³². The colour is entry ``h mod 1024`` of the palette, whose entry *i* has hue
``i · 0.6180339887 mod 1`` (the golden ratio spreads neighbours apart), saturation 0.55, 0.75 or 0.95 for ``i mod 3``
and brightness 1 or 0.8 for ``i // 3 mod 2``. Id 0 is no segment and transparent.
"""

from __future__ import annotations

import colorsys
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PALETTE_SIZE = 1024
_GOLDEN = 0.6180339887


@cache
def segment_palette() -> NDArray[np.uint8]:
    """The ``(1024, 3)`` colours that segments take; read-only."""
    colors = [
        colorsys.hsv_to_rgb(i * _GOLDEN % 1, (0.55, 0.75, 0.95)[i % 3], (1.0, 0.8)[i // 3 % 2])
        for i in range(PALETTE_SIZE)
    ]
    palette = np.floor(np.asarray(colors) * 255 + 0.5).astype(np.uint8)
    palette.setflags(write=False)
    return palette


def segment_colors(ids: NDArray[Any]) -> NDArray[np.uint8]:
    """The colour of each id: ``ids.shape + (3,)``. What id 0 gets has no meaning: it is not painted."""
    whole = ids.astype(np.uint64) if ids.dtype.kind == "u" else ids.astype(np.int64).view(np.uint64)
    low = (whole & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    high = (whole >> np.uint64(32)).astype(np.uint32)
    h = low ^ (high * np.uint32(0x85EBCA6B))
    h ^= h >> np.uint32(16)
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h *= np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    colors: NDArray[np.uint8] = segment_palette()[h % PALETTE_SIZE]
    return colors
