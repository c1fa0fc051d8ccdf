"""Creating datasets, adding layers, writing voxels, and what lands in the JSON."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import wkw
from hypothesis import given, settings
from hypothesis import strategies as st

from voxshelf.dataset import PROPERTIES_NAME, create_dataset, open_dataset
from voxshelf.errors import (
    ArrayMismatchError,
    InvalidDataSourceError,
    NameTakenError,
    OutOfRangeError,
    UnsupportedFormatError,
)
from voxshelf.model import BoundingBox, LengthUnit, Mag, VoxelSize

if TYPE_CHECKING:
    from pathlib import Path

    from voxshelf.dataset import Dataset, Layer


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return create_dataset(tmp_path / "new", (10, 10, 25))


@pytest.fixture
def color(dataset: Dataset) -> Layer:
    return dataset.add_layer("color", category="color", dtype="uint8", block_len=8, file_len=2)


def _document(dataset: Dataset) -> Any:
    return json.loads((dataset.path / PROPERTIES_NAME).read_text())


def test_a_new_dataset_can_be_opened_before_it_has_layers(dataset: Dataset) -> None:
    again = open_dataset(dataset.path)
    assert (again.voxel_size, len(again)) == (VoxelSize((10, 10, 25)), 0)


def test_a_new_layer_can_be_opened_before_it_has_voxels(dataset: Dataset, color: Layer) -> None:
    again = open_dataset(dataset.path)["color"]
    assert again.bounding_box.is_empty
    assert again[...].shape == (0, 0, 0)


def test_unit_and_names_go_into_the_json(tmp_path: Path) -> None:
    dataset = create_dataset(tmp_path / "a", (1, 1, 2), unit="µm", name="A sample", organization="lab")
    assert dataset.voxel_size == VoxelSize((1, 1, 2), LengthUnit.MICROMETER)
    assert _document(dataset)["id"] == {"name": "A sample", "team": "lab"}


def test_nothing_is_created_over_something(dataset: Dataset, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (dataset.path, tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(NameTakenError):
            create_dataset(path, (1, 1, 1))


def test_an_empty_folder_may_become_a_dataset(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert create_dataset(tmp_path / "empty", (1, 1, 1)).name == "empty"


def test_the_wkw_package_reads_what_was_written(dataset: Dataset, color: Layer, random_voxels: Any) -> None:
    voxels = random_voxels(30, 20, 10)
    color.write(voxels, topleft=(5, 6, 7))
    with wkw.Dataset.open(str(dataset.path / "color" / "1")) as oracle:
        assert (oracle.read((5, 6, 7), (30, 20, 10))[0] == voxels).all()


boxes = st.lists(
    st.tuples(st.tuples(*[st.integers(0, 20)] * 3), st.tuples(*[st.integers(1, 9)] * 3)),
    min_size=1,
    max_size=4,
)


@settings(deadline=None, derandomize=True, max_examples=20)
@given(boxes=boxes)
def test_the_box_grows_to_hold_all_that_was_written(
    tmp_path_factory: pytest.TempPathFactory, boxes: list[Any]
) -> None:
    dataset = create_dataset(tmp_path_factory.mktemp("grow"), (1, 1, 1))
    layer = dataset.add_layer("color", category="color", dtype="uint16", block_len=8, file_len=2)
    expected = np.zeros((30, 30, 30), np.uint16)
    union = BoundingBox((0, 0, 0), (0, 0, 0))
    for value, (topleft, size) in enumerate(boxes, 1):
        layer.write(np.full(size, value, np.uint16), topleft=topleft)
        x, y, z = (slice(t, t + s) for t, s in zip(topleft, size, strict=True))
        expected[x, y, z] = value
        union = union.union(BoundingBox(topleft, size))
    again = open_dataset(dataset.path)["color"]
    assert again.bounding_box == union
    assert (again[0:30, 0:30, 0:30] == expected).all()


def test_writing_inside_of_the_box_leaves_the_json_alone(dataset: Dataset, color: Layer) -> None:
    color.write(np.ones((9, 9, 9), np.uint8))
    before = (dataset.path / PROPERTIES_NAME).stat().st_mtime_ns
    color.write(np.ones((3, 3, 3), np.uint8), topleft=(2, 2, 2))
    assert (dataset.path / PROPERTIES_NAME).stat().st_mtime_ns == before


def test_a_new_mag_is_listed_and_read_in_its_own_grid(color: Layer, random_voxels: Any) -> None:
    color.write(random_voxels(9, 9, 9))
    color.write(random_voxels(5, 5, 9), mag="2-2-1")
    assert color.mags == (Mag(1), Mag("2-2-1"))
    assert color.mag("2-2-1").shape == (5, 5, 9)
    assert (color.mag("2-2-1")[...] == random_voxels(5, 5, 9)).all()
    assert color.bounding_box == BoundingBox((0, 0, 0), (9, 9, 9))


def test_a_coarse_mag_that_reaches_further_lets_the_box_grow(color: Layer) -> None:
    color.write(np.ones((8, 8, 8), np.uint8))
    color.write(np.ones((3, 3, 3), np.uint8), topleft=(8, 0, 0), mag=2)
    assert color.bounding_box == BoundingBox((0, 0, 0), (14, 8, 8))


def test_a_mags_own_write_counts_in_its_own_voxels(color: Layer) -> None:
    color.write(np.ones((8, 8, 8), np.uint8))
    color.write(np.ones((4, 4, 4), np.uint8), mag=2)
    color.mag(2).write(np.full((1, 1, 1), 7, np.uint8), topleft=(3, 2, 1))
    assert color.mag(2)[3, 2, 1] == 7


def test_a_box_in_mag_1_voxels_is_widened_to_the_mags_grid(color: Layer, random_voxels: Any) -> None:
    color.write(np.ones((10, 10, 10), np.uint8))
    color.write(random_voxels(5, 5, 10), mag="2-2-1")
    read = color.read(BoundingBox((1, 3, 4), (4, 2, 1)), mag="2-2-1")
    assert (read == random_voxels(5, 5, 10)[0:3, 1:3, 4:5]).all()


@pytest.mark.parametrize("topleft", [(1, 0, 0), (-2, 0, 0)])
def test_a_position_off_the_grid_is_told(color: Layer, topleft: tuple[int, int, int]) -> None:
    with pytest.raises(OutOfRangeError):
        color.write(np.ones((2, 2, 2), np.uint8), topleft=topleft, mag=2)


@pytest.mark.parametrize("array", [np.ones((2, 2, 2), np.uint16), np.ones((2, 2), np.uint8), [[[1]]]])
def test_an_array_that_does_not_fit_is_told_and_changes_nothing(color: Layer, array: Any) -> None:
    with pytest.raises(ArrayMismatchError):
        color.write(array)
    assert color.bounding_box.is_empty


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"name": "color"}, NameTakenError),
        ({"name": "occupied"}, NameTakenError),
        ({"name": "a/b"}, InvalidDataSourceError),
        ({"name": "ä" * 128}, InvalidDataSourceError),
        ({"name": "\udcff"}, InvalidDataSourceError),
        ({"name": "a", "category": "segmentation", "dtype": "float32"}, InvalidDataSourceError),
        ({"name": "a", "dtype": "complex64"}, UnsupportedFormatError),
        ({"name": "a", "block_len": 33}, UnsupportedFormatError),
    ],
)
def test_a_layer_that_cannot_be_is_told_and_nothing_is_made(
    dataset: Dataset, color: Layer, more: dict[str, Any], error: type[Exception]
) -> None:
    (dataset.path / "occupied" / "1").mkdir(parents=True)
    before = sorted(dataset.path.rglob("*"))
    with pytest.raises(error):
        dataset.add_layer(**{"category": "color", "dtype": "uint8", **more})
    assert sorted(dataset.path.rglob("*")) == before


def test_properties_are_written_when_they_are_set(dataset: Dataset) -> None:
    cells = dataset.add_layer("cells", category="segmentation", dtype="uint32")
    dataset.voxel_size = VoxelSize((1, 2, 3))
    dataset.default_view_configuration = {"zoom": 2.5}
    cells.largest_segment_id = 77
    cells.bounding_box = BoundingBox((1, 2, 3), (4, 5, 6))
    cells.default_view_configuration = {"alpha": 50}
    again = open_dataset(dataset.path)
    assert again.voxel_size == VoxelSize((1, 2, 3))
    assert again.default_view_configuration == {"zoom": 2.5}
    assert again["cells"].largest_segment_id == 77
    assert again["cells"].bounding_box == BoundingBox((1, 2, 3), (4, 5, 6))
    assert again["cells"].default_view_configuration == {"alpha": 50}


def test_a_change_keeps_what_others_changed_meanwhile(dataset: Dataset, color: Layer) -> None:
    other = open_dataset(dataset.path)
    other.voxel_size = VoxelSize((3, 3, 3))
    color.bounding_box = BoundingBox((0, 0, 0), (5, 5, 5))
    assert dataset.voxel_size == VoxelSize((3, 3, 3))
    other.refresh()
    assert other["color"].bounding_box == BoundingBox((0, 0, 0), (5, 5, 5))


def test_a_value_that_breaks_a_rule_is_refused(dataset: Dataset) -> None:
    cells = dataset.add_layer("cells", category="segmentation", dtype="uint8")
    with pytest.raises(InvalidDataSourceError, match="256"):
        cells.largest_segment_id = 256
    assert cells.largest_segment_id is None


def test_many_handles_grow_one_box_together(dataset: Dataset, color: Layer) -> None:
    def write(number: int) -> None:
        layer = open_dataset(dataset.path)["color"]
        layer.write(np.full((4, 4, 4), number, np.uint8), topleft=(10 * number, 0, 0))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    dataset.refresh()
    assert color.bounding_box == BoundingBox((10, 0, 0), (54, 4, 4))
    assert color[10::10, 0, 0].tolist() == [1, 2, 3, 4, 5, 6]


def test_downsampling_adds_the_missing_mags_by_the_rule(dataset: Dataset, color: Layer) -> None:
    color.write(np.full((33, 20, 10), 9, np.uint8))
    color.downsample()
    assert open_dataset(dataset.path)["color"].mags == (Mag(1), Mag("2-2-1"), Mag("4-4-2"))
    assert (color.mag("4-4-2")[...] == 9).all()
    assert color.mag("4-4-2").shape == (9, 5, 5)


def test_downsampling_again_does_nothing(color: Layer) -> None:
    color.write(np.full((33, 20, 10), 9, np.uint8))
    color.downsample()
    color.mag("2-2-1").write(np.full((1, 1, 1), 5, np.uint8))
    color.downsample()
    assert color.mag("2-2-1")[0, 0, 0] == 5


def test_a_region_brings_existing_mags_up_to_date(color: Layer) -> None:
    color.write(np.full((32, 32, 16), 9, np.uint8))
    color.downsample()
    color.write(np.full((8, 8, 8), 50, np.uint8), topleft=(16, 16, 8))
    color.downsample(region=BoundingBox((16, 16, 8), (8, 8, 8)))
    assert (color.mag("4-4-2")[4:6, 4:6, 4:8] == 50).all()
    assert color.mag("4-4-2")[0, 0, 0] == 9


def test_progress_is_told_from_nothing_to_all(color: Layer) -> None:
    told: list[tuple[int, int]] = []
    color.write(np.ones((20, 20, 20), np.uint8), progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (8000, 8000)


def test_compressing_keeps_every_voxel(dataset: Dataset, random_voxels: Any) -> None:
    raw = dataset.add_layer("raw", category="color", dtype="uint8", block_len=8, file_len=2, compress=False)
    raw.write(random_voxels(30, 20, 10))
    dataset.compress()
    header = (dataset.path / "raw" / "1" / "z0" / "y0" / "x0.wkw").read_bytes()[:8]
    assert header[5] == 3
    assert (raw[...] == random_voxels(30, 20, 10)).all()
