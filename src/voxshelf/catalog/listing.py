"""Lists of datasets, page by page.

A page is found in two steps: the ids, from an index that holds everything they are filtered and sorted by, then
the rows. Pages are asked for by *offset*, or (*keyset paging*) by the last record of the page before, which
costs the same for the thousandth page as for the first and never skips or repeats a row when others change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from sqlalchemy import Select, and_, case, false, func, select, true, tuple_
from sqlalchemy.orm import selectinload

from voxshelf.catalog.column_types import EPOCH
from voxshelf.catalog.counting import count_datasets, filters, leaves_few
from voxshelf.catalog.people_tables import FolderRow, FolderTeamRow
from voxshelf.catalog.records import sort_name
from voxshelf.catalog.search import search
from voxshelf.catalog.tables import DatasetRow, OrganizationRow, TagRow
from voxshelf.catalog.visibility import visible
from voxshelf.errors import DatasetNotFoundError, OutOfRangeError, VoxshelfError
from voxshelf.model import DatasetStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from voxshelf.catalog.visibility import Scope, Visible
    from voxshelf.model import Category, DatasetRecord

FEW = 3000
# What a database keeps in a whole number.
LARGEST_NUMBER = 2**63 - 1
"""A page of a list of no more than so many is found by collecting all of it first."""

SortKey: TypeAlias = Literal["name", "created", "changed", "last_used", "status"]

_Column: TypeAlias = Any
_SORTS: dict[SortKey, tuple[tuple[_Column, Callable[[DatasetRecord], Any]], ...]] = {
    "name": ((DatasetRow.sort_name, lambda record: sort_name(record.title)),),
    "created": ((DatasetRow.created, lambda record: record.created),),
    "changed": ((DatasetRow.changed, lambda record: record.changed),),
    "last_used": ((DatasetRow.last_used, lambda record: record.last_used or EPOCH),),
    "status": (
        (DatasetRow.status, lambda record: record.status),
        (DatasetRow.sort_name, lambda record: sort_name(record.title)),
    ),
}

WITH_PARTS = (
    selectinload(DatasetRow.tags),
    selectinload(DatasetRow.teams),
    selectinload(DatasetRow.folder).selectinload(FolderRow.allowed).joinedload(FolderTeamRow.team),
)
"""What :func:`~voxshelf.catalog.records.record_of` needs of a row besides the row itself."""


@dataclass(frozen=True)
class DatasetQuery:
    """Which datasets, in which order, and which part of them.

    Parameters
    ----------
    search : str
        Words that must all be in a dataset's text.
    organization : str, optional
        Only those of this one.
    tags : tuple of str
        Only those that have all of these.
    statuses : tuple of DatasetStatus
        Only those in one of these; empty means all but those in the trash.
    folder : str, optional
        Only those in this folder of the catalog or below it; the empty path means those in none.
    folders_of : str, optional
        Datasets of other organizations than this one count as being in no folder; None: they do not.
    category : Category, optional
        Only those with a layer of this category.
    is_public : bool, optional
        Only those that everybody may see, or only the others.
    sort, descending
        The order; equal ones are ordered by key.
    limit : int, optional
        The length of a page; None means all.
    offset : int
        How many to leave out.
    after : DatasetRecord, optional
        Only those that come after this one in the order.

    Raises
    ------
    VoxshelfError
        If a value makes no sense.
    """

    search: str = ""
    organization: str | None = None
    tags: tuple[str, ...] = ()
    statuses: tuple[DatasetStatus, ...] = ()
    folder: str | None = None
    folders_of: str | None = None
    category: Category | None = None
    is_public: bool | None = None
    sort: SortKey = "name"
    descending: bool = False
    limit: int | None = 50
    offset: int = 0
    after: DatasetRecord | None = None

    def __post_init__(self) -> None:
        if self.sort not in get_args(SortKey):
            raise VoxshelfError(
                f"Datasets cannot be sorted by {self.sort!r}.",
                hint=f"Sort by one of {', '.join(get_args(SortKey))}.",
            )
        if not 0 <= self.offset <= LARGEST_NUMBER or not 0 <= (self.limit or 0) <= LARGEST_NUMBER:
            raise OutOfRangeError("A page cannot begin or end before the list.", hint="Count from 0.")

    @property
    def is_unfiltered(self) -> bool:
        """Whether nothing but search and status decides what is in the list."""
        return self.organization is None and not self.is_narrowed

    @property
    def is_narrowed(self) -> bool:
        """Whether something besides search, status and organization decides what is in the list."""
        return bool(self.tags) or any(
            wish is not None for wish in (self.folder, self.category, self.is_public)
        )

    @property
    def wanted_statuses(self) -> frozenset[DatasetStatus]:
        """What the list may hold."""
        return frozenset(self.statuses) or frozenset(DatasetStatus) - {DatasetStatus.DELETED}


def find_datasets(
    session: Session, query: DatasetQuery, scope: Scope | None = None
) -> tuple[Sequence[DatasetRow], int]:
    """The rows of one page, with their parts, and how many datasets the whole list has.

    Parameters
    ----------
    session : Session
        On the catalog.
    query : DatasetQuery
        What is looked for.
    scope : Scope, optional
        Only what it covers is found and counted; default everything.
    """
    found = search(session, query.search)
    seen = None if scope is None else _visible(session, scope, query)
    common = found is not None and found.is_common(session)
    few = seen is not None and found is None and leaves_few(session, query, FEW)
    total = count_datasets(session, query, found, seen, common=common, few=few)
    if total == 0 or query.limit == 0:
        return (), total
    conditions = filters(query)
    if total > (FEW // 2 if common and seen is not None else FEW):  # both would be collected
        conditions += [part.along for part in (found, seen) if part is not None]
        conditions = [_walking(session, conditions)]
    else:
        if found is not None:
            conditions.append(found.along if common else found.among)
        if seen is not None:
            conditions.append(seen.along if few or (found is not None and not common) else seen.among)
    order = _order(query)
    chosen = _part(select(DatasetRow.id).where(*conditions), query).order_by(*order).subquery()
    rows = select(DatasetRow).join(chosen, chosen.c.id == DatasetRow.id).order_by(*order)
    return session.scalars(rows.options(*WITH_PARTS)).all(), total


def dataset_row(session: Session, key: str) -> DatasetRow:
    """The row of one dataset, with its tags, teams and folder: the live one or else what was deleted last.

    Raises
    ------
    DatasetNotFoundError
        If the catalog knows no such dataset.
    """
    live_first = (DatasetRow.trash_id != "", DatasetRow.changed.desc())
    statement = select(DatasetRow).where(DatasetRow.key == key).order_by(*live_first).limit(1)
    row = session.scalars(statement.options(*WITH_PARTS)).one_or_none()
    if row is None:
        raise unknown_dataset(key)
    return row


def has_dataset(session: Session, key: str) -> bool:
    """Whether there is a live dataset of that key."""
    return (
        session.scalar(select(DatasetRow.id).where(DatasetRow.key == key, DatasetRow.trash_id == ""))
        is not None
    )


def dataset_keys(session: Session, scope: Scope | None = None) -> Sequence[str]:
    """The keys of all datasets, or of those that a scope covers, in the order of the list by name."""
    keys = select(DatasetRow.key).where(DatasetRow.status != DatasetStatus.DELETED)
    seen = None if scope is None else visible(session, scope)
    if seen is not None:
        keys = keys.where(seen.along)
    return session.scalars(keys.order_by(DatasetRow.sort_name, DatasetRow.key)).all()


def tag_counts(session: Session, scope: Scope | None = None) -> dict[str, int]:
    """How many live datasets carry each tag, of all or of those that a scope covers; by tag."""
    counted = select(TagRow.tag, func.count()).join(DatasetRow, DatasetRow.id == TagRow.dataset_id)
    counted = counted.where(DatasetRow.status != DatasetStatus.DELETED)
    seen = None if scope is None else visible(session, scope)
    if seen is not None and scope is not None:
        # Whether a dataset is in the organization is told sooner than all that are can be collected.
        counted = counted.where(seen.along if scope.whole_organization else seen.among)
    found = session.execute(counted.group_by(TagRow.tag).order_by(TagRow.tag))
    return {row[0]: row[1] for row in found}


def unknown_dataset(key: str) -> DatasetNotFoundError:
    """The error for a dataset that is not there, or that whoever asks may not know of."""
    return DatasetNotFoundError(
        f"The store has no dataset {key!r}.",
        hint="Its name is organization/dataset; if it was just put there, refresh the store.",
    )


def organization_names(session: Session, scope: Scope | None = None) -> tuple[str, ...]:
    """The organizations, sorted: all, or the scope's own and those of datasets that it covers."""
    names = select(OrganizationRow.name).order_by(OrganizationRow.name)
    seen = None if scope is None else visible(session, scope)
    if seen is not None and scope is not None:
        elsewhere = select(DatasetRow.organization_id).where(seen.among)
        names = names.where((OrganizationRow.name == scope.organization) | OrganizationRow.id.in_(elsewhere))
    return tuple(session.scalars(names))


