"""What people do with datasets: how they look at them, what they changed, and the links that they gave away.

Words used here: a *person* is ``organization/login`` of a user, or ``/name`` of the operator of a store.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - SQLAlchemy reads the columns' types from their annotations
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Enum, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from voxshelf.catalog.column_types import BigId, SortText, now
from voxshelf.catalog.tables import DatasetRow, Row
from voxshelf.model import EditedSection


class ViewConfigurationRow(Row):
    """How a dataset appears: for everybody (no person), or for one person."""

    __tablename__ = "view_configurations"

    dataset_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("datasets.id", ondelete="CASCADE"), primary_key=True
    )
    person: Mapped[str] = mapped_column(SortText, primary_key=True, default="")
    document: Mapped[dict[str, Any]] = mapped_column(default=dict)
    changed: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (Index("ix_view_configurations_person", "person"),)


class EditRow(Row):
    """One edit of one dataset, with all that is needed to show it and to take it back."""

    __tablename__ = "edits"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    dataset_id: Mapped[int] = mapped_column(BigId, ForeignKey("datasets.id", ondelete="CASCADE"))
    section: Mapped[EditedSection] = mapped_column(Enum(EditedSection, native_enum=False, length=32))
    person: Mapped[str] = mapped_column(SortText, default="")
    """Whose view configuration was edited; empty for what concerns everybody."""
    user: Mapped[str] = mapped_column("user_name", default="")
    """Who did it."""
    at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(BigId)
    """Of the dataset, afterwards."""
    changes: Mapped[list[Any]] = mapped_column(default=list)
    """:class:`~voxshelf.model.Change` as JSON, in order."""
    python: Mapped[str] = mapped_column(default="")
    """The line of Python that does it."""
    undoes: Mapped[int | None] = mapped_column(BigId)
    """The edit that this one takes back."""

    # A number is never used twice, as it is for the log of changes.
    __table_args__ = (
        Index("ix_edits_dataset_id", "dataset_id", "id"),
        Index("ix_edits_version", "dataset_id", "section", "version"),
        {"sqlite_autoincrement": True},
    )


class IntentRow(Row):
    """An edit of a ``datasource-properties.json`` that is being made: gone as soon as it is in the history.

    It is what whoever comes after a killed process completes the history from.
    """

    __tablename__ = "intents"

    key: Mapped[str] = mapped_column(SortText, primary_key=True)
    """Of the dataset, of which one such edit is made at a time."""
    user: Mapped[str] = mapped_column("user_name", default="")
    at: Mapped[datetime] = mapped_column(default=now)
    before: Mapped[str] = mapped_column(default="")
    """The JSON document that the edit starts from."""
    after: Mapped[str] = mapped_column(default="")
    """The one that it leads to."""
    python: Mapped[str] = mapped_column(default="")
    undoes: Mapped[int | None] = mapped_column(BigId)
    is_import: Mapped[bool] = mapped_column(Boolean, default=False)
    """The dataset is theirs from then on, if it is nobody's yet."""


class LinkRow(Row):
    """A link to one dataset; see :class:`~voxshelf.model.Link`. Its token is kept as a hash only."""

    __tablename__ = "links"

    id: Mapped[str] = mapped_column(SortText, primary_key=True)
    """The public part of the token."""
    hash: Mapped[str]
    """SHA-256 of the token."""
    dataset_id: Mapped[int] = mapped_column(BigId, ForeignKey("datasets.id", ondelete="CASCADE"))
    label: Mapped[str] = mapped_column(default="")
    view: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What the viewer shows first, as JSON of :class:`~voxshelf.model.ViewState`."""
    created: Mapped[datetime] = mapped_column(default=now)
    created_by: Mapped[str] = mapped_column(default="")
    expires: Mapped[datetime | None]
    revoked: Mapped[datetime | None]
    use_count: Mapped[int] = mapped_column(BigInteger, default=0)
    last_used: Mapped[datetime | None]

    dataset: Mapped[DatasetRow] = relationship(lazy="raise")

    __table_args__ = (Index("ix_links_dataset_id", "dataset_id", "created"),)
