"""Mutated files and files that change under the reader: an error or true voxels, never a dead process.

The work is done in a process of its own, so that a crash or a hang is seen as a failure.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 9

PREPARE = """
import os, random, resource, struct, sys, threading, time
import lz4.block, numpy as np, wkw
from pathlib import Path
from voxshelf.errors import VoxshelfError
from voxshelf.formats import compile_kernels
from voxshelf.formats.wkw import WkwArray

compile_kernels()
# An allocation that a header talks the reader into ends here, in a MemoryError.
resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
folder, seconds = Path(sys.argv[1]), float(sys.argv[2])
source = np.random.default_rng(1)

def make(name, dtype, block_type, block_len=8, file_len=2, channels=1):
    side = block_len * file_len
    voxels = source.integers(0, 5, (channels, side, side, side)).astype(dtype)
    header = wkw.Header(dtype, channels, block_len=block_len, file_len=file_len, block_type=block_type)
    with wkw.Dataset.create(str(folder / name), header) as dataset:
        dataset.write((0, 0, 0), np.asfortranarray(voxels))
    return folder / name / "z0" / "y0" / "x0.wkw", voxels
"""

MUTATE = (
    PREPARE
    + """
random.seed(11)
files = [make("a", np.uint8, 2), make("b", np.uint32, 2), make("c", np.uint16, 1), make("d", np.uint8, 3, 16, 2, 3)]
originals = [(path, path.read_bytes(), voxels) for path, voxels in files]

def mutated(data):
    data = bytearray(data)
    for _ in range(random.choice([1, 1, 2, 8])):
        kind, at = random.randrange(8), random.randrange(len(data))
        if kind == 0:
            data[at] = random.randrange(256)
        elif kind == 1:
            data[at] ^= 1 << random.randrange(8)
        elif kind == 2:
            del data[at:]
        elif kind == 3:
            data[at:at] = random.randbytes(random.randrange(1, 20))
        elif kind == 4:
            del data[at : at + random.randrange(1, 20)]
        elif kind == 5:
            data[random.randrange(min(16, len(data)))] = random.randrange(256)
        elif kind == 6 and len(data) >= 80:
            struct.pack_into("<Q", data, 16 + 8 * random.randrange(8), random.choice([0, 1, 80, len(data), 2**31, 2**63, 2**64 - 1]))
        elif kind == 7:
            data[at : at + 4] = random.choice([b"\\xff" * 4, bytes(4)])
        if not data:
            break
    return bytes(data)

def true_block(data, index, length):
    '''What a block holds by the word of another decoder, or None.'''
    if data[5] == 1:
        start = struct.unpack_from("<Q", data, 8)[0] + index * length
        return data[start : start + length]
    ends = struct.unpack_from("<8Q", data, 16)
    start = ends[index - 1] if index else struct.unpack_from("<Q", data, 8)[0]
    try:
        return lz4.block.decompress(data[start : ends[index]], uncompressed_size=length)
    except lz4.block.LZ4BlockError:
        return None

rounds = errors = 0
stop = time.monotonic() + seconds
while time.monotonic() < stop:
    path, data, voxels = random.choice(originals)
    changed = mutated(data)
    path.write_bytes(changed)
    header = path.parents[2] / "header.wkw"
    kept = header.read_bytes()
    if random.random() < 0.2:
        header.write_bytes(changed[:8] + bytes(8))
    side = voxels.shape[1] // 2
    for index in random.sample(range(8), 3):
        corner = [side * (index >> axis & 1) for axis in range(3)]
        began = time.monotonic()
        try:
            array = WkwArray.open(path.parents[2])
            got = array.read(corner, (side,) * 3, cache=random.choice([None, True, False]))
        except VoxshelfError as error:
            errors += 1
            assert error.hint, error
        else:
            if array.header.block_len == side and array.header.file_len == 2:
                expected = true_block(changed, index, got.nbytes)
                assert expected is not None and got.tobytes(order="F") == expected, (rounds, index)
        assert time.monotonic() - began < 5
        try:
            lower = [random.randrange(-4, 2 * side) for _ in range(3)]
            WkwArray.open(path.parents[2]).read(lower, [random.randrange(1, 20) for _ in range(3)])
        except VoxshelfError:
            errors += 1
    header.write_bytes(kept)
    rounds += 1
assert rounds > 100 and errors > 100, (rounds, errors)
print("survived", rounds, errors)
"""
)

CHANGE = (
    PREPARE
    + """
path, voxels = make("x", np.uint8, 2, 32, 4)
first = path.read_bytes()
other, _ = make("y", np.uint8, 2, 32, 4)
second = other.read_bytes()
again = WkwArray.open(other.parents[2]).read((0, 0, 0), (128,) * 3)
valid = [voxels[0].tobytes(order="F"), again.tobytes(order="F"), bytes(128**3)]
array = WkwArray.open(path.parents[2])
stop = time.monotonic() + seconds
done = threading.Event()

def disturb():
    random.seed(3)
    while not done.is_set():
        kind = random.randrange(5)
        if kind == 0:
            os.truncate(path, random.randrange(len(first))) if path.exists() else None
        elif kind == 1:
            path.unlink(missing_ok=True)
        elif kind == 2:
            path.write_bytes(random.choice([first, second]))
        else:
            fresh = path.with_name("fresh")
            fresh.write_bytes(random.choice([first, second]))
            fresh.replace(path)

thread = threading.Thread(target=disturb)
thread.start()
reads = errors = 0
try:
    while time.monotonic() < stop:
        try:
            got = array.read((0, 0, 0), (128,) * 3)
        except VoxshelfError:
            errors += 1
        else:
            assert got.tobytes(order="F") in valid, "voxels of no version of the file"
        try:
            array.read((0, 0, 7), (128, 128, 1))
        except VoxshelfError:
            errors += 1
        reads += 1
finally:
    done.set()
    thread.join()
print("survived", reads, errors)
"""
)


@pytest.mark.fuzz
@pytest.mark.parametrize("script", [MUTATE, CHANGE], ids=["mutated", "changing"])
def test_the_reader_survives(tmp_path: Path, script: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), str(SECONDS)],
        check=False,
        capture_output=True,
        text=True,
        timeout=SECONDS + 90,
    )
    assert done.returncode == 0, f"exit {done.returncode}\n{done.stdout}{done.stderr}"
    assert done.stdout.startswith("survived")