def _visible(session: Session, scope: Scope, query: DatasetQuery) -> Visible | None:
    return visible(session, scope, query.wanted_statuses, query.organization, query.category)


def _walking(session: Session, conditions: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    """The conditions in a form that keeps SQLite from collecting all that fulfil one and sorting them.

    A page of a long list is found sooner by walking down the index of its order. PostgreSQL knows that.
    """
    together = and_(*conditions)
    return (
        case((together, true()), else_=false()) if session.get_bind().dialect.name == "sqlite" else together
    )


def _order(query: DatasetQuery) -> list[ColumnElement[Any]]:
    columns = [column for column, _ in _SORTS[query.sort]] + [DatasetRow.key]
    return [column.desc() if query.descending else column.asc() for column in columns]


def _part(page: Select[Any], query: DatasetQuery) -> Select[Any]:
    if query.after is not None:
        columns = [column for column, _ in _SORTS[query.sort]]
        values = [value_of(query.after) for _, value_of in _SORTS[query.sort]]
        here = tuple_(*columns, DatasetRow.key)
        there = tuple_(*values, query.after.key, types=[column.type for column in (*columns, DatasetRow.key)])
        page = page.where(here < there if query.descending else here > there)
    if query.limit is not None:
        page = page.limit(query.limit)
    elif query.offset:
        page = page.limit(2**62)  # SQLite knows OFFSET only after LIMIT
    return page.offset(query.offset) if query.offset else page
