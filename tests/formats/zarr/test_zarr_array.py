"""Boxes of Zarr arrays of any kind, against what zarr-python was given to write."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import zarr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voxshelf.errors import (
    ArrayMismatchError,
    DamagedDataError,
    MagNotFoundError,
    OutOfRangeError,
    UnsupportedFormatError,
    VoxshelfError,
)
from voxshelf.formats import VoxelArray
from voxshelf.formats.zarr import ArrayAxes
from voxshelf.formats.zarr.array import ZarrArray

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SIZES = {"x": 13, "y": 11, "z": 7, "c": 3, "t": 4, "angle": 2}
DTYPES = ["uint8", "int8", "<u2", ">u2", "<i4", "uint64", ">f4", "<f8"]


def _write(
    path: Path, voxels: NDArray[Any], version: int, chunks: Any = None, **more: Any
) -> zarr.Array[Any]:
    array = zarr.create_array(
        path, shape=voxels.shape, dtype=voxels.dtype, zarr_format=version, chunks=chunks or "auto", **more
    )
    array[...] = voxels
    return array


def _values(shape: tuple[int, ...], dtype: str) -> NDArray[Any]:
    found: NDArray[Any] = np.random.default_rng(3).integers(1, 120, shape).astype(dtype)
    return found


@st.composite
def _arrays(draw: st.DrawFn) -> dict[str, Any]:
    present = ["x", "y", *(axis for axis in ("z", "c", "t", "angle") if draw(st.booleans()))]
    names = draw(st.permutations(present))
    shape = tuple(SIZES[name] for name in names)
    chunks = tuple(draw(st.integers((length + 3) // 4, length + 2)) for length in shape)
    version = draw(st.sampled_from([2, 3]))
    shards = tuple(side * draw(st.integers(1, 3)) for side in chunks)
    return {
        "names": names,
        "shape": shape,
        "dtype": draw(st.sampled_from(DTYPES)),
        "version": version,
        "chunks": chunks,
        "shards": shards if version == 3 and draw(st.booleans()) else None,
        "topleft": [draw(st.integers(-4, 14)) for _ in range(3)],
        "size": [draw(st.integers(0, 18)) for _ in range(3)],
        "at": {name: draw(st.integers(0, SIZES[name] - 1)) for name in names if name in ("t", "angle")},
    }


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=_arrays())
def test_any_box_of_any_array_is_what_was_written(tmp_path_factory: Any, made: dict[str, Any]) -> None:
    path = tmp_path_factory.mktemp("array") / "1"
    voxels = _values(made["shape"], made["dtype"])
    _write(path, voxels, made["version"], made["chunks"], shards=made["shards"])
    names = made["names"]
    order = tuple((name, at) for at, name in enumerate(names) if name in "xyzc")
    other = tuple((name, at) for at, name in enumerate(names) if name not in "xyzc")
    array = ZarrArray.open(path, ArrayAxes(order, other)).at(made["at"])

    # The oracle: all of it as (c, x, y, z), in the middle of a larger volume of zeros.
    chosen = voxels[tuple(made["at"].get(name, slice(None)) for name in names)]
    kept = [name for name in names if name not in made["at"]]
    whole = chosen.transpose([kept.index(name) for name in "cxyz" if name in kept])
    whole = whole[tuple(slice(None) if name in kept else None for name in "cxyz")]
    padded = np.pad(whole, [(0, 0), (4, 40), (4, 40), (4, 40)])
    box = tuple(slice(t + 4, t + 4 + s) for t, s in zip(made["topleft"], made["size"], strict=True))
    expected = padded[(slice(None), *box)]

    found = array.read(made["topleft"], made["size"])
    channels = SIZES["c"] if "c" in names else 1
    assert found.shape == (*((channels,) if channels > 1 else ()), *made["size"])
    assert np.array_equal(found, expected[0] if channels == 1 else expected)
    assert found.dtype == np.dtype(made["dtype"]).newbyteorder("=")
    assert found.flags.f_contiguous
    out = np.full(found.shape, 9, found.dtype)
    assert array.read(made["topleft"], made["size"], out=out) is out
    assert np.array_equal(out, found)
    assert array.num_channels == channels


@pytest.mark.parametrize("version", [2, 3])
def test_a_chunk_without_a_file_is_the_fill_value_and_outside_is_0(tmp_path: Path, version: int) -> None:
    array = zarr.create_array(
        tmp_path / "1", shape=(8, 8, 8), chunks=(4, 4, 4), dtype="uint16", zarr_format=version, fill_value=7
    )
    array[:4, :4, :4] = 3
    voxels = ZarrArray.open(tmp_path / "1").read((-1, 0, 0), (10, 8, 8))
    assert (voxels[0] == 0).all()
    assert (voxels[1:5, :4, :4] == 3).all()
    assert (voxels[5:9] == 7).all()
    assert (voxels[9] == 0).all()


def test_version_2_without_a_fill_value_reads_0(tmp_path: Path) -> None:
    zarr.create_array(tmp_path / "1", shape=(4, 4), dtype="uint8", zarr_format=2, fill_value=None)
    assert not ZarrArray.open(tmp_path / "1").read((0, 0, 0), (4, 4, 1)).any()


def test_without_a_word_the_last_three_dimensions_are_z_y_x(tmp_path: Path) -> None:
    voxels = _values((3, 4, 5, 6), "uint8")
    _write(tmp_path / "1", voxels, 3)
    array = ZarrArray.open(tmp_path / "1")
    assert np.array_equal(array.read((0, 0, 0), (6, 5, 4)), voxels.transpose(0, 3, 2, 1))


@pytest.mark.parametrize("version", [2, 3])
def test_the_names_that_an_array_gives_its_dimensions_tell_their_axes(tmp_path: Path, version: int) -> None:
    voxels = _values((4, 3, 6), "uint8")
    names = ("Y", "channel", "x")
    more: dict[str, Any] = (
        {"dimension_names": names} if version == 3 else {"attributes": {"_ARRAY_DIMENSIONS": list(names)}}
    )
    _write(tmp_path / "1", voxels, version, **more)
    array = ZarrArray.open(tmp_path / "1")
    assert np.array_equal(array.read((0, 0, 0), (6, 4, 1))[..., 0], voxels.transpose(1, 2, 0))


def test_some_channels_of_an_array_can_be_chosen(tmp_path: Path) -> None:
    voxels = _values((5, 4, 4, 4), "uint8")
    _write(tmp_path / "1", voxels, 3)
    third = ZarrArray.open(tmp_path / "1", ArrayAxes(channels=range(2, 3)))
    assert np.array_equal(third.read((0, 0, 0), (4, 4, 4)), voxels[2].T)
    assert third.num_channels == 1
    with pytest.raises(DamagedDataError, match="5 channels"):
        ZarrArray.open(tmp_path / "1", ArrayAxes(channels=range(4, 6)))


def test_a_coordinate_beyond_the_array_is_outside_like_any_voxel(tmp_path: Path) -> None:
    _write(tmp_path / "1", _values((2, 4, 4, 4), "uint8"), 3)
    array = ZarrArray.open(tmp_path / "1", ArrayAxes(additional=(("t", 0),)))
    assert array.at({"t": 1}).read((0, 0, 0), (4, 4, 4)).all()
    assert not array.at({"t": 2}).read((0, 0, 0), (4, 4, 4)).any()


def test_a_dimension_that_nobody_names_is_refused_unless_it_has_length_1(tmp_path: Path) -> None:
    _write(tmp_path / "1", _values((1, 1, 4, 4, 4), "uint8"), 3)
    assert ZarrArray.open(tmp_path / "1").shape == (4, 4, 4)
    _write(tmp_path / "2", _values((7, 1, 4, 4, 4), "uint8"), 3)
    with pytest.raises(UnsupportedFormatError, match=r"Dimension 0 .* length 7") as raised:
        ZarrArray.open(tmp_path / "2")
    assert "additionalAxes" in raised.value.hint
    with pytest.raises(DamagedDataError, match="5 dimensions"):
        ZarrArray.open(tmp_path / "2", ArrayAxes((("x", 4), ("y", 3), ("z", 9))))
    _write(tmp_path / "3", _values((4,), "uint8"), 3)
    with pytest.raises(UnsupportedFormatError, match="no picture"):
        ZarrArray.open(tmp_path / "3")


def test_it_is_a_voxel_array_that_travels_and_serves_threads(tmp_path: Path) -> None:
    voxels = _values((4, 16, 16, 16), "uint8")
    _write(tmp_path / "1", voxels, 3, (1, 4, 4, 4))
    array = ZarrArray.open(tmp_path / "1", ArrayAxes(additional=(("t", 0),)))
    assert isinstance(array, VoxelArray)
    assert array.block_shape == (4, 4, 4)
    assert array.bounding_box().size == (16, 16, 16)
    again = pickle.loads(pickle.dumps(array.at({"t": 3})))
    assert np.array_equal(again.read((0, 0, 0), (16, 16, 16)), voxels[3].T)
    with ThreadPoolExecutor(8) as pool:
        jobs = {t: pool.submit(array.at({"t": t % 4}).read, (0, 0, 0), (16, 16, 16)) for t in range(40)}
    assert all(np.array_equal(job.result(), voxels[t % 4].T) for t, job in jobs.items())


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and "zarr" not in path.name)


@pytest.mark.parametrize(("version", "shards"), [(2, None), (3, None), (3, (8, 8, 8))])
@pytest.mark.parametrize("damage", ["truncated", "garbled", "folder", "pipe"])
def test_a_damaged_file_is_named_and_others_can_be_read(
    tmp_path: Path, version: int, shards: Any, damage: str
) -> None:
    voxels = _values((16, 16, 16), "uint16")
    _write(tmp_path / "1", voxels, version, (4, 4, 4), shards=shards)
    bad = _files(tmp_path / "1")[-1]
    content = bad.read_bytes()
    if damage == "truncated":
        bad.write_bytes(content[: len(content) // 2])
    elif damage == "garbled":
        bad.write_bytes(bytes(255 - byte for byte in content))
    else:
        bad.unlink()
        bad.mkdir() if damage == "folder" else os.mkfifo(bad)
    array = ZarrArray.open(tmp_path / "1")
    with pytest.raises(DamagedDataError) as raised:
        array.read((0, 0, 0), (16, 16, 16))
    assert str(raised.value.file) == str(bad)
    assert str(bad) in raised.value.what
    assert raised.value.hint
    assert np.array_equal(array.read((0, 0, 0), (4, 4, 4)), voxels[:4, :4, :4].T)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"zarr_format": 3, "node_type": "array"}',
        '{"zarr_format": 3, "node_type": "array", "shape": "big"}',
        '{"zarr_format": 7}',
    ],
)
@pytest.mark.parametrize("name", ["zarr.json", ".zarray"])
def test_broken_metadata_is_told(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(DamagedDataError) as raised:
        ZarrArray.open(tmp_path)
    assert str(tmp_path / name) in raised.value.what
    assert raised.value.hint


def test_metadata_that_names_an_unknown_codec_is_told(tmp_path: Path) -> None:
    _write(tmp_path / "1", _values((4, 4, 4), "uint8"), 3)
    file = tmp_path / "1" / "zarr.json"
    file.write_text(file.read_text().replace('"zstd"', '"nobodys"'))
    with pytest.raises(VoxshelfError, match="nobodys"):
        ZarrArray.open(tmp_path / "1")


class _Trap:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return (os.mkdir, (str(self.path),))


@pytest.mark.parametrize("place", ["filters", "compressor"])
def test_an_array_cannot_run_code(tmp_path: Path, place: str) -> None:
    zarr.create_array(tmp_path / "1", shape=(4, 4), dtype="uint8", zarr_format=2, compressors=None)
    file = tmp_path / "1" / ".zarray"
    codec = {"id": "pickle"}
    file.write_text(
        json.dumps({**json.loads(file.read_text()), place: [codec] if place == "filters" else codec})
    )
    (tmp_path / "1" / "0.0").write_bytes(pickle.dumps(_Trap(tmp_path / "caught")))
    with pytest.raises(UnsupportedFormatError, match="pickle") as raised:
        ZarrArray.open(tmp_path / "1").read((0, 0, 0), (4, 4, 1))
    assert raised.value.hint
    assert not (tmp_path / "caught").exists()


def test_metadata_that_is_no_file_is_told_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "zarr.json")
    assert stat.S_ISFIFO((tmp_path / "zarr.json").stat().st_mode)
    with pytest.raises(DamagedDataError, match="no file"):
        ZarrArray.open(tmp_path)


@pytest.mark.parametrize("version", [2, 3])
def test_a_group_and_an_empty_folder_hold_no_array(tmp_path: Path, version: int) -> None:
    zarr.create_group(tmp_path / "group", zarr_format=version)
    with pytest.raises(MagNotFoundError, match="is a Zarr group"):
        ZarrArray.open(tmp_path / "group")
    with pytest.raises(MagNotFoundError, match="no Zarr array"):
        ZarrArray.open(tmp_path)


def test_what_is_no_number_is_no_voxel(tmp_path: Path) -> None:
    zarr.create_array(tmp_path / "1", shape=(4, 4), dtype="bool", zarr_format=3)
    with pytest.raises(UnsupportedFormatError, match="bool"):
        ZarrArray.open(tmp_path / "1")


def test_an_array_that_was_taken_away_is_told_and_not_read_as_nothing(tmp_path: Path) -> None:
    _write(tmp_path / "1", _values((4, 4, 4), "uint8"), 3)
    array = ZarrArray.open(tmp_path / "1")
    shutil.rmtree(tmp_path / "1")
    with pytest.raises(DamagedDataError, match="not there any more"):
        array.read((0, 0, 0), (4, 4, 4))


def test_a_folder_with_both_versions_is_read_as_the_one_that_is_asked_for(tmp_path: Path) -> None:
    _write(tmp_path / "1", np.full((4, 4, 4), 2, "uint8"), 2)
    _write(tmp_path / "both", np.full((4, 4, 4), 3, "uint8"), 3)
    for path in (tmp_path / "1").iterdir():
        path.rename(tmp_path / "both" / path.name)
    for newest_first, value in ((True, 3), (False, 2)):
        array = ZarrArray.open(tmp_path / "both", newest_first=newest_first)
        assert array.read((0, 0, 0), (1, 1, 1)).item() == value


def test_boxes_and_targets_that_cannot_be_are_refused(tmp_path: Path) -> None:
    _write(tmp_path / "1", _values((4, 4, 4), "uint8"), 3)
    array = ZarrArray.open(tmp_path / "1")
    with pytest.raises(OutOfRangeError, match="negative"):
        array.read((0, 0, 0), (4, -1, 4))
    with pytest.raises(OutOfRangeError, match="memory"):
        array.read((0, 0, 0), (2**40, 2**40, 4))
    with pytest.raises(ArrayMismatchError):
        array.read((0, 0, 0), (4, 4, 4), out=np.zeros((4, 4, 4), "uint16"))
    assert array.read((0, 0, 0), (0, 4, 4)).shape == (0, 4, 4)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_an_array_cannot_run_code_in_whatever_encoding_it_is_described(tmp_path: Path, encoding: str) -> None:
    zarr.create_array(tmp_path / "1", shape=(4, 4), dtype="uint8", zarr_format=2, compressors=None)
    file = tmp_path / "1" / ".zarray"
    document = {**json.loads(file.read_text()), "compressor": {"id": "pickle"}}
    file.write_bytes(json.dumps(document).encode(encoding))
    with pytest.raises(UnsupportedFormatError, match="pickle"):
        ZarrArray.open(tmp_path / "1")


_V2 = {
    "zarr_format": 2,
    "dtype": "|u1",
    "compressor": None,
    "fill_value": 0,
    "order": "C",
    "filters": None,
}


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"zarr_format": 2, "a": ' + "[" * 100_000 + "]" * 100_000 + "}",
        json.dumps(_V2 | {"shape": [4, 4], "chunks": [0, 4]}),
    ],
    ids=["deep", "deep in an object", "chunks of nothing"],
)
def test_metadata_that_make_no_sense_are_told(tmp_path: Path, text: str) -> None:
    (tmp_path / ".zarray").write_text(text)
    with pytest.raises(DamagedDataError) as raised:
        ZarrArray.open(tmp_path)
    assert raised.value.hint
    assert raised.value.file == tmp_path / ".zarray"


def test_attributes_that_are_no_object_name_no_dimensions(tmp_path: Path) -> None:
    voxels = _values((6, 5, 4), "uint8")
    _write(tmp_path / "1", voxels, 2)
    (tmp_path / "1" / ".zattrs").write_text("[1]")
    assert np.array_equal(ZarrArray.open(tmp_path / "1").read((0, 0, 0), (4, 5, 6)), voxels.T)


def test_more_than_can_be_counted_is_refused_at_once(tmp_path: Path) -> None:
    side = 10**7
    zarr.create_array(tmp_path / "1", shape=(side,) * 3, chunks=(64,) * 3, dtype="uint8")
    with pytest.raises(OutOfRangeError, match="not enough memory"):
        ZarrArray.open(tmp_path / "1").read((0, 0, 0), (side,) * 3)


def test_an_array_that_was_written_anew_is_not_read_by_its_old_description(tmp_path: Path) -> None:
    voxels = _values((64, 64, 64), "uint8")
    _write(tmp_path / "1", voxels, 2, (32, 32, 32))
    array = ZarrArray.open(tmp_path / "1")
    assert array.is_current
    shutil.rmtree(tmp_path / "1")
    _write(tmp_path / "1", voxels, 2, (16, 64, 32))
    assert not array.is_current
    with pytest.raises(DamagedDataError, match="written anew"):
        array.read((0, 0, 5), (64, 64, 1))
    assert np.array_equal(ZarrArray.open(tmp_path / "1").read((0, 0, 5), (64, 64, 1)), voxels.T[..., 5:6])


@pytest.mark.parametrize("place", ["start", "end"])
@pytest.mark.parametrize(("topleft", "size"), [((0, 0, 0), (8, 8, 8)), ((5, 5, 5), (3, 3, 3))])
def test_a_shard_that_was_cut_off_anywhere_is_told(
    tmp_path: Path, place: str, topleft: tuple[int, int, int], size: tuple[int, int, int]
) -> None:
    shards: Any = {"shape": (8, 8, 8), "index_location": place}
    _write(tmp_path / "1", _values((8, 8, 8), "uint16"), 3, (4, 4, 4), shards=shards, compressors=None)
    (file,) = _files(tmp_path / "1")
    content = file.read_bytes()
    array = ZarrArray.open(tmp_path / "1")
    assert array.read(topleft, size).all()
    for length in {*range(0, len(content), 64), len(content) - 1}:
        file.write_bytes(content[:length])
        with pytest.raises(DamagedDataError) as raised:
            array.read(topleft, size)
        assert raised.value.file == file
