"""The History tab's logic against a real store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from voxshelf.widgets.edit_tabs.history import PAGE

if TYPE_CHECKING:
    from voxshelf.store import LocalDatasetStore
    from voxshelf.widgets.edit_tabs import DatasetEdits
    from voxshelf.widgets.edit_tabs.history import HistoryState

KEY = "lab/cells"


@pytest.fixture
def history(edits: DatasetEdits) -> HistoryState:
    return edits.history


def test_edits_appear_at_once_with_who_made_them(history: HistoryState, ada: LocalDatasetStore) -> None:
    ada.update_details(KEY, display_name="Hers")
    assert [(entry.by, str(entry.section)) for entry in history.entries] == [("ada", "details")]


def test_an_edit_is_taken_back_and_the_forms_follow(history: HistoryState, edits: DatasetEdits) -> None:
    edits.details.display_name = "Cells"
    edits.details.save()
    history.undo(history.entries[0])
    assert edits.details.display_name == ""
    assert history.message.tone == "success"
    assert history.undone == {history.entries[1].id}
    assert history.python.startswith('store.undo("lab/cells", ')


def test_an_edit_that_was_edited_again_cannot_be_taken_back(
    history: HistoryState, ada: LocalDatasetStore
) -> None:
    ada.update_details(KEY, display_name="One")
    ada.update_details(KEY, display_name="Two")
    history.undo(history.entries[1])
    assert history.message.tone == "error"
    assert history.message.hint


def test_many_edits_come_page_by_page(history: HistoryState, lab: LocalDatasetStore) -> None:
    for number in range(PAGE + 3):
        lab.update_details(KEY, display_name=f"Name {number}")
    assert (len(history.entries), history.has_more) == (PAGE, True)
    history.show_more()
    assert (len(history.entries), history.has_more) == (PAGE + 3, False)


def test_whoever_may_not_edit_sees_none(mias: DatasetEdits) -> None:
    assert mias.history.entries == ()
    assert "may edit" in mias.history.refusal
