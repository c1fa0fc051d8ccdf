"""View configurations: how datasets appear, for everybody and for each person.

What each method means is written in :class:`~voxshelf.store.viewing_protocol.ViewableStore`. What the dataset's
level says is edited like everything else, with a history; a person's own settings are theirs, and have none.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from voxshelf.catalog import (
    DatasetRow,
    FolderRow,
    ViewConfigurationRow,
    organization_row,
    rows_to_change,
    within,
)
from voxshelf.dataset import read_properties
from voxshelf.errors import (
    InvalidDataSourceError,
    NotAllowedError,
    NotFoundError,
    StoreUnavailableError,
    VoxshelfError,
)
from voxshelf.model import (
    FIRST_APPEARANCE,
    ChangeKind,
    DataSource,
    EditedSection,
    LayerSummary,
    Problem,
    ViewConfiguration,
    ViewLevel,
    ViewLevels,
    copy_view_document,
    diff_documents,
    errors_among,
    partial_view,
    reset_view_document,
    resolve_view,
    tidy_folder_path,
    view_document_of,
)
from voxshelf.sharing import Action
from voxshelf.store import python_lines
from voxshelf.store.desk import Desk
from voxshelf.store.edit_log import Start, overlaid, record_edit, settled, touch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from voxshelf.model import Place, ResolvedViewConfiguration
    from voxshelf.model.view_configuration import Profile

    Document = dict[str, Any]

EVERYBODY = ""


class Viewing(Desk):
    """The levels of the view configuration."""

    def view_configuration(self, key: str, *, profile: Profile = "current") -> ResolvedViewConfiguration:
        """How a dataset appears for whoever asks."""
        with self._reading() as session:
            row = self._gate.row(session, Action.READ, key)
            source, levels = self._source(row), self._levels(session, row)
        return resolve_view(
            source, file=levels.file, dataset=levels.dataset, user=levels.user, profile=profile
        )

    def view_levels(self, key: str) -> ViewLevels:
        """The stored documents."""
        with self._reading() as session:
            return self._levels(session, self._gate.row(session, Action.READ, key))

    def update_view_configuration(
        self,
        key: str,
        document: ViewConfiguration | Mapping[str, Any],
        *,
        level: ViewLevel | str = "dataset",
        replace: bool = False,
        version: int | None = None,
        merge: bool = False,
    ) -> ResolvedViewConfiguration:
        """Store how a dataset appears."""
        given = document.document() if isinstance(document, ViewConfiguration) else dict(document)
        chosen = _storable_level(level)
        options = {"level": chosen.value} | ({"replace": True} if replace else {})
        python = python_lines.call("update_view_configuration", key, options={"document": given, **options})

        def edit(old: Document) -> Document:
            return given if replace else overlaid(old, given)

        if chosen is ViewLevel.DATASET:
            self._edit_view(key, edit, Start(version, merge), python)
        else:
            self._keep_for_person(key, edit)
        return self.view_configuration(key)

    def reset_view_configuration(
        self, key: str, place: Place = (), *, to: ViewLevel | str = "file"
    ) -> ResolvedViewConfiguration:
        """Forget what the levels above ``to`` say."""
        if str(to) not in (ViewLevel.FILE.value, ViewLevel.DATASET.value):
            raise VoxshelfError(
                f"A view configuration cannot be reset to {str(to)!r}.",
                hint="Reset to 'dataset' or 'file'; what the file says is changed in the data properties.",
            )
        level = ViewLevel(to)
        options = {"place": tuple(place), "to": level.value}
        python = python_lines.call("reset_view_configuration", key, options=options)
        if level is ViewLevel.FILE:
            self._edit_view(key, lambda old: reset_view_document(old, place), Start(), python)
        if self._gate.person:
            self._keep_for_person(key, lambda old: reset_view_document(old, place))
        return self.view_configuration(key)

    def copy_view_configuration(self, key: str, folder: str) -> tuple[str, ...]:
        """Give all datasets of a folder the same view configuration."""
        with self._reading() as session:
            row = self._gate.row(session, Action.READ, key)
            document = dict(self._levels(session, row).dataset)
            layers = _layers(row)
            targets = self._editable_in(session, row, folder)
        document.pop("position", None)
        python = f"store.copy_view_configuration({key!r}, {folder!r})"
        changed = []
        for target, its_layers in targets.items():
            fitting = copy_view_document(document, layers, its_layers)
            if target != key and self._edit_view(target, _laid_over(fitting), Start(), python):
                changed.append(target)
        return tuple(changed)

    def _edit_view(
        self,
        key: str,
        edit: Callable[[Document], Document],
        start: Start,
        python: str,
        *,
        undoes: int | None = None,
    ) -> bool:
        """Edit the dataset's level; whether that changed anything."""
        with self._changing() as writing:
            session = writing.session
            rows_to_change(session, [key])
            row = self._gate.row(session, Action.EDIT, key)
            stored = session.get(ViewConfigurationRow, (row.id, EVERYBODY))
            before = {} if stored is None else stored.document
            after = settled(session, row, EditedSection.VIEW, before, edit, start)
            if undoes is None:
                after = _checked(after, before, self._source(row), ViewLevel.DATASET)
            changes = diff_documents(before, after)
            if changes:
                _store(session, row, EVERYBODY, after, stored)
                touch(writing, row)
                record_edit(writing, row, EditedSection.VIEW, changes, python=python, undoes=undoes)
                writing.log(ChangeKind.EDITED, key, section=EditedSection.VIEW.name)
            return bool(changes)

    def _keep_for_person(self, key: str, edit: Callable[[Document], Document]) -> None:
        """Keep what somebody chose for themselves; it is noted for their other windows, and nobody else is told."""
        person = self._gate.person
        if not person:
            self._gate.require(Action.READ, key)
            raise NotAllowedError(
                f"{self._gate.actor.title} has no settings of their own here.", hint="Sign in first."
            )
        with self._changing() as writing:
            session = writing.session
            rows_to_change(session, [key])
            row = self._gate.row(session, Action.READ, key)
            stored = session.get(ViewConfigurationRow, (row.id, person))
            before = {} if stored is None else stored.document
            after = _checked(edit(before), before, self._source(row), ViewLevel.USER)
            _store(session, row, person, after, stored)
            # Where somebody looks changes all the time, and moves nobody who looks elsewhere.
            if any(change.place[0] not in FIRST_APPEARANCE for change in diff_documents(before, after)):
                writing.log(ChangeKind.OWN_VIEW, key, person=person)

    def _levels(self, session: Session, row: DatasetRow) -> ViewLevels:
        source = self._source(row)
        people = [EVERYBODY, *([self._gate.person] if self._gate.person else [])]
        wanted = select(ViewConfigurationRow).where(
            ViewConfigurationRow.dataset_id == row.id, ViewConfigurationRow.person.in_(people)
        )
        documents = {stored.person: stored.document for stored in session.scalars(wanted)}
        return ViewLevels(
            view_document_of(source) if isinstance(source, DataSource) else {},
            documents.get(EVERYBODY, {}),
            documents.get(self._gate.person, {}) if self._gate.person else {},
        )

    def _source(self, row: DatasetRow) -> DataSource | Sequence[LayerSummary]:
        """The data source as the disk has it; while there is none to read, the layers that were seen last.

        A disk that fails is told: what is stored meanwhile could not be checked against the layers.
        """
        try:
            with self._gate.discreetly(row.key):
                source = read_properties(Path(self._premises.root / row.path)).reading.data_source
        except StoreUnavailableError:
            raise
        except VoxshelfError:
            source = None
        return _layers(row) if source is None else source

    def _editable_in(
        self, session: Session, row: DatasetRow, folder: str
    ) -> dict[str, Sequence[LayerSummary]]:
        """The datasets of a folder and below that the actor may edit, with their layers."""
        try:
            path = tidy_folder_path(folder)
        except ValueError as error:
            raise NotFoundError(str(error), hint="Correct the path.") from error
        home = organization_row(session, row.key.partition("/")[0])
        folders = select(FolderRow.id).where(FolderRow.organization_id == home.id, within(path))
        keys = select(DatasetRow.key).where(DatasetRow.folder_id.in_(folders), DatasetRow.trash_id == "")
        found: dict[str, Sequence[LayerSummary]] = {}
        for key in session.scalars(keys.order_by(DatasetRow.key)).all():
            try:
                found[key] = _layers(self._gate.row(session, Action.EDIT, key))
            except (NotFoundError, NotAllowedError, LookupError):
                continue
        return found


