"""Links: many to one dataset, with an end and a view; their secrets, and how they stop to work."""

# ruff: noqa: S101, D102 - tests assert, and their names are their sentences
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.errors import (
    DatasetNotFoundError,
    InvalidDataSourceError,
    NotAllowedError,
    NotFoundError,
    VoxshelfError,
)
from voxshelf.model import ChangeEvent, ChangeKind, LinkState, ViewState
from voxshelf.testing.store_fixtures import StoreFixtures

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from voxshelf.model import NewLink
    from voxshelf.store import DatasetStore
    from voxshelf.testing.store_fixtures import Clock

KEY = "lab/cells"
WORDS = "This link does not work."


class MakingLinksTests(StoreFixtures):
    """Made, listed, changed."""

    def test_a_link_opens_its_dataset_for_a_visitor(self, staffed: DatasetStore) -> None:
        visitor = self.with_link(staffed, staffed.create_link(KEY).token)
        assert visitor.record(KEY).rights == ("see", "read")
        assert visitor[KEY]["color"][1, 2, 3] == 1 + 6 + 21
        assert list(visitor) == [KEY]
        with pytest.raises(NotAllowedError):
            visitor.update_details(KEY, display_name="x")

    def test_a_link_opens_no_other_dataset(self, staffed: DatasetStore) -> None:
        visitor = self.with_link(staffed, staffed.create_link(KEY).token)
        for key in ("lab/plain", "clinic/scan"):
            with pytest.raises(DatasetNotFoundError):
                visitor.record(key)

    def test_a_link_adds_to_ones_own_rights(self, staffed: DatasetStore) -> None:
        olga = self.act_as(staffed, "lab/olga")
        with pytest.raises(DatasetNotFoundError):
            olga.record(KEY)
        bearing = self.with_link(olga, staffed.create_link(KEY).token)
        assert bearing.record(KEY).rights == ("see", "read")
        assert bearing.actor.user == olga.actor.user

    def test_links_are_many_and_listed_the_newest_first(self, staffed: DatasetStore, clock: Clock) -> None:
        made = []
        for label in ("for Eve", "", "for Bob"):
            made.append(staffed.create_link(KEY, label=label))
            clock.advance(timedelta(minutes=1))
        listed = staffed.links(KEY)
        assert [link.id for link in listed] == [link.id for link in reversed(made)]
        assert [link.label for link in listed] == ["for Bob", "", "for Eve"]
        assert {link.dataset for link in listed} == {KEY}

    def test_a_link_tells_who_made_it_and_when(self, staffed: DatasetStore, clock: Clock) -> None:
        before = clock()
        link = self.act_as(staffed, "lab/tom").create_link(KEY)
        assert link.created_by == "tom"
        assert before <= link.created <= clock()

    def test_a_link_has_a_view(self, staffed: DatasetStore) -> None:
        view = {"position": [1, 2, 3], "zoom": 0.5, "plane": "xz", "layers": {"color": {"isDisabled": True}}}
        staffed.create_link(KEY, view=view)
        (link,) = staffed.links(KEY)
        assert link.view is not None
        assert link.view.document() == view
        again = staffed.create_link(KEY, view=ViewState(zoom=2))
        assert again.view == ViewState(zoom=2)

    @pytest.mark.parametrize(
        "view",
        [{"zoom": 0}, {"plane": "yx"}, {"position": [1, 2]}, {"layers": {"color": {"alpha": 101}}}, {"x": 1}],
    )
    def test_a_view_that_cannot_be_used_is_refused(self, staffed: DatasetStore, view: Any) -> None:
        with pytest.raises(InvalidDataSourceError) as caught:
            staffed.create_link(KEY, view=view)
        assert caught.value.problems
        link = staffed.create_link(KEY)
        with pytest.raises(InvalidDataSourceError):
            staffed.update_link(link.id, view=view)
        assert [(known.id, known.view) for known in staffed.links(KEY)] == [(link.id, None)]

    def test_a_link_can_be_changed_and_still_works(self, staffed: DatasetStore) -> None:
        made = staffed.create_link(KEY, label="old", expires="7 days", view={"zoom": 1})
        link = staffed.update_link(made.id, label="new", expires="never", view=None)
        assert (link.label, link.expires, link.view) == ("new", None, None)
        assert staffed.links(KEY) == (link,)
        assert KEY in self.with_link(staffed, made.token)

    def test_what_is_not_passed_stays(self, staffed: DatasetStore) -> None:
        made = staffed.create_link(KEY, label="old", expires="7 days", view={"zoom": 1})
        staffed.update_link(made.id)
        (link,) = staffed.links(KEY)
        assert (link.label, link.expires, link.view) == (made.label, made.expires, made.view)

    def test_each_use_is_counted(self, staffed: DatasetStore, clock: Clock) -> None:
        link = staffed.create_link(KEY)
        unused = staffed.create_link(KEY)
        for _ in range(3):
            clock.advance(timedelta(hours=1))
            self.with_link(staffed, link.token)
        known = {found.id: found for found in staffed.links(KEY)}
        assert (known[link.id].use_count, known[unused.id].use_count) == (3, 0)
        used = known[link.id].last_used
        assert used is not None
        assert timedelta(0) <= clock() - used < timedelta(minutes=1)
        assert known[unused.id].last_used is None

    def test_changes_of_links_are_told(self, staffed: DatasetStore) -> None:
        told: list[ChangeEvent] = []
        staffed.changed.connect(told.append)
        link = staffed.create_link(KEY)
        staffed.update_link(link.id, label="x")
        staffed.revoke_link(staffed.renew_link(link.id).id)
        assert {(event.kind, event.key) for event in told} == {(ChangeKind.EDITED, KEY)}

    @pytest.mark.parametrize("link", ["", "none", "a\0b", "\ud800", "x" * 5000])
    def test_a_link_that_is_none_is_not_found(self, staffed: DatasetStore, link: str) -> None:
        for call in (staffed.update_link, staffed.revoke_link, staffed.renew_link):
            with pytest.raises(NotFoundError):
                call(link)

    def test_a_link_of_a_dataset_that_one_may_not_share_is_not_found(self, staffed: DatasetStore) -> None:
        link = staffed.create_link(KEY).id
        outsider, reader = self.act_as(staffed, "lab/olga"), self.act_as(staffed, "lab/mia")
        for name in ("update_link", "revoke_link", "renew_link"):
            with pytest.raises(NotFoundError, match="There is no link"):
                getattr(outsider, name)(link)
            with pytest.raises(NotAllowedError):
                getattr(reader, name)(link)
        assert staffed.links(KEY)[0].state() is LinkState.ACTIVE


