from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import voxshelf as vx
from voxshelf.slicing import Plane, Region
from voxshelf.widgets.slice_viewer.layer_picture import explain, read_picture
from voxshelf.widgets.slice_viewer.layer_state import LayerState

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = Region(Plane.XY, vx.BoundingBox((0, 0, 8), (64, 32, 1)), 1.0)


@pytest.fixture
def half(tmp_path: Path) -> Any:
    """A layer of 64 × 32 × 16 of which the left half was written, in files of 32³."""
    dataset = vx.create_dataset(tmp_path / "half", voxel_size=(10, 10, 10))
    layer = dataset.add_layer("color", category="color", dtype="uint8", block_len=32, file_len=1)
    layer.write(np.full((32, 32, 16), 7, np.uint8))
    layer.bounding_box = vx.BoundingBox((0, 0, 0), (64, 32, 16))
    return dataset


def picture(dataset: Any, region: Region = WHOLE) -> Any:
    return read_picture(LayerState("color", dataset["color"]), region, dataset.voxel_size)


def test_what_nobody_recorded_is_told_from_zeros(half: Any) -> None:
    found = picture(half)
    assert found.missing == ((32, 0, 64, 32),)
    half["color"].write(np.zeros((32, 32, 16), np.uint8), topleft=(32, 0, 0))
    assert picture(half).missing == ()


def test_a_folder_that_is_gone_is_an_error_until_it_is_back(half: Any) -> None:
    picture(half)
    folder = half["color"].path
    shutil.move(folder, folder.with_name("elsewhere"))
    assert "is not there any more" in picture(half).error
    shutil.move(folder.with_name("elsewhere"), folder)
    assert picture(half).error == ""


def test_outside_of_the_layer_there_is_nothing_and_no_error(half: Any) -> None:
    away = Region(Plane.XY, vx.BoundingBox((100, 0, 8), (64, 32, 1)), 1.0)
    found = picture(half, away)
    assert (found.plan, found.voxels, found.error) == (None, None, "")


def test_an_error_of_another_kind_is_told_with_its_name() -> None:
    assert explain("color", ValueError("odd")) == "color: this slice could not be read (ValueError: odd)."
