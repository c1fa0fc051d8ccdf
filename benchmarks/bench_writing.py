"""Writing, compressing and downsampling 512³ voxels, beside the ``wkw`` package and ``webknossos``.

Everything is written to an empty folder beside the benchmark data and compared with its source afterwards. We
bring every file to the disk (fsync) before it counts; the others do not. ``webknossos`` downsamples the same files in
a process of its own; its time is that of the call alone, without the start of its interpreter.

Run it alone: ``python -m benchmarks.bench_writing``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import wkw

from benchmarks.data import cache_folder, volume
from benchmarks.peers import WITHOUT_WEBKNOSSOS, webknossos_python
from benchmarks.running import run_alone
from benchmarks.table import Row
from voxshelf.dataset.downsampling import DownsampleMode, downsample_mag
from voxshelf.formats.wkw import BlockType, WkwArray, WkwHeader
from voxshelf.model import BoundingBox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_FULL_SIDE = 512
_QUICK_SIDE = 256
MODES = {"em": DownsampleMode.MEDIAN, "seg": DownsampleMode.MODE}
_MIB = 1024 * 1024
# What a process needs on top of its voxels while it writes them; a small write first brings in all code. Linux
# forgets the peak so far when 5 is written into clear_refs.
_PEAK = """
import sys
from pathlib import Path
import numpy as np
from voxshelf.formats.wkw import BlockType, WkwArray, WkwHeader
def kib(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))
folder, source, side = sys.argv[1], sys.argv[2], int(sys.argv[3])
voxels = np.array(np.load(source, mmap_mode="r")[:side, :side, :side], order="F")
header = WkwHeader(voxels.dtype, block_type=BlockType.LZ4)
WkwArray.create(folder + "/warm", header).write((0, 0, 0), voxels[:64, :64, :64])
array = WkwArray.create(folder + "/1", header)
Path("/proc/self/clear_refs").write_text("5")
before = kib("VmRSS")
array.write((0, 0, 0), voxels)
print(kib("VmHWM") - before)
"""
_WEBKNOSSOS = """
import sys, time
import webknossos as wk
if __name__ == "__main__":
    layer = wk.Dataset.open(sys.argv[1]).get_layer("color")
    start = time.perf_counter()
    layer.downsample(coarsest_mag=wk.Mag(2), sampling_mode=wk.SamplingModes.ISOTROPIC)
    print("seconds", time.perf_counter() - start)
