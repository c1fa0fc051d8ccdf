"""Which viewers are open in this kernel, so that an editor beside one can offer its view without being told."""

from __future__ import annotations

import threading
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets

if TYPE_CHECKING:
    from voxshelf.store import DatasetStore


class OpenViewers(traitlets.HasTraits):
    """Viewers that follow a store; none is kept alive.

    Attributes
    ----------
    turn : int
        Counts viewers that were opened or closed; can be observed.
    """

    turn = traitlets.Int(0)

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.RLock()
        self._open: list[tuple[weakref.ref[Any], weakref.ref[Any], str]] = []

    def add(self, viewer: Any, store: DatasetStore, key: str) -> None:
        """A viewer shows a dataset of a store from now on."""
        with self._lock:
            self._forget(viewer)
            self._open.append((weakref.ref(viewer), weakref.ref(store), key))
            self.turn += 1

    def remove(self, viewer: Any) -> None:
        """A viewer is closed, or follows no store any more."""
        with self._lock:
            self._forget(viewer)
            self.turn += 1

    def latest(self, store: DatasetStore, key: str) -> Any:
        """The viewer of a dataset that was opened last; None if none is open."""
        with self._lock:
            for viewer, its_store, its_key in reversed(self._open):
                if its_key == key and viewer() is not None and _is_same(its_store(), store):
                    return viewer()
            return None

    def _forget(self, viewer: Any) -> None:
        self._open = [entry for entry in self._open if entry[0]() not in (None, viewer)]


def _is_same(one: Any, other: Any) -> bool:
    """Whether two stores are one, or lie over one folder, for whomever."""
    root = getattr(one, "root", None)
    is_same_folder = isinstance(root, Path) and root == getattr(other, "root", None)
    return one is not None and (one is other or is_same_folder)


OPEN_VIEWERS = OpenViewers()
"""Those of this kernel."""
