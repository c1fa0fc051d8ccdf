from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voxshelf.errors import DamagedDataError, UnsupportedFormatError
from voxshelf.formats.wkw import BlockType, WkwHeader

if TYPE_CHECKING:
    from pathlib import Path

TYPES = ["uint8", "uint16", "uint32", "uint64", "float32", "float64", "int8", "int16", "int32", "int64"]


def header_bytes(
    *, version: int = 1, sides: int = 0x55, block: int = 2, code: int = 1, size: int = 1
) -> bytes:
    return struct.pack("<3s5BQ", b"WKW", version, sides, block, code, size, 0)


@pytest.mark.parametrize(("code", "name"), list(enumerate(TYPES, start=1)))
def test_each_type_code_means_its_type(code: int, name: str) -> None:
    header = WkwHeader.from_bytes(header_bytes(code=code, size=np.dtype(name).itemsize * 2))
    assert (header.dtype, header.num_channels) == (np.dtype(name), 2)


def test_the_low_nibble_is_the_block_side_and_the_high_one_the_file_side() -> None:
    header = WkwHeader.from_bytes(header_bytes(sides=0x35))
    assert (header.block_len, header.file_len, header.cube_len) == (32, 8, 256)


@pytest.mark.parametrize("block_type", list(BlockType))
def test_a_header_survives_being_written_and_read(block_type: BlockType) -> None:
    header = WkwHeader(np.dtype("int16"), 3, 16, 4, block_type, data_offset=99)
    assert WkwHeader.from_bytes(header.to_bytes()) == header


def test_in_a_cube_file_the_blocks_begin_behind_the_jump_table() -> None:
    header = WkwHeader(np.dtype("uint8"), file_len=2, block_type=BlockType.LZ4)
    assert header.for_cube_file().data_offset == 16 + 8 * 8


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", DamagedDataError),
        (b"WKW\x01", DamagedDataError),
        (b"PK\x03\x04" + bytes(12), DamagedDataError),
        (header_bytes(version=2), UnsupportedFormatError),
        (header_bytes(block=0), UnsupportedFormatError),
        (header_bytes(block=4), UnsupportedFormatError),
        (header_bytes(code=0), UnsupportedFormatError),
        (header_bytes(code=11), UnsupportedFormatError),
        (header_bytes(code=3, size=5), DamagedDataError),
        (header_bytes(size=0), DamagedDataError),
        (header_bytes(sides=0x5F), UnsupportedFormatError),
    ],
    ids=["empty", "short", "zip", "version", "block0", "block4", "type0", "type11", "size", "size0", "huge"],
)
def test_a_wrong_header_is_refused_with_a_hint(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        WkwHeader.from_bytes(data, file="x0.wkw")
    assert caught.value.hint  # type: ignore[attr-defined]
    assert "x0.wkw" in str(caught.value)


def test_everything_wrong_with_new_parameters_is_said_at_once() -> None:
    with pytest.raises(UnsupportedFormatError, match=r"complex64.*block side is 33.*file side is 0"):
        WkwHeader(np.dtype("complex64"), block_len=33, file_len=0)


def test_a_missing_header_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DamagedDataError, match=r"header\.wkw"):
        WkwHeader.read(tmp_path / "header.wkw")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_in_the_place_of_a_header_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "header.wkw")
    with pytest.raises(DamagedDataError, match="not a file"):
        WkwHeader.read(tmp_path / "header.wkw")
