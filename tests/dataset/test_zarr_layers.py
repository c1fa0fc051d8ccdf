"""Datasets whose layers are Zarr arrays, with and without further axes, opened like any other."""

from __future__ import annotations

import io
import json
import os
import pickle
import shutil
from typing import TYPE_CHECKING, Any, ClassVar

import dask.array
import numpy as np
import pytest
import zarr
from numcodecs.abc import Codec
from numcodecs.compat import ensure_bytes, ensure_ndarray, ndarray_copy
from numcodecs.registry import register_codec
from PIL import Image

from voxshelf.dataset import at_all_coordinates, open_dataset, thumbnail
from voxshelf.errors import DamagedDataError, OutOfRangeError, UnsupportedFormatError
from voxshelf.model import AdditionalAxis, BoundingBox, Mag
from voxshelf.testing.series import SIZE, TIMES, series_voxels, write_series

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from voxshelf.dataset import Layer


@pytest.fixture(params=[2, 3])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return write_series(tmp_path / "series", version=request.param)


@pytest.fixture
def color(folder: Path) -> Layer:
    return open_dataset(folder)["color"]


def _edit(folder: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    file = folder / "datasource-properties.json"
    document = json.loads(file.read_text())
    change(document["dataLayers"][0])
    file.write_text(json.dumps(document))


def test_a_layer_shows_the_first_time_and_others_on_demand(color: Layer) -> None:
    assert color.additional_axes == (AdditionalAxis(name="t", bounds=(0, TIMES), index=1),)
    assert color.coordinates == {"t": 0}
    assert np.array_equal(color[...], series_voxels(0))
    for t in (3, 1, TIMES - 1):
        fixed = color.at(t=t)
        assert fixed.coordinates == {"t": t}
        assert np.array_equal(fixed[...], series_voxels(t))
        assert np.array_equal(color.read(at={"t": t}), series_voxels(t))
    assert np.array_equal(color[10:20, 5, ::3], series_voxels(0)[10:20, 5, ::3])
    assert np.array_equal(color.at(t=4)[::-2, 20:40, 11], series_voxels(4)[::-2, 20:40, 11])
    assert np.array_equal(color.at({"t": 5}).at(t=2)[...], series_voxels(2))


def test_every_mag_is_at_the_same_time(color: Layer) -> None:
    coarse = color.at(t=6).read(BoundingBox((8, 10, 3), (20, 30, 2)), mag="2-2-1")
    assert np.array_equal(coarse, series_voxels(6)[8:28:2, 10:40:2, 3:5])
    assert color.mags == (Mag(1), Mag("2-2-1"))
    assert color.mag(1).chunks == (32, 32, 4)


def test_the_first_coordinate_is_the_lower_bound(folder: Path) -> None:
    _edit(folder, lambda layer: layer.update(additionalAxes=[{"name": "t", "bounds": [2, 5], "index": 1}]))
    color = open_dataset(folder)["color"]
    assert np.array_equal(color[...], series_voxels(2))
    with pytest.raises(OutOfRangeError, match="no t = 1"):
        color.at(t=1)


@pytest.mark.parametrize("wanted", [{"t": TIMES}, {"t": -1}, {"t": 1.5}, {"t": True}, {"t": "1"}, {"x": 0}])
def test_coordinates_that_there_are_not_are_told(color: Layer, wanted: dict[str, Any]) -> None:
    with pytest.raises(OutOfRangeError) as raised:
        color.read(at=wanted)
    assert "0 to 6" in raised.value.hint or "t 0–6" in raised.value.hint


@pytest.mark.parametrize("wanted", [3, "t", [("t", 1)], 0, ""])
def test_what_names_no_axis_is_told(color: Layer, wanted: Any) -> None:
    for choose in (color.at, lambda at: color.read(at=at)):
        with pytest.raises(OutOfRangeError, match="are no coordinates") as raised:
            choose(wanted)
        assert raised.value.hint


def test_a_wkw_layer_has_no_such_axes(build: Any, volume: Any, random_voxels: Any) -> None:
    folder = build(volume("color", random_voxels(20, 18, 10)))
    _edit(folder, lambda layer: layer.update(additionalAxes=[{"name": "t", "bounds": [0, 7], "index": 1}]))
    color = open_dataset(folder)["color"]
    assert (color.additional_axes, color.coordinates) == ((), {})
    assert (color[...] == random_voxels(20, 18, 10)).all()
    with pytest.raises(OutOfRangeError, match="no axis 't'") as raised:
        color.at(t=3)
    assert raised.value.hint


def test_boxes_may_reach_outside(color: Layer) -> None:
    voxels = color.at(t=1).mag().read((-5, 0, 0), (10, 64, 14))
    assert not voxels[:5].any()
    assert not voxels[..., 12:].any()
    assert np.array_equal(voxels[5:, :, :12], series_voxels(1)[:5])


def test_its_zarr_is_the_stored_array_and_its_dask_the_chosen_time(color: Layer, folder: Path) -> None:
    array = color.at(t=2).zarr(mag=1)
    assert isinstance(array, zarr.Array)
    assert array.shape == (1, TIMES, *reversed(SIZE))
    assert np.array_equal(array[0, 5], series_voxels(5).T)
    with pytest.raises(ValueError, match="read-only"):
        array[...] = 0
    lazy = color.at(t=2).dask()
    assert isinstance(lazy, dask.array.Array)
    assert np.array_equal(lazy.compute(scheduler="sync"), series_voxels(2))
    assert lazy.name != color.at(t=3).dask().name
    assert lazy.name == open_dataset(folder)["color"].at(t=2).dask().name
    series = dask.array.stack([color.at(t=t).dask() for t in range(TIMES)])
    assert np.array_equal(series.max(axis=(1, 2, 3)).compute(), [220 + t for t in range(TIMES)])


def test_handles_keep_their_time_when_they_travel(color: Layer) -> None:
    at = color.at(t=3)
    for handle in (at, at.mag(), at.mag().folder):
        again = pickle.loads(pickle.dumps(handle))
        voxels = again.read((0, 0, 0), SIZE) if handle is not at else again[...]
        assert np.array_equal(voxels, series_voxels(3))
    assert np.array_equal(pickle.loads(pickle.dumps(color.zarr()))[0, 1], series_voxels(1).T)


@pytest.mark.parametrize(
    "act",
    [
        lambda layer: layer.write(np.zeros((4, 4, 4), np.uint8)),
        lambda layer: layer.mag().write(np.zeros((4, 4, 4), np.uint8)),
        lambda layer: layer.compress(),
        lambda layer: layer.downsample(),
        lambda layer: layer.downsample(region=BoundingBox((0, 0, 0), (4, 4, 4))),
    ],
)
def test_writing_is_refused_and_changes_nothing(color: Layer, folder: Path, act: Any) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(UnsupportedFormatError, match="does not write") as raised:
        act(color)
    assert "add_layer" in raised.value.hint
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_the_advice_works_a_copy_in_wkw_can_be_written(color: Layer) -> None:
    copy = color.dataset.add_layer("copy", category="color", dtype="uint8")
    copy.write(color.at(t=2).read())
    assert np.array_equal(copy[...], series_voxels(2))
    assert color.dataset.layers["color"].data_format.is_zarr


def test_the_largest_id_is_that_of_all_times(tmp_path: Path) -> None:
    folder = write_series(tmp_path / "series", category="segmentation")
    steps = []
    ids = open_dataset(folder)["color"]
    assert ids.at(t=0).compute_largest_segment_id(progress=lambda *step: steps.append(step)) == 226
    assert steps[-1][0] == steps[-1][1] == TIMES * np.prod(SIZE)
    assert (
        ids.compute_largest_segment_id(save=True) == open_dataset(folder)["color"].largest_segment_id == 226
    )


def test_bounds_far_beyond_the_array_cost_no_time(tmp_path: Path) -> None:
    axes = [{"name": "t", "bounds": [0, 2**62], "index": 1}]
    layer = open_dataset(write_series(tmp_path / "ids", additionalAxes=axes, category="segmentation"))[
        "color"
    ]
    assert layer.compute_largest_segment_id() == series_voxels(TIMES - 1).max()
    assert [each.coordinates["t"] for each in at_all_coordinates(layer)] == list(range(TIMES))


def test_an_open_layer_follows_an_array_that_was_written_anew(color: Layer, folder: Path) -> None:
    view = color.mag(1)
    assert np.array_equal(view[...], series_voxels(0))
    stored = zarr.open_array(folder / "color" / "1", mode="r")
    voxels, version = stored[...], stored.metadata.zarr_format
    shutil.rmtree(folder / "color" / "1")
    again = zarr.create_array(
        folder / "color" / "1",
        shape=voxels.shape,
        chunks=(1, 7, 12, 16, 96),
        dtype=voxels.dtype,
        zarr_format=version,
    )
    again[...] = voxels
    assert np.array_equal(view[...], series_voxels(0))
    assert np.array_equal(color.at(t=3)[:, :, 2], series_voxels(3)[:, :, 2])


class _Rewriting(Codec):  # type: ignore[misc]
    """A codec in whose first decoding somebody else writes to the array's metadata."""

    codec_id = "voxshelf-test-rewriting"
    waiting: ClassVar[list[Path]] = []

    def encode(self, buf: Any) -> Any:
        return ensure_bytes(buf)

    def decode(self, buf: Any, out: Any = None) -> Any:
        while self.waiting:
            os.utime(self.waiting.pop())
        return ndarray_copy(ensure_ndarray(buf), out)


def test_metadata_that_are_written_while_voxels_are_read_do_no_harm(tmp_path: Path) -> None:
    register_codec(_Rewriting)
    color = open_dataset(write_series(tmp_path / "series", version=2))["color"]
    stored = zarr.open_array(color.path / "1", mode="r")
    voxels, chunks = stored[...], stored.chunks
    zarr.create_array(
        color.path / "1",
        shape=voxels.shape,
        chunks=chunks,
        dtype="u1",
        zarr_format=2,
        compressors=_Rewriting(),
        overwrite=True,
    )[...] = voxels
    _Rewriting.waiting.append(color.path / "1" / ".zarray")
    assert np.array_equal(color.at(t=2)[...], series_voxels(2))
    assert not _Rewriting.waiting


def test_the_json_can_be_edited_and_keeps_the_axes(color: Layer, folder: Path) -> None:
    before = json.loads((folder / "datasource-properties.json").read_text())
    color.bounding_box = BoundingBox((0, 0, 0), (90, 60, 10))
    after = json.loads((folder / "datasource-properties.json").read_text())
    assert after["dataLayers"][0].pop("boundingBox") == {
        "topLeft": [0, 0, 0],
        "width": 90,
        "height": 60,
        "depth": 10,
    }
    before["dataLayers"][0].pop("boundingBox")
    assert after == before


def test_representations_name_the_axes(color: Layer) -> None:
    assert "t 0–6 (at t = 4)" in repr(color.at(t=4))
    assert "uint8, t 0–6" in repr(color.dataset)
    assert "uint8, t 0–6" in color.dataset._repr_html_()
    assert ", t = 4:" in repr(color.at(t=4).mag())
    assert "504 KiB" in repr(color)


def test_a_thumbnail_is_drawn(folder: Path) -> None:
    picture = np.asarray(Image.open(io.BytesIO(thumbnail(open_dataset(folder)))))
    assert len(np.unique(picture)) > 1


def test_what_does_not_fit_the_json_is_told(folder: Path) -> None:
    _edit(folder, lambda layer: layer.update(elementClass="uint16"))
    with pytest.raises(DamagedDataError, match="uint8 voxels, but the JSON says uint16"):
        open_dataset(folder)["color"][...]
    assert "uint16" in repr(open_dataset(folder))
    _edit(folder, lambda layer: layer.update(elementClass="uint8", additionalAxes=None))
    with pytest.raises(UnsupportedFormatError, match="Dimension 1") as raised:
        open_dataset(folder)["color"][...]
    assert "additionalAxes" in raised.value.hint


def test_a_channel_can_be_a_layer(tmp_path: Path) -> None:
    folder = write_series(tmp_path / "series")
    array = zarr.create_array(folder / "three", shape=(3, 4, 5, 6), dtype="uint8", zarr_format=3)
    array[...] = np.arange(360, dtype=np.uint8).reshape(3, 4, 5, 6)
    mag = {"mag": 1, "path": "three", "channelIndex": 2, "axisOrder": {"c": 0, "x": 3, "y": 2, "z": 1}}
    box = {"topLeft": [0, 0, 0], "width": 6, "height": 5, "depth": 4}
    _edit(folder, lambda layer: layer.update(mags=[mag], boundingBox=box, additionalAxes=[]))
    assert np.array_equal(open_dataset(folder)["color"][...], array[2].T)
    _edit(folder, lambda layer: layer["mags"][0].pop("channelIndex"))
    with pytest.raises(DamagedDataError, match="3 channels"):
        open_dataset(folder)["color"][...]
    _edit(folder, lambda layer: layer.update(numChannels=3))
    assert np.array_equal(open_dataset(folder)["color"][1], array[1].T)


def test_a_flat_series_has_one_slice(tmp_path: Path) -> None:
    folder = write_series(tmp_path / "series")
    array = zarr.create_array(folder / "flat", shape=(5, 6, 4), dtype="int8", zarr_format=2)
    array[...] = np.arange(120, dtype=np.int8).reshape(5, 6, 4)
    mag = {"mag": 1, "path": "flat", "axisOrder": {"x": 0, "y": 1}}
    box = {"topLeft": [0, 0, 0], "width": 5, "height": 6, "depth": 1}
    axes = [{"name": "t", "bounds": [0, 4], "index": 2}]
    change = {
        "mags": [mag],
        "boundingBox": box,
        "additionalAxes": axes,
        "elementClass": "int8",
        "dataFormat": "zarr",
    }
    _edit(folder, lambda layer: layer.update(change))
    color = open_dataset(folder)["color"]
    assert np.array_equal(color.at(t=3)[..., 0], array[..., 3])
    assert not color.read(BoundingBox((0, 0, 1), (5, 6, 1)), at={"t": 3}).any()
