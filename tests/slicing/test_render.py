from __future__ import annotations

import numpy as np
import pytest

from voxshelf.errors import OutOfRangeError
from voxshelf.model import BlendMode, Category
from voxshelf.slicing import Look, SegmentChoice, levels, ramp, render, segment_colors

SEGMENTATION = Look(Category.SEGMENTATION, alpha=50)


def test_a_window_spreads_its_values_over_all_levels() -> None:
    values = np.array([0, 100, 150, 200, 65535], np.uint16)
    assert levels(values, (100, 200)).tolist() == [0, 0, 128, 255, 255]


def test_a_window_without_width_is_a_threshold() -> None:
    assert levels(np.array([4, 5, 6]), (5, 5)).tolist() == [0, 0, 255]


@pytest.mark.parametrize(
    "dtype", ["uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "float32", "float64"]
)
def test_every_type_of_voxel_becomes_brightness(dtype: str) -> None:
    assert levels(np.array([10, 60, 110], dtype), (10, 110)).tolist() == [0, 128, 255]


def test_what_is_no_number_is_black_and_infinity_is_the_edge() -> None:
    values = np.array([np.nan, np.inf, -np.inf], np.float32)
    assert levels(values, (0, 1)).tolist() == [0, 255, 0]


def test_a_ramp_goes_from_black_to_the_colour() -> None:
    table = ramp(Look(color=(255, 128, 0), alpha=50))
    assert table[0].tolist() == [0, 0, 0]
    assert table[255].tolist() == [128, 64, 0]


def test_inverting_exchanges_bright_and_dark() -> None:
    assert np.array_equal(ramp(Look(inverted=True)), ramp(Look())[::-1])


def test_a_gamma_above_one_brightens_the_middle() -> None:
    assert ramp(Look(gamma=2))[64, 0] > 64 > ramp(Look(gamma=0.5))[64, 0]


def test_a_gamma_of_zero_is_no_error() -> None:
    assert ramp(Look(gamma=0))[255, 0] == 255


def test_gray_values_become_gray() -> None:
    picture = render([(np.array([[0, 7, 255]], np.uint8), Look())])
    assert picture.tolist() == [[[0, 0, 0], [7, 7, 7], [255, 255, 255]]]


def test_three_channels_of_bytes_are_red_green_and_blue() -> None:
    voxels = np.array([[[10]], [[20]], [[30]]], np.uint8)
    assert render([(voxels, Look())]).tolist() == [[[10, 20, 30]]]


def test_of_other_channels_the_first_is_shown() -> None:
    voxels = np.array([[[10]], [[20]]], np.uint8)
    assert render([(voxels, Look())]).tolist() == [[[10, 10, 10]]]


def test_colour_layers_add_up_and_never_overflow() -> None:
    voxels = np.array([[200]], np.uint8)
    red, gray = Look(color=(255, 0, 0)), Look()
    assert render([(voxels, red), (voxels, gray)]).tolist() == [[[255, 200, 200]]]


def test_segments_are_laid_over_and_zero_is_transparent() -> None:
    gray = np.full((1, 2), 100, np.uint8)
    ids = np.array([[0, 77]], np.uint32)
    picture = render([(ids, SEGMENTATION), (gray, Look())])
    assert picture[0, 0].tolist() == [100, 100, 100]
    assert picture[0, 1] == pytest.approx((100 + segment_colors(ids)[0, 1].astype(int)) / 2, abs=1)


def test_in_cover_mode_the_front_covers_the_back_with_its_opacity() -> None:
    back, front = np.array([[200]], np.uint8), np.array([[0]], np.uint8)
    for alpha, seen in ((100, 0), (0, 200), (50, 100)):
        layers = [(back, Look()), (front, Look(alpha=alpha))]
        assert render(layers, blend=BlendMode.COVER)[0, 0].tolist() == [pytest.approx(seen, abs=1)] * 3


def test_hidden_segments_leave_what_is_below() -> None:
    gray, ids = np.full((1, 2), 100, np.uint8), np.array([[5, 6]], np.uint32)
    look = Look(Category.SEGMENTATION, segments=SegmentChoice(hidden=frozenset({5})))
    picture = render([(gray, Look()), (ids, look)])
    assert picture[0, 0].tolist() == [100, 100, 100]
    assert picture[0, 1].tolist() == segment_colors(ids)[0, 1].tolist()


def test_pictures_of_different_size_are_refused_with_what_was_found() -> None:
    with pytest.raises(OutOfRangeError, match=r"2×2, 3×3"):
        render([(np.zeros((2, 2), np.uint8), Look()), (np.zeros((3, 3), np.uint8), Look())])


def test_no_picture_at_all_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match="none"):
        render([])
