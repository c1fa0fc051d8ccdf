"""From a folder to a dataset: propose, then write the JSON and the record in one step.

Imports of one dataset happen one after the other, also across processes. The JSON is replaced whole or not at
all; whoever is killed between the JSON and the record leaves a valid folder and an intent
(:mod:`voxshelf.store.intents`), from which the next one completes the history.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from voxshelf.catalog import DatasetRow
from voxshelf.dataset import read_properties, save_properties
from voxshelf.errors import DatasetNotFoundError, InvalidDataSourceError
from voxshelf.intake import explore, scan_dataset
from voxshelf.model import DatasetStatus, check_data_source, errors_among, write_document
from voxshelf.store.examining import data_problems, path_edit_problems
from voxshelf.store.intents import Intent, note_intent, record_intent, settle_intent
from voxshelf.store.keys import name_problem, split_key
from voxshelf.store.python_lines import data_source_line
from voxshelf.store.scanning import sight

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voxshelf.catalog import Catalog
    from voxshelf.intake import FoundFolder
    from voxshelf.model import ChangeEvent, DataSource, LayerProperties, Problem, Proposal
    from voxshelf.store.examining import Places


class Importer:
    """Imports datasets into a store.

    Parameters
    ----------
    catalog : Catalog
        Where they are recorded.
    places : Places
        The root, and where links may lead.
    tell : callable
        Is given the changes when all is recorded and no lock is held.
    """

    def __init__(
        self, catalog: Catalog, places: Places, tell: Callable[[Sequence[ChangeEvent]], None]
    ) -> None:
        self._catalog = catalog
        self._places = places
        self._tell = tell

    def propose(self, key: str) -> Proposal:
        """See :meth:`DatasetStore.propose_import <voxshelf.store.DatasetStore.propose_import>`."""
        return self._explore(key, Path(self.folder(key).path))

    def import_dataset(
        self, key: str, data_source: DataSource | None, *, by: str, may_point_anywhere: bool = True
    ) -> None:
        """See :meth:`DatasetStore.import_dataset <voxshelf.store.DatasetStore.import_dataset>`.

        Parameters
        ----------
        key, data_source
            As there.
        by : str
            Who does it; a dataset that nobody put there before is theirs from then on.
        may_point_anywhere : bool
            Whether they may send mags to folders outside of the dataset's own.
        """
        split_key(key)
        events: list[ChangeEvent] = []
        try:
            with self._catalog.exclusively(f"dataset {key}"):
                folder = Path(self.folder(key).path)
                events += settle_intent(self._catalog, self._places, key)
                intent, new = self._intent(key, folder, data_source)
                if new is not None:
                    self._require_own_paths(key, folder, new, may_point_anywhere=may_point_anywhere)
                    note_intent(self._catalog, intent, by=by)
                    save_properties(folder, new)
                sighting = sight(self.folder(key), self._places, time.time_ns())
                with self._catalog.writing(by) as writing:
                    record_intent(writing, sighting, intent, _document(folder))
                events += writing.events
        finally:
            self._tell(events)

    def _intent(
        self, key: str, folder: Path, data_source: DataSource | None
    ) -> tuple[Intent, DataSource | None]:
        """What is to be done, and what is to be written for it, if anything."""
        before = _document(folder)
        new = self._to_be_written(key, folder, data_source)
        after = before if new is None else write_document(new, before or None)
        with self._catalog.reading() as session:
            known = session.scalar(select(DatasetRow).where(DatasetRow.key == key, DatasetRow.trash_id == ""))
            is_new = known is None or known.status is DatasetStatus.NOT_IMPORTED
        line = f"store.import_dataset({key!r})"
        if data_source is not None:
            line = data_source_line(key, before, after)
        return Intent(key, before, after, line, is_import=is_new), new

    def _explore(self, key: str, folder: Path) -> Proposal:
        link_rule = None if self._places.allowed_roots is None else self._places.problem
        return explore(folder, name=key, link_rule=link_rule)

    def _to_be_written(self, key: str, folder: Path, data_source: DataSource | None) -> DataSource | None:
        if data_source is None:
            if _has_valid_json(folder):
                return None
            data_source = self._explore(key, folder).data_source()
        data_source = _with_unknown_keys(data_source, _draft(folder))
        problems = errors_among(check_data_source(data_source))
        problems += tuple(data_problems(folder, data_source.layers, self._places))
        if problems:
            raise _refused(key, problems)
        return data_source

    def _require_own_paths(
        self, key: str, folder: Path, data_source: DataSource, *, may_point_anywhere: bool
    ) -> None:
        draft = _draft(folder)
        known = () if draft is None else draft.layers
        problems = path_edit_problems(folder, data_source.layers, known, self._places)
        if problems and not may_point_anywhere:
            raise _refused(key, problems)

    def folder(self, key: str) -> FoundFolder:
        """The folder of a dataset, as a scan would find it.

        Raises
        ------
        DatasetNotFoundError
            If there is none, or it may not be used.
        """
        organization, name = split_key(key)
        found = scan_dataset(self._places.root, organization, name)
        if found is None:
            raise DatasetNotFoundError(
                f"There is no folder {self._places.root / organization / name}.",
                hint="Put the data there, or correct the name.",
            )
        wrong = found.problem or name_problem(organization, name) or self._places.problem(Path(found.path))
        if wrong is not None:
            raise DatasetNotFoundError(f"{key} cannot be used: {wrong.message}", hint=wrong.hint)
        return found


def _refused(key: str, problems: Sequence[Problem]) -> InvalidDataSourceError:
    return InvalidDataSourceError(
        f"{key} cannot be imported like this.", hint="Correct the values below.", problems=problems
    )


def _document(folder: Path) -> dict[str, Any]:
    """The JSON document that stands there, as far as it is one."""
    try:
        document = read_properties(folder).document
    except DatasetNotFoundError:
        return {}
    return document if isinstance(document, dict) else {}


def _has_valid_json(folder: Path) -> bool:
    try:
        return read_properties(folder).reading.data_source is not None
    except DatasetNotFoundError:
        return False


def _draft(folder: Path) -> DataSource | None:
    """What the JSON that stands there says, as far as it can be read as a whole."""
    try:
        return read_properties(folder).reading.draft
    except DatasetNotFoundError:
        return None


def _with_unknown_keys(data_source: DataSource, before: DataSource | None) -> DataSource:
    """A data source that keeps the keys of the JSON that only other programs know.

    Who proposed it may not have seen them: the JSON may have come since.
    """
    if before is None:
        return data_source
    known = {layer.name: layer for layer in before.layers}
    layers = tuple(
        _layer_with_unknown_keys(layer, known[layer.name]) if layer.name in known else layer
        for layer in data_source.layers
    )
    return data_source.model_copy(update={"layers": layers, "other": {**before.other, **data_source.other}})


def _layer_with_unknown_keys(layer: LayerProperties, before: LayerProperties) -> LayerProperties:
    known = {entry.mag: entry.other for entry in before.mags}
    mags = tuple(
        entry.model_copy(update={"other": {**known.get(entry.mag, {}), **entry.other}})
        for entry in layer.mags
    )
    return layer.model_copy(update={"mags": mags, "other": {**before.other, **layer.other}})
