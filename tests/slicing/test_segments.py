from __future__ import annotations

import numpy as np
import pytest

from voxshelf.slicing import SegmentChoice, segment_colors, segment_palette
from voxshelf.slicing.segments import striped


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


def test_all_segments_but_the_hidden_ones_are_shown() -> None:
    ids = np.array([0, 1, 2, 2**63 + 1], np.uint64)
    assert SegmentChoice().shown(ids).tolist() == [False, True, True, True]
    assert SegmentChoice(hidden=frozenset({2, 2**63 + 1})).shown(ids).tolist() == [False, True, False, False]


def test_only_chosen_segments_are_shown_and_hiding_is_stronger() -> None:
    choice = SegmentChoice(hidden=frozenset({2}), only=frozenset({0, 2, 3}))
    assert choice.shown(np.array([0, 1, 2, 3], np.uint8)).tolist() == [False, False, False, True]


def test_a_choice_that_the_type_cannot_hold_chooses_nothing() -> None:
    choice = SegmentChoice(only=frozenset({2**40, -1}))
    assert not choice.shown(np.array([1, 255], np.uint8)).any()


def test_a_segment_may_have_a_colour_of_its_own() -> None:
    choice = SegmentChoice(colors={7: (1.0, 2.4, 254.5)})
    colors = segment_colors(np.array([7, 8], np.uint32), choice)
    assert colors[0].tolist() == [1, 2, 255]
    assert np.array_equal(colors[1], segment_colors(np.array([8]))[0])


@pytest.mark.parametrize("segment", range(1, 9))
def test_three_of_eight_pixels_lie_in_a_stripe_along_its_direction(segment: int) -> None:
    ids = np.full((24, 24), segment, np.uint16)
    white = np.full((24, 24, 3), 255, np.uint8)
    found = striped(white, ids, 40)
    darker = 255 * (256 - 51) >> 8
    assert set(np.unique(found)) == {darker, 255}
    assert (found == darker).mean() == pytest.approx(3 / 8, abs=0.02)


def test_stripes_stay_with_the_voxels_when_the_picture_begins_elsewhere() -> None:
    ids = np.arange(30 * 30, dtype=np.uint32).reshape(30, 30) // 90
    white = np.full((30, 30, 3), 255, np.uint8)
    whole = striped(white, ids, 80)
    part = striped(white[5:, 11:], ids[5:, 11:], 80, origin=(5, 11))
    np.testing.assert_array_equal(part, whole[5:, 11:])
