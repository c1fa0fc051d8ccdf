"""The tables of the catalog, as typed rows.

Words used here: a *key* is ``organization/name``; ``search_text`` is what a search looks into (see
:mod:`voxshelf.catalog.search`), ``sort_name`` what a list sorts names by; *fingerprint* is what the last scan
saw of a folder (see :mod:`voxshelf.store.scanning`). ``version`` grows with every change of a dataset. Times
are moments (:class:`~voxshelf.catalog.column_types.Moment`); "never" is 1970, so that it sorts like any other.

Tables and columns change only together with a migration in ``migrations/versions``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Boolean, Enum, ForeignKey, Index, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from voxshelf.catalog.column_types import EPOCH, BigId, Moment, SortText, now
from voxshelf.model import ChangeKind, DatasetStatus

# Migrations can only drop or alter what has a name that both databases agree on.
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(DeclarativeBase):
    """What all tables share: names of constraints, and how Python types are stored."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment,
        str: Text,
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
    }


class OrganizationRow(Row):
    """An organization: the first level of folders under the root."""

    __tablename__ = "organizations"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(SortText, unique=True)
    display_name: Mapped[str] = mapped_column(default="")
    created: Mapped[datetime] = mapped_column(default=now)


class DatasetRow(Row):
    """A dataset: what a scan found, what a person wrote about it, and where it stands."""

    __tablename__ = "datasets"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organization_id: Mapped[int] = mapped_column(BigId, ForeignKey("organizations.id"))
    key: Mapped[str] = mapped_column(SortText, unique=True)
    name: Mapped[str] = mapped_column(Text)
    sort_name: Mapped[str] = mapped_column(SortText)

    path: Mapped[str] = mapped_column(Text)
    """Relative to the store's root, so that a root can be moved."""
    real_path: Mapped[str] = mapped_column(Text, default="")
    """Where a symbolic link leads; empty for a folder that lies under the root itself."""
    status: Mapped[DatasetStatus] = mapped_column(Enum(DatasetStatus, native_enum=False, length=32))
    status_message: Mapped[str] = mapped_column(default="")
    problems: Mapped[list[Any]] = mapped_column(default=list)
    fingerprint: Mapped[str] = mapped_column(default="")
    voxel_size: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    layers: Mapped[list[Any]] = mapped_column(default=list)

    display_name: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    folder: Mapped[str] = mapped_column(SortText, default="")
    is_public: Mapped[bool] = mapped_column(Boolean, default=False)

    created: Mapped[datetime] = mapped_column(default=now)
    changed: Mapped[datetime] = mapped_column(default=now)
    last_used: Mapped[datetime] = mapped_column(default=EPOCH)
    version: Mapped[int] = mapped_column(BigId, default=1)

    organization: Mapped[OrganizationRow] = relationship(lazy="raise")
    tags: Mapped[list[TagRow]] = relationship(
        lazy="raise", order_by="TagRow.tag", cascade="all, delete-orphan", passive_deletes=True
    )

    # Each sort order has its index. The status and the organization stand at the end of it, so that a page far
    # down the list is found without reading a single row before it.
    __table_args__ = (
        *(
            Index(f"ix_datasets_by_{column}", column, "key", "status", "organization_id")
            for column in ("sort_name", "created", "changed", "last_used")
        ),
        Index("ix_datasets_by_status", "status", "sort_name", "key", "organization_id"),
        Index("ix_datasets_by_organization", "organization_id", "status", "key"),
        Index("ix_datasets_folder", "folder"),
    )


class TagRow(Row):
    """One tag of one dataset."""

    __tablename__ = "dataset_tags"

    dataset_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("datasets.id", ondelete="CASCADE"), primary_key=True
    )
    tag: Mapped[str] = mapped_column(SortText, primary_key=True)

    __table_args__ = (Index("ix_dataset_tags_tag", "tag", "dataset_id"),)


class SearchRow(Row):
    """The folded text that a search looks into; a narrow table of its own, so that reading all of it is fast."""

    __tablename__ = "dataset_search"

    dataset_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("datasets.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    search_text: Mapped[str] = mapped_column(SortText)


class ChangeRow(Row):
    """One change of the store, written in the same transaction as the change itself."""

    __tablename__ = "change_log"

    # A number is never used twice, not even after the newest rows were deleted.
    __table_args__ = (Index("ix_change_log_key", "key", "seq"), {"sqlite_autoincrement": True})

    seq: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[ChangeKind] = mapped_column(Enum(ChangeKind, native_enum=False, length=32))
    key: Mapped[str] = mapped_column(SortText)
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    user: Mapped[str] = mapped_column("user_name", default="")
    writer: Mapped[str] = mapped_column(default="")
    """Which open catalog wrote it: that one has told its own listeners and must not tell them again."""
    at: Mapped[datetime] = mapped_column(default=now)
