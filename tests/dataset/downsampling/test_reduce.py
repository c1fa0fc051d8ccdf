"""Arrays made smaller, against a slow reference of a few lines."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxshelf.dataset.downsampling import DownsampleMode, compile_kernels, downsample
from voxshelf.errors import ArrayMismatchError, OutOfRangeError
from voxshelf.model import Category

if TYPE_CHECKING:
    from collections.abc import Iterator

INTEGERS = ("uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64")
FLOATS = ("float32", "float64")


def cells(
    array: Any, factor: tuple[int, ...], lead: tuple[int, ...]
) -> Iterator[tuple[tuple[int, ...], Any]]:
    """Every target position ``(c, x, y, z)`` with the voxels of its cell, x fastest."""
    channels, *size = array.shape
    shape = [-(-(s + le) // f) for s, le, f in zip(size, lead, factor, strict=True)]
    for position in np.ndindex(*shape):
        part = tuple(
            slice(max(0, p * f - le), (p + 1) * f - le)
            for p, f, le in zip(position, factor, lead, strict=True)
        )
        for channel in range(channels):
            yield (channel, *position), array[(channel, *part)].ravel(order="F")


def expected_integer(values: list[int], mode: DownsampleMode) -> int:
    ordered = sorted(values)
    count = len(values)
    if mode is DownsampleMode.MODE:
        often = Counter(values)
        most = [value for value in often if often[value] == max(often.values())]
        return min(most, key=lambda value: (value == 0, value < 0, value))
    return {
        DownsampleMode.MEDIAN: round(Fraction(ordered[(count - 1) // 2] + ordered[count // 2], 2)),
        DownsampleMode.MEAN: round(Fraction(sum(values), count)),
        DownsampleMode.MIN: ordered[0],
        DownsampleMode.MAX: ordered[-1],
        DownsampleMode.NEAREST: values[0],
    }[mode]


def expected_float(values: Any, mode: DownsampleMode) -> float:
    if mode is DownsampleMode.NEAREST:
        return float(values[0])
    values = values[~np.isnan(values)].astype(np.float64)
    if not len(values):
        return float("nan")
    return float({"median": np.median, "mean": np.mean, "min": np.min, "max": np.max}[mode.value](values))


@st.composite
def tasks(draw: st.DrawFn) -> tuple[int, tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    channels = draw(st.sampled_from([1, 3]))
    size = tuple(draw(st.integers(1, 7)) for _ in range(3))
    factor = tuple(draw(st.sampled_from([1, 2, 2, 2, 3, 4])) for _ in range(3))
    return channels, size, factor, tuple(draw(st.integers(0, f - 1)) for f in factor)


@pytest.mark.parametrize("dtype", INTEGERS)
@given(
    task=tasks(), mode=st.sampled_from(list(DownsampleMode)), narrow=st.booleans(), seed=st.integers(0, 99)
)
@settings(deadline=None, max_examples=25, derandomize=True)
def test_integers_are_exact(dtype: str, task: Any, mode: DownsampleMode, narrow: bool, seed: int) -> None:
    channels, size, factor, lead = task
    limits, random = np.iinfo(dtype), np.random.default_rng(seed)
    if narrow:  # few values: ties, and background
        array = random.integers(-2 if limits.min else 0, 3, (channels, *size)).astype(dtype)
    else:
        array = random.integers(limits.min, limits.max, (channels, *size), dtype=dtype, endpoint=True)
    small = downsample(array, factor, mode, lead=lead)
    assert small.dtype == array.dtype
    for position, values in cells(array, factor, lead):
        assert int(small[position]) == expected_integer([int(value) for value in values], mode)


@pytest.mark.parametrize("dtype", FLOATS)
@given(
    task=tasks(),
    mode=st.sampled_from([mode for mode in DownsampleMode if mode is not DownsampleMode.MODE]),
    missing=st.sampled_from([0.0, 0.3, 0.9]),
    seed=st.integers(0, 99),
)
@settings(deadline=None, max_examples=30, derandomize=True)
def test_floats_leave_nan_out(dtype: str, task: Any, mode: DownsampleMode, missing: float, seed: int) -> None:
    channels, size, factor, lead = task
    random = np.random.default_rng(seed)
    array = random.normal(size=(channels, *size)).astype(dtype)
    array[random.random(array.shape) < missing] = np.nan
    small = downsample(array, factor, mode, lead=lead)
    for position, values in cells(array, factor, lead):
        expected = expected_float(values, mode)
        assert small[position] == pytest.approx(expected, rel=1e-6, abs=1e-12, nan_ok=True)
        if not np.isnan(expected):
            assert np.nanmin(values) <= small[position] <= np.nanmax(values)


@pytest.mark.parametrize("mode", ["median", "mean"])
@pytest.mark.parametrize("value", [np.finfo("f8").max, -np.finfo("f8").max, 5e-324, np.inf, -np.inf])
def test_huge_and_tiny_floats_stay_what_they_are(mode: str, value: float) -> None:
    assert downsample(np.full((2, 2, 2), value), (2, 2, 2), mode)[0, 0, 0] == value


def test_the_mean_of_huge_floats_does_not_overflow() -> None:
    top = float(np.finfo("f8").max)
    assert downsample(np.array([top, top / 2]).reshape(2, 1, 1), (2, 1, 1), "mean")[0, 0, 0] == 0.75 * top


def test_large_cells_are_exact_too() -> None:
    array = np.random.default_rng(0).integers(0, 1000, (1, 18, 17, 16)).astype("u2")
    for mode in (DownsampleMode.MEDIAN, DownsampleMode.MODE, DownsampleMode.MEAN):
        small = downsample(array, (9, 9, 8), mode)
        for position, values in cells(array, (9, 9, 8), (0, 0, 0)):
            assert int(small[position]) == expected_integer([int(value) for value in values], mode)


def test_a_constant_volume_stays_constant_up_to_its_borders() -> None:
    array = np.full((5, 7, 3), 200, np.uint8)
    for mode in DownsampleMode:
        assert set(downsample(array, (2, 2, 2), mode, lead=(1, 0, 1)).ravel().tolist()) == {200}


def test_noise_does_not_become_darker_with_every_mag() -> None:
    noise = np.random.default_rng(0).normal(128, 25, (64, 64, 64)).clip(0, 255).astype(np.uint8)
    coarse = noise
    for _ in range(4):
        coarse = downsample(coarse, (2, 2, 2), DownsampleMode.MEDIAN)
    assert abs(coarse.mean() - noise.mean()) < 1


def test_background_loses_a_tie_and_then_the_smallest_id_wins() -> None:
    cell = np.array([0, 0, 0, 9, 9, 9, 7, 7], np.uint32).reshape(2, 2, 2)
    assert downsample(cell, (2, 2, 2), "mode")[0, 0, 0] == 9
    cell = np.array([0, 0, 9, 9, 7, 7, 3, 0], np.uint32).reshape(2, 2, 2)
    assert downsample(cell, (2, 2, 2), "mode")[0, 0, 0] == 0
    cell = np.array([0, 0, 9, 9, 7, 7, 3, 4], np.uint32).reshape(2, 2, 2)
    assert downsample(cell, (2, 2, 2), "mode")[0, 0, 0] == 7


def test_nearest_twice_by_2_is_nearest_once_by_4() -> None:
    array = np.random.default_rng(0).integers(0, 255, (16, 12, 8), np.uint8)
    twice = downsample(downsample(array, (2, 2, 2), "nearest"), (2, 2, 2), "nearest")
    assert np.array_equal(twice, downsample(array, (4, 4, 4), "nearest"))


def test_the_factor_1_gives_a_copy() -> None:
    array = np.arange(8, dtype=np.uint8).reshape(2, 2, 2)
    small = downsample(array, (1, 1, 1), "median")
    assert np.array_equal(small, array)
    assert not np.shares_memory(small, array)


def test_memory_order_does_not_matter() -> None:
    array = np.random.default_rng(0).integers(0, 255, (3, 9, 8, 7), np.uint8)
    for mode in DownsampleMode:
        fortran = downsample(np.asfortranarray(array), (2, 2, 1), mode)
        assert fortran.flags.f_contiguous
        assert np.array_equal(downsample(array[:, ::-1][:, ::-1], (2, 2, 1), mode), fortran)


@pytest.mark.parametrize(
    ("array", "factor", "lead", "error"),
    [
        (np.zeros((2, 2, 2), np.uint8), (0, 1, 1), (0, 0, 0), OutOfRangeError),
        (np.zeros((2, 2, 2), np.uint8), (2, 2, 2), (2, 0, 0), OutOfRangeError),
        (np.zeros((2, 2, 2), np.uint8), (2, 2, 2), (0, -1, 0), OutOfRangeError),
        (np.zeros((2, 2), np.uint8), (2, 2, 2), (0, 0, 0), ArrayMismatchError),
        (np.zeros((2, 0, 2), np.uint8), (2, 2, 2), (0, 0, 0), ArrayMismatchError),
        (np.zeros((2, 2, 2), bool), (2, 2, 2), (0, 0, 0), ArrayMismatchError),
        (np.zeros((2, 2, 2), complex), (2, 2, 2), (0, 0, 0), ArrayMismatchError),
    ],
)
def test_what_cannot_be_downsampled_is_refused(array: Any, factor: Any, lead: Any, error: Any) -> None:
    with pytest.raises(error) as caught:
        downsample(array, factor, "median", lead=lead)
    assert caught.value.hint


def test_segmentations_take_the_mode_and_colour_the_median() -> None:
    assert DownsampleMode.default_for(Category.SEGMENTATION) is DownsampleMode.MODE
    assert DownsampleMode.default_for(Category.COLOR) is DownsampleMode.MEDIAN


def test_the_usual_kernels_can_be_compiled_ahead() -> None:
    from voxshelf.dataset.downsampling.mode_kernels import mode  # noqa: PLC0415 - loads numba

    compile_kernels()
    assert "uint32" in str(mode.signatures)  # type: ignore[attr-defined]


def test_importing_the_package_does_not_load_numba() -> None:
    code = "import sys, voxshelf.dataset.downsampling; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
