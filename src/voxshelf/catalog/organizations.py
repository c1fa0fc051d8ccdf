"""Organizations, each with its default team, of which every user is a member."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, text

from voxshelf.catalog.people_tables import TeamRow
from voxshelf.catalog.tables import OrganizationRow
from voxshelf.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from voxshelf.catalog.changes import Writing

_ADDING_LOCK = 0x766F78_0002


def queue_up(session: Session) -> None:
    """Let one transaction at a time look for names and add those that are missing, until it ends."""
    # SQLite has one writer anyway.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADDING_LOCK})


def organization_row(session: Session, name: str) -> OrganizationRow:
    """The row of an organization.

    Raises
    ------
    NotFoundError
        If there is none of that name.
    """
    row = session.scalar(select(OrganizationRow).where(OrganizationRow.name == name))
    if row is None:
        raise NotFoundError(
            f"There is no organization {name!r}.", hint="Correct the name, or add the organization first."
        )
    return row


def organization_ids(writing: Writing, names: Collection[str]) -> dict[str, int]:
    """The ids of organizations by name; those that are missing are added. Only after :func:`queue_up`."""
    wanted = select(OrganizationRow.name, OrganizationRow.id).where(OrganizationRow.name.in_(names))
    known = {row.name: row.id for row in writing.session.execute(wanted)}
    for name in sorted(set(names) - set(known)):
        organization = OrganizationRow(name=name, created=writing.moment)
        writing.session.add(organization)
        writing.session.flush()
        known[name] = organization.id
        everybody = TeamRow(
            organization_id=organization.id, name=name, is_default=True, created=writing.moment
        )
        writing.session.add(everybody)
    return known