class EndingLinksTests(StoreFixtures):
    """Expired, revoked, renewed: refused at once, in the same words."""

    def refused(self, store: DatasetStore, token: str) -> str:
        """What somebody is told whose link does not work."""
        with pytest.raises(NotAllowedError) as caught:
            self.with_link(store, token)
        return str(caught.value)

    def test_a_link_works_until_it_expires(self, staffed: DatasetStore, clock: Clock) -> None:
        link = staffed.create_link(KEY, expires=timedelta(days=7))
        visitor = self.with_link(staffed, link.token)
        clock.advance(timedelta(days=7, seconds=-5))
        assert KEY in visitor
        clock.advance(timedelta(seconds=5))
        with pytest.raises(DatasetNotFoundError):
            visitor.record(KEY)
        assert WORDS in self.refused(staffed, link.token)
        (known,) = staffed.links(KEY)
        assert known.state(clock()) is LinkState.EXPIRED

    @pytest.mark.parametrize(
        "expires", ["yesterday", "soon", "-1 days", datetime(2020, 1, 1, tzinfo=UTC), ""]
    )
    def test_an_end_that_is_none_is_refused(self, staffed: DatasetStore, expires: Any) -> None:
        with pytest.raises(VoxshelfError):
            staffed.create_link(KEY, expires=expires)
        assert staffed.links(KEY) == ()

    def test_a_link_that_is_made_longer_works_again(self, staffed: DatasetStore, clock: Clock) -> None:
        link = staffed.create_link(KEY, expires="1 day")
        clock.advance(timedelta(days=2))
        self.refused(staffed, link.token)
        staffed.update_link(link.id, expires="1 week")
        assert KEY in self.with_link(staffed, link.token)

    def test_a_revoked_link_is_refused_at_once_also_by_another_process(
        self, staffed: DatasetStore, open_another: Callable[[], DatasetStore]
    ) -> None:
        link = staffed.create_link(KEY)
        visitor = self.with_link(open_another(), link.token)
        assert visitor[KEY]["color"][0, 0, 0] == 0
        staffed.revoke_link(link.id)
        calls: tuple[Callable[[], object], ...] = (
            lambda: visitor.record(KEY),
            lambda: visitor[KEY],
            lambda: visitor.data_source(KEY),
            lambda: visitor.view_configuration(KEY),
        )
        for call in calls:
            with pytest.raises(DatasetNotFoundError):
                call()
        assert visitor.list().total == 0

    def test_revoking_twice_changes_nothing(self, staffed: DatasetStore, clock: Clock) -> None:
        link = staffed.create_link(KEY)
        first = staffed.revoke_link(link.id)
        clock.advance(timedelta(hours=1))
        assert staffed.revoke_link(link.id) == first

    def test_a_renewed_link_has_another_secret_and_the_old_one_is_dead(
        self, staffed: DatasetStore, clock: Clock
    ) -> None:
        old = staffed.create_link(KEY, label="for Eve", expires="7 days", view={"zoom": 2})
        clock.advance(timedelta(days=3))
        new = staffed.renew_link(old.id)
        assert (new.label, new.view) == (old.label, old.view)
        assert new.expires is not None
        assert abs(new.expires - clock() - timedelta(days=7)) < timedelta(minutes=1)
        assert new.token != old.token
        assert KEY in self.with_link(staffed, new.token)
        self.refused(staffed, old.token)

    def test_a_link_can_be_renewed_with_another_end(self, staffed: DatasetStore) -> None:
        old = staffed.create_link(KEY, expires="7 days")
        assert staffed.renew_link(old.id, expires="never").expires is None

    def test_all_that_does_not_work_is_refused_in_the_same_words(
        self, staffed: DatasetStore, clock: Clock
    ) -> None:
        expired = staffed.create_link(KEY, expires="1 day").token
        revoked = staffed.create_link(KEY)
        staffed.revoke_link(revoked.id)
        good = staffed.create_link(KEY).token
        clock.advance(timedelta(days=2))
        almost = good[:-1] + ("A" if good[-1] != "A" else "B")
        wrong = [
            expired,
            revoked.token,
            almost,
            good[:-1],
            good + "x",
            "",
            "nonsense",
            "vxs_",
            "\0",
            "\ud800",
        ]
        assert len({self.refused(staffed, token) for token in wrong}) == 1
        assert KEY in self.with_link(staffed, good)


