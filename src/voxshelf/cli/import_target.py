"""Where an import goes: a dataset of the store, or any folder, which needs no store."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from voxshelf.cli.largest_ids import with_largest_ids
from voxshelf.cli.locating import InStore, located
from voxshelf.dataset import open_dataset, read_properties, save_properties
from voxshelf.intake import explore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voxshelf.model import DataSource, Proposal
    from voxshelf.store import DatasetStore

__all__ = ["ImportTarget", "find_target"]


class ImportTarget(Protocol):
    """A folder that can be imported."""

    @property
    def title(self) -> str:
        """What people call it."""

    @property
    def folder(self) -> Path:
        """Where it lies."""

    @property
    def is_in_store(self) -> bool:
        """Whether it is a dataset of the store."""

    def propose(self) -> Proposal:
        """What its folder holds."""

    def save(self, data_source: DataSource) -> None:
        """Write its JSON."""

    def compute_segment_ids(self) -> DataSource:
        """Compute and write the largest ids that are still unknown; returns the data source with them."""


class _StoreTarget:
    """A dataset of a store."""

    is_in_store = True

    def __init__(self, store: DatasetStore, key: str, folder: Path) -> None:
        self._store = store
        self.title = key
        self.folder = folder

    def propose(self) -> Proposal:
        return self._store.propose_import(self.title)

    def save(self, data_source: DataSource) -> None:
        self._store.import_dataset(self.title, data_source)

    def compute_segment_ids(self) -> DataSource:
        before = self._store.data_source(self.title)
        after = with_largest_ids(self._store[self.title], before, only_unknown=True)
        self._store.update_data_source(self.title, after, base=before)
        return after


class _FolderTarget:
    """A folder outside of any store."""

    is_in_store = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.title = str(folder)

    def propose(self) -> Proposal:
        return explore(self.folder, name=self.folder.resolve().name)

    def save(self, data_source: DataSource) -> None:
        save_properties(self.folder, data_source)

    def compute_segment_ids(self) -> DataSource:
        present = read_properties(self.folder)
        before = present.reading.require(source=self.title)
        after = with_largest_ids(open_dataset(self.folder), before, only_unknown=True)
        save_properties(self.folder, after, expected=present)
        return after


@contextmanager
def find_target(text: str, root: Path | None) -> Iterator[ImportTarget]:
    """The target that ``text`` names; see :mod:`voxshelf.cli.locating`.

    Raises
    ------
    DatasetNotFoundError
        If it names neither a dataset of the store nor a folder.
    """
    with located(text, root, to_change=True) as place:
        if isinstance(place, InStore):
            yield _StoreTarget(place.store, place.key, place.folder)
        else:
            yield _FolderTarget(place)
