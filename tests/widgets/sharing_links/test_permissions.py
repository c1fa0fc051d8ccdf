"""Teams, visibility and owner, edited against a real store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from voxshelf.store import LocalDatasetStore
    from voxshelf.widgets.sharing_links import SharingState

KEY = "lab/cells"


def locks(state: SharingState) -> dict[str, bool]:
    return {choice.name: bool(choice.locked) for choice in state.permissions.choices}


def test_it_shows_what_is_stored(state: SharingState) -> None:
    section = state.permissions
    assert (section.teams, section.is_public, section.owner) == (("imaging",), False, "ada")


def test_all_teams_of_the_organization_can_be_chosen(state: SharingState) -> None:
    assert {"genetics", "imaging"} <= locks(state).keys()
    assert not any(locks(state).values())


def test_a_team_is_added_and_stored(state: SharingState, lab: LocalDatasetStore) -> None:
    state.permissions.allow("genetics", allowed=True)
    assert state.permissions.unsaved == ("Teams",)
    state.permissions.save()
    assert lab.record(KEY).teams == ("genetics", "imaging")
    assert "teams=['genetics', 'imaging']" in state.permissions.python


def test_a_team_is_taken_off(state: SharingState, lab: LocalDatasetStore) -> None:
    state.permissions.allow("imaging", allowed=False)
    state.permissions.save()
    assert lab.record(KEY).teams == ()


def test_visibility_and_owner_are_stored(state: SharingState, lab: LocalDatasetStore) -> None:
    state.permissions.is_public = True
    state.permissions.owner = "tom"
    state.permissions.save()
    record = lab.record(KEY)
    assert (record.is_public, record.owner) == (True, "tom")


def test_a_team_manager_changes_only_her_own_team_and_not_the_owner(
    lab: LocalDatasetStore, states: Any
) -> None:
    toms = states(lab.acting_as("lab/tom"))
    assert locks(toms)["genetics"]
    assert not locks(toms)["imaging"]
    assert "hand it over" in toms.permissions.owner_locked


def test_the_owner_may_hand_it_over(lab: LocalDatasetStore, states: Any) -> None:
    lab.update_permissions(KEY, owner="tom")
    assert states(lab.acting_as("lab/tom")).permissions.owner_locked == ""


def test_a_member_may_change_nothing_and_is_told_whom_to_ask(lab: LocalDatasetStore, states: Any) -> None:
    mias = states(lab.acting_as("lab/mia"))
    assert "mia may not share lab/cells" in mias.permissions.refusal
    assert "Ada" in mias.permissions.refusal
    mias.permissions.is_public = True
    mias.permissions.save()
    assert not lab.record(KEY).is_public


def test_teams_that_a_folder_allows_are_told_apart(state: SharingState, lab: LocalDatasetStore) -> None:
    lab.people.add_folder("Shared", teams=["genetics"], organization="lab")
    lab.update_details(KEY, folder="Shared")
    inherited = {choice.name: choice.inherited for choice in state.permissions.choices}
    assert inherited["genetics"]
    assert not inherited["imaging"]


def test_a_new_team_appears_by_itself(state: SharingState, lab: LocalDatasetStore) -> None:
    lab.people.add_team("physics", organization="lab")
    assert "physics" in locks(state)
