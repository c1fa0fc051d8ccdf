"""The editor without its looks: which dataset is open, and which others still have unsaved edits.

Opening another dataset never loses what was edited: its edits are kept, go on following the store, and are there
when it is opened again.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import traitlets

from voxshelf.widgets.aside import Aside
from voxshelf.widgets.edit_tabs.dataset_edits import DatasetEdits

if TYPE_CHECKING:
    from voxshelf.store import DatasetStore


class EditTabsState(traitlets.HasTraits):
    """Which dataset is being edited.

    Parameters
    ----------
    store : DatasetStore
        Where the datasets are.
    key : str
        The one to begin with.
    aside : Aside, optional
        Where slow work runs.
    """

    key = traitlets.Unicode(help="The open dataset; setting it opens another one.")
    edits = traitlets.Instance(DatasetEdits, help="What is being edited of it.")
    kept = traitlets.Tuple(help="Other datasets with unsaved edits: their keys.")
    tab = traitlets.Int(0, help="The tab that is shown.")

    def __init__(self, store: DatasetStore, key: str, *, aside: Aside | None = None) -> None:
        super().__init__()
        self.store = store
        self.aside = aside or Aside()
        self._lock = threading.RLock()
        self._all: dict[str, DatasetEdits] = {}
        self._viewer: Any = None
        self.edits = self._edits_of(key)
        self.key = key
        self.observe(lambda change: self._open(change["new"]), "key")

    @property
    def viewer(self) -> Any:
        """Whose view may be used; None for none."""
        return self._viewer

    @viewer.setter
    def viewer(self, viewer: Any) -> None:
        self._viewer = viewer
        self.edits.viewer = viewer

    def edits_of(self, key: str) -> DatasetEdits | None:
        """What is being edited of a dataset that is open or kept."""
        return self._all.get(key)

    def drop(self, key: str) -> None:
        """Forget the unsaved edits of a dataset that is kept."""
        with self._lock:
            kept = self._all.get(key)
            if kept is not None and key != self.key:
                kept.discard_all()
                self._tidy()

    def wait(self, timeout: float = 10.0) -> bool:
        """Block until everything asked for is done; False if that takes longer than ``timeout`` seconds."""
        return self.aside.wait(timeout)

    def close(self) -> None:
        """Stop following the store."""
        for edits in self._all.values():
            edits.close()
        self.aside.drop()

    def _open(self, key: str) -> None:
        with self._lock:
            self._viewer = None  # it shows the dataset that was open before
            self.edits = self._edits_of(key)
            self._tidy()

    def _edits_of(self, key: str) -> DatasetEdits:
        if key not in self._all:
            self._all[key] = DatasetEdits(self.store, key, self.aside)
            self._all[key].observe(lambda _: self._tidy(), "unsaved")
        return self._all[key]

    def _tidy(self) -> None:
        """Let go of datasets that are neither open nor unsaved."""
        with self._lock:
            for key, edits in list(self._all.items()):
                if edits is not self.edits and not edits.unsaved:
                    edits.close()
                    del self._all[key]
            self.kept = tuple(key for key, edits in self._all.items() if edits is not self.edits)
