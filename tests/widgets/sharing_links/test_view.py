"""The widgets follow the state, and the state follows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pytest

from voxshelf.widgets.sharing_links import SharingLinks
from voxshelf.widgets.sharing_links.new_link_view import NewLinkPanel
from voxshelf.widgets.theme import PythonLine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voxshelf.store import LocalDatasetStore
    from voxshelf.widgets.sharing_links import SharingState

KEY = "lab/cells"


@pytest.fixture
def sharing(lab: LocalDatasetStore, state: SharingState) -> Iterator[SharingLinks]:
    sharing = SharingLinks(lab, KEY, state=state)
    yield sharing
    sharing.close()


@pytest.fixture
def shown(sharing: SharingLinks, parts: Callable[..., list[Any]]) -> Callable[[], str]:
    return lambda: " ".join(html.value for html in parts(sharing, widgets.HTML))


@pytest.fixture
def button(sharing: SharingLinks, parts: Callable[..., list[Any]]) -> Callable[[str], Any]:
    return lambda name: next(each for each in parts(sharing, widgets.Button) if each.description == name)


def boxes(sharing: SharingLinks, parts: Callable[..., list[Any]]) -> dict[str, widgets.Checkbox]:
    return {box.description: box for box in parts(sharing, widgets.Checkbox)}


def test_a_check_box_allows_a_team(
    sharing: SharingLinks, parts: Callable[..., list[Any]], front_end: Any
) -> None:
    assert boxes(sharing, parts)["imaging"].value
    front_end(boxes(sharing, parts)["genetics"]).state(value=True)
    assert sharing.state.permissions.teams == ("genetics", "imaging")


def test_the_owner_is_chosen_from_the_users(
    sharing: SharingLinks, parts: Callable[..., list[Any]], front_end: Any
) -> None:
    owner = next(each for each in parts(sharing, widgets.Dropdown) if each.label == "Ada (ada)")
    front_end(owner).state(index=[value for _, value in owner.options].index("tom"))
    assert sharing.state.permissions.owner == "tom"


def test_a_new_link_is_shown_once_with_the_python_that_uses_it(
    sharing: SharingLinks,
    parts: Callable[..., list[Any]],
    shown: Callable[[], str],
    button: Callable[[str], Any],
) -> None:
    button("Create link").click()
    panel = parts(sharing, NewLinkPanel)[0]
    address, python = parts(panel, PythonLine)
    token = address.code
    assert token == sharing.state.links.new.token
    assert python.code == f'store.with_link("{token}")["lab/cells"]'
    assert "cannot be shown again" in shown()
    button("I have copied it").click()
    assert panel.layout.display == "none"
    assert token not in shown() + address.code + python.code


def test_revoking_asks_back_in_the_row(
    sharing: SharingLinks, shown: Callable[[], str], button: Callable[[str], Any]
) -> None:
    button("Create link").click()
    button("Revoke").click()
    assert "It stops to work at once" in shown()
    button("Keep it").click()
    assert "It stops to work at once" not in shown()
    button("Revoke").click()
    button("Revoke").click()
    assert "There is no link that works now" in shown()


def test_links_that_ended_are_shown_on_demand(
    sharing: SharingLinks, shown: Callable[[], str], button: Callable[[str], Any]
) -> None:
    sharing.state.links.label = "Anna"
    button("Create link").click()
    sharing.state.links.revoke(sharing.state.links.new.id)
    assert "<b>Anna</b>" not in shown()
    button("Show 1 link that ended").click()
    assert "<b>Anna</b>" in shown()
    assert "never used" in shown()


def test_labels_of_links_are_escaped(
    sharing: SharingLinks, shown: Callable[[], str], button: Callable[[str], Any]
) -> None:
    sharing.state.links.label = "<img src=x>"
    button("Create link").click()
    assert "<img" not in shown()


def test_an_end_that_cannot_be_is_said_at_its_field(
    sharing: SharingLinks, shown: Callable[[], str], button: Callable[[str], Any]
) -> None:
    sharing.state.links.expires = "someday"
    assert "is not a time" in shown()
    assert button("Create link").disabled


def test_what_else_may_be_written_as_an_end_is_said_at_its_field(
    sharing: SharingLinks, shown: Callable[[], str]
) -> None:
    sharing.state.links.expires = "7 days"
    assert "Friday, 2026-12-01, never" in shown()


def test_it_says_that_links_have_no_address_and_what_would_give_them_one(shown: Callable[[], str]) -> None:
    assert "Links have no address here." in shown()


def test_the_view_is_offered_only_with_a_viewer(sharing: SharingLinks) -> None:
    assert sharing._links._view_row.layout.display == "none"
    sharing.viewer = object()
    assert sharing._links._view_row.layout.display is None


def test_why_answers_below_the_question(
    sharing: SharingLinks, shown: Callable[[], str], button: Callable[[str], Any]
) -> None:
    button("Why?").click()
    assert "Ada may read lab/cells: admin of lab." in shown()


def test_for_a_member_everything_is_shown_disabled_with_the_reason(
    lab: LocalDatasetStore, states: Any, parts: Callable[..., list[Any]]
) -> None:
    mia = lab.acting_as("lab/mia")
    hers = SharingLinks(mia, KEY, state=states(mia))
    assert all(
        box.disabled for box in boxes(hers, parts).values() if box.description != "open at the current view"
    )
    assert "mia may not share lab/cells" in " ".join(html.value for html in parts(hers, widgets.HTML))
    hers.close()
