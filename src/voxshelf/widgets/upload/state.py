"""The upload panel without its looks: which files are on their way, what the browser is to send, what became of it.

One file travels at a time, in the order in which they were chosen, while others are being unpacked. Everything may
be called from any thread. Words: a *session* is one loaded page, which holds the files that were chosen in it; a
*job* is what it is to send now.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Any

import traitlets

from voxshelf.errors import NameTakenError, UploadNotFoundError, UploadOffsetError, VoxshelfError
from voxshelf.model import ChangeEvent, ChangeKind
from voxshelf.widgets.aside import Aside
from voxshelf.widgets.theme import Message
from voxshelf.widgets.upload.book import Book
from voxshelf.widgets.upload.files import ChosenFile, name_in_key, refusal
from voxshelf.widgets.upload.items import DONE, Stage, UploadItem
from voxshelf.widgets.upload.pace import Pace
from voxshelf.widgets.upload.unpacking import unpack

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.store import DatasetStore

_GONE_PAGE = Message(
    "The page that held this file was closed or loaded anew.",
    "warning",
    "Choose the same file again, or drop it here: it goes on where it stopped.",
)
_NOT_UNPACKED = Message(
    "All of it arrived, but it has not been unpacked.", "warning", "Try again to unpack it."
)


@dataclass(frozen=True)
class Job:
    """What a page is to send now.

    Parameters
    ----------
    run : int
        Grows with every job; bytes of an older one are not taken.
    item : str
        Whose bytes.
    session, token : str
        Which page holds the file, and what it calls it there.
    offset : int
        Where to begin.
    """

    run: int
    item: str
    session: str
    token: str
    offset: int


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
        self.aside = aside or Aside(self._on_failure)
        self.pace = Pace(clock)
        self._book = Book(lambda items: self.set_trait("items", items))
        self._lock = threading.RLock()
        self._runs = count(1)
        self._sessions: set[str] = set()
        self._connection = store.changed.connect(self._on_store_changed)
        self.aside.run("recall", self._recall)

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
        self._advance()

    def pause(self, item_id: str) -> None:
        """Send nothing more of one, until it is resumed."""
        if self._book.change(item_id, Stage.SENDING, Stage.WAITING, stage=Stage.PAUSED):
            self._end_job(item_id)

    def resume(self, item_id: str) -> None:
        """Go on with one that was paused or failed."""
        item = self._book.get(item_id)
        if item is None or item.stage not in (Stage.PAUSED, Stage.FAILED):
            return
        if item.upload_id and item.is_complete:
            self._finish_soon(item)
        elif self._holds_file(item):
            self._book.change(item_id, stage=Stage.WAITING, message=Message())
            self._advance()
        else:
            self._book.change(item_id, stage=Stage.INTERRUPTED, message=_GONE_PAGE)

    def rename(self, item_id: str, name: str) -> None:
        """Give the dataset another name, and try again."""
        if name.strip() and self._book.change(
            item_id, Stage.NEEDS_NAME, name=name.strip(), stage=Stage.WAITING
        ):
            self._advance()

    def cancel(self, item_id: str) -> None:
        """Forget one, and everything that arrived of it."""
        item = self._book.remove(item_id)
        if item is not None:
            self._end_job(item_id)
            if item.upload_id and item.stage not in DONE:
                self.aside.run(f"cancel {item_id}", lambda: self._forget(item.upload_id))

    def dismiss(self, item_id: str) -> None:
        """Take one that is done out of the list."""
        item = self._book.get(item_id)
        if item is not None and item.stage in DONE:
            self._book.remove(item_id)

    def wait(self, timeout: float = 10.0) -> bool:
        """Block until nothing is done aside; False if that takes longer than ``timeout`` seconds."""
        return self.aside.wait(timeout)

    def close(self) -> None:
        """Stop following the store; what arrived is kept there for another time."""
        self.store.changed.disconnect(self._connection, missing_ok=True)
        self.job = None
        self.aside.drop()

    # -- what the pages tell -----------------------------------------------------------------

    def page_opened(self, session: str) -> None:
        """A page was loaded: others may be gone, and their files with them, unless they say that they are there."""
        with self._lock:
            self._sessions = {session}
        self._end_jobs_of_lost_files()
        self.roll_calls += 1

    def page_is_here(self, session: str) -> None:
        """A page says that it still holds its files."""
        with self._lock:
            self._sessions.add(session)
        for item in self._book.items:
            if item.stage is Stage.INTERRUPTED and self._holds_file(item):
                self._book.change(item.id, Stage.INTERRUPTED, stage=Stage.WAITING, message=Message())
        self._advance()

    def take(self, run: int, offset: int, data: memoryview | bytes) -> None:
        """Bytes came. Those of a job that is over are dropped; where something is missing, a new job asks for it."""
        job = self.job
        item = self._book.get(job.item) if job is not None and job.run == run else None
        if job is None or item is None:
            return
        try:
            info = self.store.uploads.append(item.upload_id, offset, data)
        except UploadOffsetError as error:
            self._ask_again(job, offset, error)
        except UploadNotFoundError as error:
            self._fail(item.id, error, offset=0, upload_id="")
        except (VoxshelfError, OSError) as error:
            self._fail(item.id, error)
        else:
            self._arrived(item.id, info.offset)

    def file_failed(self, run: int, reason: str) -> None:
        """A page cannot read its file any more."""
        job = self.job
        if job is not None and job.run == run:
            item = self._book.get(job.item)
            name = item.file_name if item is not None else "The file"
            hint = "It was changed, moved or removed, or its disk is gone. Choose the same file again."
            message = Message(f"{name} can no longer be read: {reason}", "error", hint)
            self._book.change(job.item, Stage.SENDING, stage=Stage.INTERRUPTED, file=None, message=message)
            self._end_job(job.item)

    # -- the queue ---------------------------------------------------------------------------

    def _advance(self) -> None:
        self.aside.run("queue", self._serve_queue)

    def _serve_queue(self) -> None:
        while self.job is None:
            item = next((item for item in self._book.items if item.stage is Stage.WAITING), None)
            if item is None:
                return
            if not self._holds_file(item):
                self._book.change(item.id, Stage.WAITING, stage=Stage.INTERRUPTED, message=_GONE_PAGE)
            else:
                self._begin(item)

    def _begin(self, item: UploadItem) -> None:
        try:
            info = self.store.uploads.begin(
                item.name, item.size, organization=item.organization, file_key=item.file_key
            )
        except NameTakenError as error:
            self._book.change(item.id, Stage.WAITING, stage=Stage.NEEDS_NAME, message=Message.of_error(error))
        except (VoxshelfError, OSError) as error:
            self._fail(item.id, error)
        else:
            self._send(item.id, info)

    def _send(self, item_id: str, info: Any) -> None:
        facts = {"organization": info.organization, "upload_id": info.id, "offset": info.offset}
        item = self._book.change(
            item_id, Stage.WAITING, stage=Stage.SENDING, message=Message(info.warning, "warning"), **facts
        )
        if item is None:
            # Paused or cancelled while the store was asked.
            if self._book.change(item_id, **facts) is None:
                self._forget(info.id)
        elif item.is_complete:
            self._finish_soon(item)
        else:
            self._set_job(item, info.offset)

    def _set_job(self, item: UploadItem, offset: int) -> None:
        if item.file is not None:
            self.pace.begin(offset)
            self.job = Job(next(self._runs), item.id, item.file.session, item.file.token, offset)

    def _ask_again(self, job: Job, sent: int, error: UploadOffsetError) -> None:
        item = self._book.change(job.item, Stage.SENDING, offset=error.offset)
        if item is None:
            return
        if error.offset == sent:
            self._fail(item.id, error)
        else:
            self._set_job(item, error.offset)

    def _arrived(self, item_id: str, offset: int) -> None:
        self.pace.note(offset)
        item = self._book.change(item_id, Stage.SENDING, offset=offset)
        if item is not None and item.is_complete:
            self._finish_soon(item)
            self._end_job(item_id)

    def _end_job(self, item_id: str) -> None:
        with self._lock:
            if self.job is not None and self.job.item == item_id:
                self.job = None
        self._advance()

    def _end_jobs_of_lost_files(self) -> None:
        for item in self._book.items:
            is_lost = item.file is not None and not self._holds_file(item)
            stages = (Stage.SENDING, Stage.WAITING, Stage.PAUSED)
            if is_lost and self._book.change(item.id, *stages, stage=Stage.INTERRUPTED, message=_GONE_PAGE):
                self._end_job(item.id)

    def _finish_soon(self, item: UploadItem) -> None:
        message = item.message if item.stage is Stage.SENDING else Message()
        if self._book.change(item.id, stage=Stage.UNPACKING, unpacked=0.0, message=message):
            self.aside.run(f"unpack {item.id}", lambda: self._unpack(item.id))

    def _unpack(self, item_id: str) -> None:
        key = unpack(self.store, self._book, item_id)
        if key is not None:
            self.finished = None  # so that the same key again is news
            self.finished = key

    def _fail(self, item_id: str, error: Exception, **changes: Any) -> None:
        message = Message.of_error(error, doing="Uploading")
        self._book.change(item_id, stage=Stage.FAILED, message=message, can_retry=True, **changes)
        self._end_job(item_id)

    # -- what is known already ---------------------------------------------------------------

    def _holds_file(self, item: UploadItem) -> bool:
        return item.file is not None and item.file.session in self._sessions

    def _take_up(self, known: UploadItem, file: ChosenFile) -> bool:
        """Whether a file that was chosen again is needed, because its upload stands still without it."""
        if known.stage is Stage.NEEDS_NAME or (known.stage is Stage.PAUSED and self._holds_file(known)):
            return False
        stages = (Stage.INTERRUPTED, Stage.FAILED, Stage.PAUSED)
        return bool(self._book.change(known.id, *stages, stage=Stage.WAITING, file=file, message=Message()))

    def _recall(self) -> None:
        """List what was begun earlier and is not finished."""
        try:
            begun = self.store.uploads.list()
        except (VoxshelfError, OSError) as error:
            self.message = Message.of_error(error, doing="Looking for unfinished uploads")
            return
        known = {item.upload_id for item in self._book.items} | {item.file_key for item in self._book.items}
        for info in begun:
            if info.id not in known and info.file_key not in known:
                self._book.add(_recalled(self._book.next_id(), info))

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


def _recalled(item_id: str, info: Any) -> UploadItem:
    is_complete = info.offset >= info.size
    return UploadItem(
        item_id,
        name_in_key(info.file_key, f"{info.name}.zip"),
        info.size,
        info.file_key,
        info.name,
        organization=info.organization,
        stage=Stage.FAILED if is_complete else Stage.INTERRUPTED,
        upload_id=info.id,
        offset=info.offset,
        message=_NOT_UNPACKED if is_complete else _begun_earlier(info),
        can_retry=is_complete,
    )


def _begun_earlier(info: Any) -> Message:
    when = info.created.astimezone().strftime("%Y-%m-%d %H:%M")
    return Message(f"Begun on {when}.", "info", "Choose the same file again, or drop it here, to go on.")
