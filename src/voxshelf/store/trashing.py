"""Deleting and restoring datasets: the folder moves with one rename, the row follows in the same transaction.

Whoever is killed between the two leaves a folder in the trash whose row is still live, or the other way round;
:func:`reconcile` mends that before anything here looks at the trash, and before each scan.
What each method means is written in :class:`~voxshelf.store.sharing_protocol.SharingStore`.
"""

from __future__ import annotations

import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from voxshelf.catalog import WITH_PARTS, DatasetRow, EditRow, queue_up, rows_to_change, unknown_dataset
from voxshelf.errors import DatasetNotFoundError, NameTakenError, NotAllowedError, VoxshelfError
from voxshelf.intake import scan_dataset
from voxshelf.model import ChangeKind, DatasetStatus
from voxshelf.sharing import Action
from voxshelf.store.desk import Desk
from voxshelf.store.edit_log import touch
from voxshelf.store.intents import settle_intent
from voxshelf.store.keys import split_key
from voxshelf.store.recording import record_sightings
from voxshelf.store.scanning import sight
from voxshelf.store.trash import KEPT_FOR, Trash, TrashEntry, new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import timedelta

    from sqlalchemy.orm import Session

    from voxshelf.catalog import Writing
    from voxshelf.model import ChangeEvent, DatasetRecord
    from voxshelf.store.premises import Premises

_MESSAGE = "Deleted; it can be restored from the trash."


