"""Who can see a dataset, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxshelf.widgets.sharing_links.access import VISITOR

if TYPE_CHECKING:
    from voxshelf.store import LocalDatasetStore
    from voxshelf.widgets.sharing_links import SharingState

KEY = "lab/cells"


def test_everybody_with_rights_is_listed_with_the_reason(state: SharingState) -> None:
    listed = {access.user.id: access.reason for access in state.access.people}
    assert listed.keys() == {"ada", "tom", "mia"}
    assert "member of team 'imaging'" in listed["mia"]


def test_what_is_not_a_person_is_said_in_sentences(state: SharingState, lab: LocalDatasetStore) -> None:
    lab.update_permissions(KEY, is_public=True)
    state.links.create()
    assert state.access.summary == (
        "Everybody can see it, because it is public.",
        "Allowed: team 'imaging'.",
        "Whoever has one link that works can see it.",
    )


def test_without_any_team_it_says_who_is_left(state: SharingState, lab: LocalDatasetStore) -> None:
    lab.update_permissions(KEY, teams=[])
    assert state.access.summary == (
        "No team is allowed yet: only admins, managers and the owner can see it.",
    )


def test_why_somebody_may(state: SharingState) -> None:
    state.access.ask("mia", "read")
    assert state.access.answer.tone == "success"
    assert "mia may read lab/cells: member of team 'imaging'" in state.access.answer.text
    assert state.access.python == 'store.explain_access("lab/mia", "lab/cells", "read")'


def test_why_somebody_may_not_and_whom_to_ask(state: SharingState) -> None:
    state.access.ask("mia", "edit")
    assert state.access.answer.tone == "warning"
    assert "Ada (ada@lab.org)" in state.access.answer.hint


def test_why_a_visitor_may_not(state: SharingState) -> None:
    state.access.ask(VISITOR, "read")
    assert "A visitor may not read lab/cells" in state.access.answer.text


def test_whoever_may_not_share_sees_no_list(lab: LocalDatasetStore, states: Any) -> None:
    mias = states(lab.acting_as("lab/mia"))
    assert mias.access.people == ()
    assert mias.access.refusal


def test_a_team_that_is_allowed_now_brings_its_people(state: SharingState, lab: LocalDatasetStore) -> None:
    lab.people.add_user("gus", teams=["genetics"], organization="lab")
    assert "gus" not in {access.user.id for access in state.access.people}
    state.permissions.allow("genetics", allowed=True)
    state.permissions.save()
    assert "gus" in {access.user.id for access in state.access.people}
