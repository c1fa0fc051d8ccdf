"""Opening datasets one after the other never loses what was edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxshelf.errors import StoreUnavailableError

if TYPE_CHECKING:
    from voxshelf.store import LocalDatasetStore
    from voxshelf.widgets.edit_tabs import EditTabsState

KEY = "lab/cells"


def test_what_is_unsaved_is_told_tab_by_tab(state: EditTabsState) -> None:
    state.edits.details.display_name = "Cells"
    state.edits.data.voxel_size.text = "4, 4, 40"
    assert state.edits.unsaved == (("Data", ("Voxel size",)), ("General", ("Display name",)))


def test_all_tabs_are_saved_at_once(state: EditTabsState, lab: LocalDatasetStore) -> None:
    state.edits.details.display_name = "Cells"
    state.edits.sharing.permissions.is_public = True
    state.edits.save_all()
    assert (lab.record(KEY).display_name, lab.record(KEY).is_public) == ("Cells", True)
    assert state.edits.unsaved == ()


def test_another_dataset_is_opened_and_the_edits_of_the_first_are_kept(state: EditTabsState) -> None:
    state.edits.details.display_name = "Cells"
    state.key = "lab/plain"
    assert state.edits.key == "lab/plain"
    assert state.kept == (KEY,)
    state.key = KEY
    assert state.edits.details.display_name == "Cells"
    assert state.kept == ()


def test_a_dataset_without_edits_is_let_go(state: EditTabsState) -> None:
    first = state.edits
    state.key = "lab/plain"
    assert state.kept == ()
    state.key = KEY
    assert state.edits is not first


def test_kept_edits_go_on_following_the_store(state: EditTabsState, ada: LocalDatasetStore) -> None:
    state.edits.details.display_name = "Cells"
    state.key = "lab/plain"
    ada.update_details(KEY, description="Hers.")
    state.key = KEY
    assert (state.edits.details.display_name, state.edits.details.description) == ("Cells", "Hers.")


def test_kept_edits_can_be_dropped(state: EditTabsState) -> None:
    state.edits.details.display_name = "Cells"
    state.key = "lab/plain"
    state.drop(KEY)
    assert state.kept == ()


def test_a_viewer_belongs_to_the_dataset_that_it_shows(state: EditTabsState) -> None:
    state.viewer = viewer = object()
    assert state.edits.appearance.viewer is viewer
    assert state.edits.sharing.links.viewer is viewer
    state.key = "lab/plain"
    assert (state.viewer, state.edits.appearance.viewer) == (None, None)


def test_a_right_taken_away_while_editing_is_said_and_nothing_is_lost(
    lab: LocalDatasetStore, states: Any
) -> None:
    lab.people.update_user("mia", is_dataset_manager=True, organization="lab")
    edits = states(lab.acting_as("lab/mia")).edits
    edits.details.display_name = "Mine"
    lab.people.update_user("mia", is_dataset_manager=False, organization="lab")
    assert "you may no longer see it" in edits.message.text
    assert edits.details.display_name == "Mine"
    lab.people.update_user("mia", is_dataset_manager=True, organization="lab")
    assert edits.message.text == ""
    edits.details.save()
    assert lab.record(KEY).display_name == "Mine"


def test_a_dataset_that_does_not_exist_says_so(lab: LocalDatasetStore, states: Any) -> None:
    assert "lab/nothing is gone" in states(lab, "lab/nothing").edits.message.text


def test_a_store_that_cannot_be_reached_says_so_and_recovers(state: EditTabsState) -> None:
    edits = state.edits
    edits._lose(type(edits.message).of_error(StoreUnavailableError("The disk is gone.")))
    assert not edits.details.can_save
    edits.look_again()
    assert edits.message.text == ""
    edits.details.display_name = "Cells"
    assert edits.details.can_save
