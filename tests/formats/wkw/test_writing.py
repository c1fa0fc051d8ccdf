"""Whatever we write, the `wkw` package reads: boxes, types, channels, several writes over each other."""

from __future__ import annotations

import struct
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
import wkw
from hypothesis import given, settings
from hypothesis import strategies as st

from voxshelf.errors import (
    ArrayMismatchError,
    DamagedDataError,
    NameTakenError,
    OperationCancelledError,
    OutOfRangeError,
    UnsupportedFormatError,
)
from voxshelf.formats.wkw.header import VOXEL_TYPES, BlockType, WkwHeader
from voxshelf.formats.wkw.writer import create_mag_folder, cube_path, fill_box, write_box
from voxshelf.model import BoundingBox

SPACE = (40, 36, 34)


def read_with_wkw(folder: Path, topleft: tuple[int, int, int], size: tuple[int, int, int]) -> Any:
    with wkw.Dataset.open(str(folder)) as dataset:
        return dataset.read(topleft, size)


def random_voxels(seed: int, shape: tuple[int, ...], dtype: np.dtype[Any]) -> np.ndarray[Any, Any]:
    random = np.random.default_rng(seed)
    return random.integers(0, 100, shape).astype(dtype)


def damage_last_block(file: Path) -> bytes:
    """Overwrite the last block of a compressed file with bytes that cannot be decoded."""
    content, header = file.read_bytes(), WkwHeader.read(file)
    start, _ = struct.unpack_from("<2Q", content, header.data_offset - 16)
    damaged = content[:start] + b"\xff" * (len(content) - start)
    file.write_bytes(damaged)
    return damaged


@st.composite
def headers(draw: st.DrawFn) -> WkwHeader:
    block_len, file_len = draw(st.sampled_from([(1, 16), (2, 8), (4, 4), (8, 1), (8, 2), (16, 1), (16, 4)]))
    return WkwHeader(
        draw(st.sampled_from(VOXEL_TYPES)),
        num_channels=draw(st.sampled_from([1, 2, 3])),
        block_len=block_len,
        file_len=file_len,
        block_type=draw(st.sampled_from(list(BlockType))),
    )


@st.composite
def boxes(draw: st.DrawFn) -> BoundingBox:
    lower = [draw(st.integers(0, side - 1)) for side in SPACE]
    upper = [draw(st.integers(low + 1, min(side, low + 22))) for low, side in zip(lower, SPACE, strict=True)]
    return BoundingBox.from_corners(lower, upper)


@given(header=headers(), written=st.lists(boxes(), min_size=1, max_size=3), seed=st.integers(0, 99))
@settings(deadline=None, max_examples=30, derandomize=True)
def test_wkw_reads_boxes_that_we_write_over_each_other(
    header: WkwHeader, written: list[BoundingBox], seed: int
) -> None:
    expected = np.zeros((header.num_channels, *SPACE), header.dtype)
    with TemporaryDirectory() as folder_name:
        folder = Path(folder_name) / "1"
        create_mag_folder(folder, header)
        for number, box in enumerate(written):
            voxels = random_voxels(seed + number, (header.num_channels, *box.size), header.dtype)
            ordered = np.asfortranarray(voxels) if number % 2 else voxels
            write_box(folder, header, box.topleft, ordered)
            x, y, z = (slice(t, b) for t, b in zip(box.topleft, box.bottomright, strict=True))
            expected[:, x, y, z] = voxels
        assert np.array_equal(read_with_wkw(folder, (0, 0, 0), SPACE), expected)
        assert not list(folder.rglob(".*")), "lock or temporary files are left"


