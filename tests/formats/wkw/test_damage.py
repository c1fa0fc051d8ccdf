"""Damaged files end in an error that names file, block and a way out; they never give invented voxels."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import lz4.block
import numpy as np
import pytest

from voxshelf.errors import DamagedDataError, UnsupportedFormatError, VoxshelfError
from voxshelf.formats.wkw import WkwArray

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import HandMade

    Make = Callable[..., HandMade]

WHOLE = ((0, 0, 0), (16, 16, 16))
TABLE = slice(16, 16 + 8 * 8)


def with_table(data: bytes, change: Callable[[list[int]], None]) -> bytes:
    ends = list(struct.unpack("<8Q", data[TABLE]))
    change(ends)
    return data[:16] + struct.pack("<8Q", *ends) + data[TABLE.stop :]


def damage_of(made: HandMade, data: bytes, box: Any = WHOLE) -> DamagedDataError:
    made.write(data)
    with pytest.raises(DamagedDataError) as caught:
        WkwArray.open(made.folder).read(*box)
    assert str(caught.value.file) == str(made.path)
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize("length", [0, 3, 15, 16, 40, 79])
@pytest.mark.parametrize("is_lz4", [True, False], ids=["lz4", "raw"])
def test_a_file_cut_off_in_its_head_is_damaged(hand_made: Make, length: int, is_lz4: bool) -> None:
    made = hand_made(is_lz4=is_lz4)
    damage_of(made, made.file_bytes()[:length])


@pytest.mark.parametrize("is_lz4", [True, False], ids=["lz4", "raw"])
def test_only_the_blocks_behind_the_cut_are_damaged(hand_made: Make, is_lz4: bool) -> None:
    made = hand_made(is_lz4=is_lz4)
    error = damage_of(made, made.file_bytes()[:-1])
    assert error.block == (1, 1, 1)
    first = WkwArray.open(made.folder).read((0, 0, 0), (8, 8, 8))
    assert np.array_equal(first, made.voxels[0, :8, :8, :8])


def test_a_jump_table_that_goes_backwards_is_damage_of_its_block(hand_made: Make) -> None:
    made = hand_made()

    def go_back(ends: list[int]) -> None:
        ends[3] = ends[2] - 5

    assert damage_of(made, with_table(made.file_bytes(), go_back)).block == (1, 1, 0)


@pytest.mark.parametrize("end", [10**6, 2**63 - 1, 2**63, 2**64 - 1, 0, 16])
def test_a_jump_table_that_leaves_the_file_is_damage_of_its_block(hand_made: Make, end: int) -> None:
    made = hand_made()

    def leave(ends: list[int]) -> None:
        ends[0] = end

    assert damage_of(made, with_table(made.file_bytes(), leave), ((0, 0, 0), (8, 8, 8))).block == (0, 0, 0)


def test_a_block_of_no_bytes_is_damage_as_it_is_for_wkw(hand_made: Make) -> None:
    made = hand_made()
    stored = made.stored_blocks()
    stored[5] = b""
    assert damage_of(made, made.file_bytes(stored)).block == (1, 0, 1)


@pytest.mark.parametrize("length", [511, 513])
def test_a_block_of_another_length_is_damage(hand_made: Make, length: int) -> None:
    made = hand_made()
    stored = made.stored_blocks()
    stored[6] = lz4.block.compress(bytes(length), store_size=False)
    assert damage_of(made, made.file_bytes(stored)).block == (0, 1, 1)


def test_a_block_of_garbage_is_damage(hand_made: Make) -> None:
    made = hand_made()
    stored = made.stored_blocks()
    stored[1] = b"\xff" * 50
    assert damage_of(made, made.file_bytes(stored)).block == (1, 0, 0)


def test_damage_is_not_kept_as_voxels(hand_made: Make) -> None:
    made = hand_made()
    stored = made.stored_blocks()
    stored[4] = b"\x00"
    made.write(made.file_bytes(stored))
    array = WkwArray.open(made.folder)
    for _ in range(4):
        with pytest.raises(DamagedDataError):
            array.read((0, 0, 9), (16, 16, 1), cache=True)


@pytest.mark.parametrize(("at", "value"), [(0, 0), (3, 9), (5, 0), (5, 7), (6, 0), (6, 77), (7, 0), (7, 3)])
def test_a_wrong_byte_in_the_head_is_refused(hand_made: Make, at: int, value: int) -> None:
    made = hand_made(dtype="uint16")
    data = bytearray(made.file_bytes())
    data[at] = value
    made.write(bytes(data))
    with pytest.raises((DamagedDataError, UnsupportedFormatError), match=r"x0\.wkw"):
        WkwArray.open(made.folder).read(*WHOLE)


@pytest.mark.parametrize("sides", [0x00, 0x13, 0x31, 0xF0, 0x0F, 0xFF, 0xF3, 0x3A])
@pytest.mark.parametrize("is_lz4", [True, False], ids=["lz4", "raw"])
def test_a_file_with_sides_unlike_its_mag_is_refused_at_once(
    hand_made: Make, sides: int, is_lz4: bool
) -> None:
    made = hand_made(is_lz4=is_lz4, side=16, blocks=2)
    data = bytearray(made.file_bytes())
    data[4] = sides
    made.write(bytes(data))
    with pytest.raises(VoxshelfError, match=r"x0\.wkw"):
        WkwArray.open(made.folder).read((0, 0, 0), (4, 4, 4))


@pytest.mark.parametrize("sides", [0x0F, 0x5F, 0xF0, 0xFF, 0xF5, 0x5A, 0xA5])
@pytest.mark.parametrize("is_lz4", [True, False], ids=["lz4", "raw"])
def test_absurd_sides_in_mag_and_file_take_neither_memory_nor_time(
    hand_made: Make, sides: int, is_lz4: bool
) -> None:
    made = hand_made(is_lz4=is_lz4)
    data = bytearray(made.file_bytes())
    data[4] = sides
    made.write(bytes(data))
    (made.folder / "header.wkw").write_bytes(bytes(data[:8]) + bytes(8))
    with pytest.raises(VoxshelfError):
        WkwArray.open(made.folder).read((40, 40, 40), (4, 4, 4))


def test_a_folder_in_the_place_of_a_file_is_damage(hand_made: Make) -> None:
    made = hand_made()
    made.path.unlink()
    made.path.mkdir()
    with pytest.raises(DamagedDataError, match="not a file"):
        WkwArray.open(made.folder).read(*WHOLE)
