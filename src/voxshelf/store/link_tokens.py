"""From a token to its link: what a bearer presents is looked up each time, in the catalog itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from voxshelf.catalog import DatasetRow, LinkRow
from voxshelf.errors import NotAllowedError
from voxshelf.model import ChangeKind, Link, LinkState, ViewState
from voxshelf.sharing import TokenRecord, parse, verify

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from voxshelf.catalog import Writing

TOLD_EVERY = timedelta(seconds=5)
"""The first use of a link in each span of this length is told, those after it are only counted."""


def link_of(row: LinkRow) -> Link:
    """The noun; the row comes with its dataset."""
    return Link(
        id=row.id,
        dataset=row.dataset.key,
        label=row.label,
        created=row.created,
        created_by=row.created_by,
        expires=row.expires,
        revoked=row.revoked,
        use_count=row.use_count,
        last_used=row.last_used,
        view=None if row.view is None else ViewState.model_validate(row.view),
    )


def links_by_id(session: Session, ids: Collection[str]) -> tuple[Link, ...]:
    """Those of these links that there are, as they stand now; not those to datasets in the trash.

    Another dataset may have their key by now, and a link must not open that one.
    """
    wanted = select(LinkRow).join(LinkRow.dataset).where(LinkRow.id.in_(ids), DatasetRow.trash_id == "")
    wanted = wanted.order_by(LinkRow.id).options(contains_eager(LinkRow.dataset))
    return tuple(link_of(row) for row in session.scalars(wanted))


def presented_row(session: Session, token: str, moment: datetime) -> LinkRow:
    """The row, with its dataset, of the link whose token this is.

    Raises
    ------
    NotAllowedError
        If there is none, or it has expired or was revoked: the same words for all three.
    """
    found = parse(token)
    row = None
    if found is not None:
        row = session.scalar(select(LinkRow).where(LinkRow.id == found).options(joinedload(LinkRow.dataset)))
    record = None if row is None else TokenRecord(id=row.id, hash=row.hash, prefix=f"vxs_{row.id}")
    if not verify(token, record) or row is None or link_of(row).state(moment) is not LinkState.ACTIVE:
        raise NotAllowedError(
            "This link does not work.",
            hint="It may be incomplete, have expired or have been taken back. Ask whoever sent it for a new one.",
        )
    return row


def count_use(writing: Writing, link: str, moment: datetime) -> None:
    """Count that a link was used, and log it if it is the first use in its span of time.

    Spans are counted from 1970, so the row itself says when it was last told: nothing else needs to be remembered,
    here or in other processes.
    """
    wanted = select(LinkRow).where(LinkRow.id == link).with_for_update(of=LinkRow)
    row = writing.session.scalar(wanted.options(joinedload(LinkRow.dataset)))
    if row is None:
        return
    if row.last_used is None or _span(row.last_used) != _span(moment):
        writing.log(ChangeKind.LINK_USED, row.dataset.key, link=row.id)
    row.use_count += 1
    row.last_used = moment


def _span(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // TOLD_EVERY
