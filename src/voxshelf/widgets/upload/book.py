"""The list of uploads that a panel knows, changed by several threads: ``Book``."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from voxshelf.widgets.upload.items import Stage, UploadItem


class Book:
    """Uploads in the order in which they were chosen; each change replaces one of them as a whole.

    Parameters
    ----------
    changed : callable
        Is given all of them after each change, with the lock held: it must not wait for another thread.
    """

    def __init__(self, changed: Callable[[tuple[UploadItem, ...]], None]) -> None:
        self._changed = changed
        self._items: dict[str, UploadItem] = {}
        self._lock = threading.RLock()
        self._last_id = 0

    @property
    def items(self) -> tuple[UploadItem, ...]:
        """All of them now."""
        with self._lock:
            return tuple(self._items.values())

    def get(self, item_id: str) -> UploadItem | None:
        """One of them; None if it was taken away."""
        return self._items.get(item_id)

    def next_id(self) -> str:
        """An id that no item had yet."""
        with self._lock:
            self._last_id += 1
            return str(self._last_id)

    def add(self, item: UploadItem) -> None:
        """Put one at the end."""
        with self._lock:
            self._items[item.id] = item
            self._changed(self.items)

    def remove(self, item_id: str) -> UploadItem | None:
        """Take one away, and give it."""
        with self._lock:
            item = self._items.pop(item_id, None)
            self._changed(self.items)
            return item

    def change(self, item_id: str, *stages: Stage, **changes: Any) -> UploadItem | None:
        """Replace values of one, if it is still there and in one of ``stages`` (in any, if none is named).

        Returns
        -------
        UploadItem or None
            As it is now; None where nothing was changed.
        """
        with self._lock:
            item = self._items.get(item_id)
            if item is None or (stages and item.stage not in stages):
                return None
            item = self._items[item_id] = replace(item, **changes)
            self._changed(self.items)
            return item

    def find(self, file_key: str, done: Collection[Stage]) -> UploadItem | None:
        """The upload of a file that is not ``done`` yet."""
        return next(
            (item for item in self.items if item.file_key == file_key and item.stage not in done), None
        )
