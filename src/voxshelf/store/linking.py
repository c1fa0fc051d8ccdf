"""Links: made, changed, taken back. The token is shown once; the catalog keeps its hash.

What each method means is written in :class:`~voxshelf.store.sharing_protocol.SharingStore`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from voxshelf.catalog import WITH_PARTS, DatasetRow, LinkRow, storable
from voxshelf.errors import DatasetNotFoundError, InvalidDataSourceError, NotFoundError
from voxshelf.model import UNSET, ChangeKind, NewLink, Problem, Unset, ViewState, parse_expiry
from voxshelf.sharing import Action, mint
from voxshelf.store.desk import Desk
from voxshelf.store.link_tokens import link_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sqlalchemy.orm import Session

    from voxshelf.catalog import Writing
    from voxshelf.model import Expiry, Link
    from voxshelf.sharing import MintedToken

    View = ViewState | Mapping[str, Any]

_LONGEST_LABEL = 300


class Linking(Desk):
    """The links to datasets."""

    def create_link(
        self, key: str, *, label: str = "", expires: Expiry = None, view: View | None = None
    ) -> NewLink:
        """Make a link that lets whoever bears it look at one dataset, without an account."""
        state = _checked_view(view)
        with self._changing() as writing:
            row = self._gate.row(writing.session, Action.SHARE, key)
            end = parse_expiry(expires, now=self._gate.moment)
            return self._new(writing, row, label=_checked_label(label), expires=end, view=state)

    def links(self, key: str) -> tuple[Link, ...]:
        """The links to a dataset, the newest first."""
        with self._reading() as session:
            row = self._gate.row(session, Action.SHARE, key)
            wanted = select(LinkRow).where(LinkRow.dataset_id == row.id)
            wanted = wanted.order_by(LinkRow.created.desc(), LinkRow.id)
            return tuple(
                link_of(link) for link in session.scalars(wanted.options(joinedload(LinkRow.dataset)))
            )

    def update_link(
        self,
        link: str,
        *,
        label: str | Unset = UNSET,
        expires: Expiry | Unset = UNSET,
        view: View | Unset | None = UNSET,
    ) -> Link:
        """Change a link's label, end or view."""
        with self._changing() as writing:
            row = self._link_row(writing.session, link)
            if not isinstance(label, Unset):
                row.label = _checked_label(label)
            if not isinstance(expires, Unset):
                row.expires = parse_expiry(expires, now=self._gate.moment)
            if not isinstance(view, Unset):
                state = _checked_view(view)
                row.view = None if state is None else state.document()
            _log(writing, row, "link changed")
            return link_of(row)

    def revoke_link(self, link: str) -> Link:
        """Take a link back."""
        with self._changing() as writing:
            row = self._link_row(writing.session, link)
            if row.revoked is None:
                row.revoked = self._gate.moment
                _log(writing, row, "link revoked")
            return link_of(row)

    def renew_link(self, link: str, *, expires: Expiry | Unset = UNSET) -> NewLink:
        """Revoke a link and make another one of the same label and view."""
        with self._changing() as writing:
            old = self._link_row(writing.session, link)
            moment = self._gate.moment
            if not isinstance(expires, Unset):
                end = parse_expiry(expires, now=moment)
            else:
                end = None if old.expires is None else moment + (old.expires - old.created)
            if old.revoked is None:
                old.revoked = moment
            view = None if old.view is None else ViewState.model_validate(old.view)
            return self._new(writing, old.dataset, label=old.label, expires=end, view=view)

    def _new(
        self, writing: Writing, row: DatasetRow, *, label: str, expires: Any, view: ViewState | None
    ) -> NewLink:
        token = _unused_token(writing.session)
        link = LinkRow(
            id=token.record.id,
            hash=token.record.hash,
            dataset_id=row.id,
            label=label,
            view=None if view is None else view.document(),
            created=self._gate.moment,
            created_by=storable(self._gate.name),
            expires=expires,
        )
        link.dataset = row
        writing.session.add(link)
        writing.session.flush()
        _log(writing, link, "link made")
        base = self._premises.public_url.rstrip("/")
        url = f"{base}/s/{token.secret}" if base else ""
        return NewLink(**dict(link_of(link)), token=token.secret, url=url)

    def _link_row(self, session: Session, link: str) -> LinkRow:
        wanted = select(LinkRow).where(LinkRow.id == link).with_for_update(of=LinkRow)
        row = session.scalar(wanted.options(joinedload(LinkRow.dataset).options(*WITH_PARTS)))
        unknown = NotFoundError(f"There is no link {link!r}.", hint="Look at the dataset's links.")
        if row is None:
            raise unknown
        try:
            self._gate.allow(session, Action.SHARE, row.dataset)
        except DatasetNotFoundError:
            raise unknown from None
        return row


def _unused_token(session: Session) -> MintedToken:
    while True:
        token = mint()
        if session.get(LinkRow, token.record.id) is None:
            return token


def _checked_label(label: str) -> str:
    return storable(label.strip())[:_LONGEST_LABEL]


def _checked_view(view: View | None) -> ViewState | None:
    if view is None or isinstance(view, ViewState):
        return view
    try:
        return ViewState.model_validate(dict(view))
    except ValidationError as error:
        problems = [
            Problem(place=tuple(map(str, detail["loc"])), message=f"{detail['msg']}.")
            for detail in error.errors()
        ]
        raise InvalidDataSourceError(
            "This view cannot be stored with a link.", hint="Correct the values below.", problems=problems
        ) from error


def _log(writing: Writing, link: LinkRow, what: str) -> None:
    writing.log(ChangeKind.EDITED, link.dataset.key, what=what, link=link.id)
