"""The store: scans of an unchanged tree beside ``os.walk`` of the same tree, and pages of a long list.

The tree holds 10,000 datasets of two layers each, with JSON, header and one cube file per layer; everything is in
the page cache. The list holds 100,000 datasets in SQLite; a page is 50 records with the total, as a table asks for
it. All medians; the goals are those of the design: a scan takes at most the time of ``os.walk``, a page 50 ms.

Run it alone: ``python -m benchmarks.bench_store``.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from benchmarks.running import run_alone
from benchmarks.table import Row
from voxshelf.catalog import Catalog, add_datasets
from voxshelf.store import LocalDatasetStore
from voxshelf.testing.folders import properties

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FOLDERS = 10_000
ROWS = 100_000
PAGE_GOAL = 0.05
_ORGANIZATIONS = 20
_WORDS = (
    "mouse",
    "cortex",
    "retina",
    "em",
    "lightsheet",
    "human",
    "zebrafish",
    "hippocampus",
    "striatum",
    "sbem",
)
_HOUR_NS = 3600 * 10**9


def _median(work: Callable[[], object], repeats: int = 5) -> float:
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def _make_tree(root: Path, count: int) -> None:
    """Many datasets, whose files are all links to the same few."""
    seed = root / ".seed"
    seed.mkdir(parents=True)
    (seed / "json").write_text(json.dumps(properties({"color": "uint8", "segmentation": "uint32"})))
    (seed / "header").write_bytes(b"WKW\x01\x05\x01\x01\x01" + bytes(8))
    hour_ago = time.time_ns() - _HOUR_NS
    os.utime(seed / "json", ns=(hour_ago, hour_ago))
    for number in range(count):
        folder = root / f"lab{number % _ORGANIZATIONS}" / f"dataset_{number:05d}"
        for layer in ("color", "segmentation"):
            (folder / layer / "1" / "z0" / "y0").mkdir(parents=True)
            (folder / layer / "1" / "header.wkw").hardlink_to(seed / "header")
            (folder / layer / "1" / "z0" / "y0" / "x0.wkw").hardlink_to(seed / "header")
        # A copy: file systems limit how many names a file has.
        (folder / "datasource-properties.json").write_bytes((seed / "json").read_bytes())
        os.utime(folder / "datasource-properties.json", ns=(hour_ago, hour_ago))
        os.utime(folder, ns=(hour_ago, hour_ago))


def _walk(root: Path) -> int:
    return sum(len(files) for _, _, files in os.walk(root))


def scanning(count: int = FOLDERS) -> Iterator[Row]:
    """The first scan of the tree, and one that finds nothing new."""
    with tempfile.TemporaryDirectory(prefix="voxshelf-bench-") as folder:
        root = Path(folder)
        _make_tree(root, count)
        with LocalDatasetStore(root) as store:
            first = store.refresh()
            if len(first.found) != count:
                raise SystemExit(f"found {len(first.found)} of {count}")
            yield Row(f"first scan of {count:,} datasets", first.seconds, unit="s")
            again = _median(store.refresh)
            if store.refresh().unchanged != count:
                raise SystemExit("the tree changed")
        walk = _median(lambda: _walk(root), 3)
    yield Row(f"scan of {count:,} datasets, unchanged", again * 1e3, peers={"os.walk": walk * 1e3}, goal=1)


def _fill(catalog: Catalog, count: int) -> None:
    """Datasets with everything that a list shows; their keys hold words and a number."""
    dice = random.Random(7)
    layers = json.dumps(_layers())
    for start in range(0, count, 5000):
        keys = [
            f"lab{number % _ORGANIZATIONS}/{dice.choice(_WORDS)}_{dice.choice(_WORDS)}_{number:06d}"
            for number in range(start, start + 5000)
        ]
        with catalog.writing() as writing:
            add_datasets(writing, keys)
    with catalog.writing() as writing:
        writing.session.execute(
            text(
                "UPDATE datasets SET status = CASE id % 10 WHEN 0 THEN 'NOT_IMPORTED' ELSE 'READY' END, "
                "voxel_size = :size, layers = :layers, has_color = 1, has_segmentation = 1, changed = changed + id"
            ),
            {"size": '{"factor": [11.24, 11.24, 28.0], "unit": "nanometer"}', "layers": layers},
        )


def _layers() -> list[dict[str, Any]]:
    box = {"topleft": [0, 0, 0], "size": [1024, 1024, 512]}
    common = {"bounding_box": box, "mags": [[1, 1, 1], [2, 2, 1], [4, 4, 2]], "data_format": "wkw"}
    return [
        {"name": "color", "category": "color", "element_class": "uint8", **common},
        {"name": "segmentation", "category": "segmentation", "element_class": "uint32", **common},
    ]


QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("by name", {}),
    ("by change, newest first", {"sort": "changed", "descending": True}),
    ("at offset 9,000", {"offset": 9_000}),
    ("of one organization", {"organization": "lab7"}),
    ("not imported yet, by status", {"status": "not imported yet", "sort": "status"}),
    ("search a rare word", {"search": "_004321"}),
    ("search a common word", {"search": "cortex", "sort": "changed", "descending": True}),
    ("search what all have", {"search": "lab"}),
    ("search two words", {"search": "mouse retina"}),
    ("search two letters", {"search": "em"}),
    ("search in one organization", {"search": "cortex", "organization": "lab7"}),
    ("search what nothing has", {"search": "nothing like this"}),
)


def listing(count: int = ROWS) -> Iterator[Row]:
    """Pages of a list of 100,000 datasets."""
    with tempfile.TemporaryDirectory(prefix="voxshelf-bench-") as folder:
        url = f"sqlite:///{folder}/catalog.db"
        catalog = Catalog(url)
        _fill(catalog, count)
        catalog.close()
        with LocalDatasetStore(folder, catalog_url=url) as store:
            last = store.list(offset=count // 2, limit=1).items[-1]
            for what, question in (*QUESTIONS, ("behind a record in the middle", {"after": last})):
                page = store.list(**question)
                seconds = _median(lambda question=question: store.list(**question), 9)  # type: ignore[misc]
                yield Row(f"50 of {page.total:,}, {what}", seconds * 1e3, limit=PAGE_GOAL * 1e3)


def rows(*, quick: bool = False) -> Iterator[Row | str]:
    """Scans and pages; ``quick``: of a tenth of the datasets."""
    share = 10 if quick else 1
    yield from scanning(FOLDERS // share)
    yield from listing(ROWS // share)


if __name__ == "__main__":
    run_alone(rows, __doc__)
