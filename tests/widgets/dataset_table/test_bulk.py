"""Actions on several datasets: each by itself, deleting all or none, and the Python that does the same."""

from __future__ import annotations

from typing import Any

import pytest

from voxshelf.widgets.dataset_table.bulk import BulkActions

BOTH = ("lab/brain", "lab/retina")


@pytest.fixture
def bulk(store: Any, at_once: Any) -> BulkActions:
    return BulkActions(store, at_once)


def test_tags_are_added_to_what_is_there_and_taken_off(bulk: BulkActions, store: Any) -> None:
    bulk.tag(BOTH, add=("new",), remove=("mouse",))
    assert store.record("lab/brain").tags == ("new",)
    assert store.record("lab/retina").tags == ("em", "new")
    assert bulk.message.text == "Tagged 2 datasets."


def test_a_dataset_that_has_the_tags_already_is_not_edited(bulk: BulkActions, store: Any) -> None:
    bulk.tag(("lab/retina",), add=("em",))
    assert store.edits == []


def test_without_a_tag_it_asks_for_one(bulk: BulkActions, store: Any) -> None:
    bulk.tag(BOTH)
    assert (bulk.message.tone, store.edits) == ("warning", [])


def test_moving_tidies_the_path(bulk: BulkActions, store: Any) -> None:
    bulk.move(BOTH, " Cortex/2026/ ")
    assert {store.record(key).folder for key in BOTH} == {"Cortex/2026"}


def test_sharing_changes_only_what_was_said(bulk: BulkActions, store: Any) -> None:
    bulk.share(BOTH, give="imaging")
    bulk.share(BOTH, is_public=True)
    assert store.edits == [
        *(("update_permissions", key, {"teams": ("imaging",)}) for key in BOTH),
        *(("update_permissions", key, {"is_public": True}) for key in BOTH),
    ]


def test_a_team_can_be_taken_off(bulk: BulkActions, store: Any) -> None:
    bulk.share(BOTH, give="imaging")
    bulk.share(BOTH, take="imaging")
    assert store.record("lab/brain").teams == ()


def test_one_that_cannot_be_changed_stops_no_other_and_is_named(bulk: BulkActions, store: Any) -> None:
    store.refused = {"lab/brain"}
    bulk.tag(BOTH, add=("x",))
    assert "x" in store.record("lab/retina").tags
    assert "Tagged 1 dataset. 1 dataset could not be changed." in bulk.message.text
    assert "lab/brain" in bulk.message.hint
    assert "Ask its owner." in bulk.message.hint


def test_deleting_can_be_undone(bulk: BulkActions, store: Any) -> None:
    bulk.delete(BOTH)
    assert not set(BOTH) & set(store.records)
    bulk.bring_back()
    assert set(BOTH) <= set(store.records)
    assert bulk.undeletable == ()


def test_what_came_back_by_other_ways_is_not_offered_any_more(bulk: BulkActions) -> None:
    bulk.delete(BOTH)
    bulk.forget("lab/brain")
    assert (bulk.undeletable, bulk.message.text) == ((), "")


def test_that_others_came_back_changes_nothing(bulk: BulkActions) -> None:
    bulk.delete(BOTH)
    bulk.forget("lab/new")
    assert len(bulk.undeletable) == len(BOTH)


def test_deleting_is_for_all_or_none(bulk: BulkActions, store: Any) -> None:
    store.refused = {"lab/brain"}
    bulk.delete(BOTH)
    assert set(BOTH) <= set(store.records)
    assert bulk.message.tone == "error"


def test_cancelling_leaves_the_rest_as_it_was(bulk: BulkActions, store: Any) -> None:
    bulk.observe(lambda _: bulk.cancel(), "progress_text")
    bulk.tag(BOTH, add=("x",))
    assert "Cancelled before" in bulk.message.text
    assert "x" not in store.record("lab/retina").tags


def test_the_python_beside_it_does_the_same(bulk: BulkActions, store: Any, make_store: Any) -> None:
    other = make_store()
    for act in (
        lambda: bulk.tag(BOTH, add=("a", 'b"c'), remove=("em",)),
        lambda: bulk.tag(BOTH[:1], remove=("a",)),
        lambda: bulk.move(BOTH, "Cortex"),
        lambda: bulk.share(BOTH, give="imaging", is_public=True),
        lambda: bulk.share(BOTH, take="imaging"),
        lambda: bulk.delete(BOTH[:1]),
        bulk.bring_back,
        lambda: bulk.delete(BOTH),
    ):
        act()
        exec(bulk.code, {"store": other})
        assert {key: _said(record) for key, record in store.records.items()} == {
            key: _said(record) for key, record in other.records.items()
        }


def _said(record: Any) -> tuple[Any, ...]:
    return set(record.tags), record.folder, set(record.teams), record.is_public
