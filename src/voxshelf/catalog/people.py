"""Users and teams, as nouns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from voxshelf.catalog.organizations import organization_row
from voxshelf.catalog.people_tables import MembershipRow, TeamRow, UserRow
from voxshelf.catalog.tables import OrganizationRow
from voxshelf.errors import NotFoundError
from voxshelf.model import Team, User

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

_WITH_PARTS = (
    joinedload(UserRow.organization),
    selectinload(UserRow.memberships).joinedload(MembershipRow.team),
)


def user_of(row: UserRow) -> User:
    """The noun; the row comes from here."""
    return User(
        id=row.login,
        organization=row.organization.name,
        name=row.name,
        email=row.email or None,
        is_admin=row.is_admin,
        is_dataset_manager=row.is_dataset_manager,
        memberships={membership.team.name: membership.is_manager for membership in row.memberships},
    )


def user_rows(
    session: Session, *, organization: str | None = None, login: str | None = None, team: str | None = None
) -> Sequence[UserRow]:
    """Users with their memberships, sorted by organization and login; each argument narrows the choice."""
    wanted = select(UserRow).join(UserRow.organization)
    if organization is not None:
        wanted = wanted.where(OrganizationRow.name == organization)
    if login is not None:
        wanted = wanted.where(UserRow.login == login)
    if team is not None:
        members = select(MembershipRow.user_id).join(MembershipRow.team).where(TeamRow.name == team)
        wanted = wanted.where(UserRow.id.in_(members))
    wanted = wanted.order_by(OrganizationRow.name, UserRow.login)
    return session.scalars(wanted.options(*_WITH_PARTS)).all()


def user_row(session: Session, name: str, *, organization: str | None = None) -> UserRow:
    """One user.

    Parameters
    ----------
    session : Session
        On the catalog.
    name : str
        The login, or ``organization/login``.
    organization : str, optional
        Where to look for a plain login; default everywhere.

    Raises
    ------
    NotFoundError
        If there is no such user, or there are several of that login.
    """
    found = user_rows(session, organization=organization, login=name)
    if not found and "/" in name:
        home, _, login = name.partition("/")
        if organization in (None, home):
            found = user_rows(session, organization=home, login=login)
    if not found:
        raise NotFoundError(f"There is no user {name!r}.", hint="Correct the name, or add the user first.")
    if len(found) > 1:
        choice = ", ".join(f"{row.organization.name}/{row.login}" for row in found)
        raise NotFoundError(f"There are several users {name!r}.", hint=f"Write one of {choice}.")
    return found[0]


def teams_of(session: Session, organization: str) -> tuple[Team, ...]:
    """The teams of an organization, the default one first."""
    row = organization_row(session, organization)
    wanted = select(TeamRow).where(TeamRow.organization_id == row.id)
    return tuple(
        Team(organization=organization, name=team.name, is_default=team.is_default)
        for team in session.scalars(wanted.order_by(TeamRow.is_default.desc(), TeamRow.name))
    )


def team_row(session: Session, organization: str, name: str) -> TeamRow:
    """One team.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    row = organization_row(session, organization)
    team = session.scalar(select(TeamRow).where(TeamRow.organization_id == row.id, TeamRow.name == name))
    if team is None:
        known = ", ".join(other.name for other in teams_of(session, organization))
        raise NotFoundError(f"{organization} has no team {name!r}.", hint=f"The teams are: {known}.")
    return team
