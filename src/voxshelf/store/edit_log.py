"""Recording edits, and telling a stale one from one that goes together with what happened since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import select

from voxshelf.catalog import EditRow, storable
from voxshelf.errors import EditConflict
from voxshelf.model import Change, EditedSection, HistoryEntry, merge_documents, undo_changes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from voxshelf.catalog import DatasetRow, Writing

_CHANGES = TypeAdapter(tuple[Change, ...])

_HINT = (
    "Look at the present state, then make the edit again; with merge=True, edits of other fields are joined."
)


class Start(NamedTuple):
    """What an edit started from, and what to do if somebody else was faster."""

    version: int | None = None
    merge: bool = False


def record_edit(
    writing: Writing,
    row: DatasetRow,
    section: EditedSection,
    changes: Sequence[Change],
    *,
    python: str,
    undoes: int | None = None,
) -> None:
    """Add an edit to the history of a dataset whose version has grown already."""
    writing.session.add(
        EditRow(
            dataset_id=row.id,
            section=section,
            user=storable(writing.user),
            at=writing.moment,
            version=row.version,
            changes=_CHANGES.dump_python(tuple(changes), mode="json"),
            python=storable(python),
            undoes=undoes,
        )
    )


def touch(writing: Writing, row: DatasetRow) -> None:
    """Let a dataset's version grow."""
    row.version += 1
    row.changed = writing.moment


def changes_of(row: EditRow) -> tuple[Change, ...]:
    """What an edit changed."""
    return _CHANGES.validate_python(row.changes)


def entry_of(row: EditRow, key: str) -> HistoryEntry:
    """The noun."""
    return HistoryEntry(
        id=row.id,
        key=key,
        section=row.section,
        by=row.user,
        at=row.at,
        version=row.version,
        changes=changes_of(row),
        python=row.python,
        undoes=row.undoes,
    )


def settled(
    session: Session,
    row: DatasetRow,
    section: EditedSection,
    present: dict[str, Any],
    edit: Callable[[dict[str, Any]], dict[str, Any]],
    start: Start,
) -> dict[str, Any]:
    """The document that an edit leads to, given what happened since it started.

    Parameters
    ----------
    session : Session
        On the catalog.
    row : DatasetRow
        The dataset.
    section : EditedSection
        Which of its documents.
    present : dict
        That document as it is stored now.
    edit : callable
        Makes the edited document of the one that it started from.
    start : Start
        The version that the edit started from.

    Raises
    ------
    EditConflict
        If the edit is stale, and was not to be joined or cannot be.
    """
    if start.version is None or start.version == row.version:
        return edit(present)
    later = session.scalars(
        select(EditRow)
        .where(EditRow.dataset_id == row.id, EditRow.section == section, EditRow.version > start.version)
        .order_by(EditRow.id.desc())
    ).all()
    if not later and start.version < row.version:
        return edit(present)
    base = _base(present, later) if later else None
    merge = None if base is None else merge_documents(base, edit(base), present)
    if merge is not None and merge.is_clean and start.merge:
        return merge.document
    names = " and ".join(sorted({row.user for row in later if row.user})) or "Somebody else"
    raise EditConflict(
        f"{names} changed the {section.value} of {row.key} in the meantime: "
        f"the edit started from version {start.version}, and version {row.version} is stored.",
        hint=_HINT,
        yours=start.version,
        present=row.version,
        merge=merge,
    )


def _base(present: dict[str, Any], later: Sequence[EditRow]) -> dict[str, Any] | None:
    """The document before those edits (the newest first); None where something else changed it too."""
    document = present
    try:
        for row in later:
            document = undo_changes(document, changes_of(row))
    except EditConflict:
        return None
    return document


def overlaid(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """``below`` with the values of ``above`` over it, object by object."""
    result = dict(below)
    for name, value in above.items():
        known = result.get(name)
        if isinstance(known, dict) and isinstance(value, dict):
            result[name] = overlaid(known, value)
        else:
            result[name] = value
    return result
