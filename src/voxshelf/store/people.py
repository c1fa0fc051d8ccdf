"""``store.people``: organizations, users, teams and folders, and who of them may do what with a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import select

from voxshelf.catalog import (
    LARGEST_NUMBER,
    OrganizationRow,
    dataset_row,
    organization_ids,
    organization_row,
    queue_up,
    storable,
    teams_of,
    user_of,
    user_row,
    user_rows,
)
from voxshelf.errors import NameTakenError, NotAllowedError, VoxshelfError
from voxshelf.model import UNSET, Actor, ChangeKind, Organization, Unset, User
from voxshelf.sharing import Access, Action, Decision, assignable_teams, explain_access, who_has_access
from voxshelf.store.folders import Folders
from voxshelf.store.keys import name_problem
from voxshelf.store.teams import Teams
from voxshelf.store.users import Users

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Who: TypeAlias = Actor | User | str
"""Whom a question is about: an actor, a user, or ``login`` or ``organization/login`` of one that is registered."""


class People(Users, Teams, Folders):
    """Everybody who has to do with the store's datasets; see the classes that it is made of."""

    # -- organizations ---------------------------------------------------------------------------

    def organizations(self) -> tuple[Organization, ...]:
        """The organizations that the actor belongs to; all of them for the operator."""
        with self._reading() as session:
            user = self._gate.present_actor(session).user
            rows = session.scalars(select(OrganizationRow).order_by(OrganizationRow.name)).all()
        own = None if user is None else user.organization
        return tuple(_organization_of(row) for row in rows if self._gate.is_operator or row.name == own)

    def add_organization(
        self, name: str, *, display_name: str = "", upload_quota: int | None = None
    ) -> Organization:
        """Add an organization with its team of everybody; its folder is made with its first dataset.

        Raises
        ------
        NameTakenError
            If there is one of that name.
        NotAllowedError
            If the actor is not the operator.
        VoxshelfError
            If the name cannot be that of a folder, or the quota is no number of bytes.
        """
        self._require_operator("add organizations")
        if problem := name_problem(name, "dataset"):
            raise VoxshelfError(problem.message, hint=problem.hint)
        quota = _checked_quota(upload_quota)
        noun = Organization(name=name, display_name=storable(display_name), upload_quota=quota)
        with self._changing() as writing:
            session = writing.session
            queue_up(session)
            if session.scalar(select(OrganizationRow.id).where(OrganizationRow.name == name)) is not None:
                raise NameTakenError(
                    f"There is an organization {name!r}.", hint="Use it, or choose another name."
                )
            organization_ids(writing, {name})
            row = organization_row(session, name)
            row.display_name, row.upload_quota = noun.display_name, noun.upload_quota
            writing.log(ChangeKind.ACCESS, name, what="organization added")
        return noun

    def update_organization(
        self,
        name: str,
        *,
        display_name: str | Unset = UNSET,
        upload_quota: int | Unset | None = UNSET,
    ) -> Organization:
        """Change how an organization is called (an admin may) or how much it may upload (the operator may).

        Raises
        ------
        NotAllowedError
            If the actor may not.
        NotFoundError
            If there is none of that name.
        VoxshelfError
            If the quota is no number of bytes.
        """
        self._gate.require_in_organization(Action.MANAGE_PEOPLE, name)
        if not isinstance(upload_quota, Unset):
            self._require_operator("change upload quotas")
            _checked_quota(upload_quota)
        with self._changing() as writing:
            row = organization_row(writing.session, name)
            given = {"display_name": display_name, "upload_quota": upload_quota}
            wanted = {field: value for field, value in given.items() if not isinstance(value, Unset)}
            noun = Organization.model_validate({**_organization_of(row).model_dump(), **wanted})
            row.display_name, row.upload_quota = storable(noun.display_name), noun.upload_quota
            writing.log(ChangeKind.ACCESS, name, what="organization changed")
        return noun

    # -- access ----------------------------------------------------------------------------------

    def explain_access(self, who: Who, key: str, action: str = "read") -> Decision:
        """Why somebody may do something with a dataset, or why not and whom to ask.

        Parameters
        ----------
        who : Actor, User or str
            Anybody about themselves; about others, whoever may share the dataset.
        key : str
            ``organization/name``.
        action : {"see", "read", "edit", "share", "delete"}
            What they want to do.

        Raises
        ------
        DatasetNotFoundError
            If there is no such dataset, or the actor asks about others and may not see it.
        NotAllowedError
            If the actor asks about others and may not share the dataset.
        NotFoundError
            If there is no such user.
        ValueError
            If there is no such action.
        """
        wanted = Action(action)
        with self._reading() as session:
            asked = self._actor_of(session, who)
            if self._is_myself(session, asked):
                row = dataset_row(session, key)
                # Whoever may not see it is not told that it is there.
                self._gate.row(session, Action.SEE, key)
            else:
                row = self._gate.row(session, Action.SHARE, key)
            everybody = self._users_of(session, key)
            return explain_access(
                asked, wanted, self._gate.access(session, row), everybody, now=self._gate.moment
            )

    def who_has_access(self, key: str) -> tuple[Access, ...]:
        """Everybody with rights of their own on a dataset, the most powerful first, each with the reason.

        Raises
        ------
        DatasetNotFoundError
            If there is no such dataset, or the actor may not see it.
        NotAllowedError
            If the actor may not share it.
        """
        with self._reading() as session:
            row = self._gate.row(session, Action.SHARE, key)
            return who_has_access(self._gate.access(session, row), self._users_of(session, key))

    def assignable_teams(self, key: str) -> frozenset[str]:
        """The teams that the actor may allow on a dataset, or take off it.

        Raises
        ------
        DatasetNotFoundError
            If there is no such dataset, or the actor may not see it.
        """
        with self._reading() as session:
            row = self._gate.row(session, Action.SEE, key)
            names = [team.name for team in teams_of(session, key.partition("/")[0])]
            return assignable_teams(self._gate.present_actor(session), self._gate.access(session, row), names)

    def _actor_of(self, session: Session, who: Who) -> Actor:
        if isinstance(who, str):
            # Of other organizations nobody is told who there is, not even by the way of asking.
            me = self._gate.present_actor(session).user
            home = None if self._gate.is_operator else me.organization if me else ""
            return Actor.of(user_of(user_row(session, who, organization=home)))
        return Actor.of(who) if isinstance(who, User) else who

    def _is_myself(self, session: Session, asked: Actor) -> bool:
        me = self._gate.present_actor(session)
        if asked.user is None or me.user is None:
            return asked.user is me.user and asked.is_operator == me.is_operator
        return (asked.user.organization, asked.user.id) == (me.user.organization, me.user.id)

    @staticmethod
    def _users_of(session: Session, key: str) -> list[User]:
        return [user_of(row) for row in user_rows(session, organization=key.partition("/")[0])]

    def _require_operator(self, what: str) -> None:
        if not self._gate.is_operator:
            raise NotAllowedError(
                f"{self._gate.actor.title} may not {what}.", hint="Ask whoever runs the store."
            )


def _organization_of(row: OrganizationRow) -> Organization:
    return Organization(name=row.name, display_name=row.display_name, upload_quota=row.upload_quota)


def _checked_quota(quota: object) -> int | None:
    """The bytes that uploads may fill; None: as much as the disk holds."""
    if quota is None:
        return None
    if isinstance(quota, bool) or not isinstance(quota, int) or not 0 <= quota <= LARGEST_NUMBER:
        raise VoxshelfError(
            f"An upload quota is a number of bytes, and {quota!r} is none.",
            hint="Give a whole number from 0 on, such as 500 * 10**9; None means as much as the disk holds.",
        )
    return quota
