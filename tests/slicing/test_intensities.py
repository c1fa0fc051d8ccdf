from __future__ import annotations

import numpy as np
import pytest

from voxshelf.slicing import auto_window, histogram, value_limits


def test_bytes_are_counted_over_their_whole_range() -> None:
    found = histogram(np.array([[0, 0, 255]], np.uint8))
    assert (found.edges[0], found.edges[-1]) == (-0.5, 255.5)
    assert found.counts.sum() == 3
    assert found.counts[0] == 2


def test_16_bits_are_counted_over_the_values_found() -> None:
    values = np.array([1000, 1500, 3000], np.uint16)
    assert value_limits(values) == (1000, 3000)
    assert histogram(values).counts.sum() == 3


def test_whole_numbers_fall_into_bins_of_whole_width() -> None:
    found = histogram(np.arange(0, 500, dtype=np.int16))
    assert set(np.diff(found.edges)) == {4.0}
    assert set(found.counts) == {4}


def test_floats_with_gaps_in_them_are_counted_without() -> None:
    values = np.array([0.25, np.nan, np.inf, 0.75], np.float32)
    found = histogram(values)
    assert found.counts.sum() == 2
    assert value_limits(values) == (0.25, 0.75)


@pytest.mark.parametrize("values", [np.zeros(0, np.float32), np.full(4, np.nan), np.full(4, 7.5)])
def test_values_that_tell_nothing_still_have_a_histogram(values: np.ndarray) -> None:
    assert np.isfinite(histogram(values).edges).all()


def test_limits_leave_out_what_lies_beyond() -> None:
    assert histogram(np.array([1, 5, 9], np.int32), limits=(4, 6)).counts.sum() == 1


def test_the_middles_of_bins_lie_between_their_edges() -> None:
    found = histogram(np.array([0.0, 1.0]), bins=2)
    assert found.centers.tolist() == [0.25, 0.75]


def test_automatic_contrast_leaves_out_the_extreme_half_percents() -> None:
    values = np.concatenate([np.arange(100, 200).repeat(100), [5, 60000]]).astype(np.uint16)
    assert auto_window(values) == (100, 199)


def test_automatic_contrast_ignores_the_padding_around_data() -> None:
    values = np.concatenate([np.zeros(5000), np.arange(100, 200).repeat(10)]).astype(np.uint8)
    window = auto_window(values)
    assert window is not None
    assert window[0] >= 100


def test_zeros_among_negative_values_are_data() -> None:
    values = np.array([-1.0] * 10 + [0.0] * 980 + [1.0] * 10)
    assert auto_window(values) == (-1.0, 1.0)


@pytest.mark.parametrize("values", [np.zeros(9, np.uint8), np.full(3, 4.0), np.full(3, np.nan)])
def test_one_value_alone_has_no_contrast(values: np.ndarray) -> None:
    assert auto_window(values) is None


def test_the_window_of_nearly_equal_values_is_all_of_them() -> None:
    values = np.array([10] * 999 + [11], np.uint8)
    assert auto_window(values) == (10, 11)
