"""How long a list of datasets is: always told exactly, so it has to be cheap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from voxshelf.catalog.folders import within
from voxshelf.catalog.people_tables import FolderRow
from voxshelf.catalog.tables import DatasetRow, OrganizationRow, TagRow
from voxshelf.catalog.visibility import has_category
from voxshelf.model import DatasetStatus

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from voxshelf.catalog.listing import DatasetQuery
    from voxshelf.catalog.search import Search
    from voxshelf.catalog.visibility import Visible


def filters(query: DatasetQuery) -> list[ColumnElement[bool]]:
    """What a query asks for besides its search."""
    conditions: list[ColumnElement[bool]] = []
    if query.statuses:
        conditions.append(DatasetRow.status.in_(query.statuses))
    else:
        conditions.append(DatasetRow.status != DatasetStatus.DELETED)
    if query.organization is not None:
        wanted = select(OrganizationRow.id).where(OrganizationRow.name == query.organization)
        conditions.append(DatasetRow.organization_id == wanted.scalar_subquery())
    conditions.extend(
        DatasetRow.id.in_(select(TagRow.dataset_id).where(TagRow.tag == tag)) for tag in query.tags
    )
    if query.folder is not None:
        conditions.append(_in_folder(query, query.folder))
    if query.category is not None:
        conditions.append(has_category(query.category))
    if query.is_public is not None:
        conditions.append(DatasetRow.is_public.is_(query.is_public))
    return conditions


def _collections(query: DatasetQuery, found: Search | None) -> list[Select[Any]]:
    """The ids of datasets that match the search, carry each of the tags, are in the folder, and are public."""
    collections = [] if found is None else [found.matches]
    collections += [select(TagRow.dataset_id).where(TagRow.tag == tag) for tag in query.tags]
    if query.folder is not None:
        collections.append(select(DatasetRow.id).where(_in_folder(query, query.folder)))
    if query.is_public is not None:
        collections.append(select(DatasetRow.id).where(DatasetRow.is_public.is_(query.is_public)))
    return collections


def _in_folder(query: DatasetQuery, path: str) -> ColumnElement[bool]:
    folders = select(FolderRow.id)
    if query.folders_of is not None:
        home = select(OrganizationRow.id).where(OrganizationRow.name == query.folders_of)
        folders = folders.where(FolderRow.organization_id == home.scalar_subquery())
    if path:
        return DatasetRow.folder_id.in_(folders.where(within(path)))
    if query.folders_of is None:
        return DatasetRow.folder_id.is_(None)
    return or_(DatasetRow.folder_id.is_(None), DatasetRow.folder_id.not_in(folders))


def leaves_few(session: Session, query: DatasetQuery, few: int) -> bool:
    """Whether no more datasets than that lie in the folder, and carry the tags, that are asked for."""
    if not query.tags and not query.folder:
        return False  # what else narrows a list has no index
    some = select(DatasetRow.id).where(*filters(query)).limit(few + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) <= few


def count_datasets(
    session: Session,
    query: DatasetQuery,
    found: Search | None,
    seen: Visible | None,
    *,
    common: bool,
    few: bool,
) -> int:
    """How many datasets the whole list has.

    Parameters
    ----------
    session : Session
        On the catalog.
    query : DatasetQuery
        What is looked for.
    found : Search, optional
        What its search means.
    seen : Visible, optional
        What may be seen, in the statuses, the organization and the category that the query wants; default all.
    common : bool
        Whether very many match the search.
    few : bool
        Whether few are left of which it must be asked whether they may be seen.
    """
    if seen is not None and not few and (found is None or common):
        return seen.count(session, _collections(query, found))
    if found is None and query.is_unfiltered:
        return _count_all(session, query)
    if found is not None and common and seen is None and query.is_unfiltered and not query.statuses:
        # Among very many matches the few that do not count are taken away.
        hidden = select(DatasetRow.id).where(DatasetRow.status == DatasetStatus.DELETED)
        (identity,) = found.matches.selected_columns
        matches = found.matches.where(identity.not_in(hidden))
        return session.scalar(select(func.count()).select_from(matches.subquery())) or 0
    counted = select(func.count()).select_from(DatasetRow).where(*filters(query))
    if found is not None:
        counted = counted.where(found.among)
    if seen is not None:  # few are left, or match
        counted = counted.where(seen.along)
    return session.scalar(counted) or 0


def _count_all(session: Session, query: DatasetQuery) -> int:
    """The length of a list of which nothing is hidden, by the shortest way to it."""
    counted = select(func.count()).select_from(DatasetRow)
    if query.statuses:
        return session.scalar(counted.where(*filters(query))) or 0
    everything = session.scalar(counted) or 0
    return everything - (session.scalar(counted.where(DatasetRow.status == DatasetStatus.DELETED)) or 0)
