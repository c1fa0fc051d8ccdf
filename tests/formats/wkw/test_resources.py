"""What reading costs a process: memory, and what it leaves to a forked child."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
import wkw

if TYPE_CHECKING:
    from pathlib import Path

MIB = 1024 * 1024

MEASURE = """
import resource, sys
import numpy as np
from voxshelf.formats import compile_kernels
from voxshelf.formats.wkw import WkwArray

compile_kernels()
array = WkwArray.open(sys.argv[1])
array.read((0, 0, 0), (1, 1, 1))
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
before = peak()
what = sys.argv[2]
if what == "bulk":
    voxels = array.read((0, 0, 0), (512, 512, 128))
    wanted = voxels.nbytes
elif what == "c-order":
    out = np.empty((512, 512, 128), array.dtype)
    out[:] = 1
    before = peak()
    array.read((0, 0, 0), (512, 512, 128), out=out)
    wanted = 0
else:
    for z in range(64):
        for axis in range(3):
            size = [512, 512, 128]
            size[axis] = 1
            corner = [0, 0, 0]
            corner[axis] = z
            voxels = array.read(corner, size)
    wanted = 2 * voxels.nbytes
print(peak() - before - wanted)
"""

FORK = """
import multiprocessing, sys
from voxshelf.formats.wkw import WkwArray

array = WkwArray.open(sys.argv[1])
size = (512, 512, 64)
total = int(array.read((0, 0, 0), size).sum())
array.read((0, 0, 5), (512, 512, 1)), array.read((0, 0, 6), (512, 512, 1))

def work(_):
    array.read((0, 0, 6), (512, 512, 1))
    return int(array.read((0, 0, 0), size).sum())

if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map(work, range(4)) == [total] * 4
    print("same")
"""


@pytest.fixture(scope="module")
def mag(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """512 × 512 × 128 voxels of uint32 with runs, compressed."""
    folder = tmp_path_factory.mktemp("mag")
    random = np.random.default_rng(3)
    coarse = random.integers(0, 9, (64, 64, 16)).astype(np.uint32)
    voxels = np.asfortranarray(coarse.repeat(8, 0).repeat(8, 1).repeat(8, 2))
    header = wkw.Header(np.uint32, file_len=16, block_type=wkw.Header.BLOCK_TYPE_RAW)
    with wkw.Dataset.create(str(folder / "raw"), header) as raw:
        raw.write((0, 0, 0), voxels)
        raw.compress(str(folder / "lz4"), compress_files=True)
    return folder


def run(script: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], check=False, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("what", ["bulk", "c-order", "slices"])
@pytest.mark.parametrize("kind", ["lz4", "raw"])
def test_reading_takes_at_most_64_mib_on_top_of_the_voxels(mag: Path, kind: str, what: str) -> None:
    assert int(run(MEASURE, str(mag / kind), what)) < 64 * MIB


def test_a_forked_child_reads_with_threads_and_cache_of_its_own(mag: Path) -> None:
    assert run(FORK, str(mag / "lz4")) == "same"


def test_a_process_that_opens_and_ends_at_once_ends_well(mag: Path) -> None:
    script = (
        "import sys; from voxshelf.formats.wkw import WkwArray; print(WkwArray.open(sys.argv[1]).cube_len)"
    )
    assert run(script, str(mag / "lz4")) == "512"
