"""Waiting is enough: what appears on the disk, on a real store in a folder."""

from __future__ import annotations

import shutil
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.model import ChangeEvent, ChangeKind, DatasetStatus
from voxshelf.store import LocalDatasetStore
from voxshelf.testing.folders import write_dataset
from voxshelf.widgets.manager import ManagerState
from voxshelf.widgets.theme import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PATIENCE = 30


def wait_for(condition: Callable[[], Any]) -> None:
    deadline, waiting = time.monotonic() + PATIENCE, threading.Event()
    while not condition():
        assert time.monotonic() < deadline
        waiting.wait(0.02)


def is_watched() -> bool:
    return any(thread.name == "voxshelf-refresh" for thread in threading.enumerate())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_dataset(tmp_path / "data", "lab/one")
    return tmp_path / "data"


@pytest.fixture
def manager(root: Path) -> Iterator[ManagerState]:
    with LocalDatasetStore(root) as store:
        state = ManagerState(store)
        wait_for(is_watched)
        yield state
        state.close()


def test_a_new_folder_appears_without_a_refresh_and_is_said(manager: ManagerState, root: Path) -> None:
    wait_for(lambda: manager.table.total == 1)
    write_dataset(root, "lab/two")
    wait_for(lambda: manager.table.total == 2)
    wait_for(lambda: manager.table.message.text == "1 new on the disk: lab/two")
    write_dataset(root, "lab/three")
    wait_for(lambda: manager.table.message.text == "2 new on the disk: lab/two, lab/three")


def test_news_do_not_hide_what_went_wrong(manager: ManagerState, root: Path) -> None:
    wait_for(lambda: manager.table.total == 1)
    manager.table.message = mistake = Message("Deleting failed.", "error")
    write_dataset(root, "lab/two")
    wait_for(lambda: manager.table.total == 2)
    assert manager.table.message is mistake


def test_a_disk_that_is_gone_is_said_and_so_is_its_return(manager: ManagerState, root: Path) -> None:
    wait_for(lambda: manager.table.total == 1)
    (root / "lab").rename(root.parent / "away")
    wait_for(lambda: manager.table.message.tone == "error")
    assert "gone" in manager.table.message.text
    assert manager.store.record("lab/one").status is not DatasetStatus.MISSING
    shutil.move(root.parent / "away", root / "lab")
    wait_for(lambda: manager.table.message == Message("The disk is there again.", "success"))


def test_it_ends_with_the_manager(manager: ManagerState) -> None:
    manager.close()
    assert not is_watched()
    manager.close()


def test_whoever_hears_the_news_may_close_the_manager(make_store: Callable[[], Any], at_once: Any) -> None:
    store = make_store()
    manager = ManagerState(store, aside=at_once)
    manager.table.observe(lambda _: manager.close(), "message")
    found = ChangeEvent(sequence=1, kind=ChangeKind.FOUND, key="lab/two")
    teller = threading.Thread(target=store.changed.emit, args=(found,), daemon=True)
    teller.start()
    teller.join(PATIENCE)
    assert not teller.is_alive()
    assert store.keepers == []


def test_whoever_may_not_scan_does_not(make_store: Callable[[], Any], no_scan: Any, at_once: Any) -> None:
    store = make_store()
    store.capabilities = no_scan
    ManagerState(store, aside=at_once)
    assert store.keepers == []


def test_it_begins_once_the_table_has_looked(make_store: Callable[[], Any], at_once: Any) -> None:
    store = make_store()
    manager = ManagerState(store, aside=at_once)
    assert len(store.keepers) == 1
    manager.table.refresh()
    assert len(store.keepers) == 1
    manager.close()
    assert store.keepers == []