@given(box=boxes(), compress=st.booleans())
@settings(deadline=None, max_examples=15, derandomize=True)
def test_we_write_into_files_that_wkw_wrote(box: BoundingBox, compress: bool) -> None:
    header = WkwHeader("uint16", 1, block_len=8, file_len=2, block_type=BlockType.RAW)
    with TemporaryDirectory() as folder_name:
        folder = Path(folder_name) / "1"
        expected = random_voxels(1, (1, 48, 48, 48), header.dtype)
        with wkw.Dataset.create(str(folder), wkw.Header(np.uint16, block_len=8, file_len=2)) as theirs:
            theirs.write((0, 0, 0), expected)
            if compress:
                folder = Path(folder_name) / "lz4"
                theirs.compress(str(folder), compress_files=True)
        voxels = random_voxels(2, box.size, header.dtype)
        write_box(folder, WkwHeader.read(folder / "header.wkw"), box.topleft, voxels)
        x, y, z = (slice(t, b) for t, b in zip(box.topleft, box.bottomright, strict=True))
        expected[0, x, y, z] = voxels
        assert np.array_equal(read_with_wkw(folder, (0, 0, 0), (48, 48, 48)), expected)


@pytest.mark.parametrize("order", ["strided", "reversed", "channels last in memory"])
def test_any_memory_layout_is_written_right(tmp_path: Path, order: str) -> None:
    header = WkwHeader("uint8", 2, block_len=8, file_len=2)
    create_mag_folder(tmp_path / "1", header)
    memory = random_voxels(3, (2, 20, 20, 20), header.dtype)
    voxels = {
        "strided": memory[:, ::2, ::2, ::2],
        "reversed": memory[:, 9::-1, 9::-1, 9::-1],
        "channels last in memory": np.ascontiguousarray(np.moveaxis(memory, 0, -1)).transpose(3, 2, 1, 0)[
            :, :10, :10, :10
        ],
    }[order]
    write_box(tmp_path / "1", header, (3, 2, 1), voxels)
    assert np.array_equal(read_with_wkw(tmp_path / "1", (3, 2, 1), (10, 10, 10)), voxels)


@pytest.mark.parametrize("block_type", list(BlockType))
def test_a_box_with_many_pieces_is_written_by_several_threads(tmp_path: Path, block_type: BlockType) -> None:
    header = WkwHeader("uint8", block_len=32, file_len=8, block_type=block_type)
    create_mag_folder(tmp_path / "1", header)
    voxels = np.asfortranarray(random_voxels(4, (200, 150, 130), header.dtype))
    steps: list[tuple[int, int]] = []
    write_box(tmp_path / "1", header, (11, 22, 33), voxels, progress=lambda *step: steps.append(step))
    assert np.array_equal(read_with_wkw(tmp_path / "1", (11, 22, 33), (200, 150, 130))[0], voxels)
    assert steps[-1] == (voxels.size, voxels.size)
    assert steps == sorted(set(steps))


def test_untouched_compressed_blocks_are_carried_over_without_decoding(tmp_path: Path) -> None:
    header = WkwHeader("uint8", block_len=8, file_len=4)
    create_mag_folder(tmp_path / "1", header)
    write_box(tmp_path / "1", header, (0, 0, 0), random_voxels(5, (32, 32, 32), header.dtype))
    file = cube_path(tmp_path / "1", (0, 0, 0))
    damage_last_block(file)
    write_box(tmp_path / "1", header, (0, 0, 0), np.full((8, 8, 8), 7, np.uint8))
    assert file.read_bytes()[-20:] == b"\xff" * 20
    assert (read_with_wkw(tmp_path / "1", (0, 0, 0), (8, 8, 8)) == 7).all()


def test_a_damaged_block_that_must_be_merged_is_an_error_and_the_file_stays(tmp_path: Path) -> None:
    header = WkwHeader("uint8", block_len=8, file_len=2)
    create_mag_folder(tmp_path / "1", header)
    write_box(tmp_path / "1", header, (0, 0, 0), random_voxels(5, (16, 16, 16), header.dtype))
    file = cube_path(tmp_path / "1", (0, 0, 0))
    content = damage_last_block(file)
    with pytest.raises(DamagedDataError) as caught:
        write_box(tmp_path / "1", header, (9, 9, 9), np.ones((2, 2, 2), np.uint8))
    assert caught.value.block == (1, 1, 1)
    assert file.read_bytes() == content
    assert [path.name for path in file.parent.iterdir()] == ["x0.wkw"]


