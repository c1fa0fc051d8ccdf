"""Several processes edit one dataset at the same moment: no edit is lost, and each is told to the others."""

from __future__ import annotations

import statistics
import threading
import time
from typing import TYPE_CHECKING

import pytest

from voxshelf.model import ChangeEvent, MetadataEntry
from voxshelf.store import LocalDatasetStore
from voxshelf.testing.companions import Companions
from voxshelf.testing.folders import write_dataset

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 60
PROCESSES, EDITS = 3, 20
KEY = "lab/one"

COUNT = f"""
from voxshelf.errors import EditConflict
for _ in range({EDITS}):
    while True:
        record = store.record({KEY!r})
        count = record.metadata[0].value + 1
        entry = dict(key="count", type="number", value=count)
        try:
            store.update_details({KEY!r}, metadata=[entry], version=record.version)
            break
        except EditConflict:
            pass
"""
COUNT_SEGMENTS = f"""
from voxshelf.errors import EditConflict
for _ in range({EDITS}):
    while True:
        base = store.data_source({KEY!r})
        ids = base.layer("segmentation").largest_segment_id
        try:
            mine = base.changed_layer("segmentation", largest_segment_id=ids + 1)
            store.update_data_source({KEY!r}, mine, base=base)
            break
        except EditConflict:
            pass
"""
ADD_ONES_OWN = f"""
entries = [dict(key=f"{{number}}-{{n}}", type="number", value=n) for n in range({EDITS})]
for n in range({EDITS}):
    store.update_details({KEY!r}, metadata=[*first, *entries[: n + 1]], version=seen, merge=True)
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return ""
    address: str = request.getfixturevalue("postgres_server").new_catalog()
    return address


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_dataset(tmp_path, KEY, layers={"color": "uint8", "segmentation": "uint32"})
    return tmp_path


@pytest.fixture
def store(root: Path, url: str) -> Iterator[LocalDatasetStore]:
    with LocalDatasetStore(root, catalog_url=url or None) as opened:
        opened.refresh()
        opened.update_details(KEY, metadata=[MetadataEntry.of("count", 0)])
        yield opened


def test_no_version_checked_edit_is_lost(store: LocalDatasetStore, root: Path, url: str) -> None:
    companions = Companions(root, url, PROCESSES, work=COUNT)
    companions.go()
    companions.answers()
    assert [entry.value for entry in store.record(KEY).metadata] == [PROCESSES * EDITS]
    values = [entry.changes[0].after for entry in store.history(KEY, limit=PROCESSES * EDITS)]
    assert values == list(range(PROCESSES * EDITS, 0, -1))


def test_no_edit_of_the_file_is_lost(store: LocalDatasetStore, root: Path, url: str) -> None:
    companions = Companions(root, url, PROCESSES, work=COUNT_SEGMENTS)
    companions.go()
    companions.answers()
    assert store.data_source(KEY).layer("segmentation").largest_segment_id == 250 + PROCESSES * EDITS
    assert store.refresh().changed == ()


def test_edits_of_different_fields_go_together(store: LocalDatasetStore, root: Path, url: str) -> None:
    prepare = f"seen = store.record({KEY!r}).version; first = store.record({KEY!r}).metadata"
    companions = Companions(root, url, PROCESSES, work=ADD_ONES_OWN, prepare=prepare)
    companions.go()
    companions.answers()
    expected = {f"{number}-{n}" for number in range(PROCESSES) for n in range(EDITS)} | {"count"}
    assert {entry.key for entry in store.record(KEY).metadata} == expected


def test_an_edit_is_told_to_another_process_within_a_second(
    store: LocalDatasetStore, root: Path, url: str
) -> None:
    heard = threading.Event()
    moments: list[float] = []

    def hear(event: ChangeEvent) -> None:
        moments.append(time.time())
        heard.set()

    store.changed.connect(hear)
    delays = []
    for number in range(3):
        work = f"import time; store.update_details({KEY!r}, tags=[{str(number)!r}]); print(time.time())"
        companions = Companions(root, url, 1, work=work)
        heard.clear()
        companions.go()
        (done,) = map(float, companions.answers())
        assert heard.wait(PATIENCE)
        delays.append(moments[-1] - done)
    assert statistics.median(delays) < (0.3 if url else 1.0)
