"""What stands below a form: what is unsaved, Save, and the choice between two people's edits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pytest

from voxshelf.widgets.drafts import ConflictPanel, SaveBar
from voxshelf.widgets.theme import PythonLine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voxshelf.store import LocalDatasetStore

KEY = "lab/cells"


@pytest.fixture
def bar(section: Any) -> Iterator[SaveBar]:
    bar = SaveBar(section)
    yield bar
    bar.close()


@pytest.fixture
def button(bar: SaveBar, parts: Callable[..., list[Any]]) -> Callable[[str], Any]:
    return lambda name: next(each for each in parts(bar, widgets.Button) if each.description == name)


@pytest.fixture
def shown(bar: SaveBar, parts: Callable[..., list[Any]]) -> Callable[[], str]:
    return lambda: " ".join(html.value for html in parts(bar, widgets.HTML))


@pytest.fixture
def disputed(section: Any, ada: LocalDatasetStore, follow: Callable[[], None]) -> Any:
    section.put(display_name="Mine", description="My <b>text</b>")
    ada.update_details(KEY, display_name="Hers", description="")
    ada.update_details(KEY, description="Her text")
    follow()
    return section


def test_nothing_can_be_saved_before_something_is_edited(button: Callable[[str], Any]) -> None:
    assert button("Save").disabled
    assert button("Discard").disabled


def test_it_says_what_is_unsaved(
    section: Any, shown: Callable[[], str], button: Callable[[str], Any]
) -> None:
    section.put(display_name="Mine")
    assert "Unsaved:</span> Display name." in shown()
    button("Save").click()
    assert "Unsaved" not in shown()
    assert "Saved." in shown()


def test_what_hinders_saving_stands_beside_the_button(
    section: Any, shown: Callable[[], str], button: Callable[[str], Any]
) -> None:
    section.put(display_name="Mine!")
    assert "Display name: Do not shout." in shown()
    assert button("Save").disabled


def test_the_line_of_python_appears_after_saving(
    section: Any, bar: SaveBar, button: Callable[[str], Any], parts: Callable[..., list[Any]]
) -> None:
    section.put(display_name="Mine")
    button("Save").click()
    assert "display_name='Mine'" in parts(bar, PythonLine)[0].code


def test_a_conflict_shows_both_sides_escaped(disputed: Any, shown: Callable[[], str]) -> None:
    assert "You and somebody else changed the same" in shown()
    assert "My &lt;b&gt;text&lt;/b&gt;" in shown()
    assert "Her text" in shown()


def test_each_conflict_is_settled_on_its_own(
    disputed: Any, bar: SaveBar, parts: Callable[..., list[Any]]
) -> None:
    panel = parts(bar, ConflictPanel)[0]
    mine = [each for each in parts(panel, widgets.Button) if each.description == "Keep mine"]
    mine[0].click()
    theirs = [each for each in parts(panel, widgets.Button) if each.description == "Take theirs"]
    theirs[0].click()
    assert disputed.draft.mine == {"description": "My <b>text</b>", "display_name": "Hers"}
    assert disputed.conflicts == ()


def test_all_conflicts_can_be_settled_at_once(disputed: Any, button: Callable[[str], Any]) -> None:
    button("Take all of theirs").click()
    assert disputed.draft.mine == {"display_name": "Hers", "description": "Her text"}
    assert disputed.unsaved == ()


def test_the_panel_is_hidden_without_conflicts(
    section: Any, bar: SaveBar, parts: Callable[..., list[Any]]
) -> None:
    assert parts(bar, ConflictPanel)[0].layout.display == "none"