@pytest.mark.parametrize("length", [0, 10, 16, 40])
def test_a_cut_off_file_is_an_error_with_its_name(tmp_path: Path, length: int) -> None:
    header = WkwHeader("uint8", block_len=8, file_len=2)
    create_mag_folder(tmp_path / "1", header)
    write_box(tmp_path / "1", header, (0, 0, 0), random_voxels(5, (16, 16, 16), header.dtype))
    file = cube_path(tmp_path / "1", (0, 0, 0))
    file.write_bytes(file.read_bytes()[:length])
    with pytest.raises(DamagedDataError, match=r"x0\.wkw"):
        write_box(tmp_path / "1", header, (9, 9, 9), np.ones((2, 2, 2), np.uint8))


def test_a_file_of_another_mag_is_not_touched(tmp_path: Path) -> None:
    header, other = WkwHeader("uint8", block_len=8, file_len=2), WkwHeader("uint16", block_len=8, file_len=2)
    create_mag_folder(tmp_path / "1", header)
    write_box(tmp_path / "1", other, (0, 0, 0), np.ones((4, 4, 4), np.uint16))
    with pytest.raises(UnsupportedFormatError, match="uint16"):
        write_box(tmp_path / "1", header, (0, 0, 0), np.ones((4, 4, 4), np.uint8))