class SecretTests(StoreFixtures):
    """The token is shown once."""

    @pytest.fixture
    def link(self, staffed: DatasetStore) -> NewLink:
        """A link, used once."""
        made = staffed.create_link(KEY, label="for Eve")
        self.with_link(staffed, made.token)
        return made

    def test_the_token_is_told_only_when_it_is_made(self, staffed: DatasetStore, link: NewLink) -> None:
        secret = link.token.split("_", 2)[2]
        told = [staffed.links(KEY), staffed.update_link(link.id, label="x"), staffed.revoke_link(link.id)]
        assert secret not in repr(told) + "".join(str(part.model_dump()) for part in staffed.links(KEY))
        assert not hasattr(staffed.links(KEY)[0], "token")

    def test_a_new_link_does_not_show_its_secret_by_accident(self, link: NewLink) -> None:
        assert link.token not in repr(link)
        assert link.token not in str(link)

    def test_the_secret_is_random_and_long(self, staffed: DatasetStore) -> None:
        secrets = {staffed.create_link(KEY).token.split("_", 2)[2] for _ in range(20)}
        assert len(secrets) == 20
        assert {len(secret) for secret in secrets} == {43}

    def test_no_file_of_the_store_holds_the_secret(
        self, staffed: DatasetStore, root: Path, link: NewLink
    ) -> None:
        staffed.renew_link(link.id)
        secret = link.token.split("_", 2)[2].encode()
        files = [path for path in root.rglob("*") if path.is_file()]
        assert files
        assert [path for path in files if secret in path.read_bytes()] == []

    def test_a_refusal_does_not_repeat_the_secret(self, staffed: DatasetStore, link: NewLink) -> None:
        staffed.revoke_link(link.id)
        with pytest.raises(NotAllowedError) as caught:
            self.with_link(staffed, link.token)
        assert link.token.split("_", 2)[2] not in str(caught.value)


class LinksTests(MakingLinksTests, EndingLinksTests, SecretTests):
    """Links."""
