from __future__ import annotations

import pytest

from voxshelf.model import BoundingBox, VoxelSize
from voxshelf.slicing import Plane, View, fit_zoom, plane_box

ANISOTROPIC = VoxelSize((10, 10, 40))


def test_planes_name_their_axes() -> None:
    assert [Plane(name).axes for name in ("XY", "XZ", "YZ")] == [(0, 1, 2), (0, 2, 1), (2, 1, 0)]


def test_the_zoom_counts_voxels_of_the_finest_axis_and_the_others_keep_proportion() -> None:
    view = View(Plane.XZ, (50.0, 50.0, 10.0), 2.0, (100, 80))
    assert view.voxels_per_pixel(ANISOTROPIC) == (2.0, 0.5)
    assert view.visible_rect(ANISOTROPIC) == (-50.0, -10.0, 150.0, 30.0)


def test_the_depth_is_the_voxel_that_the_position_lies_in() -> None:
    assert View(Plane.XY, (0, 0, 7.999), 1, (1, 1)).depth == 7
    assert View(Plane.XY, (0, 0, -0.5), 1, (1, 1)).depth == -1


def test_the_visible_box_holds_every_voxel_that_the_screen_touches() -> None:
    view = View(Plane.YZ, (5.5, 10.25, 20.0), 1.0, (8, 4))
    assert view.visible_box(VoxelSize((1, 1, 1))) == BoundingBox((5, 8, 16), (1, 5, 8))


@pytest.mark.parametrize(("plane", "size"), [("XY", (9, 7, 1)), ("XZ", (9, 1, 7)), ("YZ", (1, 7, 9))])
def test_a_rectangle_of_a_plane_is_one_voxel_thick(plane: str, size: tuple[int, int, int]) -> None:
    assert plane_box(Plane(plane), (0, 0, 9, 7), 3).size == size


@pytest.mark.parametrize("plane", list(Plane))
@pytest.mark.parametrize("screen", [(640, 480), (100, 700)])
def test_a_fitted_box_fills_the_screen_in_one_direction_and_never_more(
    plane: Plane, screen: tuple[int, int]
) -> None:
    box = BoundingBox((10, 20, 30), (500, 300, 200))
    zoom = fit_zoom(box, plane, screen, ANISOTROPIC)
    per_u, per_v = View(plane, (0, 0, 0), zoom, screen).voxels_per_pixel(ANISOTROPIC)
    u, v, _ = plane.axes
    filled = (box.size[u] / per_u / screen[0], box.size[v] / per_v / screen[1])
    assert max(filled) == pytest.approx(1.0)


def test_an_empty_box_is_fitted_at_zoom_one() -> None:
    assert fit_zoom(BoundingBox((0, 0, 0), (0, 5, 5)), Plane.XY, (10, 10), ANISOTROPIC) == 1.0
