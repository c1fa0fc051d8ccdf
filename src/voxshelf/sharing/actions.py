"""What can be asked of the policy and what it answers.

Words. An *action* is what somebody wants to do. *Access values* (``DatasetAccess``, ``FolderAccess``) are what the
policy must know of a thing. A *grant* is one source of rights, such as a membership or a link. A
*decision* is the answer, with its reason.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from voxshelf.errors import NotAllowedError
from voxshelf.model import DatasetStatus, Folder, Role


class Action(StrEnum):
    """What somebody wants to do."""

    SEE = "see"
    """Know that the dataset is there: its name, description, layers, thumbnail."""
    READ = "read"
    """Its voxels, and everything that a viewer needs."""
    EDIT = "edit"
    """Import it; change its data properties, general properties and view configuration."""
    SHARE = "share"
    """Set teams and visibility; list, make and revoke links; see who has access."""
    DELETE = "delete"
    """Move it to the trash, restore it, purge it."""
    CREATE = "create"
    """In an organization: upload, scan the disk, add samples."""
    MANAGE_FOLDERS = "manage folders"
    """Make, rename, move, remove folders and set their teams."""
    MANAGE_PEOPLE = "manage people"
    """In an organization: users, roles, teams."""


DATASET_ACTIONS = frozenset({Action.SEE, Action.READ, Action.EDIT, Action.SHARE, Action.DELETE})
"""The actions that concern one dataset."""


class Grant(NamedTuple):
    """One source of rights on one dataset.

    ``because`` completes the sentence "… may read it: …".
    """

    role: Role
    actions: frozenset[Action]
    because: str


class Decision(BaseModel):
    """The policy's answer.

    Parameters
    ----------
    allowed : bool
        Whether it may be done; a decision is true or false accordingly.
    reason : str
        Why, as a sentence. It may name teams, so show it only inside the dataset's organization or, where
        it is about a link, to the link's bearer.
    hint : str
        What the refused person can do about it, as a sentence.
    """

    model_config = ConfigDict(frozen=True)

    allowed: bool
    reason: str
    hint: str = ""

    def __bool__(self) -> bool:
        return self.allowed

    def __str__(self) -> str:
        return f"{self.reason} {self.hint}".strip()

    def enforce(self) -> None:
        """Do nothing where it is allowed.

        Raises
        ------
        NotAllowedError
            With the reason and the hint, where it is not.
        """
        if not self.allowed:
            raise NotAllowedError(self.reason, hint=self.hint)


class FolderAccess(BaseModel):
    """What the policy must know of a folder.

    Parameters
    ----------
    organization : str
        Whose it is.
    folders : tuple of Folder
        From the topmost one down to the folder itself; empty for the place above all folders.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    organization: str
    folders: tuple[Folder, ...] = ()


class DatasetAccess(BaseModel):
    """What the policy must know of a dataset.

    Parameters
    ----------
    key : str
        ``organization/name``.
    owner : str, optional
        The id of the user of that organization who put it there.
    is_public : bool
        Whether everybody may look at it.
    allowed_teams : tuple of str
        Teams of the organization that are allowed on the dataset itself.
    folders : tuple of Folder
        From the topmost one down to the dataset's own; what they allow adds up.
    status : DatasetStatus
        Datasets that are not imported or in the trash are hidden from most.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    owner: str | None = None
    is_public: bool = False
    allowed_teams: tuple[str, ...] = ()
    folders: tuple[Folder, ...] = ()
    status: DatasetStatus = DatasetStatus.READY

    @property
    def organization(self) -> str:
        """The first part of the key."""
        return self.key.partition("/")[0]

    @property
    def cumulative_teams(self) -> dict[str, str]:
        """Team → the folder that allows it; ``""`` where the dataset itself does."""
        teams = dict.fromkeys(self.allowed_teams, "")
        for folder in self.folders:
            for team in folder.allowed_teams:
                teams.setdefault(team, folder.path)
        return teams
