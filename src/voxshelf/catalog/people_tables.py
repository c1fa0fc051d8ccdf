"""Users, teams and folders of organizations, and which teams are allowed where.

Words used here: a *login* is what identifies a user within the organization (the id of
:class:`~voxshelf.model.User`). A team that a folder allows is allowed on all folders below it too; that is
written out (``is_inherited``), so that a list of datasets need not climb. :mod:`voxshelf.catalog.folders` keeps it so.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - SQLAlchemy reads the columns' types from their annotations
from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from voxshelf.catalog.column_types import BigId, SortText, now
from voxshelf.catalog.tables import OrganizationRow, Row


class UserRow(Row):
    """A person in one organization."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organization_id: Mapped[int] = mapped_column(BigId, ForeignKey("organizations.id"))
    login: Mapped[str] = mapped_column(SortText)
    name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    is_admin: Mapped[bool] = mapped_column(Boolean, default=False)
    is_dataset_manager: Mapped[bool] = mapped_column(Boolean, default=False)
    created: Mapped[datetime] = mapped_column(default=now)

    organization: Mapped[OrganizationRow] = relationship(lazy="raise")
    memberships: Mapped[list[MembershipRow]] = relationship(
        lazy="raise", back_populates="user", cascade="all, delete-orphan", passive_deletes=True
    )

    __table_args__ = (UniqueConstraint("organization_id", "login"), Index("ix_users_login", "login"))


class TeamRow(Row):
    """A team of one organization."""

    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organization_id: Mapped[int] = mapped_column(BigId, ForeignKey("organizations.id"))
    name: Mapped[str] = mapped_column(SortText)
    is_default: Mapped[bool] = mapped_column(Boolean, default=False)
    created: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (UniqueConstraint("organization_id", "name"),)


class MembershipRow(Row):
    """A user in a team, perhaps as its manager."""

    __tablename__ = "memberships"

    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    team_id: Mapped[int] = mapped_column(BigId, ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True)
    is_manager: Mapped[bool] = mapped_column(Boolean, default=False)

    user: Mapped[UserRow] = relationship(lazy="raise", back_populates="memberships")
    team: Mapped[TeamRow] = relationship(lazy="raise")

    __table_args__ = (Index("ix_memberships_team_id", "team_id", "user_id"),)


class FolderRow(Row):
    """A folder of the catalog, by its whole path."""

    __tablename__ = "folders"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organization_id: Mapped[int] = mapped_column(BigId, ForeignKey("organizations.id"))
    path: Mapped[str] = mapped_column(SortText)
    notes: Mapped[list[Any]] = mapped_column("metadata", default=list)
    """Key/value metadata, as of datasets."""
    created: Mapped[datetime] = mapped_column(default=now)

    organization: Mapped[OrganizationRow] = relationship(lazy="raise")
    allowed: Mapped[list[FolderTeamRow]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )

    __table_args__ = (UniqueConstraint("organization_id", "path"),)


class FolderTeamRow(Row):
    """A team that is allowed on a folder, by itself or because a folder above allows it."""

    __tablename__ = "folder_teams"

    folder_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("folders.id", ondelete="CASCADE"), primary_key=True
    )
    team_id: Mapped[int] = mapped_column(BigId, ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True)
    is_inherited: Mapped[bool] = mapped_column(Boolean, default=False)

    team: Mapped[TeamRow] = relationship(lazy="raise")

    __table_args__ = (Index("ix_folder_teams_team_id", "team_id", "folder_id"),)


DATASET_TEAMS = Table(
    "dataset_teams",
    Row.metadata,
    Column("dataset_id", BigId, ForeignKey("datasets.id", ondelete="CASCADE"), primary_key=True),
    Column("team_id", BigId, ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_dataset_teams_team_id", "team_id", "dataset_id"),
)
"""The teams that are allowed on a dataset itself."""
