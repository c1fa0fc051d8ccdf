"""What a manager shows beside the table: ``Details`` says which kind of page the chosen dataset gets.

The page changes only when it has to: a tag added elsewhere does not restart the viewer, an import does.
"""

from __future__ import annotations

import threading
from enum import StrEnum
from typing import TYPE_CHECKING

import traitlets

from voxshelf.model import DatasetRecord, DatasetStatus
from voxshelf.widgets.dataset_table import DatasetTableState

if TYPE_CHECKING:
    from voxshelf.store import DatasetStore
    from voxshelf.widgets.aside import Aside


class Details(StrEnum):
    """Kinds of pages about a dataset."""

    NONE = "nothing chosen"
    VIEWER = "viewer"
    IMPORT = "import form"
    REASON = "reason"


_PAGES = {DatasetStatus.READY: Details.VIEWER, DatasetStatus.NOT_IMPORTED: Details.IMPORT}


def details_for(record: DatasetRecord | None) -> Details:
    """The page that a dataset gets: what one would want to do with it next."""
    return _PAGES.get(record.status, Details.REASON) if record else Details.NONE


class ManagerState(traitlets.HasTraits):
    """A table and the page about its chosen dataset.

    Parameters
    ----------
    store : DatasetStore
        What is managed.
    aside : Aside, optional
        Where slow work runs.
    """

    selected = traitlets.Unicode(None, allow_none=True, help="The chosen dataset's key.")
    record = traitlets.Instance(DatasetRecord, allow_none=True, help="What the store knows of it now.")
    page = traitlets.Tuple(
        (Details.NONE, None, None),
        help="The page: its kind, the key, and what it was made of; a change means a new page.",
    )

    def __init__(self, store: DatasetStore, *, aside: Aside | None = None) -> None:
        super().__init__()
        self.store = store
        self.table = DatasetTableState(store, aside=aside)
        self._lock = threading.RLock()
        traitlets.link((self.table, "selected"), (self, "selected"))
        traitlets.dlink((self.table, "selected_record"), (self, "record"))
        self.observe(lambda _: self._turn_page(), "record")
        self._turn_page()

    def close(self) -> None:
        """Stop following the store."""
        self.table.close()

    def _turn_page(self) -> None:
        with self._lock:
            record = self.record
            kind = details_for(record)
            if record is None:
                self.page = (kind, None, None)
            elif kind is Details.VIEWER:
                # What the voxels look like: a viewer must be opened anew when this changes, and only then.
                self.page = (kind, record.key, (record.voxel_size, record.layers))
            elif kind is Details.IMPORT:
                self.page = (kind, record.key, None)
            else:
                self.page = (kind, record.key, record.version)
