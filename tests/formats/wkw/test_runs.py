"""Blocks side by side are placed in the output together: with the same voxels, and with the right one to blame."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from voxshelf.errors import DamagedDataError
from voxshelf.formats.bytes import LocalFile, opened_once_more
from voxshelf.formats.wkw import WkwArray, WkwHeader, reading
from voxshelf.formats.wkw.block_cache import shared_cache
from voxshelf.formats.wkw.cube_file import CubeFile
from voxshelf.formats.wkw.reading import Target, read_part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import HandMade

    Make = Callable[..., HandMade]

# Rows of a block of 4, 24, 32, 64 and 128 bytes; the first has more blocks side by side than a run may have.
KINDS = [
    ("uint8", 1, 4, 32),
    ("uint8", 3, 8, 4),
    ("uint8", 1, 32, 4),
    ("float64", 1, 8, 8),
    ("uint32", 1, 32, 4),
]


@pytest.mark.parametrize("is_lz4", [True, False], ids=["lz4", "raw"])
@pytest.mark.parametrize(("dtype", "channels", "side", "blocks"), KINDS)
def test_slices_through_many_blocks_are_what_was_written(
    hand_made: Make, dtype: str, channels: int, side: int, blocks: int, is_lz4: bool
) -> None:
    made = hand_made(dtype=dtype, channels=channels, side=side, blocks=blocks, is_lz4=is_lz4)
    array = WkwArray.open(made.folder)
    length = side * blocks
    shared_cache.clear()
    for z in (side - 1, side, side + 1, side + 2):  # the later ones from the cache, where there is one
        for x, y, right, below, planes in [(0, 0, 0, 0, 1), (1, 2, 3, 1, 1), (side + 1, 0, side, 2, 2)]:
            size = (length - x - right, length - y - below, planes)
            voxels = array.read((x, y, z), size, cache=True if is_lz4 else None)
            expected = made.voxels[:, x : x + size[0], y : y + size[1], z : z + planes]
            assert np.array_equal(voxels.reshape(expected.shape), expected)


def test_a_block_behind_the_end_is_told_in_the_middle_of_a_run(hand_made: Make) -> None:
    made = hand_made(side=8, blocks=4, is_lz4=False)
    made.write(made.file_bytes()[: 16 + 62 * 8**3])  # without the blocks (2, 3, 3) and (3, 3, 3)
    array = WkwArray.open(made.folder)
    with pytest.raises(DamagedDataError) as caught:
        array.read((0, 0, 31), (32, 32, 1))
    assert caught.value.block == (2, 3, 3)
    assert np.array_equal(array.read((0, 0, 31), (16, 32, 1))[..., 0], made.voxels[0, :16, :, 31])


def test_a_file_that_shrinks_is_told_in_the_middle_of_a_run(hand_made: Make) -> None:
    made = hand_made(side=8, blocks=4, is_lz4=False)
    cube = CubeFile(LocalFile(str(made.path)), WkwHeader.read(made.path))
    os.truncate(made.path, 16 + 63 * 8**3 - 1)
    out = np.empty((32, 32), np.uint8, order="F")
    target = Target(out.__array_interface__["data"][0], 32, 1024)
    failure = read_part(cube, (0, 0, 31), (32, 32, 32), target, cache=None)
    assert isinstance(failure, DamagedDataError)
    assert failure.block == (2, 3, 3)


needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the system lists no descriptors")


@needs_proc
def test_a_second_descriptor_shows_the_same_file_and_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"before")
    source = LocalFile(str(path))
    path.rename(tmp_path / "elsewhere")
    path.write_bytes(b"another")
    with opened_once_more(source.descriptor) as descriptor:
        assert descriptor != source.descriptor
        assert os.pread(descriptor, 9, 0) == b"before"
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)
    assert source.read(0, 6) == b"before"


def test_where_there_is_no_second_descriptor_the_first_one_serves() -> None:
    never_open = 1 << 20
    with opened_once_more(never_open) as descriptor:
        assert descriptor == never_open


@pytest.mark.parametrize("is_lz4", [True, False], ids=["lz4", "raw"])
def test_a_helper_reads_through_a_descriptor_of_its_own(
    hand_made: Make, monkeypatch: pytest.MonkeyPatch, is_lz4: bool
) -> None:
    made = hand_made(side=4 if is_lz4 else 8, blocks=32, is_lz4=is_lz4)
    helping, used = threading.Event(), []
    work = reading._Request._work

    @contextmanager
    def noted(descriptor: int) -> Iterator[int]:
        with opened_once_more(descriptor) as another:
            used.append((descriptor, another))
            helping.set()
            yield another

    def wait_for_the_helper(request: Any, pages: Any, staged: Any, plan: Any = None) -> None:
        assert plan is not None or helping.wait(60)
        work(request, pages, staged, plan)

    monkeypatch.setattr(reading, "opened_once_more", noted)
    monkeypatch.setattr(reading, "usable_cores", lambda: 2)
    monkeypatch.setattr(reading._Request, "_work", wait_for_the_helper)
    side = made.side * 32
    voxels = WkwArray.open(made.folder).read((0, 0, 0), (side, side, made.side * 2 - 1))
    assert np.array_equal(voxels, made.voxels[0, :, :, : made.side * 2 - 1])
    ((own, another),) = used
    assert own != another or not Path("/proc/self/fd").is_dir()
