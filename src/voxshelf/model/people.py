"""Who asks, and what for whom is set up: ``Organization``, ``User``, ``Team``, ``Role``, ``Folder``, ``Actor``.

Words. An *organization* owns datasets, people, teams and folders, and sees nothing of another one. A *user* is a
person in one organization (somebody in two of them has a user in each). A *team* is a named group of users; a
user is its *member* or its *manager*. A *folder* orders datasets; the teams that it allows, its subfolders
allow too. An *actor* is whoever stands behind one request: a user, a visitor without account, a bearer
of links, or the operator of a store that belongs to one person. What each may do is decided in
:mod:`voxshelf.sharing`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator

from voxshelf.model.links import Link
from voxshelf.model.metadata import MetadataEntry


class _Noun(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Role(StrEnum):
    """What somebody is to a dataset, from the most to the least powerful."""

    OPERATOR = "operator"
    """Runs the store and owns its files: may do everything."""
    ADMIN = "admin"
    """Of an organization: may do everything in it."""
    DATASET_MANAGER = "dataset manager"
    """Of an organization: may do everything with its datasets and folders."""
    OWNER = "owner"
    """Put this dataset there."""
    TEAM_MANAGER = "team manager"
    """Of a team: edits and shares the team's datasets, and those that no team has yet."""
    MEMBER = "member"
    """Of a team: reads the team's datasets."""
    VISITOR = "visitor"
    """Anybody else, through a link or because the dataset is public: reads."""


class Organization(_Noun):
    """What owns datasets, people, teams and folders.

    Parameters
    ----------
    name : str
        Of its folder below the store's root.
    display_name : str
        How to call it; the name where it is empty.
    upload_quota : int, optional
        Bytes that uploads may fill; None: as much as the disk holds.
    """

    name: str = Field(min_length=1)
    display_name: str = ""
    upload_quota: Annotated[int, Field(ge=0)] | None = None

    @property
    def title(self) -> str:
        """The display name, or the name where there is none."""
        return self.display_name or self.name


class Team(_Noun):
    """A named group of users of one organization.

    Parameters
    ----------
    organization, name : str
        Together they identify it.
    is_default : bool
        The organization's team of everybody, which cannot be renamed or removed.
    """

    organization: str
    name: str = Field(min_length=1)
    is_default: bool = False


class User(_Noun):
    """A person in one organization.

    Parameters
    ----------
    id : str
        Unique within the organization, such as the name on the hub.
    organization : str
        Where this user belongs.
    name : str
        How to call them; the id where it is empty.
    email : str, optional
        Where to reach them.
    is_admin, is_dataset_manager : bool
        Roles in the organization.
    memberships : dict of str to bool
        Team name → whether they manage it.
    """

    id: str = Field(min_length=1)
    organization: str
    name: str = ""
    email: str | None = None
    is_admin: bool = False
    is_dataset_manager: bool = False
    memberships: dict[str, bool] = Field(default_factory=dict)

    @property
    def title(self) -> str:
        """The name, or the id where there is none."""
        return self.name or self.id

    @property
    def teams(self) -> frozenset[str]:
        """The teams they are in, as member or manager."""
        return frozenset(self.memberships)

    @property
    def managed_teams(self) -> frozenset[str]:
        """The teams they manage."""
        return frozenset(team for team, is_manager in self.memberships.items() if is_manager)

    @property
    def role(self) -> Role:
        """The most powerful role that they have in their organization."""
        if self.is_admin:
            return Role.ADMIN
        if self.is_dataset_manager:
            return Role.DATASET_MANAGER
        return Role.TEAM_MANAGER if self.managed_teams else Role.MEMBER


class Folder(_Noun):
    """A folder of datasets in one organization (of the catalog, not of the disk).

    Parameters
    ----------
    path : str
        Names joined by ``/``, ``Datasets/2026``; slashes at either end are dropped.
    organization : str
        Where it belongs.
    allowed_teams : tuple of str
        Teams that may read everything in it and below it.
    metadata : tuple of MetadataEntry
        Keys and values that people added.
    """

    path: str
    organization: str = ""
    allowed_teams: tuple[str, ...] = ()
    metadata: tuple[MetadataEntry, ...] = ()

    @field_validator("path", mode="before")
    @classmethod
    def _tidy(cls, value: Any) -> Any:
        return tidy_folder_path(value) if isinstance(value, str) else value

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def parent(self) -> str | None:
        """The path of the folder above; None at the top."""
        return self.path.rpartition("/")[0] or None

    @property
    def lineage(self) -> tuple[str, ...]:
        """The paths from the topmost folder down to this one."""
        return folder_lineage(self.path)


def tidy_folder_path(path: str) -> str:
    """A folder path without slashes at its ends.

    Raises
    ------
    ValueError
        If a part of it is empty, ``.`` or ``..``, or begins or ends with a blank.
    """
    plain = path.strip("/")
    for part in plain.split("/"):
        if part in ("", ".", "..") or part != part.strip() or "\0" in part:
            raise ValueError(
                f"{path!r} is not a folder: write names joined by slashes, such as Datasets/2026."
            )
    return plain


def folder_lineage(path: str) -> tuple[str, ...]:
    """The paths from the topmost folder down to ``path`` itself; nothing for the empty path."""
    parts = path.strip("/").split("/") if path.strip("/") else []
    return tuple("/".join(parts[: depth + 1]) for depth in range(len(parts)))


class Actor(_Noun):
    """Whoever stands behind one request. Rights of the user and of the links are united.

    Parameters
    ----------
    user : User, optional
        The person who signed in; None for a visitor.
    links : tuple of Link
        Links whose token came with the request (and was verified).
    is_operator : bool
        The person whose store it is, or the service's own account: may do everything, in every organization.
    """

    user: User | None = None
    links: tuple[Link, ...] = ()
    is_operator: bool = False

    @classmethod
    def anonymous(cls, *links: Link) -> Self:
        """A visitor without account, perhaps with links."""
        return cls(links=links)

    @classmethod
    def of(cls, user: User, *links: Link) -> Self:
        """A signed-in user, perhaps with links."""
        return cls(user=user, links=links)

    @classmethod
    def operator(cls, user: User | None = None) -> Self:
        """The person to whom a single-user store belongs, or the service itself."""
        return cls(user=user, is_operator=True)

    def with_links(self, *links: Link) -> Self:
        """The same actor, also bearing ``links``."""
        return self.model_copy(update={"links": (*self.links, *links)})

    @property
    def title(self) -> str:
        """How to call them in a sentence."""
        if self.user is not None:
            return self.user.title
        if self.is_operator:
            return "The operator"
        return "A visitor with a link" if self.links else "A visitor"
