"""Telling what changed, and getting along with other threads and processes."""

# ruff: noqa: S101, D102 - tests assert, and their names are their sentences
from __future__ import annotations

import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from voxshelf.model import (
    ChangeEvent,
    ChangeKind,
    DatasetStatus,
)
from voxshelf.store import Capability
from voxshelf.store.link_tokens import TOLD_EVERY
from voxshelf.testing.folders import properties, write_dataset, write_properties
from voxshelf.testing.store_fixtures import StoreFixtures

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from voxshelf.store import DatasetStore
    from voxshelf.testing.store_fixtures import Clock


class ChangesTests(StoreFixtures):
    """Telling what changed, and getting along with other threads and processes."""

    def test_own_changes_are_told_before_the_method_returns(self, store: DatasetStore, root: Path) -> None:
        told: list[ChangeEvent] = []
        store.changed.connect(told.append)
        write_dataset(root, "lab/keeps")
        write_dataset(root, "lab/new", with_json=False)
        store.refresh()
        assert [(event.kind, event.key) for event in told] == [
            (ChangeKind.FOUND, "lab/keeps"),
            (ChangeKind.FOUND, "lab/new"),
        ]
        store.import_dataset("lab/new", self.propose(store, "lab/new"))
        write_properties(root / "lab" / "keeps", properties(scale=[1, 1, 1]))
        shutil.rmtree(root / "lab" / "new")
        store.refresh()
        assert [(event.kind, event.key) for event in told[2:]] == [
            (ChangeKind.IMPORTED, "lab/new"),
            (ChangeKind.EDITED, "lab/keeps"),
            (ChangeKind.VANISHED, "lab/new"),
        ]
        sequences = [event.sequence for event in told]
        assert sequences == sorted(set(sequences))

    def test_changes_made_elsewhere_are_told_once(
        self, store: DatasetStore, open_another: Callable[[], DatasetStore], root: Path
    ) -> None:
        other = open_another()
        told: list[ChangeEvent] = []
        both = threading.Event()

        def hear(event: ChangeEvent) -> None:
            told.append(event)
            if len(told) >= 2:
                both.set()

        store.changed.connect(hear)
        write_dataset(root, "lab/first")
        other.refresh()
        write_dataset(root, "lab/second")
        other.refresh()
        assert both.wait(20)
        assert [event.key for event in told] == ["lab/first", "lab/second"]

    def test_a_listener_that_fails_stops_nothing(self, store: DatasetStore, root: Path) -> None:
        told: list[str] = []

        def fail(event: ChangeEvent) -> None:
            raise ValueError(event.key)

        store.changed.connect(lambda event: told.append(event.key))
        store.changed.connect(fail)
        write_dataset(root, "lab/one")
        write_dataset(root, "lab/two")
        assert store.refresh().found == ("lab/one", "lab/two")
        assert told == ["lab/one", "lab/two"]

    def test_a_listener_may_call_the_store(self, store: DatasetStore, root: Path) -> None:
        seen: list[DatasetStatus] = []

        def look(event: ChangeEvent) -> None:
            store.refresh()
            seen.append(store.record(event.key).status)

        store.changed.connect(look)
        write_dataset(root, "lab/one")
        store.refresh()
        store.import_dataset("lab/one")
        assert seen == [DatasetStatus.READY]

    def test_threads_may_share_a_store(self, store: DatasetStore, root: Path) -> None:
        for number in range(6):
            write_dataset(root, f"lab/d{number}", with_json=False)
        sources = {f"lab/d{number}": self.propose(store, f"lab/d{number}") for number in range(6)}

        def work(number: int) -> None:
            store.refresh()
            store.import_dataset(f"lab/d{number}", sources[f"lab/d{number}"])
            store.list(search="d", sort="changed")
            store[f"lab/d{number}"]["color"][0, 0, 0]

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(work, range(6)))
        assert {record.status for record in store.list().items} == {DatasetStatus.READY}
        assert store.list().total == 6

    def test_what_one_store_does_another_sees(
        self, store: DatasetStore, open_another: Callable[[], DatasetStore], root: Path
    ) -> None:
        write_dataset(root, "lab/one")
        store.refresh()
        other = open_another()
        assert other.list().items == store.list().items
        assert other.refresh().unchanged == 1

    def test_a_store_says_what_it_can_do(self, store: DatasetStore) -> None:
        for capability in Capability:
            assert store.capabilities.can(capability) == (not store.capabilities.why_not(capability))

    def test_a_store_can_be_closed_more_than_once(self, store: DatasetStore) -> None:
        with store as same:
            assert same is store
            store.changed.connect(lambda _: None)
        store.close()

    def test_what_changes_no_record_is_noted_and_not_called_a_change(self, staffed: DatasetStore) -> None:
        changed: list[ChangeEvent] = []
        noted: list[ChangeEvent] = []
        link = staffed.create_link("lab/cells")
        staffed.changed.connect(changed.append)
        staffed.noted.connect(noted.append)
        self.with_link(staffed, link.token)
        staffed.update_view_configuration("lab/cells", {"interpolation": True}, level="user")
        assert [event.kind for event in noted] == [ChangeKind.LINK_USED, ChangeKind.OWN_VIEW]
        assert changed == []

    def test_a_link_in_heavy_use_is_told_once_in_a_while(self, staffed: DatasetStore, clock: Clock) -> None:
        link = staffed.create_link("lab/cells")
        told: list[ChangeEvent] = []
        staffed.noted.connect(told.append)
        clock.advance(_to_the_next(TOLD_EVERY, clock()))
        for _ in range(4):
            self.with_link(staffed, link.token)
        assert len(told) == 1
        clock.advance(TOLD_EVERY)
        self.with_link(staffed, link.token)
        assert [event.kind for event in told] == [ChangeKind.LINK_USED] * 2
        assert staffed.links("lab/cells")[0].use_count == 5

    def test_where_somebody_looks_is_noted_to_nobody(self, staffed: DatasetStore) -> None:
        told: list[ChangeEvent] = []
        staffed.noted.connect(told.append)
        staffed.update_view_configuration("lab/cells", {"zoom": 2, "position": [1, 2, 3]}, level="user")
        staffed.update_view_configuration("lab/cells", {"zoom": 2, "position": [1, 2, 4]}, level="user")
        assert told == []

    def test_what_is_noted_reaches_only_whom_it_concerns(self, staffed: DatasetStore) -> None:
        told: dict[str, list[ChangeKind]] = {}
        people = {name: self.act_as(staffed, f"lab/{name}") for name in ("ada", "mia", "olga")}
        for name, store in people.items():
            store.noted.connect(lambda event, name=name: told.setdefault(name, []).append(event.kind))
        people["mia"].update_view_configuration("lab/cells", {"interpolation": True}, level="user")
        self.with_link(staffed, staffed.create_link("lab/cells").token)
        assert told == {"mia": [ChangeKind.OWN_VIEW], "ada": [ChangeKind.LINK_USED]}

    def test_what_is_noted_elsewhere_is_told_here(
        self, staffed: DatasetStore, open_another: Callable[[], DatasetStore]
    ) -> None:
        link = staffed.create_link("lab/cells")
        heard = threading.Event()
        staffed.noted.connect(lambda event: heard.set() if event.kind is ChangeKind.LINK_USED else None)
        self.with_link(open_another(), link.token)
        assert heard.wait(20)

    def test_a_json_with_another_default_view_is_noted(self, store: DatasetStore, root: Path) -> None:
        folder = write_dataset(root, "lab/one")
        _let_settle(folder)
        store.refresh()
        told: list[ChangeEvent] = []
        store.noted.connect(told.append)
        write_properties(folder, properties(defaultViewConfiguration={"interpolation": True}))
        assert store.refresh().changed == ()
        assert [(event.kind, event.key) for event in told] == [(ChangeKind.TOUCHED, "lab/one")]


def _let_settle(folder: Path) -> None:
    """Make a folder look as if nobody had written to it for a minute."""
    before = datetime.now(UTC).timestamp() - 60
    for path in (folder / "datasource-properties.json", folder):
        os.utime(path, (before, before))


def _to_the_next(span: timedelta, moment: datetime) -> timedelta:
    """How long it is until a span of time begins."""
    return span - (moment - datetime(1970, 1, 1, tzinfo=UTC)) % span + timedelta(milliseconds=50)
