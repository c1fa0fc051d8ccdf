"""``store.people``, the part about users: who is in an organization, and with which roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import select

from voxshelf.catalog import (
    MembershipRow,
    TeamRow,
    UserRow,
    ViewConfigurationRow,
    organization_row,
    queue_up,
    storable,
    team_rows,
    user_of,
    user_row,
    user_rows,
)
from voxshelf.errors import NameTakenError, VoxshelfError
from voxshelf.model import UNSET, ChangeKind, Unset, User
from voxshelf.sharing import Action
from voxshelf.store.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from voxshelf.catalog import Writing


class Users(Desk):
    """The people of an organization; ``organization`` is everywhere the actor's own where it is not named."""

    def users(self, organization: str | None = None) -> tuple[User, ...]:
        """Everybody in the organization, sorted by id.

        Raises
        ------
        NotFoundError
            If there is no such organization, or the actor does not belong to it.
        """
        home = self._insider_home(organization)
        with self._reading() as session:
            organization_row(session, home)
            return tuple(user_of(row) for row in user_rows(session, organization=home))

    def user(self, name: str, *, organization: str | None = None) -> User:
        """One person, by their id.

        Raises
        ------
        NotFoundError
            If there is none in the organization, or the actor does not belong to it.
        """
        home = self._insider_home(organization)
        with self._reading() as session:
            return user_of(user_row(session, name, organization=home))

    def add_user(
        self,
        name: str,
        *,
        title: str = "",
        email: str | None = None,
        is_admin: bool = False,
        is_dataset_manager: bool = False,
        teams: Mapping[str, bool] | Iterable[str] = (),
        organization: str | None = None,
    ) -> User:
        """Add a person to an organization; they are in its team of everybody from then on.

        Parameters
        ----------
        name : str
            Their id, such as their name on the hub.
        title : str
            How to call them.
        email : str, optional
            Where to reach them.
        is_admin, is_dataset_manager : bool
            Roles in the organization.
        teams : iterable of str, or mapping of str to bool
            Teams that they are in; a mapping says of each whether they manage it.
        organization : str, optional
            Where.

        Raises
        ------
        NameTakenError
            If there is a user of that id.
        NotAllowedError
            If the actor does not manage the organization's people.
        NotFoundError
            If there is no such organization or team.
        """
        login = _checked_name(name)
        home = self._managed_home(organization)
        with self._changing() as writing:
            session = writing.session
            queue_up(session)
            owner = organization_row(session, home)
            if user_rows(session, organization=home, login=login):
                raise NameTakenError(
                    f"{home} has a user {login!r}.", hint="Change that one, or choose another id."
                )
            row = UserRow(
                organization_id=owner.id,
                login=login,
                name=storable(title),
                email=storable(email or ""),
                is_admin=is_admin,
                is_dataset_manager=is_dataset_manager,
                created=writing.moment,
            )
            row.memberships = _memberships(session, owner.id, _as_mapping(teams))
            session.add(row)
            return _changed(writing, home, login, "user added")

    def update_user(
        self,
        name: str,
        *,
        title: str | Unset = UNSET,
        email: str | Unset | None = UNSET,
        is_admin: bool | Unset = UNSET,
        is_dataset_manager: bool | Unset = UNSET,
        teams: Mapping[str, bool] | Iterable[str] | Unset = UNSET,
        organization: str | None = None,
    ) -> User:
        """Change what is known about a person, their roles or all of their teams; what is not passed stays.

        Raises
        ------
        NotAllowedError
            If the actor does not manage the organization's people.
        NotFoundError
            If there is no such user or team.
        VoxshelfError
            If the organization would be left without an admin.
        """
        home = self._managed_home(organization)
        with self._changing() as writing:
            session = writing.session
            row = user_row(session, name, organization=home)
            given = {"is_admin": is_admin, "is_dataset_manager": is_dataset_manager}
            for field, value in given.items():
                if not isinstance(value, Unset):
                    setattr(row, field, value)
            if not isinstance(title, Unset):
                row.name = storable(title)
            if not isinstance(email, Unset):
                row.email = storable(email or "")
            if not isinstance(teams, Unset):
                row.memberships.clear()
                session.flush()
                row.memberships = _memberships(session, row.organization_id, _as_mapping(teams))
            self._keep_an_admin(session, home)
            return _changed(writing, home, row.login, "user changed")

    def remove_user(self, name: str, *, organization: str | None = None) -> None:
        """Remove a person from an organization. Their datasets and links stay.

        Raises
        ------
        NotAllowedError
            If the actor does not manage the organization's people.
        NotFoundError
            If there is no such user.
        VoxshelfError
            If the organization would be left without an admin.
        """
        home = self._managed_home(organization)
        with self._changing() as writing:
            session = writing.session
            row = user_row(session, name, organization=home)
            own_views = select(ViewConfigurationRow).where(
                ViewConfigurationRow.person == f"{home}/{row.login}"
            )
            for view in session.scalars(own_views):
                session.delete(view)
            session.delete(row)
            session.flush()
            self._keep_an_admin(session, home)
            writing.log(ChangeKind.ACCESS, home, what="user removed", user=row.login)

    def _managed_home(self, organization: str | None) -> str:
        home = self._home(organization)
        self._gate.require_in_organization(Action.MANAGE_PEOPLE, home)
        return home

    def _keep_an_admin(self, session: Session, home: str) -> None:
        """Refuse to lock everybody out; the operator can always come back in."""
        if self._gate.is_operator:
            return
        session.flush()
        if not any(row.is_admin for row in user_rows(session, organization=home)):
            raise VoxshelfError(
                f"{home} would be left without an admin.", hint="Make somebody else an admin first."
            )


def _checked_name(name: str) -> str:
    plain = storable(name.strip())
    if not plain or "/" in plain:
        raise VoxshelfError(
            f"{name!r} cannot be the id of a user.",
            hint="Write a name without slashes, such as the one on the hub.",
        )
    return plain


def _as_mapping(teams: Mapping[str, bool] | Iterable[str]) -> dict[str, bool]:
    if isinstance(teams, str):
        return {teams: False}
    return dict(teams) if isinstance(teams, Mapping) else dict.fromkeys(teams, False)


def _memberships(session: Session, organization_id: int, teams: dict[str, bool]) -> list[MembershipRow]:
    """These teams, and the one of everybody."""
    wanted = select(TeamRow).where(TeamRow.organization_id == organization_id, TeamRow.is_default)
    everybody = session.scalars(wanted).all()
    rows = {row.id: row for row in (*everybody, *team_rows(session, organization_id, set(teams)))}
    return [MembershipRow(team=row, is_manager=teams.get(row.name, False)) for row in rows.values()]


def _changed(writing: Writing, home: str, login: str, what: str) -> User:
    writing.log(ChangeKind.ACCESS, home, what=what, user=login)
    writing.session.flush()
    writing.session.expire_all()
    return user_of(user_row(writing.session, login, organization=home))
