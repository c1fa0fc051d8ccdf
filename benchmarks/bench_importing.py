"""What somebody waits for before anything happens: importing, in fresh processes, beside ``import webknossos``.

All in turns, medians. ``import voxshelf`` alone loads nothing, since its names are looked up when they are first
used; so the time to the first handle, and to the first voxels of a small dataset, are told too.

Run it alone: ``python -m benchmarks.bench_importing``.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import voxshelf as vx
from benchmarks.peers import WITHOUT_WEBKNOSSOS, webknossos_python
from benchmarks.running import run_alone
from benchmarks.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAVY = ("numba", "zarr", "dask", "ipywidgets", "sqlalchemy", "pandas")
_TIMED = "import time; s = time.perf_counter(); {work}; print((time.perf_counter() - s) * 1e3)"
_OURS = {
    "import voxshelf": "import voxshelf",
    "import voxshelf and open a dataset": "import voxshelf; voxshelf.open_dataset({path!r})",
    "import voxshelf and read a first slice": "import voxshelf; voxshelf.open_dataset({path!r})['color'][:, :, 5]",
}
_THEIRS = "import webknossos"


def _milliseconds(python: Path | str, work: str) -> float:
    done = subprocess.run(
        [python, "-c", _TIMED.format(work=work)], check=True, capture_output=True, text=True
    )
    return float(done.stdout.split()[-1])


def _loaded_too_early() -> list[str]:
    script = f"import sys, voxshelf; print(*[m for m in {_HEAVY!r} if m in sys.modules])"
    return subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    ).stdout.split()


def rows(*, quick: bool = False) -> Iterator[Row | str]:
    """Import times, and what was imported too early."""
    peer = webknossos_python()
    if peer is None:
        yield WITHOUT_WEBKNOSSOS
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "small")
        layer = vx.create_dataset(path, voxel_size=(8, 8, 8)).add_layer(
            "color", category="color", dtype="uint8"
        )
        layer.write(np.ones((64, 64, 16), np.uint8))
        times: dict[str, list[float]] = {what: [] for what in (*_OURS, _THEIRS)}
        for _ in range(3 if quick else 9):
            for what, work in _OURS.items():
                times[what].append(_milliseconds(sys.executable, work.format(path=path)))
            if peer is not None:
                times[_THEIRS].append(_milliseconds(peer, _THEIRS))
    theirs = {_THEIRS: statistics.median(times[_THEIRS])} if peer is not None else {}
    for number, what in enumerate(_OURS):
        goal = 3.0 if number == 0 and theirs else None
        yield Row(what, statistics.median(times[what]), peers=theirs, goal=goal)
    yield Row(
        "numba, zarr, widgets … loaded too early", float(len(_loaded_too_early())), unit="of 6", limit=0
    )


if __name__ == "__main__":
    run_alone(rows, __doc__)
