"""Deleted datasets: ``<root>/<organization>/.trash/<id>/<name>``, on the dataset's own file system.

Deleting is one rename, so is restoring: a dataset is in its place or in the trash, never half in both. A dataset
that is a symbolic link loses the link; what it leads to is never touched, not even when the trash is purged.
Whether a person may delete is the policy's question.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from voxshelf.catalog import TRASH_NAME
from voxshelf.errors import DatasetNotFoundError, NameTakenError, ReadOnlyError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

KEPT_FOR = timedelta(days=30)

_MANIFEST = "trash.json"
_GONE = ".gone-"
_ID = re.compile(r"[0-9a-f]{16}", re.ASCII)


class TrashEntry(BaseModel):
    """One deleted dataset.

    Parameters
    ----------
    id : str
        Names it among several deleted ones of the same key.
    organization, name : str
        Where it was, and where it returns to.
    deleted : datetime
        When, UTC.
    deleted_by : str
        Who did it.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    organization: str
    name: str
    deleted: datetime
    deleted_by: str = ""

    @property
    def key(self) -> str:
        """``organization/name``."""
        return f"{self.organization}/{self.name}"


class Trash:
    """The deleted datasets below one root folder.

    Parameters
    ----------
    root : Path
        The folder that holds the organizations.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, organization: str, name: str, *, by: str = "", now: datetime | None = None) -> TrashEntry:
        """Move a dataset folder (or the link that stands for it) to the trash.

        Raises
        ------
        DatasetNotFoundError
            If nothing of that name is there.
        ReadOnlyError
            If the organization's folder cannot be written.
        """
        entry = TrashEntry(
            id=new_id(),
            organization=organization,
            name=name,
            deleted=now or datetime.now(UTC),
            deleted_by=by,
        )
        place, folder = self._place(entry), self._folder(entry)
        if not os.path.lexists(place):
            raise DatasetNotFoundError(f"There is no folder {entry.key} to delete.", hint="Refresh the list.")
        try:
            folder.mkdir(parents=True)
            (folder / _MANIFEST).write_text(entry.model_dump_json())
            place.rename(folder / name)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise _cannot_write(place, error) from error
        return entry

    def restore(self, entry_id: str) -> TrashEntry:
        """Move a deleted dataset back to its place, and leave nothing of it in the trash; raises as below."""
        entry = self.move_back(entry_id)
        self.clear(entry_id)
        return entry

    def move_back(self, entry_id: str) -> TrashEntry:
        """Move a deleted dataset back to its place; its shell stays in the trash until :meth:`clear`.

        Raises
        ------
        DatasetNotFoundError
            If the trash has no such entry.
        NameTakenError
            If something of its name is there by now; the trash keeps it.
        """
        entry = self.get(entry_id)
        place, folder = self._place(entry), self._folder(entry)
        if os.path.lexists(place):
            raise NameTakenError(
                f"There is a dataset {entry.key} by now.",
                hint="Rename or delete that one first, then restore this one.",
            )
        try:
            (folder / entry.name).rename(place)
        except OSError as error:
            raise _cannot_write(place, error) from error
        return entry

    def clear(self, entry_id: str) -> None:
        """Remove the shell of a dataset that was moved back."""
        if entry_id in self.shells():
            self.give_up(entry_id)
            self.sweep([entry_id])

    def shells(self) -> frozenset[str]:
        """The ids of entries that hold no dataset: it was moved back, or is just being put there."""
        found = set()
        for folder in self.root.glob(f"*/{TRASH_NAME}/*"):
            with suppress(OSError, ValidationError):
                if _ID.fullmatch(folder.name) and not os.path.lexists(folder / _read(folder).name):
                    found.add(folder.name)
        return frozenset(found)

    def get(self, entry_id: str) -> TrashEntry:
        """One entry.

        Raises
        ------
        DatasetNotFoundError
            If the trash has no such entry.
        """
        if _ID.fullmatch(entry_id):
            for folder in self.root.glob(f"*/{TRASH_NAME}/{entry_id}"):
                with suppress(OSError, ValidationError):
                    return _read(folder)
        raise DatasetNotFoundError(f"The trash has no entry {entry_id!r}.", hint="It was restored or purged.")

    def list(self) -> tuple[TrashEntry, ...]:
        """What can be restored, newest first."""
        entries = []
        for folder in self.root.glob(f"*/{TRASH_NAME}/*"):
            if not _ID.fullmatch(folder.name):  # such as what was given up
                continue
            with suppress(OSError, ValidationError):
                entry = _read(folder)
                if os.path.lexists(folder / entry.name):
                    entries.append(entry)
        return tuple(sorted(entries, key=lambda entry: entry.deleted, reverse=True))

    def give_up(self, entry_id: str) -> None:
        """Take one deleted dataset out of the trash with one rename; :meth:`sweep` removes it for good.

        Nothing happens if it is not there.
        """
        with suppress(DatasetNotFoundError, FileNotFoundError):
            folder = self._folder(self.get(entry_id))
            folder.rename(folder.with_name(_GONE + entry_id))

    def remains(self) -> dict[str, bool]:
        """The ids of what was not swept away yet, and whether it was given up: of a restored one the shell is left."""
        found = {}
        for folder in self.root.glob(f"*/{TRASH_NAME}/{_GONE}*"):
            number = folder.name.removeprefix(_GONE)
            found[number] = False
            with suppress(OSError, ValidationError):
                found[number] = os.path.lexists(folder / _read(folder).name)
        return found

    def sweep(self, entry_ids: Iterable[str]) -> None:
        """Remove for good what is left of entries that are not in the trash any more.

        Never through a link: ``rmtree`` unlinks links and does not follow them.
        """
        for number in entry_ids:
            for folder in self.root.glob(f"*/{TRASH_NAME}/{_GONE}{number}"):
                shutil.rmtree(folder, ignore_errors=True)

    def purge(
        self, *, older_than: timedelta = KEPT_FOR, now: datetime | None = None
    ) -> tuple[TrashEntry, ...]:
        """Remove for good what was deleted longer ago than ``older_than``; returns what went."""
        limit = (now or datetime.now(UTC)) - older_than
        gone = [entry for entry in self.list() if entry.deleted <= limit]
        for entry in gone:
            self.give_up(entry.id)
        self.sweep(self.remains())
        return tuple(gone)

    def _place(self, entry: TrashEntry) -> Path:
        return self.root / entry.organization / entry.name

    def _folder(self, entry: TrashEntry) -> Path:
        return self.root / entry.organization / TRASH_NAME / entry.id


def _read(folder: Path) -> TrashEntry:
    return TrashEntry.model_validate_json((folder / _MANIFEST).read_bytes())


def new_id() -> str:
    """An id for what is deleted without a folder."""
    return secrets.token_hex(8)


def _cannot_write(place: Path, error: OSError) -> ReadOnlyError:
    return ReadOnlyError(
        f"{place.parent} cannot be changed: {error.strerror or error}.",
        hint="Ask whoever owns that folder for the right to write in it.",
    )
