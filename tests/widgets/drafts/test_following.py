"""A follower hands on what a store says of one dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.widgets.drafts import Follower

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voxshelf.store import LocalDatasetStore

KEY = "lab/cells"


@pytest.fixture
def told() -> list[Any]:
    return []


@pytest.fixture
def follower(lab: LocalDatasetStore, at_once: Any, told: list[Any]) -> Iterator[Follower]:
    follower = Follower(lab, KEY, at_once, told.append, told.append)
    yield follower
    follower.close()


def test_it_begins_with_what_is_stored_now(follower: Follower, told: list[Any]) -> None:
    assert [record.key for record in told] == [KEY]


def test_it_tells_of_edits(follower: Follower, told: list[Any], ada: LocalDatasetStore) -> None:
    ada.update_details(KEY, display_name="Hers")
    assert told[-1].display_name == "Hers"


def test_it_tells_when_rights_changed(follower: Follower, told: list[Any], lab: LocalDatasetStore) -> None:
    lab.people.add_team("imaging", organization="lab")
    assert len(told) == 2


def test_it_says_when_the_dataset_is_gone(
    follower: Follower, told: list[Any], lab: LocalDatasetStore
) -> None:
    lab.people.update_user("mia", is_dataset_manager=True, organization="lab")
    seen: list[Any] = []
    hers = Follower(lab.acting_as("lab/mia"), KEY, follower._aside, seen.append, seen.append)
    lab.people.update_user("mia", is_dataset_manager=False, organization="lab")
    assert "you may no longer see it" in seen[-1].text
    hers.close()


def test_once_closed_it_is_silent(follower: Follower, told: list[Any], ada: LocalDatasetStore) -> None:
    follower.close()
    ada.update_details(KEY, display_name="Hers")
    assert len(told) == 1


def test_the_use_of_a_link_is_told_apart_and_asks_the_store_for_nothing(
    lab: LocalDatasetStore, at_once: Any, told: list[Any]
) -> None:
    used: list[bool] = []
    follower = Follower(lab, KEY, at_once, told.append, told.append, lambda: used.append(True))
    lab.with_link(lab.create_link(KEY).token)
    follower.close()
    assert used == [True]
    assert len(told) == 2  # at first, and when the link was made
