"""Those outside of an organization are told what a dataset is, and nothing about where it lies and whose it is."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voxshelf.errors import VoxshelfError
from voxshelf.model import Actor, DatasetStatus
from voxshelf.store import LocalDatasetStore
from voxshelf.testing.folders import voxels, write_dataset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from voxshelf.model import ChangeEvent

KEY = "lab/cells"
SECRETS = ("secretplace", "secretfolder", "secretteam", "secretgroup", "secretowner")
OUTSIDERS = ("a visitor", "the bearer of a link", "a user of another organization")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalDatasetStore]:
    root = tmp_path / "secretplace"
    write_dataset(root, KEY)
    with LocalDatasetStore(root) as opened:
        opened.refresh()
        people = opened.people
        for team in ("secretteam", "secretgroup"):
            people.add_team(team, organization="lab")
        people.add_user("secretowner", organization="lab")
        people.add_user("mia", teams=["secretteam"], organization="lab")
        people.add_folder("secretfolder", teams=["secretgroup"], organization="lab")
        write_dataset(root, "clinic/scan")
        opened.refresh()
        people.add_user("zoe", is_admin=True, organization="clinic")
        opened.update_details(KEY, folder="secretfolder")
        opened.update_permissions(KEY, teams=["secretteam"], owner="secretowner", is_public=True)
        yield opened


def _outside(store: LocalDatasetStore, who: str) -> LocalDatasetStore:
    if who == "a visitor":
        return store.acting_as(Actor.anonymous())
    if who == "a user of another organization":
        return store.acting_as("clinic/zoe")
    token = store.create_link(KEY).token
    store.update_permissions(KEY, is_public=False)
    return store.with_link(token)


def _leaks(text: object) -> list[str]:
    return [secret for secret in SECRETS if secret in repr(text)]


@pytest.mark.parametrize("who", OUTSIDERS)
def test_records_and_lists_hold_nothing_that_is_the_organizations_own_business(
    store: LocalDatasetStore, who: str
) -> None:
    assert set(_leaks(store.record(KEY))) == set(SECRETS)
    outside = _outside(store, who)
    (listed,) = (record for record in outside.list().items if record.key == KEY)
    for record in (outside.record(KEY), listed, outside.get(KEY), outside[KEY].record):
        assert _leaks(record) == []
    assert (listed.status, listed.rights, len(listed.layers)) == (DatasetStatus.READY, ("see", "read"), 1)


@pytest.mark.parametrize("who", ["lab/mia", "lab/secretowner"])
def test_members_are_told_everything(store: LocalDatasetStore, who: str) -> None:
    assert set(_leaks(store.acting_as(who).record(KEY))) == set(SECRETS)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_voxels_are_read_although_nobody_is_told_where_they_lie(store: LocalDatasetStore, who: str) -> None:
    np.testing.assert_array_equal(_outside(store, who)[KEY]["color"][:32, :32, :32], voxels())


@pytest.mark.parametrize("harm", ["gone", "broken", "half"])
@pytest.mark.parametrize("who", OUTSIDERS)
def test_what_is_wrong_with_the_files_is_not_told_in_detail(
    store: LocalDatasetStore, who: str, harm: str
) -> None:
    outside = _outside(store, who)
    events: list[ChangeEvent] = []
    outside.changed.connect(events.append)
    folder = store.root / KEY
    if harm == "gone":
        shutil.rmtree(folder)
    elif harm == "broken":
        (folder / "datasource-properties.json").write_text("{")
    else:
        (folder / "color").rename(folder / "elsewhere")
    store.refresh()
    record = outside.record(KEY)
    assert _leaks(record) == []
    if harm != "half":
        assert record.status_message == "Something is wrong with its files."
    said = []
    for call in (outside.__getitem__, outside.data_source, outside.properties_text, outside.view_levels):
        try:
            call(KEY)
        except VoxshelfError as error:
            said.append(f"{error} {error.hint}")
    assert said or harm == "half"
    assert _leaks(said) == []
    assert _leaks(events) == []
    assert {event.key for event in events} == {KEY}


@pytest.mark.parametrize("action", ["edit", "share", "delete"])
@pytest.mark.parametrize("who", OUTSIDERS)
def test_a_refusal_names_no_team_folder_or_owner(store: LocalDatasetStore, who: str, action: str) -> None:
    outside = _outside(store, who)
    calls: dict[str, Callable[[], object]] = {
        "edit": lambda: outside.update_details(KEY, tags=["x"]),
        "share": lambda: outside.create_link(KEY),
        "delete": lambda: outside.delete(KEY),
    }
    with pytest.raises(VoxshelfError) as refused:
        calls[action]()
    assert _leaks(f"{refused.value} {refused.value.hint}") == []


@pytest.mark.parametrize("action", ["edit", "share", "delete"])
@pytest.mark.parametrize("who", OUTSIDERS)
def test_an_explanation_to_an_outsider_names_nobody(store: LocalDatasetStore, who: str, action: str) -> None:
    outside = _outside(store, who)
    decision = outside.explain_access(outside.actor, KEY, action)
    assert not decision
    assert _leaks(f"{decision} {decision.reason} {decision.hint}") == []


def test_a_deleted_dataset_is_told_to_lie_in_the_trash(store: LocalDatasetStore) -> None:
    (entry,) = store.delete(KEY)
    record = store.record(KEY)
    assert record.status is DatasetStatus.DELETED
    assert record.path == str(store.root / "lab" / ".trash" / entry.id / "cells")
    assert store.get(KEY) == record
    assert store.acting_as("lab/mia").get(KEY) is None
