"""Which teams are allowed on datasets.

A dataset without any team, not even through its folder, is what every team manager may see; lists need to know
that of 100,000 datasets at once, so it is kept beside each (``has_team``) by everything here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select, update

from voxshelf.catalog.people_tables import DATASET_TEAMS, FolderTeamRow, TeamRow
from voxshelf.catalog.tables import DatasetRow
from voxshelf.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session


def team_rows(session: Session, organization_id: int, names: Collection[str]) -> list[TeamRow]:
    """The rows of teams, sorted by name.

    Raises
    ------
    NotFoundError
        If one is missing; names every such team.
    """
    wanted = select(TeamRow).where(TeamRow.organization_id == organization_id, TeamRow.name.in_(names))
    rows = list(session.scalars(wanted.order_by(TeamRow.name)))
    unknown = sorted(set(names) - {row.name for row in rows})
    if unknown:
        known = select(TeamRow.name).where(TeamRow.organization_id == organization_id).order_by(TeamRow.name)
        raise NotFoundError(
            f"There is no team {' or '.join(map(repr, unknown))}.",
            hint=f"The teams are: {', '.join(session.scalars(known))}.",
        )
    return rows


def set_dataset_teams(session: Session, row: DatasetRow, names: Collection[str]) -> None:
    """Allow these teams on a dataset, and no others; ``row`` comes with its parts."""
    row.teams = team_rows(session, row.organization_id, set(names))
    settle_one(session, row)


def settle_one(session: Session, row: DatasetRow) -> None:
    """Note whether a dataset has a team, after its teams or its folder were changed."""
    folder_id = row.folder.id if row.folder is not None else None
    by_folder = folder_id is not None and session.scalar(
        select(exists().where(FolderTeamRow.folder_id == folder_id))
    )
    row.has_team = bool(row.teams) or bool(by_folder)


def settle_many(session: Session, condition: ColumnElement[bool]) -> None:
    """Note of all datasets under a condition whether they have a team."""
    has_team = or_(
        exists().where(DATASET_TEAMS.c.dataset_id == DatasetRow.id),
        exists().where(FolderTeamRow.folder_id == DatasetRow.folder_id),
    )
    session.flush()
    statement = update(DatasetRow).where(condition, DatasetRow.has_team != has_team).values(has_team=has_team)
    session.execute(statement, execution_options={"synchronize_session": False})