class Trashing(Desk):
    """Deleted datasets."""

    def delete(self, keys: str | Iterable[str]) -> tuple[TrashEntry, ...]:
        """Move datasets to the trash."""
        wanted = [keys] if isinstance(keys, str) else list(dict.fromkeys(keys))
        with self._reading() as session:
            for key in wanted:
                split_key(key)
                _require_live(self._gate.row(session, Action.DELETE, key))
        deleted: list[TrashEntry] = []
        try:
            for key in wanted:
                deleted.append(self._delete(key))  # noqa: PERF401 - those before the one that fails are needed
        except VoxshelfError:
            for entry in reversed(deleted):
                with suppress(VoxshelfError):
                    self.restore(entry.id)
            raise
        return tuple(deleted)

    def _delete(self, key: str) -> TrashEntry:
        settled: Iterable[ChangeEvent] = ()
        try:
            with self._premises.catalog.exclusively(f"dataset {key}"):
                settled = settle_intent(self._premises.catalog, self._premises.places, key)
                entry, events = self._to_trash(key)
        finally:
            self._premises.watch.tell(settled)
        self._premises.watch.tell(events)
        return entry

    def _to_trash(self, key: str) -> tuple[TrashEntry, Iterable[ChangeEvent]]:
        trash = Trash(self._premises.root)
        organization, name = split_key(key)
        with _undone_on_error(trash) as put, self._premises.catalog.writing(self._gate.name) as writing:
            rows_to_change(writing.session, [key])
            row = self._gate.row(writing.session, Action.DELETE, key)
            _require_live(row)
            if os.path.lexists(self._premises.root / organization / name):
                entry = trash.put(organization, name, by=self._gate.name, now=writing.moment)
                put.append(entry)
            else:  # it vanished before: what is known about it goes to the trash alone
                entry = TrashEntry(
                    id=new_id(),
                    organization=organization,
                    name=name,
                    deleted=writing.moment,
                    deleted_by=self._gate.name,
                )
            mark_deleted(writing, row, entry.id)
        return entry, writing.events

    def trash(self) -> tuple[TrashEntry, ...]:
        """What the actor may restore, newest first."""
        self._mend()
        with self._reading() as session:
            rows = self._deleted_rows(session)
        on_disk = {entry.id: entry for entry in Trash(self._premises.root).list()}
        entries = [on_disk.get(row.trash_id) or _entry_of(row) for row in rows]
        return tuple(sorted(entries, key=lambda entry: entry.deleted, reverse=True))

    def restore(self, entry: str) -> DatasetRecord:
        """Put a deleted dataset back, with everything that belonged to it."""
        self._mend()
        with self._reading() as session:
            key = self._deleted_row(session, entry).key
        catalog = self._premises.catalog
        with catalog.exclusively(f"dataset {key}"), catalog.writing(self._gate.name) as writing:
            self._put_back(writing, entry)
        Trash(self._premises.root).clear(entry)
        self._premises.watch.tell(writing.events)
        with self._reading() as session:
            return self._gate.record(session, self._gate.row(session, Action.SEE, key), self._premises.root)

    def _put_back(self, writing: Writing, entry: str) -> None:
        session = writing.session
        queue_up(session)
        row = self._deleted_row(session, entry)
        live = session.scalar(select(DatasetRow).where(DatasetRow.key == row.key, DatasetRow.trash_id == ""))
        if live is not None:
            if not _is_forgettable(session, live):
                raise NameTakenError(
                    f"There is a dataset {row.key} by now.",
                    hint="Delete that one first, then restore this one.",
                )
            session.delete(live)
            session.flush()
        trash = Trash(self._premises.root)
        with suppress(DatasetNotFoundError):  # it had no folder when it was deleted
            trash.move_back(entry)
        row.trash_id = ""
        session.flush()
        found = scan_dataset(self._premises.root, *split_key(row.key))
        if found is not None:
            record_sightings(writing, [sight(found, self._premises.places, time.time_ns())])
            return
        row.status = DatasetStatus.MISSING
        row.status_message = "The folder is not there any more. Put it back to use the dataset again."
        touch(writing, row)
        writing.log(ChangeKind.RESTORED, row.key)

    def purge(
        self, entries: Iterable[str] | None = None, *, older_than: timedelta = KEPT_FOR
    ) -> tuple[TrashEntry, ...]:
        """Remove deleted datasets for good."""
        known = {entry.id: entry for entry in self.trash()}
        if entries is None:
            limit = self._gate.moment - older_than
            wanted = [entry for entry in known.values() if entry.deleted <= limit]
        else:
            ids = [entries] if isinstance(entries, str) else list(dict.fromkeys(entries))
            unknown = [number for number in ids if number not in known]
            if unknown:
                raise _unknown_entry(unknown[0])
            wanted = [known[number] for number in ids]
        trash = Trash(self._premises.root)
        for entry in wanted:
            trash.give_up(entry.id)
            with self._changing() as writing:
                _forget(writing, entry.id, entry.key)
        trash.sweep(entry.id for entry in wanted)
        return tuple(wanted)

    def _mend(self) -> None:
        reconcile(self._premises)

    def _deleted_rows(self, session: Session) -> list[DatasetRow]:
        """The rows of deleted datasets that the actor may delete, and so restore."""
        wanted = select(DatasetRow).where(DatasetRow.trash_id != "").options(*WITH_PARTS)
        rows = []
        for row in session.scalars(wanted):
            with suppress(DatasetNotFoundError, NotAllowedError):
                self._gate.allow(session, Action.DELETE, row)
                rows.append(row)
        return rows

    def _deleted_row(self, session: Session, entry: str) -> DatasetRow:
        wanted = select(DatasetRow).where(DatasetRow.trash_id == entry, DatasetRow.trash_id != "")
        row = session.scalar(wanted.options(*WITH_PARTS))
        if row is None:
            raise _unknown_entry(entry)
        try:
            self._gate.allow(session, Action.DELETE, row)
        except DatasetNotFoundError:
            raise _unknown_entry(entry) from None
        return row


@contextmanager
def _undone_on_error(trash: Trash) -> Iterator[list[TrashEntry]]:
    """What was put into the trash comes back if the catalog cannot follow."""
    put: list[TrashEntry] = []
    try:
        yield put
    except BaseException:
        for entry in put:
            with suppress(VoxshelfError):
                trash.restore(entry.id)
        raise