def test_an_existing_file_keeps_its_block_type(tmp_path: Path) -> None:
    raw = WkwHeader("uint8", block_len=8, file_len=2, block_type=BlockType.RAW)
    lz4 = WkwHeader("uint8", block_len=8, file_len=2, block_type=BlockType.LZ4)
    create_mag_folder(tmp_path / "1", lz4)
    write_box(tmp_path / "1", raw, (0, 0, 0), np.full((3, 3, 3), 3, np.uint8))
    write_box(tmp_path / "1", lz4, (1, 1, 1), np.full((20, 3, 3), 5, np.uint8))
    assert WkwHeader.read(cube_path(tmp_path / "1", (0, 0, 0))).block_type == BlockType.RAW
    assert WkwHeader.read(cube_path(tmp_path / "1", (1, 0, 0))).block_type == BlockType.LZ4
    assert read_with_wkw(tmp_path / "1", (0, 1, 1), (3, 1, 1))[0, :, 0, 0].tolist() == [3, 5, 5]


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (np.zeros((4, 4, 4), np.uint16), "type is uint16"),
        (np.zeros((4, 4, 4), np.int8), "type is int8"),
        (np.zeros((4, 4, 4), ">u1").astype(">u2"), "type is >u2"),
        (np.zeros((4, 4), np.uint8), "2 dimensions"),
        (np.zeros((3, 4, 4, 4), np.uint8), "3 channels"),
        ([[[1]]], "list"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(tmp_path: Path, array: Any, reason: str) -> None:
    header = WkwHeader("uint8", block_len=8, file_len=2)
    create_mag_folder(tmp_path / "1", header)
    with pytest.raises(ArrayMismatchError, match=reason) as caught:
        write_box(tmp_path / "1", header, (0, 0, 0), array)
    assert caught.value.hint
    assert [path.name for path in (tmp_path / "1").iterdir()] == ["header.wkw"]


def test_negative_positions_are_refused(tmp_path: Path) -> None:
    header = WkwHeader("uint8", block_len=8, file_len=2)
    with pytest.raises(OutOfRangeError, match="negative"):
        write_box(tmp_path, header, (0, -1, 0), np.zeros((4, 4, 4), np.uint8))


def test_an_empty_array_writes_nothing(tmp_path: Path) -> None:
    write_box(tmp_path, WkwHeader("uint8"), (0, 0, 0), np.zeros((0, 4, 4), np.uint8))
    assert not list(tmp_path.iterdir())


def test_creating_a_mag_again_with_the_same_header_is_fine(tmp_path: Path) -> None:
    header = WkwHeader("uint8")
    assert create_mag_folder(tmp_path / "a" / "1", header) == create_mag_folder(tmp_path / "a" / "1", header)
    assert wkw.Dataset.open(str(tmp_path / "a" / "1")).header.block_len == 32


def test_creating_a_mag_over_one_with_another_header_is_an_error(tmp_path: Path) -> None:
    create_mag_folder(tmp_path / "1", WkwHeader("uint8"))
    with pytest.raises(NameTakenError, match="another header"):
        create_mag_folder(tmp_path / "1", WkwHeader("uint16"))
    assert WkwHeader.read(tmp_path / "1" / "header.wkw").dtype == np.uint8


@pytest.mark.parametrize("block_type", list(BlockType))
def test_filling_with_nothing_but_zeros_makes_no_file_if_asked(tmp_path: Path, block_type: BlockType) -> None:
    header = WkwHeader("uint8", block_len=8, file_len=2, block_type=block_type)

    def provide(_topleft: Any, size: tuple[int, int, int]) -> Any:
        return np.zeros(size, np.uint8)

    fill_box(tmp_path, header, BoundingBox((0, 0, 0), (20, 9, 9)), provide, skip_empty=True)
    assert not list(tmp_path.rglob("*.*"))


def test_filling_with_pieces_of_the_wrong_size_is_an_error(tmp_path: Path) -> None:
    header = WkwHeader("uint8", block_len=8, file_len=2)
    with pytest.raises(ArrayMismatchError, match="was provided"):
        fill_box(
            tmp_path, header, BoundingBox((0, 0, 0), (9, 9, 9)), lambda *_: np.zeros((1, 2, 3), np.uint8)
        )


def test_a_cancelled_write_leaves_the_old_file(tmp_path: Path) -> None:
    header = WkwHeader("uint8", block_len=16, file_len=8)
    create_mag_folder(tmp_path / "1", header)
    write_box(tmp_path / "1", header, (0, 0, 0), np.full((128, 128, 128), 1, np.uint8))
    file = cube_path(tmp_path / "1", (0, 0, 0))
    before, asked = file.read_bytes(), iter([False] * 3 + [True] * 100)
    with pytest.raises(OperationCancelledError):
        write_box(
            tmp_path / "1",
            header,
            (0, 0, 0),
            np.full((128, 128, 128), 2, np.uint8),
            cancel=lambda: next(asked),
        )
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["x0.wkw"]


def test_replacing_a_file_keeps_its_permissions_and_follows_links(tmp_path: Path) -> None:
    header = WkwHeader("uint8", block_len=8, file_len=2)
    write_box(tmp_path / "real", header, (0, 0, 0), np.ones((4, 4, 4), np.uint8))
    real = cube_path(tmp_path / "real", (0, 0, 0))
    real.chmod(0o640)
    create_mag_folder(tmp_path / "1", header)
    link = cube_path(tmp_path / "1", (0, 0, 0))
    link.parent.mkdir(parents=True)
    link.symlink_to(real)
    write_box(tmp_path / "1", header, (0, 0, 0), np.full((2, 2, 2), 9, np.uint8))
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert read_with_wkw(tmp_path / "1", (0, 0, 0), (4, 1, 1)).ravel().tolist() == [9, 9, 1, 1]


def test_an_absurd_jump_table_is_refused(tmp_path: Path) -> None:
    header = WkwHeader("uint8", block_len=1, file_len=1 << 11)
    with pytest.raises(UnsupportedFormatError, match="jump table"):
        write_box(tmp_path, header, (0, 0, 0), np.ones((1, 1, 1), np.uint8))
    assert not list(tmp_path.rglob("*.*"))
