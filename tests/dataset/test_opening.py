"""Opening a folder: with a JSON, without one, and what is no dataset."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voxshelf.dataset import PROPERTIES_NAME, open_dataset
from voxshelf.errors import (
    DamagedDataError,
    DatasetNotFoundError,
    InvalidDataSourceError,
    LayerNotFoundError,
    MagNotFoundError,
    NotAllowedError,
    OutOfRangeError,
    ReadOnlyError,
    UnsupportedFormatError,
)
from voxshelf.model import BoundingBox, Category, Mag, VoxelSize


@pytest.fixture
def folder(build: Any, volume: Any, random_voxels: Any) -> Path:
    path: Path = build(
        volume("color", random_voxels(20, 18, 10), (3, 4, 5)),
        volume("cells", random_voxels(20, 18, 10, dtype=np.uint32), (3, 4, 5), category="segmentation"),
    )
    return path


def _edit(folder: Path, change: Any) -> None:
    document = json.loads((folder / PROPERTIES_NAME).read_text())
    change(document)
    (folder / PROPERTIES_NAME).write_text(json.dumps(document))


def test_layers_come_in_the_order_of_the_file(folder: Path) -> None:
    assert list(open_dataset(folder).layers) == ["color", "cells"]


def test_the_json_says_what_the_dataset_is(folder: Path) -> None:
    dataset = open_dataset(folder)
    assert dataset.name == "dataset"
    assert dataset.voxel_size == VoxelSize((10, 10, 25))
    assert dataset["cells"].category is Category.SEGMENTATION
    assert dataset["cells"].dtype == np.uint32
    assert dataset["cells"].mags == (Mag(1),)
    assert dataset.bounding_box == BoundingBox((3, 4, 5), (20, 18, 10))


def test_opening_touches_no_cube_file_and_no_header(folder: Path) -> None:
    for file in [*folder.rglob("*.wkw")]:
        file.write_bytes(b"damaged")
    assert open_dataset(folder)["color"].shape == (20, 18, 10)


@pytest.mark.parametrize("form", [str, Path, lambda path: path / PROPERTIES_NAME, lambda path: f"{path}/"])
def test_a_path_may_be_text_or_path_or_the_json_itself(folder: Path, form: Any) -> None:
    assert open_dataset(form(folder)).path == folder


def test_a_linked_folder_keeps_its_own_name(folder: Path) -> None:
    (folder.parent / "link").symlink_to(folder)
    assert open_dataset(folder.parent / "link").name == "link"


def test_without_a_json_the_headers_and_files_tell_the_layers(folder: Path, random_voxels: Any) -> None:
    (folder / PROPERTIES_NAME).unlink()
    dataset = open_dataset(folder)
    assert list(dataset.layers) == ["cells", "color"]
    assert (dataset.voxel_size, dataset.data_source) == (None, None)
    assert dataset["cells"].category is Category.SEGMENTATION
    assert dataset["color"].bounding_box == BoundingBox((0, 0, 0), (32, 32, 16))
    assert (dataset["color"][3:23, 4:22, 5:15] == random_voxels(20, 18, 10)).all()


def test_without_a_json_the_box_is_the_union_over_all_cubes_of_all_mags(
    build: Any, volume: Any, random_voxels: Any
) -> None:
    folder = build(
        volume("color", random_voxels(4, 4, 4), (16, 0, 0)),
        volume("color", random_voxels(4, 4, 4), (0, 32, 0)),
        volume("color", random_voxels(4, 4, 4), (0, 0, 16), mag="4-4-2"),
        has_json=False,
    )
    assert open_dataset(folder)["color"].bounding_box == BoundingBox((0, 0, 0), (64, 64, 64))
    assert open_dataset(folder)["color"].mags == (Mag(1), Mag("4-4-2"))


def test_without_a_json_nothing_can_be_changed(folder: Path) -> None:
    (folder / PROPERTIES_NAME).unlink()
    dataset = open_dataset(folder)
    with pytest.raises(ReadOnlyError, match="Import"):
        dataset["color"].write(np.zeros((1, 1, 1), np.uint8))
    with pytest.raises(ReadOnlyError, match="Import"):
        dataset.voxel_size = VoxelSize((1, 1, 1))


def test_a_broken_json_is_told_with_every_problem(folder: Path) -> None:
    def break_two(document: dict[str, Any]) -> None:
        document["scale"] = [0, 1, 1]
        document["dataLayers"][0]["category"] = "colour"

    _edit(folder, break_two)
    with pytest.raises(InvalidDataSourceError) as caught:
        open_dataset(folder)
    assert {problem.place[0] for problem in caught.value.problems} == {"scale", "dataLayers"}


@pytest.mark.parametrize("name", ["1-1-1", "elsewhere", "../elsewhere"])
def test_a_mag_may_lie_where_its_path_says(folder: Path, random_voxels: Any, name: str) -> None:
    (folder / "color" / "1").rename((folder / "color" / name).resolve())
    if name != "1-1-1":
        _edit(folder, lambda document: document["dataLayers"][0]["mags"][0].update(path=name))
    assert (open_dataset(folder)["color"][...] == random_voxels(20, 18, 10)).all()


@pytest.mark.parametrize("form", ["{}", "file://{}"])
def test_a_mags_path_may_be_absolute(folder: Path, tmp_path: Path, random_voxels: Any, form: str) -> None:
    (folder / "color" / "1").rename(tmp_path / "far away")
    path = form.format(tmp_path / "far away")
    _edit(folder, lambda document: document["dataLayers"][0]["mags"][0].update(path=path))
    assert (open_dataset(folder)["color"][...] == random_voxels(20, 18, 10)).all()


def test_a_linked_mag_is_followed(folder: Path, tmp_path: Path, random_voxels: Any) -> None:
    (folder / "color" / "1").rename(tmp_path / "shared")
    (folder / "color" / "1").symlink_to(tmp_path / "shared")
    assert (open_dataset(folder)["color"][...] == random_voxels(20, 18, 10)).all()


def test_a_mag_that_is_not_on_disk_is_an_error_when_it_is_read(folder: Path) -> None:
    _edit(folder, lambda document: document["dataLayers"][0]["mags"].append({"mag": [2, 2, 1]}))
    color = open_dataset(folder)["color"]
    assert color.mags == (Mag(1), Mag("2-2-1"))
    with pytest.raises(DamagedDataError, match=r"2-2-1 does not exist"):
        color.mag("2-2-1")[...]


@pytest.mark.parametrize("change", [{"elementClass": "uint16"}, {"numChannels": 2}])
def test_voxels_that_are_not_what_the_json_says_are_an_error(folder: Path, change: dict[str, Any]) -> None:
    _edit(folder, lambda document: document["dataLayers"][0].update(change))
    with pytest.raises(DamagedDataError, match="but the JSON says"):
        open_dataset(folder)["color"][...]


def test_rgb_needs_no_number_of_channels(build: Any, volume: Any, random_voxels: Any) -> None:
    folder = build(volume("color", random_voxels(3, 9, 9, 9)))
    _edit(folder, lambda document: document["dataLayers"][0].pop("numChannels"))
    assert (open_dataset(folder)["color"][...] == random_voxels(3, 9, 9, 9)).all()


@pytest.mark.parametrize("data_format", ["n5", "neuroglancerPrecomputed"])
def test_a_layer_in_another_format_is_told_and_the_others_work(
    folder: Path, random_voxels: Any, data_format: str
) -> None:
    _edit(folder, lambda document: document["dataLayers"][1].update(dataFormat=data_format))
    dataset = open_dataset(folder)
    with pytest.raises(UnsupportedFormatError, match=data_format):
        dataset["cells"][...]
    assert (dataset["color"][...] == random_voxels(20, 18, 10)).all()


@pytest.mark.parametrize("data_format", ["zarr", "zarr3"])
def test_a_zarr_layer_without_an_array_is_told_and_the_others_work(
    folder: Path, random_voxels: Any, data_format: str
) -> None:
    _edit(folder, lambda document: document["dataLayers"][1].update(dataFormat=data_format))
    dataset = open_dataset(folder)
    with pytest.raises(MagNotFoundError, match=r"cells/1 holds no Zarr array"):
        dataset["cells"][...]
    assert (dataset["color"][...] == random_voxels(20, 18, 10)).all()


def test_a_remote_mag_is_told(folder: Path) -> None:
    _edit(folder, lambda document: document["dataLayers"][0]["mags"][0].update(path="s3://bucket/1"))
    with pytest.raises(UnsupportedFormatError, match="s3://bucket/1"):
        open_dataset(folder)["color"][...]


@pytest.mark.parametrize("address", ["https://example.org/a", "s3://bucket/a", "gs://bucket/a"])
def test_a_remote_dataset_is_told_with_advice(address: str) -> None:
    with pytest.raises(UnsupportedFormatError, match="Copy the dataset"):
        open_dataset(address)


@pytest.mark.parametrize(
    ("part", "advice"), [("color", r"\['color'\]"), ("color/1", r"\['color'\]\.mag\('1'\)")]
)
def test_a_part_of_a_dataset_is_told_with_what_to_write(folder: Path, part: str, advice: str) -> None:
    with pytest.raises(DatasetNotFoundError, match=advice):
        open_dataset(folder / part)


@pytest.mark.parametrize("marker", ["zarr.json", ".zarray", "attributes.json", "info"])
def test_another_format_is_named(tmp_path: Path, marker: str) -> None:
    (tmp_path / "layer").mkdir()
    (tmp_path / "layer" / marker).touch()
    with pytest.raises(UnsupportedFormatError, match=r"Zarr|N5|precomputed"):
        open_dataset(tmp_path)


def test_an_empty_folder_and_no_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(DatasetNotFoundError, match="holds no dataset"):
        open_dataset(tmp_path)
    with pytest.raises(DatasetNotFoundError, match="no folder"):
        open_dataset(tmp_path / "missing")


def test_unknown_layers_and_mags_are_told_with_those_there_are(folder: Path) -> None:
    dataset = open_dataset(folder)
    with pytest.raises(LayerNotFoundError, match="'color', 'cells'"):
        dataset["colour"]
    for mag in (2, "2-2-1", "nonsense"):
        with pytest.raises(MagNotFoundError, match="has: 1"):
            dataset["color"].mag(mag)


def test_handles_survive_pickling(folder: Path, random_voxels: Any) -> None:
    color = open_dataset(folder)["color"]
    color.mag()[...]
    for handle in (color, color.mag(), color.mag().folder):
        again = pickle.loads(pickle.dumps(handle))
        voxels = again.read((3, 4, 5), (20, 18, 10)) if handle is not color else again[...]
        assert (voxels == random_voxels(20, 18, 10)).all()


def test_a_dataset_reads_like_a_mapping_of_layers(folder: Path) -> None:
    dataset = open_dataset(folder)
    assert [*dataset] == ["color", "cells"]
    assert len(dataset) == len(dataset.layers) == 2
    assert "color" in dataset
    assert dataset.layers["color"] is dataset["color"]


@pytest.mark.parametrize("box", ["0,0,0,5,5,5", (0, 0, 0, 5, 5, 5), ((0, 0, 0), (5, 5, 5))], ids=str)
def test_a_box_that_is_none_is_told_with_what_to_write(folder: Path, box: Any) -> None:
    with pytest.raises(OutOfRangeError, match=r"voxshelf\.BoundingBox"):
        open_dataset(folder)["color"].read(box)


@pytest.mark.parametrize("closed", ["", "color"], ids=["dataset", "layer"])
def test_a_folder_that_may_not_be_looked_into_is_told(folder: Path, closed: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        copied = shutil.copytree(folder, Path(name) / "copy")
        (copied / closed).chmod(0o000)
        is_root = not os.geteuid()
        try:
            if is_root:
                os.seteuid(65534)
            with pytest.raises(NotAllowedError, match="may not be read"):
                open_dataset(copied)["color"].read()
        finally:
            if is_root:
                os.seteuid(0)
            (copied / closed).chmod(0o755)
