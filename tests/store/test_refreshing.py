"""A store that looks at the disk by itself: soon where the system tells of changes, and in any case now and then."""

from __future__ import annotations

import gc
import logging
import shutil
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from voxshelf.errors import NotAllowedError, StoreUnavailableError
from voxshelf.model import Actor, ChangeKind, DatasetStatus, User
from voxshelf.store import LocalDatasetStore
from voxshelf.store.refreshing import Refresher
from voxshelf.testing.archives import packed_dataset
from voxshelf.testing.folders import properties, write_dataset, write_layer, write_properties
from voxshelf.testing.store_uploading import send

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from watchfiles import Change

    from voxshelf.model import ChangeEvent

PATIENCE = 60
HOUR = timedelta(hours=1)
"""So long that nothing is found by the interval."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalDatasetStore]:
    with LocalDatasetStore(tmp_path / "data") as opened:
        yield opened


def _threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "voxshelf-refresh"]


class Heard:
    """Waits for changes."""

    def __init__(self, store: LocalDatasetStore) -> None:
        self.events: list[tuple[ChangeKind, str]] = []
        self._changed = threading.Condition()
        store.changed.connect(self._hear)

    def _hear(self, event: ChangeEvent) -> None:
        with self._changed:
            self.events.append((event.kind, event.key))
            self._changed.notify_all()

    def wait_for(self, kind: ChangeKind, key: str) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: (kind, key) in self.events, PATIENCE), self.events


class Counted:
    """A look that only counts; perhaps it fails."""

    def __init__(self, *errors: Exception) -> None:
        self.looks = 0
        self._errors = list(errors)
        self._changed = threading.Condition()

    def __call__(self) -> None:
        with self._changed:
            self.looks += 1
            self._changed.notify_all()
        if self._errors:
            raise self._errors.pop(0)

    def wait_for(self, looks: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.looks >= looks, PATIENCE)


# -- what the operating system tells ---------------------------------------------------------------


def test_a_copied_dataset_is_found_within_seconds_not_with_the_interval(store: LocalDatasetStore) -> None:
    heard = Heard(store)
    with store.keep_refreshed(HOUR):
        write_dataset(store.root, "lab/copied")
        heard.wait_for(ChangeKind.FOUND, "lab/copied")
        _wait_until_ready(store, "lab/copied", heard)


def _wait_until_ready(store: LocalDatasetStore, key: str, heard: Heard) -> None:
    """A folder may be seen before its JSON is."""
    if store.record(key).status is not DatasetStatus.READY:
        heard.wait_for(ChangeKind.IMPORTED, key)
    assert store.record(key).status is DatasetStatus.READY


def test_a_json_that_comes_later_is_seen(store: LocalDatasetStore) -> None:
    folder = write_dataset(store.root, "lab/copied", with_json=False)
    heard = Heard(store)
    with store.keep_refreshed(HOUR):
        heard.wait_for(ChangeKind.FOUND, "lab/copied")
        write_properties(folder, properties())
        heard.wait_for(ChangeKind.IMPORTED, "lab/copied")


def test_an_organization_that_is_linked_later_is_watched_too(
    store: LocalDatasetStore, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    heard = Heard(store)
    with store.keep_refreshed(HOUR):
        (store.root / "lab").symlink_to(tmp_path / "elsewhere")
        write_dataset(tmp_path, "elsewhere/first")
        heard.wait_for(ChangeKind.FOUND, "lab/first")
        write_dataset(tmp_path, "elsewhere/second")
        heard.wait_for(ChangeKind.FOUND, "lab/second")


def test_a_dataset_that_is_taken_away_is_missed(store: LocalDatasetStore) -> None:
    write_dataset(store.root, "lab/stays")
    folder = write_dataset(store.root, "lab/goes")
    heard = Heard(store)
    with store.keep_refreshed(HOUR):
        heard.wait_for(ChangeKind.FOUND, "lab/goes")
        shutil.rmtree(folder)
        heard.wait_for(ChangeKind.VANISHED, "lab/goes")


def test_what_happens_in_staging_folders_and_deep_in_a_dataset_makes_nobody_look(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path, "lab/one")
    (tmp_path / "lab" / ".uploading").mkdir()
    look = Counted()
    with Refresher(tmp_path, look).join_in(HOUR):
        look.wait_for(1)
        for number in range(50):
            (tmp_path / "lab" / ".uploading" / str(number)).touch()
            (tmp_path / "lab" / f".hidden-{number}").touch()
            (folder / "color" / "1" / "z0" / "y0" / f"x{number}.wkw").touch()
        # A later change in the right place is seen: had the others been, there would be two looks by now.
        write_layer(folder / "late")
        look.wait_for(2)
    assert look.looks == 2


def test_a_storm_of_changes_is_no_storm_of_scans(tmp_path: Path) -> None:
    (tmp_path / "lab").mkdir()
    look = Counted()
    with Refresher(tmp_path, look).join_in(HOUR):
        look.wait_for(1)
        started, changes = time.monotonic(), 0
        while time.monotonic() < started + 3:
            (tmp_path / "lab" / f"dataset_{changes}").mkdir()
            changes += 1
    assert changes > 50
    assert look.looks <= 5


# -- the interval ----------------------------------------------------------------------------------


def test_on_a_network_file_system_the_interval_finds_it(tmp_path: Path) -> None:
    look = Counted()
    with Refresher(tmp_path, look, lambda _: "NFS").join_in(timedelta(seconds=1)):
        look.wait_for(3)


def test_the_interval_also_counts_where_changes_are_told(tmp_path: Path) -> None:
    look = Counted()
    with Refresher(tmp_path, look).join_in(timedelta(seconds=1)):
        look.wait_for(3)


def test_the_shortest_interval_that_anybody_wants_counts(tmp_path: Path) -> None:
    look = Counted()
    refresher = Refresher(tmp_path, look, lambda _: "NFS")
    with refresher.join_in(HOUR), refresher.join_in(timedelta(seconds=1)):
        assert len(_threads()) == 1
        look.wait_for(4)


def test_one_who_stops_does_not_stop_the_others(tmp_path: Path) -> None:
    look = Counted()
    refresher = Refresher(tmp_path, look, lambda _: "NFS")
    stays, goes = refresher.join_in(timedelta(seconds=1)), refresher.join_in(timedelta(seconds=1))
    goes.stop()
    goes.stop()
    look.wait_for(look.looks + 2)
    stays.stop()
    assert _threads() == []


def test_an_error_is_logged_once_and_the_next_look_is_made(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    gone = [StoreUnavailableError("The disk is gone.", hint="Mount it.") for _ in range(2)]
    look = Counted(*gone)
    with (
        caplog.at_level(logging.WARNING, "voxshelf"),
        Refresher(tmp_path, look, lambda _: "NFS").join_in(timedelta(seconds=1)),
    ):
        look.wait_for(3)
    assert [record.getMessage() for record in caplog.records] == [
        "The store could not be refreshed. The disk is gone. Mount it."
    ]


def test_an_error_that_nobody_thought_of_does_not_end_the_looking(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    look, told = Counted(RuntimeError("odd")), list[str]()
    with Refresher(tmp_path, look, lambda _: "NFS").join_in(timedelta(seconds=1), told.append):
        look.wait_for(2)
        _wait_for(lambda: told == ["RuntimeError: odd", ""])
    assert "odd" in caplog.text


def test_whoever_was_told_of_a_problem_is_told_of_its_end_also_if_somebody_came_between(
    tmp_path: Path,
) -> None:
    first, second = list[str](), list[str]()
    look = Counted(StoreUnavailableError("The disk is gone.", hint="Mount it."))
    refresher = Refresher(tmp_path, look, lambda _: "NFS")
    with refresher.join_in(timedelta(seconds=1), first.append):
        _wait_for(lambda: first == ["The disk is gone. Mount it."])
        with refresher.join_in(timedelta(seconds=1), second.append):
            _wait_for(lambda: first[1:] == [""] and second == [""])


def test_an_unmounted_root_is_endured_and_found_again(
    store: LocalDatasetStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"sqlite:///{tmp_path / 'catalog.db'}"
    with LocalDatasetStore(tmp_path / "disk", catalog_url=url) as other:
        write_dataset(other.root, "lab/one")
        write_dataset(other.root, "lab/two")
        heard = Heard(other)
        with other.keep_refreshed(timedelta(seconds=1)):
            heard.wait_for(ChangeKind.FOUND, "lab/two")
            (tmp_path / "disk").rename(tmp_path / "away")
            _wait_for(lambda: "could not be refreshed" in caplog.text)
            write_dataset(tmp_path / "away", "lab/three")
            (tmp_path / "away").rename(tmp_path / "disk")
            heard.wait_for(ChangeKind.FOUND, "lab/three")
        assert other.record("lab/one").status is DatasetStatus.READY


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline, waiting = time.monotonic() + PATIENCE, threading.Event()
    while not condition():
        assert time.monotonic() < deadline
        waiting.wait(0.02)


def test_where_no_more_folders_can_be_watched_fewer_are_and_then_the_interval_counts(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_dataset(tmp_path, "lab/one")
    asked: list[int] = []

    def none_left(*paths: str, **_options: object) -> Iterator[set[tuple[Change, str]]]:
        asked.append(len(paths))
        raise OSError("OS file watch limit reached.")

    look = Counted()
    with Refresher(tmp_path, look, changes_in=none_left).join_in(timedelta(seconds=1)):
        look.wait_for(2)
    assert asked[:2] == [3, 2]
    assert "watch limit reached" in caplog.text
    assert len(caplog.records) == 1


# -- beginning and end -----------------------------------------------------------------------------


def test_it_ends_with_the_store(tmp_path: Path) -> None:
    with LocalDatasetStore(tmp_path / "data") as store:
        store.keep_refreshed()
        assert len(_threads()) == 1
    assert _threads() == []


def test_a_store_that_is_forgotten_ends_it(tmp_path: Path) -> None:
    store = LocalDatasetStore(tmp_path / "data")
    store.keep_refreshed()
    (thread,) = _threads()
    del store
    gc.collect()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_a_listener_may_stop_it_and_closing_waits_for_its_end(store: LocalDatasetStore) -> None:
    kept, is_stopped = store.keep_refreshed(HOUR), threading.Event()

    def stop(_: ChangeEvent) -> None:
        kept.stop()
        is_stopped.set()

    store.changed.connect(stop)
    write_dataset(store.root, "lab/new")
    assert is_stopped.wait(PATIENCE)
    store.close()
    assert _threads() == []


@pytest.mark.parametrize(
    "actor", [User(id="mia", organization="lab"), Actor.anonymous()], ids=["member", "visitor"]
)
def test_whoever_may_not_scan_may_not_keep_it_refreshed(
    store: LocalDatasetStore, actor: User | Actor
) -> None:
    with pytest.raises(NotAllowedError):
        store.acting_as(actor).keep_refreshed()
    assert _threads() == []


def test_abandoned_uploads_expire_by_and_by(tmp_path: Path) -> None:
    with LocalDatasetStore(tmp_path / "data") as store:
        upload = send(store, packed_dataset())
        folder = store.root / "lab" / ".uploading" / upload
        (folder / ".cancelled").touch()  # what a kill in the middle of cancelling leaves
        with store.keep_refreshed(HOUR):
            _wait_for(lambda: not folder.exists())
