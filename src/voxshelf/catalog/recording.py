"""Writing rows that another process may be writing at the same moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from voxshelf.catalog.column_types import EPOCH, storable
from voxshelf.catalog.organizations import organization_ids, queue_up
from voxshelf.catalog.records import sort_name
from voxshelf.catalog.search import search_text
from voxshelf.catalog.tables import DatasetRow, SearchRow, TagRow
from voxshelf.model import DatasetStatus

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from voxshelf.catalog.changes import Writing


def rows_to_change(session: Session, keys: Collection[str]) -> dict[str, DatasetRow]:
    """The rows of these live datasets, by key; nobody else changes them until the transaction ends."""
    wanted = select(DatasetRow).where(DatasetRow.key.in_(keys), DatasetRow.trash_id == "").with_for_update()
    return {row.key: row for row in session.scalars(wanted)}


def add_datasets(writing: Writing, keys: Collection[str]) -> dict[str, DatasetRow]:
    """Add rows for datasets that the catalog does not know yet, empty but for their names.

    Returns
    -------
    dict
        The new rows, by key. Those that another process added in the meantime are left out.
    """
    session = writing.session
    queue_up(session)  # so that it is certain who added a row
    live = select(DatasetRow.key).where(DatasetRow.key.in_(keys), DatasetRow.trash_id == "")
    known = set(session.scalars(live))
    names = {key: key.partition("/")[2] for key in keys if key not in known}
    organizations = organization_ids(writing, {key.partition("/")[0] for key in names})
    values = [
        {
            "organization_id": organizations[key.partition("/")[0]],
            "key": key,
            "name": name,
            "sort_name": sort_name(name),
            "path": key,
            "status": DatasetStatus.NOT_IMPORTED,
            "created": writing.moment,
            "changed": writing.moment,
            "last_used": EPOCH,
            "version": 1,
        }
        for key, name in names.items()
    ]
    if values:
        session.execute(insert(DatasetRow), values)
    added = rows_to_change(session, names)
    session.add_all(SearchRow(dataset_id=row.id, search_text=search_text(key)) for key, row in added.items())
    return added


def set_details(
    session: Session,
    row: DatasetRow,
    *,
    display_name: str | None = None,
    description: str | None = None,
    tags: Collection[str] | None = None,
) -> None:
    """Set what a person wrote about a dataset, and keep its place in lists and searches in step.

    Parameters
    ----------
    session : Session
        Of a transaction that writes.
    row : DatasetRow
        With its tags loaded.
    display_name, description, tags
        The new values; None leaves the old one.
    """
    if display_name is not None:
        row.display_name = storable(display_name)
        row.sort_name = sort_name(row.display_name or row.name)
    if description is not None:
        row.description = storable(description)
    if tags is not None:
        kept = {tag.tag: tag for tag in row.tags}
        row.tags = [kept.get(tag) or TagRow(tag=tag) for tag in sorted({storable(tag) for tag in tags})]
    words = search_text(row.key, row.display_name, [tag.tag for tag in row.tags], row.description)
    session.execute(update(SearchRow).where(SearchRow.dataset_id == row.id).values(search_text=words))
