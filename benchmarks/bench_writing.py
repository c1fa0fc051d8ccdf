"""Writing, compressing and downsampling 512³ voxels, beside the ``wkw`` package and the ``webknossos`` CLI.

Everything is written to an empty folder beside the benchmark data and compared with its source afterwards. We
bring every file to the disk (fsync) before it counts; the others do not.

``webknossos`` takes part where ``$VOXSHELF_BENCH_WEBKNOSSOS`` names its executable, which has to live in an
environment of its own: ``python -m venv E; E/bin/pip install webknossos``. Its time contains the start of its
interpreter, as everybody who calls it waits for that too.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import wkw

from benchmarks.data import cache_folder, volume
from voxshelf.dataset.downsampling import DownsampleMode, downsample_mag
from voxshelf.formats.wkw import BlockType, WkwArray, WkwHeader
from voxshelf.model import BoundingBox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIDE = 512
MODES = {"em": DownsampleMode.MEDIAN, "seg": DownsampleMode.MODE}


@dataclass(frozen=True)
class Result:
    """One line of the table.

    Parameters
    ----------
    what : str
        What was done, to which data.
    seconds : float
        Our time.
    peer : str
        Who else did it; empty where nobody did.
    peer_seconds : float
        Its time.
    goal : float
        How many times faster we want to be; 0 where there is no goal.
    """

    what: str
    seconds: float
    peer: str = ""
    peer_seconds: float = 0.0
    goal: float = 0.0

    def __str__(self) -> str:
        line = f"{self.what:<44} {self.seconds:8.2f} s"
        if not self.peer:
            return line
        ratio = self.peer_seconds / self.seconds
        verdict = "" if not self.goal else f"  goal {self.goal:g}×: {'yes' if ratio >= self.goal else 'NO'}"
        return f"{line}   {self.peer} {self.peer_seconds:.2f} s = {ratio:.1f}×{verdict}"


@contextmanager
def _empty_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=cache_folder()) as folder:
        yield Path(folder)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _source(name: str) -> np.ndarray[Any, Any]:
    return np.asfortranarray(volume(name, quick=True).source[:SIDE, :SIDE, :SIDE])


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


def writing() -> Iterator[Result]:
    """Writing raw, LZ4 and LZ4HC, and compressing what is raw."""
    for name in MODES:
        voxels = _source(name)
        with _empty_folder() as folder:
            _write(folder / "warm", voxels[:128, :128, :128], BlockType.LZ4)
            write, compress = _wkw_write_and_compress(folder, voxels)
            peer, both = "wkw write + compress", write + compress
            raw, seconds = _write(folder / "raw", voxels, BlockType.RAW)
            yield Result(f"{name}: write raw", seconds, "wkw", write)
            yield Result(
                f"{name}: write LZ4", _write(folder / "1", voxels, BlockType.LZ4)[1], peer, both, 1.5
            )
            yield Result(f"{name}: write LZ4HC", _write(folder / "2", voxels, BlockType.LZ4HC)[1], peer, both)
            yield Result(f"{name}: compress raw to LZ4HC in place", _seconds(raw.compress), "wkw", compress)


def downsampling() -> Iterator[Result]:
    """Mag 1 to mag 2, reading and writing compressed files."""
    for name, mode in MODES.items():
        voxels = _source(name)
        for block_type in (BlockType.LZ4, BlockType.LZ4HC):
            with _empty_folder() as folder:
                source = _write(folder / "color" / "1", voxels, block_type)[0]
                _downsample(source, folder / "warm", mode, 128)
                seconds = _seconds(partial(_downsample, source, folder / "2", mode, SIDE))
                what = f"{name}: downsample by {mode}, {block_type.name}"
                yield Result(what, seconds, *_webknossos(folder, name))


def _downsample(source: WkwArray, folder: Path, mode: DownsampleMode, side: int) -> None:
    target = WkwArray.create(folder, source.header)
    downsample_mag(source, target, (2, 2, 2), BoundingBox((0, 0, 0), (side, side, side)), mode)


def _webknossos(folder: Path, name: str) -> tuple[Any, ...]:
    """Name, seconds and goal of the ``webknossos`` CLI on the same files; nothing where it is not installed."""
    executable = os.environ.get("VOXSHELF_BENCH_WEBKNOSSOS")
    if not executable:
        return ()
    category = "segmentation" if name == "seg" else "color"
    layer: dict[str, Any] = {
        "name": "color",
        "category": category,
        "boundingBox": {"topLeft": [0, 0, 0], "width": SIDE, "height": SIDE, "depth": SIDE},
        "elementClass": "uint32" if name == "seg" else "uint8",
        "dataFormat": "wkw",
        "mags": [{"mag": [1, 1, 1], "cubeLength": 1024}],
        "numChannels": 1,
    }
    if name == "seg":
        layer["largestSegmentId"] = None
    document = {
        "id": {"name": "bench", "team": ""},
        "scale": {"factor": [10, 10, 10], "unit": "nanometer"},
        "dataLayers": [layer],
        "version": 1,
    }
    (folder / "datasource-properties.json").write_text(json.dumps(document))
    command = [executable, "downsample", str(folder), "--coarsest-mag", "2"]
    seconds = _seconds(lambda: subprocess.run(command, check=True, capture_output=True))
    return "webknossos downsample", seconds, 3.0


def main() -> None:
    """Print the table."""
    for rows in (writing, downsampling):
        for row in rows():
            print(row, flush=True)


if __name__ == "__main__":
    main()
