"""What a manager shows beside the table: ``Details`` says which kind of page the chosen dataset gets.

The page changes only when it has to: a tag added elsewhere does not restart the viewer, an import does.
"""

from __future__ import annotations

import threading
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import traitlets

from voxshelf.model import DatasetRecord, DatasetStatus
from voxshelf.widgets.dataset_table import DatasetTableState
from voxshelf.widgets.manager.disk_watch import DiskWatch

if TYPE_CHECKING:
    from voxshelf.store import DatasetStore
    from voxshelf.widgets.aside import Aside


class Details(StrEnum):
    """Kinds of pages about a dataset."""

    NONE = "nothing chosen"
    VIEWER = "viewer"
    IMPORT = "import form"
    REASON = "reason"
    EDIT = "edit"


class Mode(StrEnum):
    """What a person does with the chosen dataset."""

    VIEW = "View"
    """Look at it; or what comes before that: import it, read what is wrong."""
    EDIT = "Edit"
    SHARE = "Share"


class Section(StrEnum):
    """The parts of the manager, of which one is on screen."""

    DATASETS = "Datasets"
    UPLOAD = "Upload"
    SAMPLES = "Samples"
    GALLERY = "Gallery"
    TRASH = "Trash"


_PAGES = {DatasetStatus.READY: Details.VIEWER, DatasetStatus.NOT_IMPORTED: Details.IMPORT}
# What can be edited without being looked at: a broken JSON is mended, a missing dataset keeps its description.
_EDITABLE = (DatasetStatus.READY, DatasetStatus.BROKEN, DatasetStatus.MISSING)


def details_for(record: DatasetRecord | None, mode: Mode = Mode.VIEW) -> Details:
    """The page that a dataset gets: what one would want to do with it next, or what was asked for."""
    if record is None:
        return Details.NONE
    if mode is not Mode.VIEW and mode in modes_for(record):
        return Details.EDIT
    return _PAGES.get(record.status, Details.REASON)


def modes_for(record: DatasetRecord | None) -> tuple[Mode, ...]:
    """What may be done with a dataset here, by whoever asks."""
    if record is None or record.status not in _EDITABLE:
        return (Mode.VIEW,)
    allowed = {Mode.EDIT: record.may("edit"), Mode.SHARE: record.may("share")}
    return (Mode.VIEW, *(mode for mode, is_allowed in allowed.items() if is_allowed))


class ManagerState(traitlets.HasTraits):
    """A table and the page about its chosen dataset; as long as it is open, the disk is looked at by itself.

    Parameters
    ----------
    store : DatasetStore
        What is managed.
    aside : Aside, optional
        Where slow work runs.
    """

    selected = traitlets.Unicode(None, allow_none=True, help="The chosen dataset's key.")
    record = traitlets.Instance(DatasetRecord, allow_none=True, help="What the store knows of it now.")
    section = traitlets.UseEnum(Section, default_value=Section.DATASETS)
    mode = traitlets.UseEnum(Mode, default_value=Mode.VIEW)
    page = traitlets.Tuple(
        (Details.NONE, None, None),
        help="The page: its kind, the key, and what it was made of; a change means a new page.",
    )

    def __init__(self, store: DatasetStore, *, aside: Aside | None = None) -> None:
        super().__init__()
        self.store = store
        self.table = DatasetTableState(store, aside=aside)
        self._disk = DiskWatch(store, self.table)
        self._lock = threading.RLock()
        traitlets.link((self.table, "selected"), (self, "selected"))
        traitlets.dlink((self.table, "selected_record"), (self, "record"))
        self.observe(lambda _: self._turn_page(), ["record", "mode"])
        self._turn_page()

    def open(self, key: str) -> None:
        """Show a dataset, from wherever one is; a list that it is missing in is not narrowed any longer."""
        if self.table.is_narrowed and key not in {row.key for row in self.table.rows}:
            self.table.clear()
        self.section = Section.DATASETS
        self.mode = Mode.VIEW
        self.selected = key

    def go_on_to(self, key: str) -> None:
        """Show what was uploaded; whoever has turned to something else meanwhile is not torn away from it."""
        if self.section is Section.UPLOAD:
            self.open(key)

    def close(self) -> None:
        """Stop following the store and its disk."""
        self._disk.close()
        self.table.close()

    def _turn_page(self) -> None:
        with self._lock:
            record: DatasetRecord | None = self.record
            mode: Mode = self.mode
            kind = details_for(record, mode)
            self.page = (kind, record.key if record else None, self._made_of(kind, record))

    def _made_of(self, kind: Details, record: DatasetRecord | None) -> Any:
        """What a page depends on; it is made anew when this changes, and only then."""
        if record is not None and kind is Details.REASON:
            return record.version
        return self.mode if kind is Details.EDIT else None
