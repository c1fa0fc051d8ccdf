"""What there is to narrow a list by: ``Facets`` knows the folders, and the tags of all datasets seen so far.

Stores count neither; so tags are collected from the datasets used last and from every page that was shown.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import traitlets

from voxshelf.errors import VoxshelfError
from voxshelf.model import folder_lineage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voxshelf.model import DatasetRecord
    from voxshelf.store import DatasetStore

_LOOKED_AT = 500


class Facets(traitlets.HasTraits):
    """Tags and folders to choose from.

    Parameters
    ----------
    store : DatasetStore
        Whose.
    """

    tags = traitlets.Tuple(help="Tags, sorted.")
    folders = traitlets.Tuple(help="Paths of folders, sorted, each after the one it lies in.")

    def __init__(self, store: DatasetStore) -> None:
        super().__init__()
        self._store = store
        self._lock = threading.Lock()
        self._is_first = True

    def learn(self, records: Iterable[DatasetRecord]) -> None:
        """Take in what these datasets have."""
        seen = tuple(records)
        self._add(
            {tag for record in seen for tag in record.tags},
            {path for record in seen for path in folder_lineage(record.folder)},
        )

    def look(self) -> None:
        """Ask the store: for its folders each time, for the datasets used last the first time. It may take a while.

        Raises
        ------
        StoreUnavailableError
            If the store cannot be reached.
        """
        is_first, self._is_first = self._is_first, False
        if is_first:
            self.learn(self._store.list(sort="last_used", descending=True, limit=_LOOKED_AT).items)
        self._add(set(), set(self._known_folders()))

    def _known_folders(self) -> Iterable[str]:
        for organization in self._store.organizations():
            try:
                folders = self._store.people.folders(organization)
            except VoxshelfError:  # of an organization that one does not belong to
                continue
            yield from (folder.path for folder in folders)

    def _add(self, tags: set[str], folders: set[str]) -> None:
        with self._lock:
            self.tags = tuple(sorted({*self.tags, *tags}, key=str.casefold))
            self.folders = tuple(
                sorted({*self.folders, *folders}, key=lambda path: path.casefold().split("/"))
            )
