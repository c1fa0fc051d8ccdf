"""Two processes with one store: each test starts real ones and waits for what they print."""

from __future__ import annotations

import json
import os
import threading
from typing import TYPE_CHECKING

import pytest

from voxshelf.model import ChangeEvent, DatasetStatus, VoxelSize
from voxshelf.store import LocalDatasetStore
from voxshelf.testing.companions import Companions
from voxshelf.testing.folders import write_dataset

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 60


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return ""
    address: str = request.getfixturevalue("postgres_server").new_catalog()
    return address


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def store(root: Path, url: str) -> Iterator[LocalDatasetStore]:
    with LocalDatasetStore(root, catalog_url=url or None) as opened:
        yield opened


def test_imports_of_one_dataset_at_once_end_with_one_of_them(
    store: LocalDatasetStore, root: Path, url: str
) -> None:
    folder = write_dataset(root, "lab/new", with_json=False)
    companions = Companions(
        root,
        url,
        2,
        prepare="proposal = store.propose_import('lab/new')\n"
        "source = proposal.with_value(('voxel_size',), VoxelSize((1 + number, 1, 1))).data_source()",
        work="print(store.import_dataset('lab/new', source).status.name)",
    )
    companions.go()
    assert companions.answers() == ["READY", "READY"]
    record = store.record("lab/new")
    written = json.loads((folder / "datasource-properties.json").read_text(encoding="utf-8"))
    assert record.status is DatasetStatus.READY
    assert record.voxel_size in {VoxelSize((1, 1, 1)), VoxelSize((2, 1, 1))}
    assert record.voxel_size is not None
    assert written["scale"]["factor"] == list(record.voxel_size.factor)
    report = store.refresh()
    assert (report.found, report.changed) == ((), ())


def test_scans_at_once_record_each_dataset_once(store: LocalDatasetStore, root: Path, url: str) -> None:
    keys = [f"lab{number % 2}/d{number}" for number in range(12)]
    for key in keys:
        write_dataset(root, key)
    companions = Companions(root, url, 2, work="print(len(store.refresh().found))")
    companions.go()
    found = [int(answer) for answer in companions.answers()]
    assert sorted(found) == [0, 12]
    assert sorted(store) == sorted(keys)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_scan_and_imports_at_once_agree(store: LocalDatasetStore, root: Path, url: str) -> None:
    for number in range(6):
        write_dataset(root, f"lab/d{number}")
    work = "for n in range(6): store.import_dataset(f'lab/d{n}') if number else store.refresh()"
    companions = Companions(root, url, 2, work=work)
    companions.go()
    companions.answers()
    assert [record.status for record in store.list().items] == [DatasetStatus.READY] * 6
    assert {record.version for record in store.list().items} == {1}


def test_a_change_in_another_process_is_told_within_a_second_or_so(
    store: LocalDatasetStore, root: Path, url: str
) -> None:
    told: list[ChangeEvent] = []
    heard = threading.Event()

    def hear(event: ChangeEvent) -> None:
        told.append(event)
        heard.set()

    companions = Companions(root, url, 1, work="store.refresh()")
    store.changed.connect(hear)
    write_dataset(root, "lab/one")
    companions.go()
    companions.answers()
    assert heard.wait(PATIENCE)
    assert [event.key for event in told] == ["lab/one"]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)  # the catalog's own test forks with both
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_store_in_a_forked_process_works_and_leaves_the_parents_alone(
    store: LocalDatasetStore, root: Path, url: str
) -> None:
    write_dataset(root, "lab/one")
    work = (
        "import os\nstore.refresh()\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    store.import_dataset('lab/one'); os._exit(store.list().total)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), store.list().total)"
    )
    companions = Companions(root, url, 1, work=work)
    companions.go()
    assert companions.answers() == ["1 1"]