"""


@contextmanager
def _empty_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=cache_folder()) as folder:
        yield Path(folder)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _source(name: str, side: int) -> np.ndarray[Any, Any]:
    return np.array(volume(name, quick=True).source[:side, :side, :side], order="F")


def _write(folder: Path, voxels: np.ndarray[Any, Any], block_type: BlockType) -> tuple[WkwArray, float]:
    shutil.rmtree(folder, ignore_errors=True)
    array = WkwArray.create(folder, WkwHeader(voxels.dtype, block_type=block_type))
    seconds = _seconds(lambda: array.write((0, 0, 0), voxels))
    if not np.array_equal(array.read((0, 0, 0), voxels.shape), voxels):
        raise SystemExit(f"{folder} does not hold what was written")
    return array, seconds


def _wkw_write_and_compress(folder: Path, voxels: np.ndarray[Any, Any]) -> tuple[float, float]:
    """Seconds of ``wkw`` for raw files, and for LZ4HC files made of them: it cannot write them directly."""
    with wkw.Dataset.create(str(folder / "wkw-raw"), wkw.Header(voxels.dtype.type)) as raw:
        write = _seconds(lambda: raw.write((0, 0, 0), voxels))
        compress = _seconds(lambda: raw.compress(str(folder / "wkw-lz4"), compress_files=True))
    return write, compress


def writing(side: int) -> Iterator[Row]:
    """Writing raw, LZ4 and LZ4HC, and compressing what is raw."""
    for name in MODES:
        voxels = _source(name, side)
        with _empty_folder() as folder:
            _write(folder / "warm", voxels[:128, :128, :128], BlockType.LZ4)
            write, compress = _wkw_write_and_compress(folder, voxels)
            both = {"wkw write + compress": write + compress}
            raw, seconds = _write(folder / "raw", voxels, BlockType.RAW)
            label = f"{name} {side}³"
            yield Row(f"{label}: write raw", seconds, "s", {"wkw": write})
            yield Row(
                f"{label}: write LZ4", _write(folder / "1", voxels, BlockType.LZ4)[1], "s", both, goal=1.5
            )
            yield Row(f"{label}: write LZ4HC", _write(folder / "2", voxels, BlockType.LZ4HC)[1], "s", both)
            yield Row(
                f"{label}: compress raw to LZ4HC in place", _seconds(raw.compress), "s", {"wkw": compress}
            )
        if sys.platform == "linux":
            yield _peak(name, side, voxels.itemsize)


def _peak(name: str, side: int, itemsize: int) -> Row:
    """Memory on top of the voxels; the goal is twice the blocks that lie side by side in x and y."""
    with _empty_folder() as folder:
        source = volume(name, quick=True).folder / "source.npy"
        command = [sys.executable, "-c", _PEAK, str(folder), str(source), str(side)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    limit = 2 * side * side * 32 * itemsize / _MIB
    return Row(f"{name} {side}³: memory on top of the voxels", int(done.stdout) / 1024, "MiB", limit=limit)


def downsampling(side: int) -> Iterator[Row | str]:
    """Mag 1 to mag 2, reading and writing compressed files."""
    peer = webknossos_python()
    if peer is None:
        yield WITHOUT_WEBKNOSSOS
    for name, mode in MODES.items():
        voxels = _source(name, side)
        for block_type in (BlockType.LZ4, BlockType.LZ4HC):
            with _empty_folder() as folder:
                source = _write(folder / "color" / "1", voxels, block_type)[0]
                _downsample(source, folder / "warm", mode, 128)
                seconds = _seconds(partial(_downsample, source, folder / "2", mode, side))
                what = f"{name} {side}³: downsample by {mode}, {block_type.name}"
                if peer is None:
                    yield Row(what, seconds, "s")
                else:
                    theirs = _webknossos(peer, folder, name, side)
                    yield Row(what, seconds, "s", {"webknossos": theirs}, goal=3)


def _downsample(source: WkwArray, folder: Path, mode: DownsampleMode, side: int) -> None:
    target = WkwArray.create(folder, source.header)
    downsample_mag(source, target, (2, 2, 2), BoundingBox((0, 0, 0), (side, side, side)), mode)


def _webknossos(python: Path, folder: Path, name: str, side: int) -> float:
    """Seconds of ``webknossos`` for the same files."""
    (folder / "datasource-properties.json").write_text(json.dumps(_document(name, side)))
    command = [str(python), "-c", _WEBKNOSSOS, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout.split("seconds")[-1])


def _document(name: str, side: int) -> dict[str, Any]:
    layer: dict[str, Any] = {
        "name": "color",
        "category": "segmentation" if name == "seg" else "color",
        "boundingBox": {"topLeft": [0, 0, 0], "width": side, "height": side, "depth": side},
        "elementClass": "uint32" if name == "seg" else "uint8",
        "dataFormat": "wkw",
        "mags": [{"mag": [1, 1, 1], "cubeLength": 1024}],
        "numChannels": 1,
    }
    if name == "seg":
        layer["largestSegmentId"] = None
    return {
        "id": {"name": "bench", "team": ""},
        "scale": {"factor": [10, 10, 10], "unit": "nanometer"},
        "dataLayers": [layer],
        "version": 1,
    }


def rows(*, quick: bool = False) -> Iterator[Row | str]:
    """Writing and downsampling; ``quick``: 256³ instead of 512³."""
    side = _QUICK_SIDE if quick else _FULL_SIDE
    yield from writing(side)
    yield from downsampling(side)


if __name__ == "__main__":
    run_alone(rows, __doc__)
