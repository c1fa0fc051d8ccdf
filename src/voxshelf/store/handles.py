"""The handle that a store gives for a dataset: an ordinary dataset that knows its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.dataset import Dataset, open_dataset
from voxshelf.errors import DatasetNotFoundError, NotAllowedError
from voxshelf.model import DatasetStatus
from voxshelf.store.examining import data_problems

if TYPE_CHECKING:
    from pathlib import Path

    from voxshelf.model import DatasetRecord
    from voxshelf.store.examining import Places
    from voxshelf.store.protocol import DatasetStore


class StoredDataset(Dataset):
    """A dataset of a store; get it with ``store["organization/name"]``.

    Parameters
    ----------
    opened : Dataset
        The dataset, opened.
    record : DatasetRecord
        What the store knew about it at that moment.
    store : DatasetStore, optional
        Which one; whoever shows the dataset follows it.
    """

    def __init__(self, opened: Dataset, record: DatasetRecord, store: DatasetStore | None = None) -> None:
        found = opened.layer_properties if opened.data_source is None else ()
        super().__init__(opened.path, opened.data_source, found)
        self._record = record
        self._store = store

    @property
    def store(self) -> DatasetStore | None:
        """The store that it was opened from, with the rights of whoever opened it."""
        return self._store

    @property
    def record(self) -> DatasetRecord:
        """What the store knew about it when it was opened."""
        return self._record

    @property
    def name(self) -> str:
        """Its name in the store, also where the folder is a link to one of another name."""
        return self._record.name

    @property
    def key(self) -> str:
        """``organization/name``."""
        return self._record.key

    def require_writable(self) -> None:
        """Do nothing where the dataset can be changed, by whoever opened it.

        Raises
        ------
        ReadOnlyError
            If it has no JSON.
        NotAllowedError
            If whoever opened it might not edit it.
        """
        if not self._record.may("edit"):
            raise NotAllowedError(
                f"{self.key} was opened by somebody who may look at it, but not edit it.",
                hint="Sign in with an account that may edit it, or work on a copy.",
            )
        super().require_writable()


def open_stored(
    record: DatasetRecord, path: Path, places: Places, store: DatasetStore | None = None
) -> StoredDataset:
    """Open the folder of a dataset, for a store; whoever asked for it may not be told the path in the record.

    Raises
    ------
    DatasetNotFoundError
        If the folder is not there, or lies where the store may not read.
    """
    if not path.is_dir():
        if record.status is DatasetStatus.DELETED:
            raise DatasetNotFoundError(f"{record.key} is in the trash.", hint="Restore it first.")
        advice = record.status_message if record.status is DatasetStatus.BROKEN else ""
        raise DatasetNotFoundError(
            f"The folder of {record.key} is not there now: {path}.",
            hint=advice or "Put it back, or mount its disk; the store keeps what it knows about it.",
        )
    wrong = places.problem(path)
    if wrong is not None:
        raise DatasetNotFoundError(f"{record.key} cannot be opened: {wrong.message}", hint=wrong.hint)
    opened = open_dataset(path)
    problems = data_problems(path, opened.layer_properties, places)
    if problems:
        raise DatasetNotFoundError(
            f"{record.key} cannot be opened: {problems[0].message}", hint=problems[0].hint
        )
    return StoredDataset(opened, record, store)
