"""Edits of one store by 8 processes at once: how many a second, how long one takes, and that none is lost.

Each process makes 200 edits of details, one after the other, each checked against the version that it started from and
made again if somebody else was faster; every edit is one transaction with its history and its log. They go to datasets
of the process's own, to 50 datasets that all processes edit, and (a tenth as many) to one dataset. PostgreSQL is a server of its own with a
durable disk (``fsync`` on), where its server binaries are installed.

Run it alone: ``python -m benchmarks.bench_edits``.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.running import run_alone
from benchmarks.table import Row
from voxshelf.store import LocalDatasetStore
from voxshelf.testing.companions import Companions
from voxshelf.testing.folders import write_dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

PROCESSES = 8
EDITS = 200
DATASETS = 50

_PREPARE = """
import json, random, time
from voxshelf.errors import EditConflict
dice, took, again = random.Random(number), [], 0
"""
_WORK = """
for _ in range({edits}):
    key = f"lab/d{{dice.choice({numbers})}}"
    begun = time.perf_counter()
    while True:
        record = store.record(key)
        entry = dict(key="count", type="number", value=record.metadata[0].value + 1)
        try:
            store.update_details(key, metadata=[entry], version=record.version)
            break
        except EditConflict:
            again += 1
    took.append(time.perf_counter() - begun)
print(json.dumps([took, again]))
"""


_PLACES = {
    "own datasets": f"range(number, {DATASETS}, {PROCESSES})",
    "shared datasets": f"range({DATASETS})",
    "one dataset": "range(1)",
}


def _edited(root: Path, url: str, database: str, where: str, edits: int) -> Iterator[Row | str]:
    edits, what = edits // 10 if where == "one dataset" else edits, f"{database}, {where}"
    keys = [f"lab/d{number}" for number in range(DATASETS)]
    with LocalDatasetStore(root, catalog_url=url or None) as store:
        store.refresh()
        for key in keys:
            store.update_details(key, metadata=[{"key": "count", "type": "number", "value": 0}])
        work = _WORK.format(edits=edits, numbers=_PLACES[where])
        companions = Companions(root, url, PROCESSES, work=work, prepare=_PREPARE)
        started = time.perf_counter()
        companions.go()
        answers = [json.loads(answer) for answer in companions.answers()]
        seconds = time.perf_counter() - started
        counted = sum(int(str(store.record(key).metadata[0].value)) for key in keys)
    if counted != PROCESSES * edits:
        raise SystemExit(f"{PROCESSES * edits - counted} of {PROCESSES * edits} edits were lost")
    took = sorted(1e3 * one for times, _ in answers for one in times)
    yield Row(f"{what}: {PROCESSES} × {edits} edits", PROCESSES * edits / seconds, unit="tx/s")
    yield Row(f"{what}: median", statistics.median(took))
    yield Row(f"{what}: 99 of 100", took[int(0.99 * len(took))])
    again = sum(number for _, number in answers)
    yield f"   none lost; {again} were made again because somebody else was faster"


@contextmanager
def _postgresql() -> Iterator[str]:
    """The URL of a durable server's database; empty where there is no server."""
    from voxshelf.testing.postgresql import PostgresServer, find_binaries  # noqa: PLC0415 - needs its driver

    binaries = find_binaries()
    if binaries is None:
        yield ""
        return
    server = PostgresServer(binaries, is_durable=True)
    try:
        yield server.new_database()
    finally:
        server.stop()


def rows(*, quick: bool = False) -> Iterator[Row | str]:
    """Edits here and there, on both databases; ``quick``: a tenth of them."""
    edits = EDITS // 10 if quick else EDITS
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="voxshelf-bench-")))
        for number in range(DATASETS):
            for place in ("sqlite", "postgresql"):
                write_dataset(folder / place, f"lab/d{number}")
        for where in _PLACES:
            yield from _edited(folder / "sqlite", "", "SQLite", where, edits)
        try:
            url = stack.enter_context(_postgresql())
        except ImportError:
            url = ""
        if not url:
            yield "left out: PostgreSQL's server binaries or its driver are not installed"
            return
        for where in _PLACES:
            yield from _edited(folder / "postgresql", url, "PostgreSQL", where, edits)


if __name__ == "__main__":
    run_alone(rows, __doc__)
