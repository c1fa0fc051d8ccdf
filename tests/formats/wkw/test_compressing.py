"""A whole mag compressed: in place, into a copy, stopped and taken up again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import wkw

from voxshelf.errors import DamagedDataError, OperationCancelledError, UnsupportedFormatError
from voxshelf.formats.wkw.compress import compress_mag, cube_files
from voxshelf.formats.wkw.header import VOXEL_TYPES, BlockType, WkwHeader
from voxshelf.formats.wkw.writer import create_mag_folder, write_box

if TYPE_CHECKING:
    from pathlib import Path

SHAPE = (40, 20, 18)


def make_raw_mag(folder: Path, dtype: np.dtype[Any] = VOXEL_TYPES[0], channels: int = 1) -> Any:
    header = WkwHeader(dtype, channels, block_len=8, file_len=2, block_type=BlockType.RAW)
    create_mag_folder(folder, header)
    voxels = np.random.default_rng(0).integers(0, 9, (channels, *SHAPE)).astype(dtype)
    write_box(folder, header, (3, 5, 7), voxels)
    return voxels


def block_types(folder: Path) -> list[BlockType]:
    return [WkwHeader.read(path).block_type for path in [*cube_files(folder), folder / "header.wkw"]]


def read_with_wkw(folder: Path) -> Any:
    with wkw.Dataset.open(str(folder)) as dataset:
        return dataset.read((3, 5, 7), SHAPE)


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("dtype", VOXEL_TYPES, ids=str)
def test_every_type_keeps_its_voxels(tmp_path: Path, dtype: np.dtype[Any]) -> None:
    voxels = make_raw_mag(tmp_path / "1", dtype, channels=2)
    compress_mag(tmp_path / "1")
    assert set(block_types(tmp_path / "1")) == {BlockType.LZ4HC}
    assert np.array_equal(read_with_wkw(tmp_path / "1"), voxels)
    assert not list((tmp_path / "1").rglob(".*"))


def test_a_copy_is_compressed_and_the_source_stays(tmp_path: Path) -> None:
    voxels = make_raw_mag(tmp_path / "1")
    before = contents(tmp_path / "1")
    compress_mag(tmp_path / "1", tmp_path / "copy", block_type=BlockType.LZ4)
    assert contents(tmp_path / "1") == before
    assert set(block_types(tmp_path / "copy")) == {BlockType.LZ4}
    assert np.array_equal(read_with_wkw(tmp_path / "copy"), voxels)


def test_compressing_twice_changes_nothing_the_second_time(tmp_path: Path) -> None:
    make_raw_mag(tmp_path / "1")
    compress_mag(tmp_path / "1")
    times = {path: path.stat().st_mtime_ns for path in cube_files(tmp_path / "1")}
    steps: list[tuple[int, int]] = []
    compress_mag(tmp_path / "1", progress=lambda *step: steps.append(step))
    assert {path: path.stat().st_mtime_ns for path in cube_files(tmp_path / "1")} == times
    assert steps[-1] == (8 * len(times), 8 * len(times))


def test_lz4_becomes_lz4hc_when_asked(tmp_path: Path) -> None:
    voxels = make_raw_mag(tmp_path / "1")
    compress_mag(tmp_path / "1", block_type=BlockType.LZ4)
    compress_mag(tmp_path / "1", block_type=BlockType.LZ4HC)
    assert set(block_types(tmp_path / "1")) == {BlockType.LZ4HC}
    assert np.array_equal(read_with_wkw(tmp_path / "1"), voxels)


@pytest.mark.parametrize("in_place", [True, False])
def test_a_stopped_compression_goes_on_where_it_stopped(tmp_path: Path, in_place: bool) -> None:
    voxels = make_raw_mag(tmp_path / "1")
    target = None if in_place else tmp_path / "copy"
    output = target or tmp_path / "1"
    done: list[int] = []
    with pytest.raises(OperationCancelledError):
        compress_mag(
            tmp_path / "1",
            target,
            progress=lambda blocks, _: done.append(blocks),
            cancel=lambda: bool(done) and done[-1] >= 16,
        )
    finished = [path for path in cube_files(output) if WkwHeader.read(path).is_compressed]
    assert 0 < len(finished) < len(cube_files(tmp_path / "1"))
    times = {path: path.stat().st_ino for path in finished}
    assert in_place is np.array_equal(read_with_wkw(output), voxels), "in place, a mixed mag reads as before"
    compress_mag(tmp_path / "1", target)
    assert {path: path.stat().st_ino for path in finished} == times
    assert np.array_equal(read_with_wkw(output), voxels)
    assert set(block_types(output)) == {BlockType.LZ4HC}


def test_a_source_file_that_changed_is_copied_again(tmp_path: Path) -> None:
    make_raw_mag(tmp_path / "1")
    compress_mag(tmp_path / "1", tmp_path / "copy")
    header = WkwHeader.read(tmp_path / "1" / "header.wkw")
    write_box(tmp_path / "1", header, (3, 5, 7), np.full((1, 1, 1), 200, np.uint8))
    compress_mag(tmp_path / "1", tmp_path / "copy")
    assert read_with_wkw(tmp_path / "copy")[0, 0, 0, 0] == 200


def test_a_damaged_file_stops_the_compression_and_stays(tmp_path: Path) -> None:
    make_raw_mag(tmp_path / "1")
    file = cube_files(tmp_path / "1")[1]
    file.write_bytes(file.read_bytes()[:-1])
    before = file.read_bytes()
    with pytest.raises(DamagedDataError) as caught:
        compress_mag(tmp_path / "1")
    assert caught.value.file == file
    assert file.read_bytes() == before


def test_compressing_to_raw_is_refused(tmp_path: Path) -> None:
    make_raw_mag(tmp_path / "1")
    with pytest.raises(UnsupportedFormatError, match="Raw"):
        compress_mag(tmp_path / "1", block_type=BlockType.RAW)
