"""The still picture looks for a slice with something in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from voxshelf.model import BoundingBox, Category, Mag, VoxelSize
from voxshelf.widgets.still_picture import PicturedLayer, still_picture, telling_depth

BOX = BoundingBox((0, 0, 0), (64, 64, 1024))
CUBES = VoxelSize((1, 1, 1))


@dataclass
class SomeSlices:
    """A layer whose box is deeper than its data."""

    filled: range
    mags: dict[Mag, Any] = field(default_factory=lambda: {Mag(1): None})

    def read(self, box: BoundingBox, mag: Any = None) -> np.ndarray:
        voxels = np.zeros(box.size, np.uint8, order="F")
        for z in range(box.size[2]):
            voxels[:, :, z] = 200 if box.topleft[2] + z in self.filled else 0
        return voxels


def pictured(filled: range) -> list[PicturedLayer]:
    return [PicturedLayer(SomeSlices(filled), Category.COLOR)]


@pytest.mark.parametrize("filled", [range(1024), range(32), range(1000, 1024), range(200, 300)])
def test_a_slice_with_data_is_found_in_a_box_that_is_much_deeper(filled: range) -> None:
    assert telling_depth(pictured(filled), box=BOX, voxel_size=CUBES) in filled


def test_where_nothing_is_found_it_is_the_middle() -> None:
    assert telling_depth(pictured(range(0)), box=BOX, voxel_size=CUBES) == 512


def test_the_picture_keeps_the_proportions_of_the_specimen() -> None:
    png = still_picture(pictured(range(1024)), box=BOX, voxel_size=VoxelSize((1, 2, 1)), side=80, depth=3)
    assert png is not None
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    assert (width, height) == (40, 80)
