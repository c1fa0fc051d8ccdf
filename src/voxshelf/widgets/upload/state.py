"""The upload panel without its looks: which files are on their way, what a person does, and what became of them.

One file travels at a time, in the order in which they were chosen (:mod:`voxshelf.widgets.upload.queue`), while others
are being unpacked. Everything may be called from any thread.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import traitlets

from voxshelf.errors import UploadNotFoundError, VoxshelfError
from voxshelf.model import ChangeEvent, ChangeKind
from voxshelf.widgets.aside import Aside
from voxshelf.widgets.theme import Message
from voxshelf.widgets.upload.book import Book
from voxshelf.widgets.upload.files import ChosenFile, refusal
from voxshelf.widgets.upload.items import DONE, Stage, UploadItem
from voxshelf.widgets.upload.pace import Pace
from voxshelf.widgets.upload.queue import GONE_PAGE, Job, Queue
from voxshelf.widgets.upload.recalling import recall
from voxshelf.widgets.upload.unpacking import unpack

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.store import DatasetStore


class UploadState(traitlets.HasTraits):
    """Uploads of ZIP files into a store.

    Parameters
    ----------
    store : DatasetStore
        Where they go.
    aside : Aside, optional
        Where slow work runs.
    clock : callable
        Seconds that never go back; the pace is told by it.
    """

    items = traitlets.Tuple(help="The UploadItems, in the order in which they were chosen.")
    job = traitlets.Instance(Job, allow_none=True, help="What is being sent now.")
    message = traitlets.Instance(Message, args=())
    organization = traitlets.Unicode("", help="Where new uploads go; empty: where the store puts them.")
    finished = traitlets.Unicode(None, allow_none=True, help="The key of the upload that was done last.")
    roll_calls = traitlets.Int(0, help="Grows when every page is to say that it is there.")

    def __init__(
        self,
        store: DatasetStore,
        *,
        aside: Aside | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self.store = store
        self.pace = Pace(clock)
        self._aside = aside or Aside(self._on_failure)
        self._book = Book(lambda items: self.set_trait("items", items))
        self._queue = Queue(
            store, self._book, self._aside, self.pace, changed=self._show_job, complete=self._unpack_soon
        )
        self._connection = store.changed.connect(self._on_store_changed)
        self._aside.run("recall", self._recall)

    # -- what a person does ------------------------------------------------------------------

    def choose(self, file: ChosenFile, head: bytes, tail: bytes, *, instead_of: str | None = None) -> None:
        """Upload a file, or go on with it if it is known.

        Parameters
        ----------
        file : ChosenFile
            Which file.
        head, tail : bytes
            Its first four bytes and its last :data:`~voxshelf.widgets.upload.files.TAIL`.
        instead_of : str, optional
            The item whose file was asked for; another file is not taken for it.
        """
        refused = refusal(file, head, tail)
        if refused is not None:
            self.message = refused
            return
        self.message = Message()
        wanted = self._book.get(instead_of) if instead_of else None
        if wanted is not None and wanted.file_key != file.key:
            what = f"{file.name} is not the file of which {wanted.file_name} is the beginning."
            hint = "Choose the same file, unchanged; or cancel this upload and begin again."
            self._book.change(wanted.id, message=Message(what, "error", hint))
            return
        known = self._book.find(file.key, DONE)
        if known is None:
            item = UploadItem(
                self._book.next_id(), file.name, file.size, file.key, file.dataset_name, file=file
            )
            self._book.add(replace(item, organization=self.organization.strip() or None))
        elif not self._take_up(known, file):
            self.message = Message(f"{file.name} is in the list already.", "warning")
        self._queue.advance()

    def pause(self, item_id: str) -> None:
        """Send nothing more of one, until it is resumed."""
        if self._book.change(item_id, Stage.SENDING, Stage.WAITING, stage=Stage.PAUSED):
            self._queue.end(item_id)

    def resume(self, item_id: str) -> None:
        """Go on with one that was paused or failed."""
        item = self._book.get(item_id)
        if item is None or item.stage not in (Stage.PAUSED, Stage.FAILED):
            return
        if item.upload_id and item.is_complete:
            self._unpack_soon(item)
        elif self._queue.holds(item):
            # What the store refused to begin may go elsewhere now.
            home = item.organization if item.upload_id else self.organization.strip() or None
            self._book.change(item_id, stage=Stage.WAITING, organization=home, message=Message())
            self._queue.advance()
        else:
            self._book.change(item_id, stage=Stage.INTERRUPTED, message=GONE_PAGE)

    def rename(self, item_id: str, name: str) -> None:
        """Give the dataset another name, and try again."""
        if name.strip() and self._book.change(
            item_id, Stage.NEEDS_NAME, name=name.strip(), stage=Stage.WAITING
        ):
            self._queue.advance()

    def cancel(self, item_id: str) -> None:
        """Forget one, and everything that arrived of it."""
        item = self._book.remove(item_id)
        if item is not None:
            self._queue.end(item_id)
            if item.upload_id and item.stage not in DONE:
                self._aside.run(f"cancel {item_id}", lambda: self._forget(item.upload_id))

    def dismiss(self, item_id: str) -> None:
        """Take one that is done out of the list."""
        item = self._book.get(item_id)
        if item is not None and item.stage in DONE:
            self._book.remove(item_id)

    def wait(self, timeout: float = 10.0) -> bool:
        """Block until nothing is done aside; False if that takes longer than ``timeout`` seconds."""
        return self._aside.wait(timeout)

    def close(self) -> None:
        """Stop following the store; what arrived is kept there for another time."""
        self.store.changed.disconnect(self._connection, missing_ok=True)
        self._queue.close()
        self._aside.drop()

    # -- what the pages tell -----------------------------------------------------------------

    def page_opened(self, session: str) -> None:
        """A page was loaded; all others are asked whether they are still there."""
        self._queue.page_opened(session)
        self.roll_calls += 1

    def page_is_here(self, session: str) -> None:
        """A page says that it still holds its files."""
        self._queue.page_is_here(session)

    def take(self, run: int, offset: int, data: memoryview | bytes) -> None:
        """Bytes of the job ``run`` came."""
        self._queue.take(run, offset, data)

    def stalled(self, run: int) -> None:
        """A page hears nothing of what it sent of the job ``run``."""
        self._queue.stalled(run)

    def file_failed(self, run: int, reason: str) -> None:
        """A page cannot read the file of the job ``run`` any more."""
        self._queue.file_failed(run, reason)

    # -- what follows ------------------------------------------------------------------------

    def _show_job(self) -> None:
        self.job = self._queue.job

    def _unpack_soon(self, item: UploadItem) -> None:
        message = item.message if item.stage is Stage.SENDING else Message()
        if self._book.change(item.id, stage=Stage.UNPACKING, unpacked=0.0, message=message):
            self._aside.run(f"unpack {item.id}", lambda: self._unpack(item.id))

    def _unpack(self, item_id: str) -> None:
        key = unpack(self.store, self._book, item_id)
        if key is not None:
            self.finished = None  # so that the same key again is news
            self.finished = key

    def _take_up(self, known: UploadItem, file: ChosenFile) -> bool:
        """Whether a file that was chosen again is needed, because its upload stands still without it."""
        if known.stage is Stage.NEEDS_NAME or (known.stage is Stage.PAUSED and self._queue.holds(known)):
            return False
        stages = (Stage.INTERRUPTED, Stage.FAILED, Stage.PAUSED)
        return bool(self._book.change(known.id, *stages, stage=Stage.WAITING, file=file, message=Message()))

    def _recall(self) -> None:
        try:
            recall(self._book, self.store.uploads.list())
        except (VoxshelfError, OSError) as error:
            self.message = Message.of_error(error, doing="Looking for unfinished uploads")

    def _forget(self, upload_id: str) -> None:
        try:
            self.store.uploads.cancel(upload_id)
        except UploadNotFoundError:
            return
        except (VoxshelfError, OSError) as error:
            self.message = Message.of_error(error, doing="Cancelling the upload")

    def _on_failure(self, error: Exception) -> None:
        self.message = Message.of_error(error, doing="This")

    def _on_store_changed(self, event: ChangeEvent) -> None:
        if event.kind is ChangeKind.IMPORTED:
            for item in self._book.items:
                if item.key == event.key:
                    self._book.change(item.id, Stage.NOT_IMPORTED, stage=Stage.READY, message=Message())
