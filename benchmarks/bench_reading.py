"""Reading: ours beside ``wkw`` and, where it is installed, tensorstore on a sharded Zarr v3 copy.

All read the same boxes of the same data in the same run, one after the other at each position, so that a busy
machine slows all of them alike; medians over positions. Before each of our cold reads the cache of decoded
blocks is emptied; files are in the page cache for everyone. Every first result is compared with the source.

Run it alone: ``python -m benchmarks.bench_reading``.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import wkw

from benchmarks.data import volume
from benchmarks.running import run_alone
from benchmarks.table import Row
from voxshelf.formats import compile_kernels
from voxshelf.formats.wkw import WkwArray
from voxshelf.formats.wkw.block_cache import shared_cache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.data import Volume

    Box = tuple[tuple[int, int, int], tuple[int, int, int]]
    Read = Callable[[Box], np.ndarray[Any, Any]]

_SCROLLED = 48
WARM_UP = 5
"""Boxes that are read before the clock counts: the first ones wake processors and threads."""


@dataclass(frozen=True)
class Case:
    """A line of the table: what is read, how often, and how many times faster than ``wkw`` we want to be."""

    what: str
    size: tuple[int, int, int]
    repeats: int
    goals: dict[str, float]


def _cases(shape: tuple[int, int, int], *, quick: bool) -> list[Case]:
    x, y, z = shape
    few = 3 if quick else 1
    return [
        Case(
            "XY slice, cold", (x, y, 1), 30 // few, {"em lz4": 4, "seg lz4": 1.8, "em raw": 10, "seg raw": 10}
        ),
        Case("XZ slice, cold", (x, 1, z), 15 // few, {}),
        Case("32³ box", (32, 32, 32), 90 // few, {"em lz4": 1.5, "seg lz4": 1.5}),
        Case("128³ box", (128, 128, 128), 30 // few, {"em lz4": 1.5, "seg lz4": 1.5}),
        Case("512³ box", (512, 512, 512), 1 if quick else 7, {"em lz4": 1.5, "seg lz4": 1}),
    ]


def rows(*, quick: bool = False) -> Iterator[Row | str]:
    """Boxes of several shapes at random, and slices one after the other."""
    compile_kernels()
    for name in ("em", "seg"):
        data = volume(name, quick=quick)
        if data.zarr is None:
            yield "(tensorstore takes no part: it is not installed)"
        for kind, folder in (("lz4", data.lz4), ("raw", data.raw)):
            yield from _rows_of(data, f"{name} {kind}", folder, quick=quick)


def _rows_of(data: Volume, label: str, folder: Path, *, quick: bool) -> Iterator[Row]:
    source = data.source
    array = WkwArray.open(folder)
    readers: dict[str, Read] = {"ours": lambda box: array.read(*box)}
    with wkw.Dataset.open(str(folder)) as peer:
        readers["wkw"] = lambda box: peer.read(*box)[0]
        if array.header.is_compressed and data.zarr is not None:
            readers["tensorstore"] = _tensorstore(data.zarr)
        for case in _cases(source.shape, quick=quick):
            boxes = _boxes(case, source.shape)
            _require_equal(readers, boxes[0], source)
            medians = _medians(readers, boxes)
            ours = medians.pop("ours")
            yield Row(f"{label}: {case.what}", ours, peers=medians, goal=case.goals.get(label))
    if array.header.is_compressed:
        yield from _scrolling(array, label, source)


def _tensorstore(path: Path) -> Read:
    import tensorstore as ts  # noqa: PLC0415 - takes part only where it is installed

    spec = {"driver": "zarr3", "kvstore": {"driver": "file", "path": str(path)}}
    array = ts.open(spec, open=True, read=True).result()

    def read(box: Box) -> np.ndarray[Any, Any]:
        part = tuple(slice(a, a + s) for a, s in zip(*box, strict=True))
        return array[part].read(order="F").result()

    return read


def _boxes(case: Case, shape: tuple[int, ...]) -> list[Box]:
    random = np.random.default_rng(len(case.what))
    boxes = []
    for _ in range(case.repeats):
        x, y, z = (int(random.integers(side - s + 1)) for side, s in zip(shape, case.size, strict=True))
        boxes.append(((x, y, z), case.size))
    return boxes


def _require_equal(readers: dict[str, Read], box: Box, source: np.ndarray[Any, Any]) -> None:
    expected = source[tuple(slice(a, a + s) for a, s in zip(*box, strict=True))]
    for name, read in readers.items():
        if not np.array_equal(read(box), expected):
            raise SystemExit(f"{name} reads other voxels than the source has at {box}.")


def _medians(readers: dict[str, Read], boxes: list[Box]) -> dict[str, float]:
    """Milliseconds by reader: ours and wkw's in turn, then tensorstore's, whose threads linger after each read."""
    together = {name: read for name, read in readers.items() if name != "tensorstore"}
    apart = {name: read for name, read in readers.items() if name == "tensorstore"}
    return _medians_in_turn(together, boxes) | _medians_in_turn(apart, boxes)


def _medians_in_turn(readers: dict[str, Read], boxes: list[Box]) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in readers}
    for box in boxes[:WARM_UP] + boxes:
        for name, read in readers.items():
            if name == "ours":
                _empty_cache(read, box)
            start = time.perf_counter()
            voxels = read(box)
            times[name].append((time.perf_counter() - start) * 1e3)
            del voxels
    return {name: statistics.median(values[WARM_UP:]) for name, values in times.items()}


def _empty_cache(read: Read, box: Box) -> None:
    """Forget all decoded blocks; the tables of the cache are made anew here, not in the time taken."""
    shared_cache.clear()
    read(((box[0][0], box[0][1], 1 << 30), (1, 1, 1)))


def _scrolling(array: WkwArray, label: str, source: np.ndarray[Any, Any]) -> Iterator[Row]:
    """One slice after the other in z; the first is cold, the second fills the cache."""
    size = (source.shape[0], source.shape[1], 1)
    cold: list[float] = []
    warm: list[float] = []
    for first in (32, 150, 301):
        shared_cache.clear()
        for z in range(first, first + _SCROLLED):
            start = time.perf_counter()
            voxels = array.read((0, 0, z), size)
            taken = (time.perf_counter() - start) * 1e3
            if not np.array_equal(voxels[:, :, 0], source[:, :, z]):
                raise SystemExit(f"Scrolling gives other voxels than the source has at z = {z}.")
            (cold if z == first else warm).append(taken)
    own = {"own cold slice": statistics.median(cold)}
    yield Row(f"{label}: next XY slice, median", statistics.median(warm), peers=own, goal=10)
    yield Row(f"{label}: next XY slice, mean with those that fill", statistics.mean(warm), peers=own)


if __name__ == "__main__":
    run_alone(rows, __doc__)
