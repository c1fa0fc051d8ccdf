"""Folders of an organization: paths, and which teams they allow, by themselves or because one above does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import selectinload

from voxshelf.catalog.organizations import organization_row
from voxshelf.catalog.people_tables import FolderRow, FolderTeamRow, TeamRow
from voxshelf.catalog.records import METADATA
from voxshelf.catalog.tables import DatasetRow
from voxshelf.catalog.teams import settle_many, settle_one, team_rows
from voxshelf.errors import NotFoundError
from voxshelf.model import DatasetStatus, Folder, folder_lineage

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from voxshelf.catalog.changes import Writing

_WITH_TEAMS = selectinload(FolderRow.allowed).joinedload(FolderTeamRow.team)


def folder_rows(session: Session, organization_id: int, *conditions: ColumnElement[bool]) -> list[FolderRow]:
    """Folders with their teams, sorted by path."""
    wanted = select(FolderRow).where(FolderRow.organization_id == organization_id, *conditions)
    return list(session.scalars(wanted.order_by(FolderRow.path).options(_WITH_TEAMS)))


def folder_row(session: Session, organization: str, path: str) -> FolderRow:
    """One folder with its teams.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    found = folder_rows(session, organization_row(session, organization).id, FolderRow.path == path)
    if not found:
        raise NotFoundError(
            f"{organization} has no folder {path!r}.", hint="Correct the path, or add the folder first."
        )
    return found[0]


def folder_of(row: FolderRow, organization: str) -> Folder:
    """The noun, with the teams that the folder itself allows; the row comes with its teams."""
    own = sorted(allowed.team.name for allowed in row.allowed if not allowed.is_inherited)
    notes = METADATA.validate_python(row.notes)
    return Folder(path=row.path, organization=organization, allowed_teams=tuple(own), metadata=notes)


def lineages(session: Session, rows: Iterable[DatasetRow]) -> dict[int, tuple[Folder, ...]]:
    """The folders of datasets, from the topmost down, by the id of the last one; rows come with their parts."""
    folders = {row.folder.id: row.folder for row in rows if row.folder is not None}
    places = {
        (row.organization_id, path): None for row in folders.values() for path in folder_lineage(row.path)
    }
    if not places:
        return {}
    wanted = select(FolderRow).where(tuple_(FolderRow.organization_id, FolderRow.path).in_(list(places)))
    found = {(row.organization_id, row.path): row for row in session.scalars(wanted.options(_WITH_TEAMS))}
    names = {row.organization_id: row.key.partition("/")[0] for row in rows}
    return {
        number: tuple(
            folder_of(found[row.organization_id, path], names[row.organization_id])
            for path in folder_lineage(row.path)
            if (row.organization_id, path) in found
        )
        for number, row in folders.items()
    }


def ensure_folder(writing: Writing, organization_id: int, path: str) -> FolderRow:
    """The row of a folder; what is missing of its path is added."""
    session = writing.session
    known = {row.path: row for row in folder_rows(session, organization_id, _on_path(path))}
    above: FolderRow | None = None
    for part in folder_lineage(path):
        row = known.get(part)
        if row is None:
            inherited = [] if above is None else [allowed.team for allowed in above.allowed]
            row = FolderRow(organization_id=organization_id, path=part, created=writing.moment)
            row.allowed = [FolderTeamRow(team=team, is_inherited=True) for team in inherited]
            session.add(row)
            session.flush()
        above = row
    if above is None:
        raise ValueError(f"{path!r} names no folder")
    return above


def set_folder_teams(session: Session, row: FolderRow, names: Collection[str]) -> None:
    """Allow these teams on a folder and all below it, and no others by itself; the row comes with its teams."""
    own = team_rows(session, row.organization_id, set(names))
    row.allowed = [FolderTeamRow(team=team, is_inherited=False) for team in own]
    session.flush()
    settle_subtree(session, row.organization_id, row.path)


def put_into_folder(writing: Writing, row: DatasetRow, path: str) -> None:
    """Put a dataset into a folder, which is made if need be; the empty path takes it out of all folders."""
    row.folder = ensure_folder(writing, row.organization_id, path) if path else None
    settle_one(writing.session, row)


def move_folder(session: Session, row: FolderRow, path: str) -> None:
    """Give a folder, and with it all below it, another path; the folder above the new one exists."""
    old = row.path
    for below in folder_rows(session, row.organization_id, within(old)):
        below.path = path + below.path[len(old) :]
    session.flush()
    settle_subtree(session, row.organization_id, path)


def remove_folder(session: Session, row: FolderRow) -> None:
    """Remove a folder without subfolders; what was deleted from it will return to the folder above."""
    above = folder_rows(session, row.organization_id, FolderRow.path == row.path.rpartition("/")[0])
    inside = select(DatasetRow).where(DatasetRow.folder_id == row.id)
    for dataset in session.scalars(inside):
        dataset.folder_id = above[0].id if above else None
    session.flush()
    session.delete(row)
    session.flush()
    if above:
        settle_many(session, DatasetRow.folder_id == above[0].id)
    else:
        settle_many(
            session, (DatasetRow.organization_id == row.organization_id) & DatasetRow.folder_id.is_(None)
        )


def contents(session: Session, row: FolderRow) -> tuple[int, int]:
    """How many subfolders and how many live datasets lie in a folder or below it."""
    folders = select(FolderRow.id).where(FolderRow.organization_id == row.organization_id, within(row.path))
    inside = select(func.count()).select_from(DatasetRow)
    inside = inside.where(DatasetRow.folder_id.in_(folders), DatasetRow.status != DatasetStatus.DELETED)
    return len(session.scalars(folders).all()) - 1, session.scalar(inside) or 0


def settle_subtree(session: Session, organization_id: int, path: str) -> None:
    """Write out which teams the folders at and below ``path`` inherit."""
    rows = folder_rows(session, organization_id, or_(within(path), _on_path(path)))
    cumulative: dict[str, dict[int, TeamRow]] = {}
    changed = []
    for row in rows:  # sorted: what lies above comes first
        own = {allowed.team.id: allowed.team for allowed in row.allowed if not allowed.is_inherited}
        inherited = {
            number: team
            for number, team in cumulative.get(row.path.rpartition("/")[0], {}).items()
            if number not in own
        }
        cumulative[row.path] = own | inherited
        kept = {allowed.team.id: allowed for allowed in row.allowed}
        if {number for number, allowed in kept.items() if allowed.is_inherited} != inherited.keys():
            row.allowed = [kept[number] for number in own] + [
                kept.get(number) or FolderTeamRow(team=team, is_inherited=True)
                for number, team in inherited.items()
            ]
        changed.append(row.id)
    session.flush()
    settle_many(session, DatasetRow.folder_id.in_(changed))


def within(path: str) -> ColumnElement[bool]:
    """The condition on a folder to be the one of this path or below it."""
    # "0" is the sign that follows "/": what lies between begins with "path/".
    return or_(FolderRow.path == path, (FolderRow.path > f"{path}/") & (FolderRow.path < f"{path}0"))


def _on_path(path: str) -> ColumnElement[Any]:
    return FolderRow.path.in_(folder_lineage(path))
