"""Writing what was seen of dataset folders into the catalog, and saying what that changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from voxshelf.catalog import add_datasets, layers_to_json, problems_to_json, rows_to_change, storable
from voxshelf.model import ChangeKind, DatasetStatus, EditedSection
from voxshelf.store.edit_log import record_edit, touch

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from voxshelf.catalog import DatasetRow, Writing
    from voxshelf.model import Change
    from voxshelf.store.examining import Examined


class Outcome(Enum):
    """What recording a folder changed."""

    NEW = "new"
    CHANGED = "changed"
    RETURNED = "returned"
    SAME = "same"


@dataclass(frozen=True)
class Sighting:
    """A folder, looked at: its key, what it is worth, and its fingerprint."""

    key: str
    examined: Examined
    fingerprint: str


_KINDS = {
    Outcome.NEW: ChangeKind.FOUND,
    Outcome.RETURNED: ChangeKind.FOUND,
    Outcome.CHANGED: ChangeKind.EDITED,
}


def record_sightings(writing: Writing, sightings: Sequence[Sighting]) -> dict[str, Outcome]:
    """Write folders that were seen; add those that are new.

    Returns
    -------
    dict
        The outcome per key. What changed is also in the log.
    """
    keys = [sighting.key for sighting in sightings]
    rows = rows_to_change(writing.session, keys)
    added = add_datasets(writing, [key for key in keys if key not in rows])
    outcomes = {}
    for sighting in sightings:
        row = added.get(sighting.key) or rows.get(sighting.key)
        if row is None:  # added by another process at this very moment: it has seen the same
            outcomes[sighting.key] = Outcome.SAME
        else:
            outcomes[sighting.key] = _record(writing, row, sighting, is_new=sighting.key in added)
    return outcomes


def record_data_edit(
    writing: Writing,
    sighting: Sighting,
    changes: Sequence[Change],
    *,
    python: str,
    undoes: int | None = None,
) -> DatasetRow:
    """Write what is seen of a folder whose JSON a person just changed, and the edit into its history."""
    outcome = record_sightings(writing, [sighting])[sighting.key]
    row = rows_to_change(writing.session, [sighting.key])[sighting.key]
    if changes:
        if outcome is Outcome.SAME:  # no value that a list shows
            touch(writing, row)
            writing.log(ChangeKind.EDITED, sighting.key, section=EditedSection.DATA.name)
        record_edit(writing, row, EditedSection.DATA, changes, python=python, undoes=undoes)
    return row


def record_vanished(writing: Writing, keys: Collection[str]) -> None:
    """Note that these folders are gone. What was known about them is kept."""
    for key, row in sorted(rows_to_change(writing.session, keys).items()):
        row.status = DatasetStatus.MISSING
        row.status_message = "The folder is not there any more. Put it back to use the dataset again."
        row.fingerprint = ""
        touch(writing, row)
        writing.log(ChangeKind.VANISHED, key)


def record_unreachable(writing: Writing, messages: dict[str, str]) -> None:
    """Note that these folders may be there, but cannot be looked at, with the reason."""
    for key, row in sorted(rows_to_change(writing.session, messages.keys()).items()):
        message = storable(messages[key])
        if (row.status, row.status_message) == (DatasetStatus.BROKEN, message):
            continue
        row.status, row.status_message, row.fingerprint = DatasetStatus.BROKEN, message, ""
        touch(writing, row)
        writing.log(ChangeKind.EDITED, key)


def _record(writing: Writing, row: DatasetRow, sighting: Sighting, *, is_new: bool) -> Outcome:
    before = row.status
    if before is DatasetStatus.UPLOADING:  # the upload says when it is finished
        return Outcome.SAME
    # An unsettled folder has no fingerprint: that it settles is nothing new.
    was_touched = row.fingerprint not in ("", storable(sighting.fingerprint))
    row.fingerprint = storable(sighting.fingerprint)
    values = _values(sighting.examined)
    if not is_new and all(getattr(row, name) == value for name, value in values.items()):
        if was_touched:  # by its default view, say
            writing.log(ChangeKind.TOUCHED, row.key)
        return Outcome.SAME
    for name, value in values.items():
        setattr(row, name, value)
    outcome, kind = Outcome.CHANGED, ChangeKind.EDITED
    if is_new:
        outcome, kind = Outcome.NEW, ChangeKind.FOUND
    elif before in (DatasetStatus.MISSING, DatasetStatus.DELETED):
        is_restored = before is DatasetStatus.DELETED
        outcome, kind = Outcome.RETURNED, ChangeKind.RESTORED if is_restored else ChangeKind.FOUND
    elif row.status is DatasetStatus.READY and before is not DatasetStatus.READY:
        kind = ChangeKind.IMPORTED
    if not is_new:
        touch(writing, row)
    writing.log(kind, row.key, status=row.status.name)
    return outcome


def _values(examined: Examined) -> dict[str, Any]:
    size = examined.voxel_size
    return {
        "status": examined.status,
        "status_message": storable(examined.status_message),
        "problems": problems_to_json(examined.problems),
        "voxel_size": None if size is None else size.model_dump(mode="json"),
        "layers": layers_to_json(examined.layers),
        "real_path": storable(examined.real_path),
    }
