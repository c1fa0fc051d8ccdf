"""Links, made and taken back against a real store."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.errors import VoxshelfError
from voxshelf.model import LinkState, ViewState

if TYPE_CHECKING:
    from voxshelf.store import LocalDatasetStore
    from voxshelf.widgets.sharing_links import LinksState, SharingState

KEY = "lab/cells"


@pytest.fixture
def links(state: SharingState) -> LinksState:
    return state.links


def test_a_new_link_opens_the_dataset(links: LinksState, lab: LocalDatasetStore) -> None:
    links.label, links.expires = "Anna", "Friday"
    links.create()
    assert links.new is not None
    assert lab.with_link(links.new.token).record(KEY).key == KEY
    assert [(link.label, link.state()) for link in links.links] == [("Anna", LinkState.ACTIVE)]


def test_the_line_of_python_makes_the_same_link(links: LinksState) -> None:
    links.label, links.expires = "Anna", "Friday"
    links.create()
    assert links.python == 'store.create_link("lab/cells", label="Anna", expires="Friday")'


def test_without_end_nothing_is_said_about_one(links: LinksState) -> None:
    links.expires = "never"
    links.create()
    assert links.links[0].expires is None
    assert links.python == 'store.create_link("lab/cells")'


def test_what_an_end_means_is_said_before_the_link_is_made(links: LinksState) -> None:
    links.expires = "2126-12-01"
    assert links.expiry == ("It works until the end of Sun 1 Dec 2126 (UTC).", True)


@pytest.mark.parametrize("typed", ["someday", "2020-01-01"])
def test_an_end_that_cannot_be_makes_no_link(links: LinksState, typed: str) -> None:
    links.expires = typed
    links.create()
    assert links.new is None
    assert links.message.tone == "error"
    assert links.links == ()


def test_the_current_view_goes_into_the_link(links: LinksState) -> None:
    links.viewer = SimpleNamespace(view_state=ViewState(position=(1, 2, 3), zoom=0.5))
    links.with_view = True
    links.create()
    assert links.links[0].view == ViewState(position=(1, 2, 3), zoom=0.5)


def test_the_current_view_stays_out_unless_it_is_wanted(links: LinksState) -> None:
    links.viewer = SimpleNamespace(view_state=ViewState(position=(1, 2, 3)))
    links.create()
    assert links.links[0].view is None


def test_a_token_is_forgotten_once_it_was_copied(links: LinksState) -> None:
    links.create()
    links.forget_new()
    assert links.new is None


def test_revoking_asks_before_and_ends_the_link_at_once(links: LinksState, lab: LocalDatasetStore) -> None:
    links.create()
    token, name = links.new.token, links.new.id
    links.ask("revoke", name)
    assert links.links[0].state() is LinkState.ACTIVE
    links.confirm()
    assert links.links[0].state() is LinkState.REVOKED
    assert links.new is None
    with pytest.raises(VoxshelfError):
        lab.with_link(token)


def test_renewing_puts_a_new_link_in_place_of_the_old_one(links: LinksState) -> None:
    links.label = "Anna"
    links.create()
    old = links.new
    links.ask("renew", old.id)
    links.confirm()
    assert (links.new.label, links.new.token != old.token) == ("Anna", True)
    assert [link.state() for link in links.links] == [LinkState.ACTIVE, LinkState.REVOKED]


def test_uses_are_counted_in_the_list(links: LinksState, lab: LocalDatasetStore) -> None:
    links.create()
    lab.with_link(links.new.token)
    links.refresh()
    assert links.links[0].use_count == 1


def test_links_made_elsewhere_appear(links: LinksState, lab: LocalDatasetStore) -> None:
    lab.acting_as("lab/ada").create_link(KEY, label="from elsewhere")
    assert [link.label for link in links.links] == ["from elsewhere"]


def test_whoever_may_not_share_sees_no_links(lab: LocalDatasetStore, states: Any) -> None:
    lab.create_link(KEY)
    mias = states(lab.acting_as("lab/mia"))
    assert mias.links.links == ()
    assert "may share" in mias.links.refusal


def test_a_store_without_an_address_says_what_would_give_it_one(links: LinksState) -> None:
    assert links.unserved
