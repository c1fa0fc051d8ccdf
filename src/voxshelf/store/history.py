"""The history of a dataset's edits, and taking edits back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from voxshelf.catalog import LARGEST_NUMBER, EditRow
from voxshelf.errors import NotFoundError, OutOfRangeError
from voxshelf.model import EditedSection, undo_changes
from voxshelf.sharing import Action
from voxshelf.store.data_editing import DataEditing, taken_back
from voxshelf.store.edit_log import Start, changes_of, entry_of
from voxshelf.store.editing import Editing
from voxshelf.store.viewing import Viewing

if TYPE_CHECKING:
    from voxshelf.model import DatasetRecord, HistoryEntry


class History(DataEditing, Viewing, Editing):
    """All edits, whatever section they belong to."""

    def history(
        self, key: str, *, limit: int | None = 50, before: int | None = None
    ) -> tuple[HistoryEntry, ...]:
        """The edits of a dataset, the newest first."""
        if not 0 <= (limit or 0) <= LARGEST_NUMBER or abs(before or 0) > LARGEST_NUMBER:
            raise OutOfRangeError("A page cannot begin or end before the history.", hint="Count from 0.")
        with self._reading() as session:
            row = self._gate.row(session, Action.EDIT, key)
            wanted = select(EditRow).where(EditRow.dataset_id == row.id, EditRow.person == "")
            if before is not None:
                wanted = wanted.where(EditRow.id < before)
            rows = session.scalars(wanted.order_by(EditRow.id.desc()).limit(limit))
            return tuple(entry_of(edit, key) for edit in rows)

    def undo(self, key: str, edit: int) -> DatasetRecord:
        """Take one edit back."""
        with self._reading() as session:
            row = self._gate.row(session, Action.EDIT, key)
            wanted = select(EditRow).where(EditRow.dataset_id == row.id, EditRow.id == edit)
            found = session.scalar(wanted) if abs(edit) <= LARGEST_NUMBER else None
            if found is None:
                raise NotFoundError(f"{key} has no edit {edit}.", hint="Look at its history.")
            section, changes = found.section, changes_of(found)
        python = f"store.undo({key!r}, {edit})"
        if section is EditedSection.DATA:
            return self._write(
                key, lambda present: taken_back(key, present, changes), undoes=edit, python=python
            )
        if section is EditedSection.VIEW:
            self._edit_view(key, lambda old: undo_changes(old, changes), Start(), python, undoes=edit)
        else:
            self._edit(key, section, lambda old: undo_changes(old, changes), Start(), python, undoes=edit)
        with self._reading() as session:
            return self._gate.record(session, self._gate.row(session, Action.SEE, key), self._premises.root)
