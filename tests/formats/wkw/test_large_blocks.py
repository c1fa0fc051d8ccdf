"""Blocks of more than a few megabytes are decoded in pieces: with the same voxels, in little memory."""

from __future__ import annotations

import struct
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import lz4.block
import numpy as np
import pytest
import wkw

from voxshelf.errors import DamagedDataError
from voxshelf.formats.wkw import WkwArray, WkwHeader
from voxshelf.formats.wkw.cube_file import CubeFile
from voxshelf.formats.wkw.read_plan import LARGE_BLOCK
from voxshelf.formats.wkw.reading import Target, read_part

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import HandMade, InMemory

    Make = Callable[..., HandMade]

SIDE = 128


def voxels_of(kind: str, channels: int = 1) -> np.ndarray[Any, Any]:
    """Noise has literals longer than the buffer, runs have matches longer than the window."""
    random = np.random.default_rng(4)
    shape = (channels, SIDE, SIDE, SIDE)
    noise = random.integers(0, 2**32, shape, np.uint32)
    if kind == "noise":
        return np.asfortranarray(noise)
    if kind == "runs":
        noise[:, :, :, 3:] = 7
        return np.asfortranarray(noise)
    return np.asfortranarray(noise // 2**29 + np.arange(SIDE, dtype=np.uint32) // 9)


@pytest.mark.parametrize("kind", ["noise", "runs", "both"])
@pytest.mark.parametrize("channels", [1, 2])
def test_they_hold_what_wkw_wrote(tmp_path: Path, kind: str, channels: int) -> None:
    voxels = voxels_of(kind, channels)
    assert voxels.nbytes > LARGE_BLOCK
    header = wkw.Header(
        np.uint32, channels, block_len=SIDE, file_len=1, block_type=wkw.Header.BLOCK_TYPE_LZ4HC
    )
    with wkw.Dataset.create(str(tmp_path / "1"), header) as dataset:
        dataset.write((0, 0, 0), voxels)
    array = WkwArray.open(tmp_path / "1")
    for lower, upper in (
        ((0, 0, 0), (128, 128, 128)),
        ((5, 60, 0), (9, 61, 128)),
        ((0, 0, 127), (128, 128, 128)),
        ((17, 3, 64), (120, 100, 65)),
        ((127, 127, 0), (128, 128, 3)),
    ):
        box = tuple(slice(a, b) for a, b in zip(lower, upper, strict=True))
        found = array.read(lower, np.subtract(upper, lower).tolist())
        assert np.array_equal(found.reshape((channels, *found.shape[-3:])), voxels[(slice(None), *box)])


def test_several_of_them_are_read_together(tmp_path: Path) -> None:
    whole = np.asfortranarray(np.tile(voxels_of("both")[0], (2, 2, 1)))
    header = wkw.Header(np.uint32, block_len=SIDE, file_len=2, block_type=wkw.Header.BLOCK_TYPE_RAW)
    with wkw.Dataset.create(str(tmp_path / "raw"), header) as dataset:
        dataset.write((0, 0, 0), whole)
        dataset.compress(str(tmp_path / "lz4"), compress_files=True)
    found = WkwArray.open(tmp_path / "lz4").read((40, 50, 60), (200, 190, 150))
    expected = np.zeros((200, 190, 150), np.uint32)
    expected[:, :, :68] = whole[40:240, 50:240, 60:]
    assert np.array_equal(found, expected)


def test_damage_is_told_where_lz4_tells_it(hand_made: Make) -> None:
    made = hand_made(dtype="uint32", side=SIDE, blocks=1)
    made.voxels = voxels_of("both")
    good = lz4.block.compress(made.block((0, 0, 0)), store_size=False)
    random = np.random.default_rng(8)
    refused = 0
    for _ in range(40):
        stored = bytearray(good)
        for at in random.integers(0, len(good), random.integers(1, 4)):
            stored[at] = random.integers(256)
        garbled = bytes(stored[: random.integers(len(good) // 2, len(good) + 1)])
        made.write(made.file_bytes([garbled]))
        try:
            expected = lz4.block.decompress(garbled, uncompressed_size=made.voxels.nbytes)
        except lz4.block.LZ4BlockError:
            expected = b""
        if len(expected) == made.voxels.nbytes:
            found = WkwArray.open(made.folder).read((0, 0, 0), (SIDE,) * 3)
            assert found.tobytes(order="F") == expected
        else:
            refused += 1
            with pytest.raises(DamagedDataError, match="LZ4"):
                WkwArray.open(made.folder).read((0, 0, 0), (SIDE,) * 3)
    assert refused > 10


@pytest.mark.parametrize("kind", ["noise", "runs", "both"])
def test_they_come_from_a_server_too(hand_made: Make, server: type[InMemory], kind: str) -> None:
    made = hand_made(dtype="uint32", side=SIDE, blocks=1)
    made.voxels = voxels_of(kind)
    source, header = server(made.file_bytes()), WkwHeader.read(made.path)
    for lower, upper in (((0, 0, 0), (SIDE,) * 3), ((3, 9, 40), (90, 100, 41))):
        out = np.zeros(np.subtract(upper, lower), np.uint32, order="F")
        target = Target(out.ctypes.data, out.strides[1], out.strides[2])
        assert read_part(CubeFile(source, header), lower, upper, target, cache=None) is None
        box = tuple(slice(a, b) for a, b in zip(lower, upper, strict=True))
        assert np.array_equal(out, made.voxels[(0, *box)])


MEASURE = """
import resource, sys
from voxshelf.formats import compile_kernels
from voxshelf.formats.wkw import WkwArray
compile_kernels()
array = WkwArray.open(sys.argv[1])
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
before = peak()
voxels = array.read((0, 0, 1000), (1024, 1024, 1))
assert (voxels == 5).all()
print(peak() - before - voxels.nbytes)
"""


def test_a_few_bytes_that_stand_for_a_gigabyte_take_no_gigabyte(tmp_path: Path) -> None:
    side, length = 1024, 1024**3
    # One literal 5, then a single match that repeats it to the end, then five literals.
    extra = length - 1 - 5 - 4 - 15
    block = b"\x1f\x05\x01\x00" + b"\xff" * (extra // 255) + bytes([extra % 255]) + b"\x50" + b"\x05" * 5
    header = WkwHeader("uint8", block_len=side, file_len=1).for_cube_file().to_bytes()
    path = tmp_path / "z0" / "y0" / "x0.wkw"
    path.parent.mkdir(parents=True)
    path.write_bytes(header + struct.pack("<Q", 24 + len(block)) + block)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 64 * 1024 * 1024
