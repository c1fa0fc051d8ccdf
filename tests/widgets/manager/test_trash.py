"""The trash: what was deleted comes back, or goes for good after being asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pytest

from voxshelf.widgets.manager.trash import Trash
from voxshelf.widgets.manager.trash_state import TrashState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def trash(store: Any, at_once: Any) -> Iterator[Trash]:
    store.delete("lab/brain")
    trash = Trash(store, state=TrashState(store, aside=at_once))
    yield trash
    trash.close()


@pytest.fixture
def press(trash: Trash, parts: Callable[..., list[Any]]) -> Callable[[str], None]:
    return lambda text: next(b for b in parts(trash, widgets.Button) if b.description == text).click()


@pytest.fixture
def said(trash: Trash, parts: Callable[..., list[Any]]) -> Callable[[], str]:
    return lambda: " ".join(html.value for html in parts(trash, widgets.HTML))


def test_what_was_deleted_is_listed(said: Callable[[], str]) -> None:
    assert "lab/brain" in said()


def test_restoring_brings_it_back_and_says_the_python(
    trash: Trash, store: Any, press: Callable[[str], None], said: Callable[[], str]
) -> None:
    press("Restore")
    assert "lab/brain" in store.records
    assert trash.state.restored == "lab/brain"
    assert trash.state.code == 'store.restore("trash-brain")'
    assert "The trash is empty" in said()


def test_removing_for_good_asks_first(
    store: Any, press: Callable[[str], None], said: Callable[[], str]
) -> None:
    press("Remove …")
    press("Keep")
    assert store.in_trash
    press("Remove …")
    press("Yes, remove it for good")
    assert not store.in_trash
    assert "lab/brain was removed for good" in said()


def test_what_is_deleted_elsewhere_appears(store: Any, said: Callable[[], str]) -> None:
    store.delete("lab/retina")
    assert "lab/retina" in said()


def test_a_name_that_is_taken_by_now_is_said(trash: Trash, store: Any, unavailable: Exception) -> None:
    def refuse(_: str) -> None:
        raise unavailable

    store.restore = refuse
    trash.state.restore("trash-brain")
    assert "cannot be reached" in trash.state.message.text
    assert not trash.state.busy
