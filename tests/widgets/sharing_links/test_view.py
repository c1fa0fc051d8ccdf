"""The widgets follow the state, and the state follows them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pytest

from voxshelf.testing.folders import write_dataset
from voxshelf.widgets.sharing_links import SharingLinks
from voxshelf.widgets.sharing_links.link_row import LinkEditor
from voxshelf.widgets.sharing_links.new_link_view import NewLinkPanel
from voxshelf.widgets.slice_viewer import SliceViewer
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
    lab: LocalDatasetStore,
) -> None:
    button("Create link").click()
    panel = parts(sharing, NewLinkPanel)[0]
    python, address = parts(panel, PythonLine)
    token = address.code
    assert token == sharing.state.links.new.token
    assert python.code == (
        f'import voxshelf as vx\nstore = vx.open_store("{lab.root}")\nstore.with_link("{token}")["lab/cells"]'
    )
    assert python.copied == python.code
    assert (
        "Whoever can open this folder can use the link with these lines of Python; Copy puts them" in shown()
    )
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
    said = re.search(r"1 day, Friday, (\d{4}-\d\d-\d\d), never", shown())
    assert said is not None
    sharing.state.links.expires = said[1]
    assert sharing.state.links.expiry[1], "a date that is offered can be used"


def test_it_says_that_links_have_no_address_and_what_would_give_them_one(shown: Callable[[], str]) -> None:
    assert "Links have no address here.</b> Whoever can open this folder can use a link" in shown()
    assert "VOXSHELF_PUBLIC_URL" in shown()


def test_the_view_is_offered_only_with_a_viewer_and_else_it_says_how_to_get_one(
    sharing: SharingLinks, parts: Callable[..., list[Any]], shown: Callable[[], str]
) -> None:
    offer = boxes(sharing, parts)["open at the current view"]
    assert offer.layout.display == "none"
    assert "if one is open: press View first, or run vx.SliceViewer(store[&quot;lab/cells&quot;])." in shown()
    sharing.viewer = object()
    assert offer.layout.display is None
    assert "press View first" not in shown()


def test_a_viewer_that_is_open_anywhere_is_found_by_itself(
    lab: LocalDatasetStore, sharing: SharingLinks, parts: Callable[..., list[Any]]
) -> None:
    offer = boxes(sharing, parts)["open at the current view"]
    viewer = SliceViewer(lab[KEY])
    assert offer.layout.display is None
    viewer.position = (3, 4, 5)
    sharing.state.links.with_view = True
    sharing.state.links.create()
    view = sharing.state.links.links[0].view
    assert view is not None
    assert view.position == (3.5, 4.5, 5.5)
    viewer.close()
    assert offer.layout.display == "none"


def test_a_viewer_of_another_dataset_is_none(lab: LocalDatasetStore, sharing: SharingLinks) -> None:
    write_dataset(lab.root, "lab/other")
    lab.refresh()
    viewer = SliceViewer(lab["lab/other"])
    assert sharing.state.links.current_viewer is None
    viewer.close()


def test_a_link_is_edited_in_its_row(
    lab: LocalDatasetStore,
    sharing: SharingLinks,
    parts: Callable[..., list[Any]],
    button: Callable[[str], Any],
    shown: Callable[[], str],
    front_end: Any,
) -> None:
    link = lab.create_link(KEY, label="Ana", expires="2126-12-01")
    button("Edit").click()
    (editor,) = parts(sharing, LinkEditor)
    label, expires = parts(editor, widgets.Text)
    assert (label.value, expires.value) == ("Ana", "2126-12-01")
    assert editor._save.disabled
    front_end(expires).state(value="2020-01-01")
    assert "has passed" in shown()
    assert editor._save.disabled
    front_end(label).state(value="Anna in Basel")
    front_end(expires).state(value="Friday")
    assert not editor._save.disabled
    editor._save.click()
    (kept,) = lab.links(KEY)
    assert kept.label == "Anna in Basel"
    assert kept.expires is not None
    assert kept.expires < link.expires
    assert parts(sharing, LinkEditor) == []
    codes = [line.code for line in parts(sharing, PythonLine)]
    assert f'store.update_link("{link.id}", label="Anna in Basel", expires="Friday")' in codes


def test_cancel_leaves_the_link_as_it_is(
    lab: LocalDatasetStore,
    sharing: SharingLinks,
    parts: Callable[..., list[Any]],
    button: Callable[[str], Any],
) -> None:
    link = lab.create_link(KEY, label="Ana")
    button("Edit").click()
    sharing.state.links.edit.label = "somebody else"
    button("Cancel").click()
    assert parts(sharing, LinkEditor) == []
    assert lab.links(KEY)[0].label == link.label


def test_who_types_in_a_row_is_not_interrupted_when_links_are_used(
    lab: LocalDatasetStore,
    sharing: SharingLinks,
    parts: Callable[..., list[Any]],
    button: Callable[[str], Any],
) -> None:
    token = lab.create_link(KEY, label="Ana").token
    button("Edit").click()
    (editor,) = parts(sharing, LinkEditor)
    editor.edit.label = "Ann"
    rows = sharing._links._list.children
    lab.with_link(token)
    assert sharing._links._list.children == rows
    assert parts(sharing, LinkEditor) == [editor]
    assert editor.edit.label == "Ann"
    assert "used 1×" in rows[0]._text.value


def test_a_revoked_link_cannot_be_edited(
    lab: LocalDatasetStore,
    sharing: SharingLinks,
    parts: Callable[..., list[Any]],
    button: Callable[[str], Any],
) -> None:
    lab.revoke_link(lab.create_link(KEY).id)
    button("Show 1 link that ended").click()
    (edit,) = [each for each in parts(sharing, widgets.Button) if each.description == "Edit"]
    assert edit.layout.display == "none"


def test_without_links_it_says_what_one_is_good_for(shown: Callable[[], str]) -> None:
    assert "There is no link yet. Whoever gets one can look at this dataset without an account." in shown()


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
