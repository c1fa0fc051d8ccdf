"""A draft follows what is stored, and loses nothing that the person edited."""

from __future__ import annotations

import pytest

from voxshelf.widgets.drafts import Draft


@pytest.fixture
def draft() -> Draft:
    return Draft({"name": "Brain", "tags": ["em"], "notes": [{"key": "age", "value": 3}]}, version=1)


def places(draft: Draft) -> list[tuple[str | int, ...]]:
    return [conflict.place for conflict in draft.conflicts]


def test_a_fresh_draft_has_no_changes(draft: Draft) -> None:
    assert draft.changes == ()


def test_what_was_edited_is_told_by_place(draft: Draft) -> None:
    draft.mine = {**draft.mine, "name": "Cortex"}
    assert [change.place for change in draft.changes] == [("name",)]


def test_what_others_change_appears_where_nothing_was_edited(draft: Draft) -> None:
    draft.mine = {**draft.mine, "name": "Cortex"}
    draft.follow({**draft.stored, "tags": ["em", "mouse"]}, version=2)
    assert draft.mine == {**draft.stored, "name": "Cortex"}
    assert draft.mine["tags"] == ["em", "mouse"]
    assert draft.conflicts == ()


def test_the_same_value_changed_by_both_is_a_conflict_and_mine_stays(draft: Draft) -> None:
    draft.mine = {**draft.mine, "name": "Cortex"}
    draft.follow({**draft.stored, "name": "Retina"}, version=2)
    assert draft.mine["name"] == "Cortex"
    assert places(draft) == [("name",)]


def test_the_same_edit_by_both_is_no_conflict(draft: Draft) -> None:
    draft.mine = {**draft.mine, "name": "Cortex"}
    draft.follow({**draft.stored, "name": "Cortex"}, version=2)
    assert (draft.changes, draft.conflicts) == ((), ())


def test_keeping_mine_settles_a_conflict(draft: Draft) -> None:
    draft.mine = {**draft.mine, "name": "Cortex"}
    draft.follow({**draft.stored, "name": "Retina"}, version=2)
    draft.choose(("name",), mine=True)
    assert (draft.mine["name"], draft.conflicts) == ("Cortex", ())


def test_taking_theirs_settles_a_conflict_and_keeps_my_other_edits(draft: Draft) -> None:
    draft.mine = {**draft.mine, "name": "Cortex", "tags": []}
    draft.follow({**draft.stored, "name": "Retina"}, version=2)
    draft.choose(("name",), mine=False)
    assert (draft.mine["name"], draft.mine["tags"], draft.conflicts) == ("Retina", [], ())


def test_a_conflict_stays_when_others_change_something_else(draft: Draft) -> None:
    draft.mine = {**draft.mine, "name": "Cortex"}
    draft.follow({**draft.stored, "name": "Retina"}, version=2)
    draft.follow({**draft.stored, "tags": []}, version=3)
    assert places(draft) == [("name",)]


def test_a_conflict_vanishes_when_the_edit_is_taken_back_by_hand(draft: Draft) -> None:
    draft.mine = {**draft.mine, "name": "Cortex"}
    draft.follow({**draft.stored, "name": "Retina"}, version=2)
    draft.mine = {**draft.mine, "name": "Retina"}
    assert draft.conflicts == ()


def test_two_people_may_edit_entries_of_one_list(draft: Draft) -> None:
    draft.mine = {**draft.mine, "notes": [{"key": "age", "value": 4}]}
    draft.follow(
        {**draft.stored, "notes": [{"key": "age", "value": 3}, {"key": "sex", "value": "f"}]}, version=2
    )
    assert draft.mine["notes"] == [{"key": "age", "value": 4}, {"key": "sex", "value": "f"}]
    assert draft.conflicts == ()


def test_reverting_forgets_the_edits_below_a_place_only(draft: Draft) -> None:
    draft.mine = {"name": "Cortex", "tags": [], "notes": []}
    draft.revert([("notes",), ("tags",)])
    assert draft.mine == {**draft.stored, "name": "Cortex"}


def test_discarding_forgets_edits_and_conflicts(draft: Draft) -> None:
    draft.mine = {**draft.mine, "name": "Cortex"}
    draft.follow({**draft.stored, "name": "Retina"}, version=2)
    draft.discard()
    assert (draft.mine["name"], draft.conflicts) == ("Retina", ())


def test_a_draft_shares_no_list_with_what_is_stored(draft: Draft) -> None:
    draft.mine["tags"].append("mouse")
    assert draft.stored["tags"] == ["em"]
