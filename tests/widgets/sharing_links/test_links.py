"""Links, made and taken back against a real store."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.errors import VoxshelfError
from voxshelf.model import LinkState, ViewState
from voxshelf.store import LocalDatasetStore
from voxshelf.widgets.sharing_links import SharingState

if TYPE_CHECKING:
    from voxshelf.widgets.sharing_links import LinksState

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


def test_uses_are_counted_in_the_list_by_themselves(links: LinksState, lab: LocalDatasetStore) -> None:
    links.create()
    lab.with_link(links.new.token)
    assert links.links[0].use_count == 1


def test_uses_that_no_event_tells_of_are_counted_all_the_same(lab: LocalDatasetStore) -> None:
    token = lab.create_link(KEY).token
    state = SharingState(lab, KEY)
    counted = threading.Event()
    state.links.observe(
        lambda change: counted.set() if change["new"] and change["new"][0].use_count == 3 else None, "links"
    )
    state.start()
    for _ in range(3):
        lab.with_link(token)
    assert counted.wait(20)
    state.close()


def test_after_closing_nobody_looks_for_uses_any_more(lab: LocalDatasetStore) -> None:
    state = SharingState(lab, KEY)
    state.start()
    assert state.wait()
    looks: list[int] = []

    def closing(key: str) -> Any:
        """Closing happens while the links are being read, and more looks are to come."""
        looks.append(len(looks))
        if len(looks) == 1:
            state.close()
        return ()

    lab.links = closing  # type: ignore[method-assign]
    state.links.used()
    assert state.wait(30)
    assert looks == [0]


def test_uses_in_another_process_are_counted(lab: LocalDatasetStore, state: SharingState) -> None:
    token = lab.create_link(KEY).token
    counted = threading.Event()
    state.links.observe(
        lambda change: counted.set() if change["new"] and change["new"][0].use_count == 1 else None, "links"
    )
    with LocalDatasetStore(lab.root) as other:
        other.with_link(token)
    assert counted.wait(20)


def test_of_an_edited_link_only_what_was_changed_is_stored(links: LinksState, lab: LocalDatasetStore) -> None:
    made = lab.create_link(KEY, label="Ana", expires="7 days", view={"zoom": 1})
    links.begin_edit(made.id)
    links.edit.label = "Anna"
    links.save_edit()
    (kept,) = lab.links(KEY)
    assert (kept.label, kept.expires, kept.view) == ("Anna", made.expires, made.view)
    assert links.python == f'store.update_link("{made.id}", label="Anna")'


def test_an_expired_link_works_again_when_its_end_is_moved(links: LinksState, lab: LocalDatasetStore) -> None:
    made = lab.create_link(KEY, expires=timedelta(milliseconds=1))
    end = made.expires
    assert end is not None
    while datetime.now(UTC) < end:
        pass
    links.begin_edit(made.id)
    assert links.edit.sentence.startswith("It ended ")
    assert links.edit.problem == ""
    links.edit.expires = "never"
    links.save_edit()
    assert lab.with_link(made.token).record(KEY).key == KEY
    assert links.python == f'store.update_link("{made.id}", expires="never")'


def test_a_link_revoked_elsewhere_while_it_is_edited_is_told(
    links: LinksState, lab: LocalDatasetStore
) -> None:
    made = lab.create_link(KEY, label="Ana")
    links.begin_edit(made.id)
    lab.acting_as("lab/ada").revoke_link(made.id)
    assert links.edit is None
    assert links.message.text == "The link that you edited was revoked elsewhere."


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
