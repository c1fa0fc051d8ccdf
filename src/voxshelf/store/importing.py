"""From a folder to a dataset: propose, then write the JSON and the record in one step.

Imports of one dataset happen one after the other, also across processes. The JSON is replaced whole or not at
all; whoever is killed between the JSON and the record leaves a valid folder, which the next scan records.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voxshelf.catalog import rows_to_change, storable
from voxshelf.dataset import read_properties, save_properties
from voxshelf.errors import DatasetNotFoundError, InvalidDataSourceError
from voxshelf.intake import explore, scan_dataset
from voxshelf.model import DatasetStatus, check_data_source, diff_documents, errors_among
from voxshelf.store.examining import data_problems
from voxshelf.store.keys import name_problem, split_key
from voxshelf.store.python_lines import data_source_line
from voxshelf.store.recording import record_data_edit
from voxshelf.store.scanning import sight

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voxshelf.catalog import Catalog
    from voxshelf.intake import FoundFolder
    from voxshelf.model import ChangeEvent, DataSource, LayerProperties, Proposal
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

    def import_dataset(self, key: str, data_source: DataSource | None, *, by: str) -> None:
        """See :meth:`DatasetStore.import_dataset <voxshelf.store.DatasetStore.import_dataset>`.

        ``by`` is who does it; a dataset that nobody put there before is theirs from then on.
        """
        split_key(key)
        with self._catalog.exclusively(f"dataset {key}"):
            folder = Path(self.folder(key).path)
            before = _document(folder)
            self._write_json(key, folder, data_source)
            after = _document(folder)
            sighting = sight(self.folder(key), self._places, time.time_ns())
            with self._catalog.writing(by) as writing:
                known = rows_to_change(writing.session, [key])
                is_new = key not in known or known[key].status is DatasetStatus.NOT_IMPORTED
                line = f"store.import_dataset({key!r})"
                if data_source is not None:
                    line = data_source_line(key, before, after)
                row = record_data_edit(writing, sighting, diff_documents(before, after), python=line)
                if is_new:
                    row.owner = row.owner or storable(by)
        self._tell(writing.events)

    def _explore(self, key: str, folder: Path) -> Proposal:
        link_rule = None if self._places.allowed_roots is None else self._places.problem
        return explore(folder, name=key, link_rule=link_rule)

    def _write_json(self, key: str, folder: Path, data_source: DataSource | None) -> None:
        if data_source is None:
            if _has_valid_json(folder):
                return
            data_source = self._explore(key, folder).data_source()
        data_source = _with_unknown_keys(data_source, _draft(folder))
        problems = errors_among(check_data_source(data_source))
        problems += tuple(data_problems(folder, data_source.layers, self._places))
        if problems:
            raise InvalidDataSourceError(
                f"{key} cannot be imported like this.", hint="Correct the values below.", problems=problems
            )
        save_properties(folder, data_source)

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
