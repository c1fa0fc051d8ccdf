"""``store.people``, the part about folders: made, moved and given teams by whoever manages them.

Folders order datasets in lists; they have nothing to do with folders on the disk. What a folder allows, everything
below it allows too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from voxshelf.catalog import (
    DatasetRow,
    FolderRow,
    contents,
    ensure_folder,
    folder_of,
    folder_row,
    folder_rows,
    move_folder,
    organization_row,
    queue_up,
    remove_folder,
    set_folder_teams,
    visible,
)
from voxshelf.errors import InvalidDataSourceError, NameTakenError, NotFoundError, VoxshelfError
from voxshelf.model import (
    UNSET,
    ChangeKind,
    Folder,
    MetadataEntry,
    Unset,
    check_metadata,
    folder_lineage,
    tidy_folder_path,
)
from voxshelf.sharing import allowed_folder_team_change
from voxshelf.store.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from voxshelf.catalog import Writing


class Folders(Desk):
    """The folders of an organization; ``organization`` is everywhere the actor's own where it is not named."""

    def folders(self, organization: str | None = None) -> tuple[Folder, ...]:
        """The folders that the actor may know of, sorted by path.

        Admins and dataset managers know all; others those that allow one of their teams, those that hold a
        dataset that they may see, and the folders above these.

        Raises
        ------
        NotFoundError
            If there is no such organization, or the actor does not belong to it.
        """
        home = self._insider_home(organization)
        with self._reading() as session:
            rows = folder_rows(session, organization_row(session, home).id)
            known = self._known_paths(session, rows)
            return tuple(folder_of(row, home) for row in rows if known is None or row.path in known)

    def add_folder(self, path: str, teams: Iterable[str] = (), *, organization: str | None = None) -> Folder:
        """Make a folder, and what is missing of the path to it.

        Parameters
        ----------
        path : str
            Such as ``Datasets/2026``.
        teams : iterable of str
            Teams that it allows, with everything that will be in it and below it.
        organization : str, optional
            Whose folder it is.

        Raises
        ------
        NameTakenError
            If there is such a folder.
        NotAllowedError
            If the actor may not manage the folder above, or not give it these teams.
        """
        plain, home = _tidy(path), self._home(organization)
        wanted = _names(teams)
        with self._changing() as writing:
            session = writing.session
            access = self._gate.require_folder(session, home, plain)
            queue_up(session)
            number = organization_row(session, home).id
            if folder_rows(session, number, FolderRow.path == plain):
                raise NameTakenError(
                    f"{home} has a folder {plain!r}.", hint="Use it, or choose another name."
                )
            actor = self._gate.present_actor(session)
            allowed_folder_team_change(actor, access, (), wanted).enforce()
            row = ensure_folder(writing, number, plain)
            if wanted:
                set_folder_teams(session, row, wanted)
            return _changed(writing, home, plain, "folder added")

    def update_folder(
        self,
        path: str,
        *,
        teams: Iterable[str] | Unset = UNSET,
        metadata: Iterable[MetadataEntry | dict[str, Any]] | Unset = UNSET,
        organization: str | None = None,
    ) -> Folder:
        """Set the teams that a folder allows, or its metadata; what is not passed stays.

        Team managers add and take off only teams that they manage.

        Raises
        ------
        NotAllowedError
            If the actor may not manage it, or not change these teams; it names them.
        NotFoundError
            If there is no such folder or team.
        InvalidDataSourceError
            If the metadata cannot be used; with every problem.
        """
        plain, home = _tidy(path), self._home(organization)
        with self._changing() as writing:
            session = writing.session
            access = self._gate.require_folder(session, home, plain)
            row = folder_row(session, home, plain)
            if not isinstance(teams, Unset):
                wanted = _names(teams)
                before = folder_of(row, home).allowed_teams
                actor = self._gate.present_actor(session)
                allowed_folder_team_change(actor, access, before, wanted).enforce()
                set_folder_teams(session, row, wanted)
            if not isinstance(metadata, Unset):
                row.notes = _checked(metadata)
            return _changed(writing, home, plain, "folder changed")

    def move_folder(self, path: str, to: str, *, organization: str | None = None) -> Folder:
        """Give a folder another path, with everything below it; from then on it inherits teams from there.

        Raises
        ------
        NameTakenError
            If there is a folder of the new path.
        NotAllowedError
            If the actor may not manage the folder, or not the one that it would lie in.
        NotFoundError
            If there is no such folder.
        """
        plain, target, home = _tidy(path), _tidy(to), self._home(organization)
        with self._changing() as writing:
            session = writing.session
            self._gate.require_folder(session, home, plain)
            above = target.rpartition("/")[0]
            if above != plain.rpartition("/")[0]:
                self._gate.require_folder(session, home, above)
            queue_up(session)
            row = folder_row(session, home, plain)
            if target == plain:
                return folder_of(row, home)
            if target.startswith(f"{plain}/"):
                raise VoxshelfError(
                    f"The folder {plain!r} cannot lie within itself.", hint="Choose a place outside of it."
                )
            if folder_rows(session, row.organization_id, FolderRow.path == target):
                raise NameTakenError(f"{home} has a folder {target!r}.", hint="Choose another name.")
            if above:
                ensure_folder(writing, row.organization_id, above)
            move_folder(session, row, target)
            return _changed(writing, home, target, "folder moved")

    def remove_folder(self, path: str, *, organization: str | None = None) -> None:
        """Remove an empty folder.

        Raises
        ------
        NotAllowedError
            If the actor may not manage it.
        NotFoundError
            If there is no such folder.
        VoxshelfError
            If there is something in it.
        """
        plain, home = _tidy(path), self._home(organization)
        with self._changing() as writing:
            session = writing.session
            self._gate.require_folder(session, home, plain)
            row = folder_row(session, home, plain)
            folders, datasets = contents(session, row)
            if folders or datasets:
                raise VoxshelfError(
                    f"The folder {plain!r} is not empty: {folders} folders and {datasets} datasets are in it.",
                    hint="Move them elsewhere first.",
                )
            remove_folder(session, row)
            writing.log(ChangeKind.ACCESS, home, what="folder removed", folder=plain)

    def _known_paths(self, session: Session, rows: Iterable[FolderRow]) -> frozenset[str] | None:
        """The paths that the actor may know of; None means all."""
        scope = self._gate.scope(session)
        if scope is None or scope.whole_organization:
            return None
        seen = visible(session, scope)
        within = select(DatasetRow.folder_id).where(DatasetRow.folder_id.is_not(None)).distinct()
        holding = set(session.scalars(within if seen is None else within.where(seen.among)))
        ends = [
            row.path
            for row in rows
            if row.id in holding or any(allowed.team.name in scope.teams for allowed in row.allowed)
        ]
        return frozenset(part for path in ends for part in folder_lineage(path))


def _tidy(path: str) -> str:
    try:
        return tidy_folder_path(path)
    except ValueError as error:
        raise NotFoundError(str(error), hint="Correct the path.") from error


def _names(teams: Iterable[str]) -> frozenset[str]:
    return frozenset([teams] if isinstance(teams, str) else teams)


def _checked(metadata: Iterable[MetadataEntry | dict[str, Any]]) -> list[dict[str, Any]]:
    entries = [MetadataEntry.model_validate(entry) for entry in metadata]
    problems = check_metadata(entries)
    if problems:
        raise InvalidDataSourceError(
            "The metadata cannot be used.", hint="Correct the keys below.", problems=problems
        )
    return [entry.model_dump(mode="json") for entry in entries]


def _changed(writing: Writing, home: str, path: str, what: str) -> Folder:
    writing.log(ChangeKind.ACCESS, home, what=what, folder=path)
    writing.session.flush()
    writing.session.expire_all()
    return folder_of(folder_row(writing.session, home, path), home)
