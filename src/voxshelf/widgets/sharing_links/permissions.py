"""Who may see a dataset, being edited: teams, visibility, owner. No browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import traitlets

from voxshelf.errors import VoxshelfError
from voxshelf.widgets.drafts import Section

if TYPE_CHECKING:
    from voxshelf.model import DatasetRecord, User


class TeamChoice(NamedTuple):
    """One team of the organization, and what may be done with it here.

    ``locked`` says why it cannot be changed by whoever asks; ``inherited``, that a folder allows it anyway.
    """

    name: str
    locked: str = ""
    inherited: bool = False


class PermissionsSection(Section):
    """Teams, visibility and owner of a dataset; see :class:`~voxshelf.widgets.drafts.Section`."""

    title = "Sharing & permissions"
    right = "share"
    labels: ClassVar[dict[str, str]] = {"teams": "Teams", "is_public": "Visibility", "owner": "Owner"}

    teams = traitlets.Tuple(help="The teams that are allowed on the dataset itself, sorted.")
    is_public = traitlets.Bool(False)
    owner = traitlets.Unicode("")
    choices = traitlets.Tuple(help="All teams of the organization, as TeamChoice.")
    owners = traitlets.Tuple(help="Whom it may belong to: (label, id) pairs.")
    owner_locked = traitlets.Unicode("", help="Why the owner cannot be changed; empty if it can.")

    _filling = False

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.observe(lambda _: self._take_fields(), ["teams", "is_public", "owner"])

    def allow(self, team: str, allowed: bool) -> None:  # noqa: FBT001 - it is what the check box says
        """Add a team, or take it off."""
        self.teams = tuple(sorted({*self.teams, team} if allowed else {*self.teams} - {team}))

    def _read(self, record: DatasetRecord) -> dict[str, Any]:
        self._look_around(record)
        return {"teams": sorted(record.teams), "is_public": record.is_public, "owner": record.owner}

    def _write(self, mine: dict[str, Any]) -> None:
        values = {name: mine[name] for name in self._changed_names(mine)}
        self.store.update_permissions(self.key, version=self.draft.version, merge=True, **values)

    def _fill(self, *, afresh: bool = False) -> None:  # noqa: ARG002 - nothing unreadable can be chosen
        self._filling = True
        try:
            mine = self.draft.mine
            self.teams = tuple(mine["teams"])
            self.is_public = mine["is_public"]
            self.owner = mine["owner"]
        finally:
            self._filling = False

    def _take_fields(self) -> None:
        with self.lock:
            if not self._filling and self.loaded:
                self.draft.mine = {
                    "teams": sorted(self.teams),
                    "is_public": self.is_public,
                    "owner": self.owner,
                }
                self._tell()

    def _look_around(self, record: DatasetRecord) -> None:
        """Find out which teams and users there are, and which of them the actor may choose."""
        people, organization = self.store.people, record.organization
        try:
            teams = [team.name for team in people.teams(organization)]
            users = people.users(organization)
        except VoxshelfError:  # a visitor is told neither
            teams, users = list(record.teams), ()
        actor = self.store.actor
        free = people.assignable_teams(self.key)
        self.choices = tuple(
            TeamChoice(
                team,
                locked=""
                if team in free
                else "Only its managers, admins and dataset managers change this team.",
                inherited=team in record.inherited_teams,
            )
            for team in dict.fromkeys((*teams, *record.teams))
        )
        self.owners = _owners(record, users)
        user = actor.user
        leads = actor.is_operator or (user is not None and (user.is_admin or user.is_dataset_manager))
        mine = user is not None and user.id == record.owner
        self.owner_locked = (
            "" if leads or mine else "Only the owner, admins and dataset managers hand it over."
        )


def _owners(record: DatasetRecord, users: tuple[User, ...]) -> tuple[tuple[str, str], ...]:
    named = {user.id: f"{user.title} ({user.id})" if user.name else user.id for user in users}
    if record.owner:
        named.setdefault(record.owner, record.owner)
    return (("none: whoever runs the store decides", ""), *((label, login) for login, label in named.items()))
