"""Which page the chosen dataset gets."""

from __future__ import annotations

from typing import Any

import pytest

from voxshelf.model import ChangeKind, DatasetStatus
from voxshelf.widgets.manager import Details, ManagerState, Mode, Section
from voxshelf.widgets.manager.state import modes_for


@pytest.fixture
def manager(store: Any, at_once: Any) -> ManagerState:
    return ManagerState(store, aside=at_once)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        (None, Details.NONE),
        ("lab/brain", Details.VIEWER),
        ("lab/new", Details.IMPORT),
        ("lab/torn", Details.REASON),
    ],
)
def test_a_dataset_gets_the_page_of_the_next_step(
    manager: ManagerState, key: str | None, kind: Details
) -> None:
    manager.selected = key
    assert manager.page[:2] == (kind, key)


def test_an_import_turns_the_page_to_the_viewer(manager: ManagerState, store: Any, record: Any) -> None:
    manager.selected = "lab/new"
    store.put(record("lab/new", version=2), ChangeKind.IMPORTED)
    assert manager.page[:2] == (Details.VIEWER, "lab/new")


def test_a_tag_added_elsewhere_does_not_restart_the_viewer(
    manager: ManagerState, store: Any, record: Any
) -> None:
    manager.selected = "lab/brain"
    pages: list[Any] = []
    manager.observe(pages.append, "page")
    store.put(record("lab/brain", tags=("new",), version=2))
    assert manager.record is not None
    assert manager.record.tags == ("new",)
    assert pages == []


ALL_RIGHTS = ("see", "read", "edit", "share", "delete")


def test_editing_turns_the_page_and_looking_turns_it_back(
    manager: ManagerState, store: Any, record: Any
) -> None:
    store.put(record("lab/brain", rights=ALL_RIGHTS, version=2))
    manager.selected = "lab/brain"
    manager.mode = Mode.EDIT
    assert manager.page[:2] == (Details.EDIT, "lab/brain")
    manager.mode = Mode.VIEW
    assert manager.page[:2] == (Details.VIEWER, "lab/brain")


def test_who_may_not_edit_keeps_looking(manager: ManagerState) -> None:
    manager.selected = "lab/brain"
    manager.mode = Mode.EDIT
    assert manager.page[0] is Details.VIEWER


def test_only_what_somebody_may_do_is_offered(record: Any) -> None:
    assert modes_for(record("lab/a", rights=ALL_RIGHTS)) == (Mode.VIEW, Mode.EDIT, Mode.SHARE)
    assert modes_for(record("lab/a", rights=("see", "read", "edit"))) == (Mode.VIEW, Mode.EDIT)
    assert modes_for(record("lab/a", rights=ALL_RIGHTS, status=DatasetStatus.NOT_IMPORTED)) == (Mode.VIEW,)
    assert modes_for(None) == (Mode.VIEW,)


def test_a_broken_dataset_can_be_mended_in_the_editor(manager: ManagerState, store: Any, record: Any) -> None:
    store.put(record("lab/torn", status=DatasetStatus.BROKEN, rights=ALL_RIGHTS, version=2))
    manager.selected = "lab/torn"
    manager.mode = Mode.EDIT
    assert manager.page[0] is Details.EDIT


def test_opening_a_dataset_from_elsewhere_shows_it(manager: ManagerState) -> None:
    manager.section, manager.mode = Section.GALLERY, Mode.SHARE
    manager.open("lab/brain")
    assert (manager.section, manager.mode, manager.selected) == (Section.DATASETS, Mode.VIEW, "lab/brain")


def test_a_search_that_hides_what_is_opened_is_cleared(manager: ManagerState) -> None:
    manager.table.search = "retina"
    manager.open("lab/brain")
    assert manager.table.search == ""


def test_a_search_that_shows_what_is_opened_stays(manager: ManagerState) -> None:
    manager.table.search = "brain"
    manager.open("lab/brain")
    assert manager.table.search == "brain"


def test_what_was_uploaded_is_shown_next(manager: ManagerState) -> None:
    manager.section = Section.UPLOAD
    manager.go_on_to("lab/new")
    assert (manager.section, manager.selected) == (Section.DATASETS, "lab/new")


def test_what_was_uploaded_tears_nobody_away_from_something_else(manager: ManagerState) -> None:
    manager.selected = "lab/brain"
    manager.go_on_to("lab/new")
    assert manager.selected == "lab/brain"
