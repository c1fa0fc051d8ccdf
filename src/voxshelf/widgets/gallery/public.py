"""The public datasets of a store, as a visitor without an account sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxshelf.errors import NotAllowedError
from voxshelf.model import Actor, DatasetRecord, DatasetStatus, Page

if TYPE_CHECKING:
    from voxshelf.store import DatasetStore

_AT_ONCE = 500


class PublicDatasets:
    """Lists what is public and ready.

    Whoever runs a store can look through a visitor's eyes, so that the store itself finds what is public. Others
    are shown the public ones among all that they may see.

    Parameters
    ----------
    store : DatasetStore
        Whose datasets.
    """

    def __init__(self, store: DatasetStore) -> None:
        self._store = store
        self._eyes = _eyes_of_a_visitor(store)

    def page(self, search: str, limit: int, offset: int) -> Page[DatasetRecord]:
        """A part of them, by name; all errors of ``store.list`` may come."""
        if self._eyes is not None:
            page: Page[DatasetRecord] = self._eyes.list(
                search=search, status=DatasetStatus.READY, limit=limit, offset=offset
            )
            return page
        found = self._among_all(search)
        return Page(items=tuple(found[offset : offset + limit]), total=len(found), offset=offset)

    def close(self) -> None:
        """Stop looking."""
        if self._eyes is not None:
            self._eyes.close()

    def _among_all(self, search: str) -> list[DatasetRecord]:
        found: list[DatasetRecord] = []
        seen = 0
        while True:
            page = self._store.list(search=search, status=DatasetStatus.READY, limit=_AT_ONCE, offset=seen)
            found += [record for record in page.items if record.is_public]
            seen += len(page.items)
            if not page.items or seen >= page.total:
                return found


def _eyes_of_a_visitor(store: DatasetStore) -> Any:
    """The store as a visitor sees it; None where that cannot be had."""
    try:
        return store.acting_as(Actor.anonymous()) if hasattr(store, "acting_as") else None
    except NotAllowedError:
        return None
