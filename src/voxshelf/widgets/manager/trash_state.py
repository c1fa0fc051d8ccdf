"""The trash without its looks: what was deleted, to be restored or removed for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import traitlets

from voxshelf.errors import VoxshelfError
from voxshelf.widgets.aside import Aside
from voxshelf.widgets.theme import Message, call

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.model import ChangeEvent
    from voxshelf.store import DatasetStore

_PAUSE = 0.1


class TrashState(traitlets.HasTraits):
    """Deleted datasets.

    Parameters
    ----------
    store : DatasetStore
        Whose.
    aside : Aside, optional
        Where slow work runs.
    """

    entries = traitlets.Tuple(help="What the trash holds, the newest first.")
    loaded = traitlets.Bool(False)
    busy = traitlets.Bool(False)
    message = traitlets.Instance(Message, args=())
    code = traitlets.Unicode("store.trash()", help="The Python that did the same, last time.")
    restored = traitlets.Unicode(None, allow_none=True, help="The key that came back last.")

    def __init__(self, store: DatasetStore, *, aside: Aside | None = None) -> None:
        super().__init__()
        self._store = store
        self._aside = aside or Aside(lambda error: self._say(Message.of_error(error, doing="Emptying")))
        self._connection = store.changed.connect(self._on_store_changed)
        self._aside.run("trash", self._look)

    def restore(self, entry: str) -> None:
        """Bring a dataset back."""
        self.code = call("store.restore", entry)

        def run() -> None:
            record = self._store.restore(entry)
            self._say(Message(f"{record.key} is back.", "success"))
            self.restored = record.key

        self._change("Restoring", run)

    def purge(self, entry: str) -> None:
        """Remove a dataset for good."""
        self.code = call("store.purge", [entry])

        def run() -> None:
            gone = self._store.purge([entry])
            names = ", ".join(removed.key for removed in gone)
            self._say(Message(f"{names} was removed for good.", "success"))

        self._change("Removing", run)

    def wait(self, timeout: float = 10.0) -> bool:
        """Block until everything asked for is done; False if that takes longer than ``timeout`` seconds."""
        return self._aside.wait(timeout)

    def close(self) -> None:
        """Stop following the store."""
        self._store.changed.disconnect(self._connection, missing_ok=True)
        self._aside.drop()

    def _change(self, doing: str, run: Callable[[], None]) -> None:
        if self.busy:
            return
        self.busy = True

        def work() -> None:
            try:
                run()
            except (VoxshelfError, OSError) as error:
                self._say(Message.of_error(error, doing=doing))
            finally:
                self.busy = False
            self._look()

        self._aside.run("change", work)

    def _look(self) -> None:
        try:
            self.entries = tuple(self._store.trash())
        except (VoxshelfError, OSError) as error:
            self._say(Message.of_error(error, doing="Looking into the trash"))
        self.loaded = True

    def _say(self, message: Message) -> None:
        self.message = message

    def _on_store_changed(self, _: ChangeEvent) -> None:
        self._aside.run("trash", self._look, delay=_PAUSE)
