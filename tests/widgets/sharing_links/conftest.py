"""A laboratory's store: teams, people, and ``lab/cells``, which team imaging may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.store import LocalDatasetStore
from voxshelf.testing.folders import write_dataset
from voxshelf.widgets.sharing_links import SharingState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = "lab/cells"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[LocalDatasetStore]:
    write_dataset(tmp_path, KEY)
    with LocalDatasetStore(tmp_path, user="me") as store:
        store.refresh()
        people = store.people
        for team in ("genetics", "imaging"):
            people.add_team(team, organization="lab")
        people.add_user("ada", title="Ada", email="ada@lab.org", is_admin=True, organization="lab")
        people.add_user("tom", teams={"imaging": True}, organization="lab")
        people.add_user("mia", teams=["imaging"], organization="lab")
        store.update_permissions(KEY, teams=["imaging"], owner="ada")
        yield store


@pytest.fixture
def state(lab: LocalDatasetStore, at_once: Any) -> Iterator[SharingState]:
    state = SharingState(lab, KEY, aside=at_once)
    state.start()
    yield state
    state.close()


@pytest.fixture
def states(at_once: Any) -> Iterator[Any]:
    """Makes the state for a store's view."""
    made: list[SharingState] = []

    def make(store: LocalDatasetStore) -> SharingState:
        made.append(SharingState(store, KEY, aside=at_once))
        made[-1].start()
        return made[-1]

    yield make
    for state in made:
        state.close()
