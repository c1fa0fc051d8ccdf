"""``Follower``: hands on what a store knows of one dataset, whenever that changed, here or elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.errors import DatasetNotFoundError, VoxshelfError
from voxshelf.model import ChangeEvent, ChangeKind
from voxshelf.widgets.theme import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.model import DatasetRecord
    from voxshelf.store import DatasetStore
    from voxshelf.widgets.aside import Aside


class Follower:
    """Follows one dataset.

    Parameters
    ----------
    store : DatasetStore
        What is followed.
    key : str
        ``organization/name``.
    aside : Aside
        Where the store is asked.
    take : callable
        Is given the record: at first, and after each change.
    lose : callable
        Is given a message when the dataset is gone, or may no longer be seen, or the store cannot be reached.
    used : callable, optional
        Is called when a link to the dataset is in use.
    """

    def __init__(
        self,
        store: DatasetStore,
        key: str,
        aside: Aside,
        take: Callable[[DatasetRecord], None],
        lose: Callable[[Message], None],
        used: Callable[[], None] | None = None,
    ) -> None:
        self._store = store
        self._key = key
        self._aside = aside
        self._take = take
        self._lose = lose
        self._used = used
        signals = (store.changed, getattr(store, "noted", None))
        self._connections = [
            (signal, signal.connect(self._on_change)) for signal in signals if signal is not None
        ]
        self.look()

    def look(self) -> None:
        """Ask the store, aside."""
        self._aside.run(f"follow {self._key}", self._look)

    def close(self) -> None:
        """Stop following."""
        for signal, connection in self._connections:
            signal.disconnect(connection, missing_ok=True)

    def _on_change(self, event: ChangeEvent) -> None:
        organization = self._key.partition("/")[0]
        if event.kind is ChangeKind.LINK_USED:
            if event.key == self._key and self._used is not None:
                self._used()
        elif event.key == self._key or (event.kind is ChangeKind.ACCESS and event.key == organization):
            self.look()

    def _look(self) -> None:
        try:
            record = self._store.record(self._key)
        except DatasetNotFoundError:
            text = f"{self._key} is gone, or you may no longer see it."
            self._lose(Message(text, "warning", "What you edited stays here as long as this is open."))
        except (VoxshelfError, OSError) as error:
            self._lose(Message.of_error(error, doing="Asking the store"))
        else:
            self._take(record)