def _layers(row: DatasetRow) -> tuple[LayerSummary, ...]:
    return tuple(LayerSummary.model_validate(layer) for layer in row.layers)


def _laid_over(document: Document) -> Callable[[Document], Document]:
    return lambda old: overlaid(old, document)


def _storable_level(level: ViewLevel | str) -> ViewLevel:
    known = {ViewLevel.DATASET.value, ViewLevel.USER.value}
    if str(level) not in known:
        raise VoxshelfError(
            f"Nothing can be stored at the level {str(level)!r}.",
            hint="Write 'dataset' (for everybody) or 'user' (for yourself); the file's level is in the data properties.",
        )
    return ViewLevel(level)


def _checked(
    document: Document, before: Document, source: DataSource | Sequence[LayerSummary], level: ViewLevel
) -> Document:
    """What may be stored: values that cannot be used are refused, unless they stood there already."""
    layers = source.layers if isinstance(source, DataSource) else source
    view = partial_view(document, layers, level=level)
    problems = errors_among(view.problems) or _no_json(view.document)
    if problems and diff_documents(before, document):
        raise InvalidDataSourceError(
            "This view configuration cannot be stored.", hint="Correct the values below.", problems=problems
        )
    return view.document


def _no_json(document: Document) -> tuple[Problem, ...]:
    """What keeps a document from being JSON: databases differ in what they make of it."""
    try:
        json.dumps(document, allow_nan=False)
    except (TypeError, ValueError) as error:
        return (Problem(message=f"It cannot be written as JSON: {error}."),)
    return ()


def _store(
    session: Session, row: DatasetRow, person: str, document: Document, stored: ViewConfigurationRow | None
) -> None:
    if stored is None:
        session.add(ViewConfigurationRow(dataset_id=row.id, person=person, document=document))
    elif document:
        stored.document = document
    else:
        session.delete(stored)
