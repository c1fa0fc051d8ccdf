"""``store.people``, the part about teams: named groups of an organization's users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from voxshelf.catalog import (
    DATASET_TEAMS,
    DatasetRow,
    FolderTeamRow,
    MembershipRow,
    TeamRow,
    organization_row,
    queue_up,
    settle_many,
    storable,
    team_row,
    teams_of,
    user_row,
)
from voxshelf.errors import NameTakenError, NotFoundError, VoxshelfError
from voxshelf.model import ChangeKind, Team
from voxshelf.sharing import Action
from voxshelf.store.desk import Desk

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class Teams(Desk):
    """The teams of an organization; ``organization`` is everywhere the actor's own where it is not named."""

    def teams(self, organization: str | None = None) -> tuple[Team, ...]:
        """All teams, the one of everybody first. Everybody in the organization may know their names.

        Raises
        ------
        NotFoundError
            If there is no such organization, or the actor does not belong to it.
        """
        home = self._insider_home(organization)
        with self._reading() as session:
            return teams_of(session, home)

    def add_team(self, name: str, *, organization: str | None = None) -> Team:
        """Add a team without members.

        Raises
        ------
        NameTakenError
            If there is a team of that name.
        NotAllowedError
            If the actor does not manage the organization's people.
        """
        home = self._home(organization)
        self._gate.require_in_organization(Action.MANAGE_PEOPLE, home)
        with self._changing() as writing:
            session = writing.session
            queue_up(session)
            plain = _free_name(session, home, name)
            owner = organization_row(session, home)
            session.add(TeamRow(organization_id=owner.id, name=plain, created=writing.moment))
            writing.log(ChangeKind.ACCESS, home, what="team added", team=plain)
        return Team(organization=home, name=plain)

    def rename_team(self, name: str, to: str, *, organization: str | None = None) -> Team:
        """Give a team another name; members and datasets stay.

        Raises
        ------
        NameTakenError
            If there is a team of that name.
        NotAllowedError
            If the actor does not manage the organization's people.
        NotFoundError
            If there is no such team.
        VoxshelfError
            If it is the team of everybody.
        """
        home = self._home(organization)
        self._gate.require_in_organization(Action.MANAGE_PEOPLE, home)
        with self._changing() as writing:
            session = writing.session
            queue_up(session)
            row = _changeable(session, home, name)
            if to.strip() != name:
                row.name = _free_name(session, home, to)
            writing.log(ChangeKind.ACCESS, home, what="team renamed", team=row.name)
            return Team(organization=home, name=row.name)

    def remove_team(self, name: str, *, organization: str | None = None) -> None:
        """Remove a team; what only it could see, only admins and dataset managers can see from then on.

        A dataset that no other team is allowed on is again without a team.

        Raises
        ------
        NotAllowedError
            If the actor does not manage the organization's people.
        NotFoundError
            If there is no such team.
        VoxshelfError
            If it is the team of everybody.
        """
        home = self._home(organization)
        self._gate.require_in_organization(Action.MANAGE_PEOPLE, home)
        with self._changing() as writing:
            session = writing.session
            row = _changeable(session, home, name)
            session.execute(DATASET_TEAMS.delete().where(DATASET_TEAMS.c.team_id == row.id))
            for table in (FolderTeamRow, MembershipRow):
                for part in session.scalars(select(table).where(table.team_id == row.id)):
                    session.delete(part)
            session.flush()
            session.delete(row)
            session.flush()
            settle_many(session, DatasetRow.organization_id == row.organization_id)
            writing.log(ChangeKind.ACCESS, home, what="team removed", team=name)

    def add_member(
        self, team: str, user: str, *, is_manager: bool = False, organization: str | None = None
    ) -> None:
        """Put somebody into a team, or change whether they manage it.

        Managers of a team may add members to it; to make somebody a manager takes an admin.

        Raises
        ------
        NotAllowedError
            If the actor may not.
        NotFoundError
            If there is no such team or user.
        """
        home = self._home(organization)
        if is_manager or not self._manages(team, home):
            self._gate.require_in_organization(Action.MANAGE_PEOPLE, home)
        with self._changing() as writing:
            session = writing.session
            into = team_row(session, home, team)
            person = user_row(session, user, organization=home)
            known = next((part for part in person.memberships if part.team.id == into.id), None)
            if known is None:
                person.memberships.append(MembershipRow(team=into, is_manager=is_manager))
            elif known.is_manager != is_manager:
                self._gate.require_in_organization(Action.MANAGE_PEOPLE, home)
                known.is_manager = is_manager
            writing.log(ChangeKind.ACCESS, home, what="member added", team=team, user=person.login)

    def remove_member(self, team: str, user: str, *, organization: str | None = None) -> None:
        """Take somebody out of a team.

        Raises
        ------
        NotAllowedError
            If the actor neither manages the team nor the organization's people, or it is a manager.
        NotFoundError
            If there is no such team or user, or they are not in it.
        VoxshelfError
            If it is the team of everybody.
        """
        home = self._home(organization)
        if not self._manages(team, home):
            self._gate.require_in_organization(Action.MANAGE_PEOPLE, home)
        with self._changing() as writing:
            session = writing.session
            of = _changeable(session, home, team)
            person = user_row(session, user, organization=home)
            known = next((part for part in person.memberships if part.team.id == of.id), None)
            if known is None:
                raise NotFoundError(f"{user!r} is not in team {team!r}.", hint="Correct the name.")
            if known.is_manager:
                self._gate.require_in_organization(Action.MANAGE_PEOPLE, home)
            person.memberships.remove(known)
            writing.log(ChangeKind.ACCESS, home, what="member removed", team=team, user=person.login)

    def _manages(self, team: str, home: str) -> bool:
        user = self._gate.actor.user
        return user is not None and user.organization == home and team in user.managed_teams


def _changeable(session: Session, home: str, name: str) -> TeamRow:
    row = team_row(session, home, name)
    if row.is_default:
        raise VoxshelfError(
            f"{name!r} is the team of everybody in {home}: it stays as it is.", hint="Choose another team."
        )
    return row


def _free_name(session: Session, home: str, name: str) -> str:
    plain = storable(name.strip())
    if not plain:
        raise VoxshelfError("A team needs a name.", hint="Write one.")
    if any(team.name == plain for team in teams_of(session, home)):
        raise NameTakenError(f"{home} has a team {plain!r}.", hint="Choose another name.")
    return plain
