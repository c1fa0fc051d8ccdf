"""The tables of the catalog, as typed rows: datasets and the log of changes.

People, teams and folders are in :mod:`voxshelf.catalog.people_tables`; view configurations, history and links in
:mod:`voxshelf.catalog.editing_tables`.

Words used here: a *key* is ``organization/name``; ``search_text`` is what a search looks into (see
:mod:`voxshelf.catalog.search`), ``sort_name`` what a list sorts names by; *fingerprint* is what the last scan
saw of a folder (see :mod:`voxshelf.store.scanning`). ``version`` grows with every change of a dataset. Times
are moments (:class:`~voxshelf.catalog.column_types.Moment`); "never" is 1970, so that it sorts like any other.
*Live* is what is not in the trash: there is one live dataset of a key, and any number of deleted ones.

Tables and columns change only together with a migration in ``migrations/versions``.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    Enum,
    ForeignKey,
    Index,
    MetaData,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, validates

from voxshelf.catalog.column_types import EPOCH, BigId, Moment, PlainText, SortText, now
from voxshelf.model import Category, ChangeKind, DatasetStatus

if TYPE_CHECKING:
    # SQLAlchemy finds both by name; those modules need this one first.
    from voxshelf.catalog.people_tables import FolderRow, TeamRow  # noqa: TC004

# Migrations can only drop or alter what has a name that both databases agree on.
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


_CATEGORIES = ("has_color", "has_segmentation")
_DECISIVE = ("is_public", "has_team", "owner", "folder_id", *_CATEGORIES)


class Row(DeclarativeBase):
    """What all tables share: names of constraints, and how Python types are stored."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        date: Date,
        datetime: Moment,
        str: PlainText,
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
    }


class OrganizationRow(Row):
    """An organization: the first level of folders under the root."""

    __tablename__ = "organizations"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(SortText, unique=True)
    display_name: Mapped[str] = mapped_column(default="")
    upload_quota: Mapped[int | None] = mapped_column(BigInteger)
    """Bytes that uploads may fill; None: as much as the disk holds."""
    created: Mapped[datetime] = mapped_column(default=now)


class DatasetRow(Row):
    """A dataset: what a scan found, what a person wrote about it, and where it stands."""

    __tablename__ = "datasets"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organization_id: Mapped[int] = mapped_column(BigId, ForeignKey("organizations.id"))
    key: Mapped[str] = mapped_column(SortText)
    trash_id: Mapped[str] = mapped_column(default="")
    """The entry of the trash that holds it; empty for a live dataset."""
    name: Mapped[str] = mapped_column()
    sort_name: Mapped[str] = mapped_column(SortText)

    path: Mapped[str] = mapped_column()
    """Relative to the store's root, so that a root can be moved."""
    real_path: Mapped[str] = mapped_column(default="")
    """Where a symbolic link leads; empty for a folder that lies under the root itself."""
    status: Mapped[DatasetStatus] = mapped_column(Enum(DatasetStatus, native_enum=False, length=32))
    status_message: Mapped[str] = mapped_column(default="")
    problems: Mapped[list[Any]] = mapped_column(default=list)
    fingerprint: Mapped[str] = mapped_column(default="")
    voxel_size: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    layers: Mapped[list[Any]] = mapped_column(default=list)
    has_color: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    """Whether one of the layers is of this category; follows ``layers``, for long lists."""
    has_segmentation: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())

    display_name: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    description_html: Mapped[str] = mapped_column(default="")
    """The description, rendered when it was saved."""
    notes: Mapped[list[Any]] = mapped_column("metadata", default=list)
    """Key/value metadata: a list of ``{"key", "type", "value"}``."""
    publication_date: Mapped[date | None]
    folder_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("folders.id"))
    owner: Mapped[str] = mapped_column(SortText, default="")
    """The id of the user of its organization who put it there; empty where nobody did."""
    uploaded_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    """What it takes of the organization's quota; 0 for what was not uploaded."""
    is_public: Mapped[bool] = mapped_column(Boolean, default=False)
    has_team: Mapped[bool] = mapped_column(Boolean, default=False)
    """Whether a team is allowed on it or on its folder; kept by :mod:`voxshelf.catalog.teams` for long lists."""

    created: Mapped[datetime] = mapped_column(default=now)
    changed: Mapped[datetime] = mapped_column(default=now)
    last_used: Mapped[datetime] = mapped_column(default=EPOCH)
    version: Mapped[int] = mapped_column(BigId, default=1)

    organization: Mapped[OrganizationRow] = relationship(lazy="raise")
    tags: Mapped[list[TagRow]] = relationship(
        lazy="raise", order_by="TagRow.tag", cascade="all, delete-orphan", passive_deletes=True
    )
    folder: Mapped[FolderRow | None] = relationship(lazy="raise")
    teams: Mapped[list[TeamRow]] = relationship(
        lazy="raise", order_by="TeamRow.name", secondary="dataset_teams", passive_deletes=True
    )

    # Each sort order has its index. What a list is filtered by, and what decides who may see a dataset, stands at
    # the end of it, so that a page far down the list is found without reading a single row before it.
    __table_args__ = (
        UniqueConstraint("key", "trash_id"),
        *(
            Index(f"ix_datasets_by_{column}", column, "key", "status", "organization_id", *_DECISIVE)
            for column in ("sort_name", "created", "changed", "last_used")
        ),
        Index("ix_datasets_by_status", "status", "sort_name", "key", "organization_id", *_DECISIVE),
        Index("ix_datasets_by_organization", "organization_id", "status", "key"),
        # What decides who may see a dataset, each with all that is needed to collect the ids of those visible.
        Index("ix_datasets_has_team", "organization_id", "has_team", "status", *_CATEGORIES),
        Index("ix_datasets_owner", "organization_id", "owner", "status", "has_team", *_CATEGORIES),
        Index("ix_datasets_is_public", "is_public", "status", "organization_id", "has_team", *_CATEGORIES),
        Index("ix_datasets_folder_id", "folder_id", "status", *_CATEGORIES),
    )

    @validates("layers")
    def _note_categories(self, _name: str, layers: list[Any]) -> list[Any]:
        found = {layer.get("category") for layer in layers}
        self.has_color = Category.COLOR.value in found
        self.has_segmentation = Category.SEGMENTATION.value in found
        return layers


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