def mark_deleted(writing: Writing, row: DatasetRow, entry: str) -> None:
    """Note that a dataset is in the trash."""
    row.trash_id, row.status, row.status_message, row.fingerprint = entry, DatasetStatus.DELETED, _MESSAGE, ""
    touch(writing, row)
    writing.log(ChangeKind.DELETED, row.key, entry=entry)


def reconcile(premises: Premises) -> None:
    """Let the catalog agree with the trash on the disk, which whoever was killed in between left it without."""
    trash = Trash(premises.root)
    remains = trash.remains()
    on_disk = {entry.id: entry for entry in trash.list()}
    with premises.catalog.reading() as session:
        known = dict(
            session.execute(
                select(DatasetRow.trash_id, DatasetRow.key).where(DatasetRow.trash_id != "")
            ).all()
        )
    for number in [number for number, is_given_up in remains.items() if is_given_up and number in known]:
        with premises.catalog.writing() as writing:
            _forget(writing, number, known.pop(number))
        premises.watch.tell(writing.events)
    trash.sweep(remains)
    lost = [entry for number, entry in on_disk.items() if number not in known]
    # What was deleted when it had no folder stays deleted, whatever is put into its place.
    shells = trash.shells()
    back = {
        number: key
        for number, key in known.items()
        if number in shells and os.path.lexists(premises.root / key)
    }
    if not lost and not back:
        return
    for entry in lost:
        _follow_to_trash(premises, entry)
    for number, key in back.items():
        _follow_back(premises, number, key)
        trash.clear(number)


def _forget(writing: Writing, entry: str, key: str) -> None:
    """Remove all that is remembered of a deleted dataset."""
    writing.session.execute(delete(DatasetRow).where(DatasetRow.trash_id == entry))
    writing.log(ChangeKind.DELETED, key, what="purged", entry=entry)


def _follow_to_trash(premises: Premises, entry: TrashEntry) -> None:
    catalog = premises.catalog
    with catalog.exclusively(f"dataset {entry.key}"), catalog.writing(entry.deleted_by) as writing:
        session = writing.session
        known = session.scalar(select(DatasetRow.id).where(DatasetRow.trash_id == entry.id))
        row = rows_to_change(session, [entry.key]).get(entry.key)
        # Whoever held the lock has finished; what lies in the dataset's place is another one.
        if known is None and row is not None and not os.path.lexists(premises.root / entry.key):
            mark_deleted(writing, row, entry.id)
    premises.watch.tell(writing.events)


def _follow_back(premises: Premises, entry: str, key: str) -> None:
    catalog = premises.catalog
    with catalog.exclusively(f"dataset {key}"), catalog.writing() as writing:
        session = writing.session
        queue_up(session)
        row = session.scalar(select(DatasetRow).where(DatasetRow.trash_id == entry))
        found = scan_dataset(premises.root, *split_key(key))
        if row is None or found is None or key in rows_to_change(session, [key]):
            return
        row.trash_id = ""
        session.flush()
        record_sightings(writing, [sight(found, premises.places, time.time_ns())])
    premises.watch.tell(writing.events)


def _require_live(row: DatasetRow) -> None:
    if row.trash_id:
        raise unknown_dataset(row.key)


def _is_forgettable(session: Session, row: DatasetRow) -> bool:
    """Whether nothing is lost with a row: its folder is gone, and nobody ever did anything with it."""
    has_edits = session.scalar(select(EditRow.id).where(EditRow.dataset_id == row.id).limit(1)) is not None
    return row.status is DatasetStatus.MISSING and not has_edits and not row.owner and not row.has_team


def _entry_of(row: DatasetRow) -> TrashEntry:
    organization, _, name = row.key.partition("/")
    return TrashEntry(id=row.trash_id, organization=organization, name=name, deleted=row.changed)


def _unknown_entry(entry: str) -> DatasetNotFoundError:
    return DatasetNotFoundError(f"The trash has no entry {entry!r}.", hint="It was restored or purged.")
