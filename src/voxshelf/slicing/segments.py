"""Stable colours of segments: the same id has the same colour everywhere, always.

``hash``: the id as two's complement of 64 bits, low half *lo*, high half *hi*; ``h = lo ^ (hi · 0x85ebca6b)``, then
MurmurHash3's 32-bit finalizer (``h ^= h >> 16``; ``h *= 0x85ebca6b``; ``h ^= h >> 13``; ``h *= 0xc2b2ae35``;
``h ^= h >> 16``), all modulo 2³². The colour is entry ``h mod 1024`` of the palette, whose entry *i* has hue
``i · 0.6180339887 mod 1`` (the golden ratio spreads neighbours apart), saturation 0.55, 0.75 or 0.95 for ``i mod 3``
and brightness 1 or 0.8 for ``i // 3 mod 2``. Id 0 is no segment and transparent.

Inside of segments lie stripes, so that neighbours of similar colour can be told apart: bits 10 and 11 of *h* choose
their direction, ``p = column + row``, ``column - row``, ``column`` or ``row`` of the picture's grid (counted from
voxel 0), and a pixel with ``p mod 8 < 3`` lies in a stripe. There, a colour channel *c* becomes
``(c · (256 - d)) >> 8`` with ``d = floor(opacity / 100 · 128 + 0.5)``.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

PALETTE_SIZE = 1024
_STRIPE_PERIOD, _STRIPE = 8, 3
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


@dataclass(frozen=True)
class SegmentChoice:
    """Which segments are shown, and which have a colour of their own.

    Parameters
    ----------
    hidden : frozenset of int
        Not shown.
    only : frozenset of int or None
        The only ones shown; None for all.
    colors : mapping
        Id → RGB, 0-255, in place of the stable colour.
    """

    hidden: frozenset[int] = frozenset()
    only: frozenset[int] | None = None
    colors: Mapping[int, tuple[float, float, float]] = field(default_factory=dict)

    def shown(self, ids: NDArray[Any]) -> NDArray[np.bool_]:
        """Where a segment is shown; id 0 never is."""
        seen: NDArray[np.bool_] = ids != 0
        if self.only is not None:
            seen = seen & np.isin(ids, _of_type(self.only, ids.dtype))
        return seen & ~np.isin(ids, _of_type(self.hidden, ids.dtype)) if self.hidden else seen


def segment_hashes(ids: NDArray[Any]) -> NDArray[np.uint32]:
    """The hash *h* of each id."""
    whole = ids.astype(np.uint64) if ids.dtype.kind == "u" else ids.astype(np.int64).view(np.uint64)
    low = (whole & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    high = (whole >> np.uint64(32)).astype(np.uint32)
    h = low ^ (high * np.uint32(0x85EBCA6B))
    h ^= h >> np.uint32(16)
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h *= np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    return h


def segment_colors(ids: NDArray[Any], choice: SegmentChoice | None = None) -> NDArray[np.uint8]:
    """The colour of each id: ``ids.shape + (3,)``. What id 0 gets has no meaning: it is not painted."""
    colors: NDArray[np.uint8] = segment_palette()[segment_hashes(ids) % PALETTE_SIZE]
    for segment, color in (choice.colors if choice else {}).items():
        own = np.floor(np.asarray(color, np.float64) + 0.5).astype(np.uint8)
        colors[np.isin(ids, _of_type((segment,), ids.dtype))] = own
    return colors


def striped(
    colors: NDArray[np.uint8], ids: NDArray[Any], opacity: float, origin: tuple[int, int] = (0, 0)
) -> NDArray[np.uint8]:
    """Colours ``(rows, columns, 3)`` with the stripes of their segments.

    Parameters
    ----------
    colors, ids : ndarray
        Colours and ids of a picture.
    opacity : float
        0-100.
    origin : tuple of 2 ints
        Row and column of the first pixel, counted from voxel 0.
    """
    rows = (np.arange(ids.shape[0]) + origin[0])[:, None]
    columns = (np.arange(ids.shape[1]) + origin[1])[None, :]
    direction = (segment_hashes(ids) >> np.uint32(10)) & np.uint32(3)
    along = np.choose(direction, np.broadcast_arrays(columns + rows, columns - rows, columns, rows))
    darker = 256 - int(opacity / 100 * 128 + 0.5)
    stripes = (along % _STRIPE_PERIOD < _STRIPE)[..., None]
    return np.where(stripes, (colors.astype(np.uint32) * darker) >> 8, colors).astype(np.uint8)


def _of_type(segments: Iterable[int], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Those ids that the type can hold."""
    limits = np.iinfo(dtype)
    return np.array([segment for segment in segments if limits.min <= segment <= limits.max], dtype)
