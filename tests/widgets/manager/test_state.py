"""Which page the chosen dataset gets."""

from __future__ import annotations

from typing import Any

import pytest

from voxshelf.model import ChangeKind
from voxshelf.widgets.manager import Details, ManagerState


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
