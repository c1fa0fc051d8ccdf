"""Slices of thick chunks: decoded once, and anew as soon as a file changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import zarr
from hypothesis import given
from hypothesis import strategies as st

from voxshelf.errors import DamagedDataError
from voxshelf.formats.zarr.array import ZarrArray
from voxshelf.formats.zarr.slabs import LARGEST, SlabCache, slab_around

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

THREE = st.tuples(*[st.integers(1, 60)] * 3)


class Reads:
    """Counts how often it is read."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> NDArray[Any]:
        self.count += 1
        return np.full(25, self.count, np.int32)


def _get_until_kept(cache: SlabCache, key: Any, files: list[Path], read: Reads) -> None:
    """Files that were just written are not trusted; some moments later they are."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        before = read.count
        cache.get(key, files, read)
        if read.count == before:
            return
    pytest.fail("nothing is ever kept")


def test_a_slab_is_kept_until_one_of_its_files_changes_comes_or_goes(tmp_path: Path) -> None:
    here, other = tmp_path / "a", tmp_path / "b"
    here.write_bytes(b"1")
    cache, read = SlabCache(), Reads()
    _get_until_kept(cache, "k", [here, other], read)
    for change in (lambda: here.write_bytes(b"22"), lambda: other.write_bytes(b"3"), here.unlink):
        known = read.count
        change()
        assert cache.get("k", [here, other], read)[0] == known + 1
        _get_until_kept(cache, "k", [here, other], read)


def test_no_more_is_kept_than_the_limit(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    cache, read = SlabCache(limit=250), Reads()
    for key in "xyz":
        _get_until_kept(cache, key, [tmp_path / "a"], read)
    known = read.count
    cache.get("z", [tmp_path / "a"], read)
    cache.get("y", [tmp_path / "a"], read)
    assert read.count == known
    cache.get("x", [tmp_path / "a"], read)
    assert read.count == known + 1


@given(lower=THREE, size=THREE, block=THREE, more=THREE, voxel_bytes=st.sampled_from([1, 8]))
def test_a_slab_holds_its_box_and_ends_with_chunks_or_the_array(
    lower: Any, size: Any, block: Any, more: Any, voxel_bytes: int
) -> None:
    upper = tuple(a + b for a, b in zip(lower, size, strict=True))
    shape = tuple(a + b for a, b in zip(upper, more, strict=True))
    found = slab_around(lower, upper, block, shape, voxel_bytes)
    if found is None:
        return
    first, last = found
    assert np.prod(np.subtract(last, first)) * voxel_bytes <= LARGEST
    wider = [axis for axis in range(3) if (first[axis], last[axis]) != (lower[axis], upper[axis])]
    assert len(wider) == 1
    (axis,) = wider
    assert first[axis] <= lower[axis] < upper[axis] <= last[axis]
    assert first[axis] % block[axis] == 0
    assert last[axis] % block[axis] == 0 or last[axis] == shape[axis]


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_slices_stay_right_while_somebody_writes(tmp_path: Path, axis: int) -> None:
    stored = zarr.create_array(tmp_path / "1", shape=(32, 32, 32), chunks=(16, 16, 16), dtype="uint8")
    array = ZarrArray.open(tmp_path / "1")
    corner, size = [0, 0, 0], [32, 32, 32]
    corner[axis], size[axis] = 5, 1
    for value in (0, 1, 2, 3):
        if value:
            stored[...] = value
        for _ in range(3):
            voxels = array.read(corner, size)
            assert (voxels == value).all()
            voxels[...] = 99  # what was handed out is its owner's
    shutil.rmtree(tmp_path / "1")
    with pytest.raises(DamagedDataError):
        array.read(corner, size)


_FORKED = """
import os, signal, sys
from pathlib import Path
from voxshelf.formats.zarr.array import ZarrArray
from voxshelf.formats.zarr.slabs import slabs
array = ZarrArray.open(Path(sys.argv[1]))
array.read((0, 0, 0), (32, 32, 1))
slabs._lock.acquire()  # as another thread may have it at that moment
child = os.fork()
if child == 0:
    signal.alarm(20)
    os._exit(0 if array.read((0, 0, 1), (32, 32, 1)).min() == 3 else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_process_reads_slabs_too(tmp_path: Path) -> None:
    zarr.create_array(tmp_path / "1", shape=(32, 32, 32), dtype="uint8", chunks=(16, 32, 32))[...] = 3
    done = subprocess.run(
        [sys.executable, "-c", _FORKED, str(tmp_path / "1")], check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
