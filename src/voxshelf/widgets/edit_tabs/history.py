"""Who changed what in a dataset, and taking it back: the logic of the History tab. No browser."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import traitlets

from voxshelf.errors import VoxshelfError
from voxshelf.widgets.theme import Message, call

if TYPE_CHECKING:
    from voxshelf.model import DatasetRecord, HistoryEntry
    from voxshelf.store import DatasetStore
    from voxshelf.widgets.aside import Aside

PAGE = 15


class HistoryState(traitlets.HasTraits):
    """The edits of one dataset, the newest first.

    Parameters
    ----------
    store : DatasetStore
        Where they are kept.
    key : str
        ``organization/name``.
    aside : Aside
        Where slow work runs.
    """

    entries = traitlets.Tuple(help="HistoryEntry, the newest first.")
    has_more = traitlets.Bool(False, help="Whether there are earlier ones.")
    refusal = traitlets.Unicode("", help="Why the history cannot be seen; empty if it can.")
    message = traitlets.Instance(Message, args=())
    python = traitlets.Unicode("", help="The Python that did what was done here last.")
    busy = traitlets.Bool(False)

    def __init__(self, store: DatasetStore, key: str, aside: Aside) -> None:
        super().__init__()
        self.store = store
        self.key = key
        self.aside = aside
        self._lock = threading.RLock()
        self._wanted = PAGE

    @property
    def undone(self) -> frozenset[int]:
        """The edits that were taken back by later ones."""
        return frozenset(entry.undoes for entry in self.entries if entry.undoes is not None)

    def follow(self, record: DatasetRecord) -> None:
        """Read the history anew."""
        if not record.may("edit"):
            self.entries, self.has_more = (), False
            self.refusal = "Only whoever may edit this dataset sees its history."
            return
        with self._lock:
            try:
                found = self.store.history(self.key, limit=self._wanted + 1)
            except (VoxshelfError, OSError) as error:
                self.refusal = Message.of_error(error, doing="Reading the history").text
                return
            self.refusal = ""
            self.has_more = len(found) > self._wanted
            self.entries = found[: self._wanted]

    def lose(self, message: Message) -> None:
        """The dataset cannot be reached any more."""
        self.refusal = message.text

    def show_more(self) -> None:
        """Read earlier edits too, aside."""
        self._wanted += PAGE
        self.aside.run(f"history of {self.key}", self._look)

    def undo(self, entry: HistoryEntry) -> None:
        """Take one edit back, aside; later edits of other values stay."""
        with self._lock:
            if self.busy:
                return
            self.busy = True
        self.message = Message("Taking it back …")

        def take_back() -> None:
            try:
                self.store.undo(self.key, entry.id)
            except (VoxshelfError, OSError) as error:
                self.message = Message.of_error(error, doing="Taking it back")
            else:
                self.message = Message("The edit was taken back.", "success", "That is an edit of its own.")
                self.python = call("store.undo", self.key, entry.id)
            finally:
                self.busy = False
            self._look()

        self.aside.run(f"history of {self.key}", take_back)

    def _look(self) -> None:
        try:
            self.follow(self.store.record(self.key))
        except (VoxshelfError, OSError) as error:
            self.message = Message.of_error(error, doing="Reading the history")
