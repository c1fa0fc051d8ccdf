"""Waiting is enough: while a manager is open, the store looks at the disk by itself.

What is new is said above the table, as Refresh says it, and so is a disk that is gone, until it is back.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from voxshelf.errors import VoxshelfError
from voxshelf.model import ChangeKind
from voxshelf.store import Capability
from voxshelf.widgets.theme import Message

if TYPE_CHECKING:
    from voxshelf.model import ChangeEvent
    from voxshelf.store import DatasetStore
    from voxshelf.store.arriving_protocol import KeptRefreshed
    from voxshelf.widgets.dataset_table import DatasetTableState

_FEW = 3


class DiskWatch:
    """Keeps a store refreshed, and says what it finds in a table's message line.

    It begins after the table's own first look, and does nothing where whoever asks may not scan.

    Parameters
    ----------
    store : DatasetStore
        What is kept refreshed.
    table : DatasetTableState
        Where it is said.
    """

    def __init__(self, store: DatasetStore, table: DatasetTableState) -> None:
        self._store = store
        self._table = table
        self._lock = threading.RLock()  # who hears the news may close at once
        self._kept: KeptRefreshed | None = None
        self._problem: Message | None = None
        self._new: list[str] = []
        self._news: Message | None = None
        self._is_closed = False
        self._connection: Any = None
        if store.capabilities.can(Capability.SCAN):
            table.observe(lambda _: self._begin(), ["answers", "scanning"])
            self._begin()

    def close(self) -> None:
        """Stop looking."""
        with self._lock:
            self._is_closed = True
            kept, self._kept = self._kept, None
        if kept is not None:
            self._store.changed.disconnect(self._connection, missing_ok=True)
            kept.stop()

    def _begin(self) -> None:
        table = self._table
        with self._lock:
            if self._kept is not None or self._is_closed or not table.loaded or table.scanning:
                return
            try:
                self._kept = self._store.keep_refreshed(on_problem=self._tell_problem)
            except VoxshelfError:  # not allowed any more, or the store is closed: Refresh says why
                return
            self._connection = self._store.changed.connect(self._on_change)

    def _tell_problem(self, problem: str) -> None:
        table = self._table
        if problem:
            self._problem = table.message = Message(problem, "error")
        elif table.message is self._problem:
            table.message = Message("The disk is there again.", "success")

    def _on_change(self, event: ChangeEvent) -> None:
        if event.kind is not ChangeKind.FOUND or self._table.scanning:
            return
        with self._lock:
            said: Message = self._table.message
            if said is not self._news:
                if said.tone in ("warning", "error"):
                    return  # not read yet, perhaps
                self._new = []
            self._new = [*(key for key in self._new if key != event.key), event.key]
            names = ", ".join(self._new[:_FEW]) + (" …" if len(self._new) > _FEW else "")
            self._news = Message(f"{len(self._new):,} new on the disk: {names}", "success")
            self._table.message = self._news
