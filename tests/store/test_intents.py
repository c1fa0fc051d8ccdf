"""A process is killed in the middle of an edit of the JSON: what it did is in the history, with its name."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from voxshelf.catalog import Catalog
from voxshelf.errors import InvalidDataSourceError
from voxshelf.model import EditedSection, HistoryEntry, VoxelSize
from voxshelf.store import LocalDatasetStore
from voxshelf.testing.folders import properties, write_dataset, write_properties

if TYPE_CHECKING:
    from pathlib import Path

KEY = "lab/one"
_EDIT = f"store.update_data_source({KEY!r}, store.data_source({KEY!r}).with_voxel_size((1, 2, 3)))"
_RENAME = f"store.update_data_source({KEY!r}, store.data_source({KEY!r}).renamed_layer('color', 'raw'))"
_SCRIPT = """
import os, signal, sys
from voxshelf.model import VoxelSize
from voxshelf.store import LocalDatasetStore
store = LocalDatasetStore(sys.argv[1], catalog_url=sys.argv[2] or None, user="worker")
def look(frame, event, _):
    if event == "call" and frame.f_code.co_name == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)
sys.setprofile(look)
exec(sys.argv[4])
"""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no SIGKILL here")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str | None:
    if request.param == "sqlite":
        return None
    address: str = request.getfixturevalue("postgres_server").new_catalog()
    return address


def _prepare(root: Path, url: str | None, *, with_json: bool = True) -> None:
    write_dataset(root, KEY, with_json=with_json)
    with LocalDatasetStore(root, catalog_url=url, user="ada") as store:
        store.refresh()


def _killed(root: Path, url: str | None, work: str, *, at: str) -> None:
    """Let a process of its own do some work, and be killed when it calls a function of that name."""
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(root), url or "", at, work], check=False, capture_output=True
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def _data_entries(store: LocalDatasetStore) -> list[HistoryEntry]:
    return [entry for entry in store.history(KEY, limit=None) if entry.section is EditedSection.DATA]


@pytest.mark.parametrize("at", ["record_intent", "record_edit", "_forget"])
def test_an_edit_is_completed_in_the_name_of_whoever_made_it_when_it_was_made(
    tmp_path: Path, url: str | None, at: str
) -> None:
    _prepare(tmp_path, url)
    started = datetime.now(tz=UTC)
    _killed(tmp_path, url, _EDIT, at=at)
    ended = datetime.now(tz=UTC)
    with LocalDatasetStore(tmp_path, catalog_url=url, user="ada") as store:
        (entry,) = _data_entries(store)
        assert (entry.by, entry.undoes) == ("worker", None)
        assert started <= entry.at <= ended
        assert [change.after for change in entry.changes] == [[1, 2, 3]]
        assert "with_voxel_size((1.0, 2.0, 3.0))" in entry.python
        record = store.record(KEY)
        assert record.version == entry.version
        assert record.voxel_size is not None
        assert tuple(record.voxel_size.factor) == (1, 2, 3)
        assert store.refresh().unchanged == 1
        store.undo(KEY, entry.id)
        assert json.loads(store.properties_text(KEY)) == properties()


def test_an_edit_that_did_not_reach_the_file_is_not_in_the_history(tmp_path: Path, url: str | None) -> None:
    _prepare(tmp_path, url)
    _killed(tmp_path, url, _EDIT, at="save_properties")
    with LocalDatasetStore(tmp_path, catalog_url=url, user="ada") as store:
        assert _data_entries(store) == []
        store.update_data_source(KEY, store.data_source(KEY).with_voxel_size((4, 4, 4)))
        assert [entry.by for entry in _data_entries(store)] == ["ada"]


def test_a_file_that_says_something_else_by_now_was_not_written_by_that_edit(
    tmp_path: Path, url: str | None
) -> None:
    _prepare(tmp_path, url)
    _killed(tmp_path, url, _EDIT, at="save_properties")
    write_properties(tmp_path / KEY, properties(scale=[9, 9, 9]))
    with LocalDatasetStore(tmp_path, catalog_url=url, user="ada") as store:
        store.refresh()
        assert _data_entries(store) == []


@pytest.mark.parametrize("what", ["refresh", "edit", "delete and restore"])
def test_a_store_that_was_open_already_completes_it_too(tmp_path: Path, url: str | None, what: str) -> None:
    _prepare(tmp_path, url)
    with LocalDatasetStore(tmp_path, catalog_url=url, user="ada") as store:
        _killed(tmp_path, url, _EDIT, at="record_intent")
        expected = ["worker"]
        if what == "refresh":
            store.refresh()
        elif what == "edit":
            store.update_data_source(KEY, store.data_source(KEY).with_voxel_size((4, 4, 4)))
            expected = ["ada", "worker"]
        else:
            store.restore(store.delete(KEY)[0].id)
        assert [entry.by for entry in _data_entries(store)] == expected


def test_nobody_waits_for_an_edit_that_is_being_made(tmp_path: Path, url: str | None) -> None:
    _prepare(tmp_path, url)
    _killed(tmp_path, url, _EDIT, at="record_intent")
    opened, entries = threading.Event(), list[HistoryEntry]()

    def look() -> None:
        with LocalDatasetStore(tmp_path, catalog_url=url, user="ada") as store:
            store.refresh()
            entries.extend(_data_entries(store))
            opened.set()

    catalog = Catalog(url or f"sqlite:///{tmp_path}/.voxshelf/catalog.db")
    with closing(catalog), catalog.exclusively(f"dataset {KEY}"):
        threading.Thread(target=look, daemon=True).start()
        assert opened.wait(30)
    assert entries == []
    with LocalDatasetStore(tmp_path, catalog_url=url, user="ada") as store:
        assert [entry.by for entry in _data_entries(store)] == ["worker"]


def test_an_import_is_completed_with_its_owner(tmp_path: Path, url: str | None) -> None:
    _prepare(tmp_path, url, with_json=False)
    work = (
        f"source = store.propose_import({KEY!r}).with_value(('voxel_size',), VoxelSize((1, 1, 1))).data_source()\n"
        f"store.import_dataset({KEY!r}, source)"
    )
    _killed(tmp_path, url, work, at="record_intent")
    with LocalDatasetStore(tmp_path, catalog_url=url, user="ada") as store:
        record = store.record(KEY)
        assert (record.status.value, record.owner) == ("ready", "worker")
        (entry,) = _data_entries(store)
        assert entry.by == "worker"


def test_a_layer_that_was_renamed_takes_its_settings_along(tmp_path: Path, url: str | None) -> None:
    _prepare(tmp_path, url)
    with LocalDatasetStore(tmp_path, catalog_url=url, user="ada") as store:
        store.update_view_configuration(KEY, {"layers": {"color": {"alpha": 50}}})
    _killed(tmp_path, url, _RENAME, at="record_intent")
    with LocalDatasetStore(tmp_path, catalog_url=url, user="ada") as store:
        assert list(store.view_levels(KEY).dataset["layers"]) == ["raw"]


def test_the_import_itself_is_not_taken_back(tmp_path: Path, url: str | None) -> None:
    _prepare(tmp_path, url, with_json=False)
    with LocalDatasetStore(tmp_path, catalog_url=url, user="ada") as store:
        source = store.propose_import(KEY).with_value(("voxel_size",), VoxelSize((1, 1, 1))).data_source()
        store.import_dataset(KEY, source)
        text = store.properties_text(KEY)
        (entry,) = _data_entries(store)
        with pytest.raises(InvalidDataSourceError, match="This edit imported lab/one") as caught:
            store.undo(KEY, entry.id)
        assert "delete the dataset" in caught.value.hint
        assert store.properties_text(KEY) == text
        assert store.record(KEY).status.value == "ready"


@pytest.mark.parametrize("value", [object(), {1, 2}, b"text"])
def test_what_is_no_json_is_refused_before_anything_is_noted(
    tmp_path: Path, url: str | None, value: object
) -> None:
    _prepare(tmp_path, url)
    with LocalDatasetStore(tmp_path, catalog_url=url, user="ada") as store:
        before = store.properties_text(KEY)
        with pytest.raises(InvalidDataSourceError, match="cannot be written as JSON") as caught:
            store.update_data_source(KEY, {**properties({"color": "uint8"}), "note": value})
        assert caught.value.hint
        assert store.properties_text(KEY) == before
        assert not _data_entries(store)
