"""Which mags a pyramid has."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxshelf.dataset.downsampling import Sampling, coarsest_mag, mags_to_coarsest, next_mag
from voxshelf.errors import OutOfRangeError
from voxshelf.model import BoundingBox, Mag


def names(mags: list[Mag]) -> list[str]:
    return [str(mag) for mag in mags]


@pytest.mark.parametrize(
    ("voxel_size", "expected"),
    [
        ((11.24, 11.24, 28), ["2-2-1", "4-4-2", "8-8-4", "16-16-8"]),
        ((11.24, 11.24, 11.24), ["2", "4", "8", "16"]),
        ((1, 1, 8), ["2-2-1", "4-4-1", "8-8-1", "16-16-2"]),
        ((4, 1, 1), ["1-2-2", "1-4-4", "2-8-8", "4-16-16"]),
        ((1, 2, 4), ["2-1-1", "4-2-1", "8-4-2", "16-8-4"]),
        ((4, 4, 35), ["2-2-1", "4-4-1", "8-8-1", "16-16-2"]),
    ],
)
def test_voxels_become_cubes_and_stay_so(voxel_size: tuple[float, float, float], expected: list[str]) -> None:
    assert names(mags_to_coarsest(Mag(1), Mag(16), voxel_size)) == expected


def test_a_tie_doubles_only_the_smallest_axes() -> None:
    # Both steps lead to the anisotropy of the square root of 2.
    assert next_mag(Mag(1), (1, 1, 2**0.5)) == Mag("2-2-1")


def test_a_step_goes_on_until_the_largest_factor_grows() -> None:
    # z alone is the smallest axis, but 4-4-2 and 4-4-4 have the same maximum as 4-4-1.
    assert next_mag(Mag("4-4-1"), (1, 1, 1)) == Mag(8)


def test_the_coarsest_mag_limits_every_axis() -> None:
    assert names(mags_to_coarsest(Mag(1), Mag("8-8-2"), (11.24, 11.24, 28))) == ["2-2-1", "4-4-2", "8-8-2"]


def test_a_pyramid_can_begin_at_a_coarser_mag() -> None:
    assert names(mags_to_coarsest(Mag("2-2-1"), Mag(8), (11.24, 11.24, 28))) == ["4-4-2", "8-8-4"]


def test_there_is_nothing_to_do_at_the_coarsest_mag() -> None:
    assert mags_to_coarsest(Mag(8), Mag(8), (1, 1, 1)) == []


def test_mags_of_other_layers_with_the_same_maximum_are_used() -> None:
    mags = mags_to_coarsest(Mag(1), Mag(8), (11.24, 11.24, 28), aligned_with=[Mag(1), Mag(2), Mag("4-4-1")])
    assert names(mags) == ["2", "4-4-2", "8-8-4"], "4-4-1 is no multiple of 2-2-2, so it is not used"


def test_what_follows_a_mag_of_another_layer_goes_on_from_there() -> None:
    mags = mags_to_coarsest(Mag(1), Mag(8), (1, 1, 1), aligned_with=[Mag("2-2-1")])
    assert names(mags) == ["2-2-1", "4", "8"]


@pytest.mark.parametrize(
    ("sampling", "expected"),
    [(Sampling.ISOTROPIC, ["2", "4", "8"]), (Sampling.CONSTANT_Z, ["2-2-1", "4-4-1", "8-8-1"])],
)
def test_other_samplings_do_not_look_at_the_voxel_size(sampling: Sampling, expected: list[str]) -> None:
    assert names(mags_to_coarsest(Mag(1), Mag(8), (11.24, 11.24, 280), sampling=sampling)) == expected


@given(
    voxel_size=st.tuples(*[st.floats(0.01, 1000)] * 3),
    coarsest=st.tuples(*[st.integers(1, 64)] * 3),
    sampling=st.sampled_from(list(Sampling)),
)
@settings(deadline=None, max_examples=200, derandomize=True)
def test_every_pyramid_ends_grows_and_divides_evenly(
    voxel_size: tuple[float, float, float], coarsest: tuple[int, int, int], sampling: Sampling
) -> None:
    mags = [Mag(1), *mags_to_coarsest(Mag(1), Mag(coarsest), voxel_size, sampling=sampling)]
    for finer, coarser in itertools.pairwise(mags):
        assert max(coarser) > max(finer)
        assert all(c % f == 0 for f, c in zip(finer, coarser, strict=True))
        assert all(c <= limit for c, limit in zip(coarser, coarsest, strict=True))


@pytest.mark.parametrize(
    ("size", "coarsest"),
    [((10, 10, 5000), 4), ((400, 400, 10), 4), ((401, 400, 10), 8), ((100, 6400, 10), 64), ((0, 0, 0), 4)],
)
def test_the_coarsest_mag_is_about_100_voxels_wide(size: tuple[int, int, int], coarsest: int) -> None:
    assert coarsest_mag(BoundingBox((5, 6, 7), size)) == Mag(coarsest)


@pytest.mark.parametrize(
    "voxel_size", [(0, 1, 1), (1, 1), (1, -1, 1), (1, float("nan"), 1), (float("inf"), 1, 1)]
)
def test_impossible_voxel_sizes_are_refused(voxel_size: tuple[float, ...]) -> None:
    with pytest.raises(OutOfRangeError, match="size of a voxel"):
        next_mag(Mag(1), voxel_size)
