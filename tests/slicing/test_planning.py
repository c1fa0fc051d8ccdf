from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxshelf.model import BoundingBox, Mag, VoxelSize
from voxshelf.slicing import LARGEST_PICTURE, LARGEST_READ, Plan, Plane, Region, View, plan, plan_region

SIZE = VoxelSize((11.24, 11.24, 28))
MAGS = tuple(Mag(mag) for mag in ("1", "2-2-1", "4-4-2", "8-8-4"))
LARGE = BoundingBox((0, 0, 0), (20_000, 20_000, 5_000))


def planned(zoom: float, *, plane: str = "XY", mags: tuple[Mag, ...] = MAGS, **view: tuple[int, int]) -> Plan:
    screen = view.get("screen", (800, 500))
    made = plan(
        View(Plane(plane), (10_000.0, 10_000.0, 2_500.0), zoom, screen),
        bounding_box=LARGE,
        mags=mags,
        voxel_size=SIZE,
    )
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("zoom", "mag"), [(0.1, "1"), (1, "1"), (1.4, "1"), (1.5, "2-2-1"), (4, "4-4-2"), (100, "8-8-4")]
)
def test_the_zoom_picks_the_finest_mag_with_about_two_voxels_per_pixel(zoom: float, mag: str) -> None:
    assert planned(zoom).mag == Mag(mag)


def test_a_large_screen_gets_a_coarser_mag_rather_than_too_large_a_picture() -> None:
    made = planned(1.0, screen=(2500, 1400))
    assert made.mag == Mag("2-2-1")
    assert math.prod(made.shape) <= LARGEST_PICTURE


def test_without_a_coarser_mag_every_nth_voxel_is_shown() -> None:
    made = planned(4.0, mags=(Mag(1),))
    assert (made.mag, made.stride, made.is_whole) == (Mag(1), 3, True)


def test_beyond_what_may_be_read_at_once_only_the_middle_is_shown() -> None:
    made = planned(20.0, mags=(Mag(1),))
    assert not made.is_whole
    assert made.box.volume <= LARGEST_READ
    assert abs(made.box.center[0] - 10_000) <= 1


def test_nothing_in_view_is_no_plan() -> None:
    away = View(Plane.XY, (30_000.0, 0.0, 0.0), 1.0, (100, 100))
    assert plan(away, bounding_box=LARGE, mags=MAGS, voxel_size=SIZE) is None


def test_a_layer_without_mags_is_no_plan() -> None:
    view = View(Plane.XY, (100.0, 100.0, 0.0), 1.0, (100, 100))
    assert plan(view, bounding_box=LARGE, mags=(), voxel_size=SIZE) is None


def test_a_picture_says_for_which_depths_it_holds() -> None:
    made = planned(8.0)
    assert made.mag == Mag("8-8-4")
    assert made.depths == (2500, 2504)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    plane=st.sampled_from(list(Plane)),
    position=st.tuples(*[st.floats(-50, 900)] * 3),
    zoom=st.floats(0.01, 300),
    screen=st.tuples(st.integers(1, 3000), st.integers(1, 2000)),
    corner=st.tuples(*[st.integers(-100, 100)] * 3),
    extent=st.tuples(*[st.integers(1, 3000)] * 3),
    mags=st.sets(st.sampled_from(MAGS), min_size=1),
)
def test_a_plan_covers_what_is_visible_and_little_more(
    plane: Plane,
    position: tuple[float, float, float],
    zoom: float,
    screen: tuple[int, int],
    corner: tuple[int, int, int],
    extent: tuple[int, int, int],
    mags: set[Mag],
) -> None:
    view = View(plane, position, zoom, screen)
    box = BoundingBox(corner, extent)
    made = plan(view, bounding_box=box, mags=mags, voxel_size=SIZE)
    visible = view.visible_box(SIZE).intersection(box)
    assert (made is None) == visible.is_empty
    if made is None:
        return
    assert made.is_whole
    assert made.box == visible.aligned_to(made.mag)
    assert made.depths[0] <= view.depth < made.depths[1]
    # Rounding each side up to whole strides adds at most one row and one column.
    assert (made.shape[0] - 1) * (made.shape[1] - 1) <= LARGEST_PICTURE
    u, v, _ = plane.axes
    assert (made.rect[0], made.rect[1]) == (made.box.topleft[u], made.box.topleft[v])
    assert made.rect[2] >= made.box.bottomright[u]
    assert made.rect[3] >= made.box.bottomright[v]


def test_a_region_is_planned_as_the_view_that_shows_it() -> None:
    view = View(Plane.XZ, (10_000.0, 10_000.0, 2_500.0), 3.0, (400, 300))
    common = {"bounding_box": LARGE, "mags": MAGS, "voxel_size": SIZE}
    assert plan_region(view.region(SIZE), **common) == plan(view, **common)


def test_a_region_of_more_than_the_screen_keeps_the_mag_of_its_zoom() -> None:
    region = Region(Plane.XY, BoundingBox((0, 0, 7), (1024, 1024, 1)), 1.0)
    made = plan_region(region, bounding_box=LARGE, mags=MAGS, voxel_size=SIZE)
    assert made is not None
    assert (made.mag, made.box) == (Mag(1), region.box)
