from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from voxshelf.model import BoundingBox, Mag
from voxshelf.slicing import Plan, Plane, plane_box, read_plane

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Volume:
    """A layer in memory, mag 1 only."""

    def __init__(self, voxels: NDArray[Any]) -> None:
        self.voxels = voxels

    def read(self, box: BoundingBox, mag: Any = None) -> NDArray[Any]:
        assert mag == Mag(1)
        (x, y, z), (xs, ys, zs) = box.topleft, box.size
        return self.voxels[..., x : x + xs, y : y + ys, z : z + zs]


VOXELS = np.asfortranarray(np.arange(6 * 7 * 8).reshape(6, 7, 8))


@pytest.mark.parametrize(
    ("plane", "expected"),
    [(Plane.XY, VOXELS[:, :, 3].T), (Plane.XZ, VOXELS[:, 3, :].T), (Plane.YZ, VOXELS[3, :, :])],
)
def test_rows_run_down_and_columns_to_the_right(plane: Plane, expected: NDArray[Any]) -> None:
    u, v, _ = plane.axes
    box = plane_box(plane, (0, 0, VOXELS.shape[u], VOXELS.shape[v]), 3)
    picture = read_plane(Volume(VOXELS), Plan(plane, Mag(1), box))
    np.testing.assert_array_equal(picture, expected)
    assert picture.flags.c_contiguous


def test_channels_come_first() -> None:
    rgb = np.stack([VOXELS, VOXELS + 1, VOXELS + 2])
    plan = Plan(Plane.XY, Mag(1), BoundingBox((1, 2, 3), (4, 5, 1)))
    picture = read_plane(Volume(rgb), plan)
    assert picture.shape == (3, 5, 4)
    np.testing.assert_array_equal(picture[2], VOXELS[1:5, 2:7, 3].T + 2)


def test_a_channel_axis_of_one_falls_away() -> None:
    plan = Plan(Plane.XY, Mag(1), BoundingBox((0, 0, 0), (6, 7, 1)))
    assert read_plane(Volume(VOXELS[None]), plan).shape == (7, 6)


def test_a_stride_takes_every_nth_voxel_of_the_plane() -> None:
    plan = Plan(Plane.XZ, Mag(1), BoundingBox((0, 4, 0), (6, 1, 8)), stride=3)
    picture = read_plane(Volume(VOXELS), plan)
    assert picture.shape == plan.shape == (3, 2)
    np.testing.assert_array_equal(picture, VOXELS[::3, 4, ::3].T)
