"""One line of a dataset's history: who changed what, when, and the line of Python that does the same."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from voxshelf.model.history import Change


class EditedSection(StrEnum):
    """Which part of a dataset was edited; each has a document of its own."""

    DATA = "data"
    """The data source: what ``datasource-properties.json`` says."""
    DETAILS = "details"
    """Display name, description, tags, folder, metadata, publication date."""
    VIEW = "view"
    """The view configuration, for everybody or for one person."""
    PERMISSIONS = "permissions"
    """Teams, visibility, owner."""


class HistoryEntry(BaseModel):
    """One edit.

    Parameters
    ----------
    id : int
        Grows with time.
    key : str
        ``organization/name`` of the dataset.
    section : EditedSection
        Which of its documents was changed.
    by : str
        Who did it.
    at : datetime
        When, aware UTC.
    version : int
        Of the dataset, afterwards.
    changes : tuple of Change
        What was changed, field by field.
    python : str
        The line of Python that does it.
    undoes : int, optional
        The id of the edit that this one takes back.
    """

    model_config = ConfigDict(frozen=True)

    id: int
    key: str
    section: EditedSection
    by: str
    at: datetime
    version: int
    changes: tuple[Change, ...] = ()
    python: str = ""
    undoes: int | None = None

    def __str__(self) -> str:
        what = " ".join(str(change) for change in self.changes)
        return f"{self.at:%Y-%m-%d %H:%M} {self.by or 'somebody'}, {self.section}: {what}"
