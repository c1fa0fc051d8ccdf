"""Files that change while they are open: fresh voxels or an error, never old ones."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voxshelf.errors import DamagedDataError
from voxshelf.formats.bytes import LocalFile
from voxshelf.formats.wkw import WkwArray

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import HandMade

    Make = Callable[..., HandMade]

SLICE = ((0, 0, 3), (16, 16, 1))


def settle(made: HandMade) -> None:
    """Wait until the file stays open: one that has just been changed is opened anew at each read anyway."""
    while not LocalFile(str(made.path)).is_settled:
        pass


def warmed_up(made: HandMade) -> WkwArray:
    settle(made)
    array = WkwArray.open(made.folder)
    for _ in range(3):
        assert np.array_equal(array.read(*SLICE), made.voxels[0, :, :, 3:4])
    return array


@pytest.mark.parametrize("is_lz4", [True, False], ids=["lz4", "raw"])
def test_a_file_written_anew_gives_its_new_voxels(hand_made: Make, is_lz4: bool) -> None:
    made = hand_made(is_lz4=is_lz4)
    array = warmed_up(made)
    made.voxels = made.voxels + np.uint8(100)
    made.write()
    assert np.array_equal(array.read(*SLICE), made.voxels[0, :, :, 3:4])


def test_a_file_that_is_replaced_gives_its_new_voxels(hand_made: Make) -> None:
    made = hand_made()
    array = warmed_up(made)
    made.voxels = made.voxels + np.uint8(100)
    replacement = made.path.with_name("new")
    replacement.write_bytes(made.file_bytes())
    replacement.replace(made.path)
    settle(made)
    assert np.array_equal(array.read(*SLICE), made.voxels[0, :, :, 3:4])


def test_a_change_is_seen_whose_time_was_set_back(hand_made: Make) -> None:
    made = hand_made(is_lz4=False)
    array = warmed_up(made)
    before = made.path.stat()
    made.voxels = made.voxels + np.uint8(100)
    made.path.write_bytes(made.file_bytes())
    os.utime(made.path, ns=(before.st_atime_ns, before.st_mtime_ns))
    settle(made)
    assert np.array_equal(array.read(*SLICE), made.voxels[0, :, :, 3:4])


def test_a_file_from_the_future_is_read_like_any_other(hand_made: Make) -> None:
    made = hand_made()
    tomorrow = made.path.stat().st_mtime_ns + 86_400 * 10**9
    os.utime(made.path, ns=(tomorrow, tomorrow))
    array = warmed_up(made)
    for value in range(1, 9):
        made.voxels[:] = value
        made.write()
        os.utime(made.path, ns=(tomorrow, tomorrow))
        assert (array.read(*SLICE) == value).all()


def test_changes_in_quick_succession_are_all_seen(hand_made: Make) -> None:
    made = hand_made()
    array = WkwArray.open(made.folder)
    for value in range(1, 30):
        made.voxels[:] = value
        made.write()
        assert (array.read(*SLICE) == value).all()


def test_a_file_that_shrinks_is_an_error(hand_made: Make) -> None:
    made = hand_made()
    array = warmed_up(made)
    os.truncate(made.path, 90)
    with pytest.raises(DamagedDataError):
        array.read((0, 0, 0), (16, 16, 16))


def test_a_file_that_vanishes_reads_as_zero_and_comes_back(hand_made: Make) -> None:
    made = hand_made()
    array = warmed_up(made)
    made.path.unlink()
    assert not array.read(*SLICE).any()
    made.write()
    assert np.array_equal(array.read(*SLICE), made.voxels[0, :, :, 3:4])


def test_what_we_write_ourselves_is_read_at_once(hand_made: Make) -> None:
    made = hand_made()
    array = warmed_up(made)
    patch = np.full((3, 3, 1), 55, np.uint8)
    array.write((2, 2, 3), patch)
    assert (array.read((2, 2, 3), (3, 3, 1)) == 55).all()
