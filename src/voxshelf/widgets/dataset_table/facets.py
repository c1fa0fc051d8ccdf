"""What there is to narrow a list by: ``Facets`` knows the tags and the folders of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import traitlets

from voxshelf.errors import VoxshelfError
from voxshelf.model import folder_lineage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voxshelf.store import DatasetStore


class Facets(traitlets.HasTraits):
    """Tags and folders to choose from.

    Parameters
    ----------
    store : DatasetStore
        Whose.
    """

    tags = traitlets.Tuple(help="Tags in use, sorted.")
    folders = traitlets.Tuple(help="Paths of folders, sorted, each after the one it lies in.")

    def __init__(self, store: DatasetStore) -> None:
        super().__init__()
        self._store = store
        self._counts: dict[str, int] = {}

    def look(self) -> None:
        """Ask the store. It may take a while.

        Raises
        ------
        StoreUnavailableError
            If the store cannot be reached.
        """
        self._counts = self._store.tags()
        self.tags = tuple(sorted(self._counts, key=str.casefold))
        paths = {part for path in self._known_folders() for part in folder_lineage(path)}
        self.folders = tuple(sorted(paths, key=lambda path: path.casefold().split("/")))

    def common_tags(self, most: int) -> tuple[str, ...]:
        """The tags that most datasets have, sorted by name."""
        by_use = sorted(self.tags, key=lambda tag: -self._counts.get(tag, 0))
        return tuple(sorted(by_use[:most], key=str.casefold))

    def _known_folders(self) -> Iterable[str]:
        for organization in self._store.organizations():
            try:
                folders = self._store.people.folders(organization)
            except VoxshelfError:  # of an organization that one does not belong to
                continue
            yield from (folder.path for folder in folders)
