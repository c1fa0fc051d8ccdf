"""Editing the data properties of datasets: what ``datasource-properties.json`` says.

The file on the disk is the truth; what the catalog keeps of it follows. Edits of one dataset happen one after the
other, also across processes; whoever is killed between the file and the catalog leaves a valid file and an intent
(:mod:`voxshelf.store.intents`), from which the next one completes the history.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voxshelf.dataset import PropertiesFile, parse_text, read_properties, save_properties
from voxshelf.errors import DatasetNotFoundError, EditConflict, InvalidDataSourceError
from voxshelf.model import (
    DataSource,
    Problem,
    Reading,
    apply_changes,
    diff_documents,
    merge_documents,
    read_document,
    write_document,
)
from voxshelf.sharing import Action
from voxshelf.store.desk import Desk
from voxshelf.store.examining import data_problems, path_edit_problems
from voxshelf.store.intents import Intent, note_intent, record_intent, settle_intent
from voxshelf.store.python_lines import data_source_line
from voxshelf.store.scanning import sight

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voxshelf.model import Change, ChangeEvent, DatasetRecord
    from voxshelf.store.importing import Importer

    Content = DataSource | Mapping[str, Any] | str


class DataEditing(Desk):
    """The data section."""

    _importer: Importer

    def data_source(self, key: str) -> DataSource:
        """What ``datasource-properties.json`` says now."""
        self._gate.require(Action.READ, key)
        with self._gate.discreetly(key):
            found = _present(self._folder(key))
        if found is None:
            problem = Problem(message="There is no datasource-properties.json.", hint="Import the dataset.")
            raise InvalidDataSourceError(f"{key} is not imported yet.", problems=[problem])
        return found.reading.require(source=key)

    def properties_text(self, key: str) -> str:
        """The text of ``datasource-properties.json``; empty where there is none."""
        self._gate.require(Action.READ, key)
        with self._gate.discreetly(key):
            found = _present(self._folder(key))
        return "" if found is None else found.text

    def update_data_source(
        self, key: str, data_source: Content, *, base: Content | None = None, merge: bool = False
    ) -> DatasetRecord:
        """Write ``datasource-properties.json``."""

        def next_content(present: PropertiesFile | None) -> Content:
            if base is None:
                return data_source
            return _settled(key, present, base, data_source, merge=merge)

        return self._write(key, next_content)

    def _write(
        self,
        key: str,
        next_content: Callable[[PropertiesFile | None], Content],
        *,
        undoes: int | None = None,
        python: str = "",
    ) -> DatasetRecord:
        """Write the JSON that follows from the present one, and record it with its history."""
        events: list[ChangeEvent] = []
        try:
            with self._premises.catalog.exclusively(f"dataset {key}"):
                self._gate.require(Action.EDIT, key)
                folder = self._folder(key)
                events += settle_intent(self._premises.catalog, self._premises.places, key)
                present = _present(folder)
                content = next_content(present)
                self._require_valid(key, folder, content, present)
                before, after = _json_object(present), _document(content, present)
                line = python or data_source_line(key, before, after)
                events += self._save(folder, content, present, Intent(key, before, after, line, undoes))
        finally:
            self._premises.watch.tell(events)
        with self._reading() as session:
            return self._gate.record(session, self._gate.row(session, Action.EDIT, key), self._premises.root)

    def _save(
        self, folder: Path, content: Content, present: PropertiesFile | None, intent: Intent
    ) -> Sequence[ChangeEvent]:
        catalog = self._premises.catalog
        if diff_documents(intent.before, intent.after):
            note_intent(catalog, intent, by=self._gate.name)
        saved = save_properties(
            folder, dict(content) if isinstance(content, Mapping) else content, expected=present
        )
        sighting = sight(self._importer.folder(intent.key), self._premises.places, time.time_ns())
        with catalog.writing(self._gate.name) as writing:
            record_intent(writing, sighting, intent, saved.document)
        return writing.events

    def _require_valid(
        self, key: str, folder: Path, content: Content, present: PropertiesFile | None
    ) -> None:
        reading = _reading(_document(content, present) if isinstance(content, DataSource) else content)
        problems: Sequence[Problem] = reading.problems
        if reading.data_source is not None:
            layers, places = reading.data_source.layers, self._premises.places
            problems = data_problems(folder, layers, places)
            if not self._gate.may_point_anywhere(key):
                draft = None if present is None else present.reading.draft
                problems += path_edit_problems(folder, layers, () if draft is None else draft.layers, places)
        if reading.data_source is None or problems:
            raise InvalidDataSourceError(
                f"{key} cannot be described like this.",
                hint="Correct the values below; nothing was written.",
                problems=problems,
            )

    def _folder(self, key: str) -> Path:
        return Path(self._importer.folder(key).path)


def _present(folder: Path) -> PropertiesFile | None:
    try:
        return read_properties(folder)
    except DatasetNotFoundError:
        return None


def _json_object(present: PropertiesFile | None) -> dict[str, Any]:
    """What stands in the file; empty where that is no JSON object."""
    return present.document if present is not None and isinstance(present.document, dict) else {}


def _reading(content: Content) -> Reading:
    if isinstance(content, DataSource):
        return read_document(write_document(content))
    if isinstance(content, str):
        parsing = parse_text(content)
        if parsing.document is None and parsing.problems:
            return Reading(None, {}, parsing.problems)
        return read_document(parsing.document)
    return read_document(dict(content))


def _document(content: Content, present: PropertiesFile | None) -> dict[str, Any]:
    """The JSON document that a content means, in the style of the file that stands there."""
    if isinstance(content, DataSource):
        return write_document(content, None if present is None else present.document)
    document = parse_text(content).document if isinstance(content, str) else dict(content)
    return document if isinstance(document, dict) else {}


def _settled(
    key: str, present: PropertiesFile | None, base: Content, mine: Content, *, merge: bool
) -> Content:
    """What to write, given that the edit started from ``base``."""
    stored = _json_object(present)
    start = _document(base, present)
    if not diff_documents(start, stored):
        return mine
    joined = merge_documents(start, _document(mine, present), stored)
    if joined.is_clean and merge:
        return joined.document
    raise EditConflict(
        f"datasource-properties.json of {key} was changed in the meantime.",
        hint="Look at the present state, then make the edit again; with merge=True, edits of other values are joined.",
        merge=joined,
    )


def taken_back(key: str, present: PropertiesFile | None, changes: Sequence[Change]) -> dict[str, Any]:
    """The JSON document without these changes.

    Raises
    ------
    EditConflict
        If a value was edited again since.
    InvalidDataSourceError
        If nothing would be left: it is the import that is to be taken back.
    """
    document = apply_changes(_json_object(present), [change.inverse() for change in changes])
    if not document:
        raise InvalidDataSourceError(
            f"This edit imported {key}: without it there would be no datasource-properties.json.",
            hint="Correct its data properties instead, or delete the dataset: it can be restored from the trash.",
        )
    return document
