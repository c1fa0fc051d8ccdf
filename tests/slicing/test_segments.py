from __future__ import annotations

import numpy as np
import pytest

from voxshelf.slicing import segment_colors, segment_palette


def _hash_by_hand(segment: int) -> int:
    """The documented formula in Python's own unbounded integers."""
    low, high = segment & 0xFFFFFFFF, segment >> 32 & 0xFFFFFFFF
    h = low ^ (high * 0x85EBCA6B & 0xFFFFFFFF)
    h ^= h >> 16
    h = h * 0x85EBCA6B & 0xFFFFFFFF
    h ^= h >> 13
    h = h * 0xC2B2AE35 & 0xFFFFFFFF
    return h ^ h >> 16


@pytest.mark.parametrize("segment", [1, 2, 1000, 2**31, 2**32 + 5, 2**63 + 11, 2**64 - 1])
def test_a_segment_has_the_colour_of_its_hash(segment: int) -> None:
    expected = segment_palette()[_hash_by_hand(segment) % 1024]
    assert np.array_equal(segment_colors(np.array([segment], np.uint64))[0], expected)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "uint32", "int8", "int16", "int32", "int64"])
def test_the_colour_does_not_depend_on_the_type_that_holds_the_id(dtype: str) -> None:
    ids = np.arange(1, 100)
    assert np.array_equal(segment_colors(ids.astype(dtype)), segment_colors(ids.astype(np.uint64)))


def test_negative_ids_have_the_colour_of_their_64_bits() -> None:
    of_8_bits = segment_colors(np.array([-3], np.int8))
    assert np.array_equal(of_8_bits, segment_colors(np.array([2**64 - 3], np.uint64)))


def test_neighbouring_ids_differ() -> None:
    colors = segment_colors(np.arange(1, 2000, dtype=np.uint32)).astype(int)
    assert (np.abs(np.diff(colors, axis=0)).sum(axis=1) > 0).mean() > 0.99


def test_every_colour_can_be_seen_on_black() -> None:
    assert segment_palette().max(axis=1).min() >= 200


def test_nobody_can_change_the_palette_by_accident() -> None:
    with pytest.raises(ValueError, match="read-only"):
        segment_palette()[0] = 0
