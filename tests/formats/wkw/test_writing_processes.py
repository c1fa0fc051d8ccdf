"""Several processes on one cube file, and processes that are killed while they write."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
import wkw

from voxshelf.formats.wkw.header import BlockType, WkwHeader
from voxshelf.formats.wkw.locks import locked
from voxshelf.formats.wkw.writer import create_mag_folder, cube_path, write_box

if TYPE_CHECKING:
    from pathlib import Path

WRITER = """
import sys
from pathlib import Path
import numpy as np
from voxshelf.formats.wkw.header import WkwHeader
from voxshelf.formats.wkw.writer import write_box
folder, number = Path(sys.argv[1]), int(sys.argv[2])
header = WkwHeader.read(folder / "header.wkw")
print("ready", flush=True)
sys.stdin.readline()
for step in range(4):
    # Slabs of 5 voxels along x: each block of 8 belongs to two or three of the four processes.
    write_box(folder, header, (5 * number, step * 10, 3), np.full((5, 10, 20), 10 * step + number + 1, np.uint8))
"""

STUCK = """
import sys
from pathlib import Path
import numpy as np
from voxshelf.formats.wkw.header import WkwHeader
from voxshelf.formats.wkw.writer import write_box
folder = Path(sys.argv[1])
def progress(done, total):
    if done * 2 >= total:
        print("half", flush=True)
        sys.stdin.readline()  # nobody ever writes: the parent kills us here
write_box(folder, WkwHeader.read(folder / "header.wkw"), (3, 3, 3), np.full((58, 58, 58), 9, np.uint8), progress=progress)
"""


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def kill_while_writing(folder: Path) -> None:
    with start(STUCK, folder) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half\n"
        process.kill()


def read_with_wkw(folder: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    with wkw.Dataset.open(str(folder)) as dataset:
        voxels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]] = dataset.read((0, 0, 0), (64, 64, 64))[0]
        return voxels


@pytest.mark.parametrize("block_type", [BlockType.RAW, BlockType.LZ4])
def test_four_processes_write_into_the_same_blocks_and_no_voxel_is_lost(
    tmp_path: Path, block_type: BlockType
) -> None:
    folder = tmp_path / "1"
    create_mag_folder(folder, WkwHeader("uint8", block_len=8, file_len=8, block_type=block_type))
    processes = [start(WRITER, folder, number) for number in range(4)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.communicate("go\n")
    assert [process.returncode for process in processes] == [0, 0, 0, 0]
    expected = np.zeros((64, 64, 64), np.uint8)
    for number in range(4):
        for step in range(4):
            expected[5 * number : 5 * number + 5, step * 10 : step * 10 + 10, 3:23] = 10 * step + number + 1
    assert np.array_equal(read_with_wkw(folder), expected)
    assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == ["header.wkw", "x0.wkw"]


def test_a_killed_writer_leaves_the_old_compressed_file_and_the_next_one_cleans_up(tmp_path: Path) -> None:
    folder, header = tmp_path / "1", WkwHeader("uint8", block_len=8, file_len=8)
    create_mag_folder(folder, header)
    old = np.random.default_rng(0).integers(0, 200, (64, 64, 64), np.uint8)
    write_box(folder, header, (0, 0, 0), old)
    kill_while_writing(folder)
    file = cube_path(folder, (0, 0, 0))
    assert np.array_equal(read_with_wkw(folder), old)
    assert len(list(file.parent.glob(".x0.wkw.*.tmp"))) == 1, "it was killed before it made a file"
    write_box(folder, header, (0, 0, 0), np.full((2, 2, 2), 250, np.uint8))
    old[:2, :2, :2] = 250
    assert np.array_equal(read_with_wkw(folder), old)
    assert [path.name for path in file.parent.iterdir()] == ["x0.wkw"]


def test_a_killed_writer_of_a_new_file_leaves_no_file(tmp_path: Path) -> None:
    create_mag_folder(tmp_path / "1", WkwHeader("uint8", block_len=8, file_len=8))
    kill_while_writing(tmp_path / "1")
    assert not cube_path(tmp_path / "1", (0, 0, 0)).exists()
    assert not read_with_wkw(tmp_path / "1").any()


def test_a_killed_writer_into_a_raw_file_changes_nothing_outside_of_its_box(tmp_path: Path) -> None:
    folder, header = tmp_path / "1", WkwHeader("uint8", block_len=8, file_len=8, block_type=BlockType.RAW)
    create_mag_folder(folder, header)
    old = np.random.default_rng(0).integers(10, 200, (64, 64, 64), np.uint8)
    write_box(folder, header, (0, 0, 0), old)
    kill_while_writing(folder)
    found = read_with_wkw(folder)
    inside = (slice(3, 61),) * 3
    assert set(np.unique(found[inside][found[inside] != old[inside]])) == {9}
    found[inside] = old[inside]
    assert np.array_equal(found, old)


def test_the_lock_file_is_gone_after_the_work(tmp_path: Path) -> None:
    with locked(tmp_path / "x0.wkw"):
        assert [path.name for path in tmp_path.iterdir()] == [".x0.wkw.lock"]
    assert not list(tmp_path.iterdir())
