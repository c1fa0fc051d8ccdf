"""Sending, one file at a time: ``Queue`` chooses what is next, hands out *jobs*, and takes the bytes that come.

A *session* is one loaded page, which holds the files that were chosen in it; a *job* is what it is to send now. The
kernel decides what is sent and from where on: a page that was away for a while has nothing to remember.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from voxshelf.errors import NameTakenError, UploadNotFoundError, UploadOffsetError, VoxshelfError
from voxshelf.widgets.theme import Message
from voxshelf.widgets.upload.items import Stage, UploadItem

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.store import DatasetStore
    from voxshelf.widgets.aside import Aside
    from voxshelf.widgets.upload.book import Book
    from voxshelf.widgets.upload.pace import Pace

GONE_PAGE = Message(
    "The page that held this file was closed or loaded anew.",
    "warning",
    "Choose the same file again, or drop it here: it goes on where it stopped.",
)
_HELD = (Stage.SENDING, Stage.WAITING, Stage.PAUSED)


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


class Queue:
    """What is sent, and what comes of it.

    Parameters
    ----------
    store : DatasetStore
        Where the bytes go.
    book : Book
        The uploads.
    aside : Aside
        Where uploads are begun.
    pace : Pace
        Is told what arrives.
    changed : callable
        Called, without arguments, when there is another job or none.
    complete : callable
        Called with an item of which every byte has arrived.
    """

    def __init__(
        self,
        store: DatasetStore,
        book: Book,
        aside: Aside,
        pace: Pace,
        *,
        changed: Callable[[], None],
        complete: Callable[[UploadItem], None],
    ) -> None:
        self.job: Job | None = None
        self._store = store
        self._book = book
        self._aside = aside
        self._pace = pace
        self._changed = changed
        self._complete = complete
        self._lock = threading.RLock()
        self._runs = count(1)
        self._sessions: set[str] = set()

    # -- pages and their files ---------------------------------------------------------------

    def page_opened(self, session: str) -> None:
        """A page was loaded: others may be gone, and their files with them, unless they say that they are there."""
        with self._lock:
            self._sessions = {session}
        for item in self._book.items:
            is_lost = item.file is not None and not self.holds(item)
            if is_lost and self._book.change(item.id, *_HELD, stage=Stage.INTERRUPTED, message=GONE_PAGE):
                self.end(item.id)

    def page_is_here(self, session: str) -> None:
        """A page says that it still holds its files."""
        with self._lock:
            self._sessions.add(session)
        for item in self._book.items:
            if self.holds(item):
                self._book.change(item.id, Stage.INTERRUPTED, stage=Stage.WAITING, message=Message())
        self.advance()

    def holds(self, item: UploadItem) -> bool:
        """Whether there is a page that holds the file."""
        return item.file is not None and item.file.session in self._sessions

    def file_failed(self, run: int, reason: str) -> None:
        """A page cannot read its file any more."""
        job = self.job
        item = self._book.get(job.item) if job is not None and job.run == run else None
        if item is not None:
            hint = "It was changed, moved or removed, or its disk is gone. Choose the same file again."
            message = Message(f"{item.file_name} can no longer be read: {reason}", "error", hint)
            self._book.change(item.id, Stage.SENDING, stage=Stage.INTERRUPTED, file=None, message=message)
            self.end(item.id)

    def stalled(self, run: int) -> None:
        """A page hears nothing of what it sent: some of it, or of the answers, was lost with the connection."""
        job = self.job
        item = self._book.get(job.item) if job is not None and job.run == run else None
        if item is None:
            return
        try:
            offset = self._store.uploads.get(item.upload_id).offset
        except (VoxshelfError, OSError) as error:
            self._fail(item.id, error)
        else:
            self._begin_job(item, offset)

    # -- whose turn it is --------------------------------------------------------------------

    def advance(self) -> None:
        """Send the next one, aside, if none is being sent."""
        self._aside.run("queue", self._serve)

    def end(self, item_id: str) -> None:
        """Send nothing more of one, and go on with the next."""
        with self._lock:
            if self.job is not None and self.job.item == item_id:
                self._set_job(None)
        self.advance()

    def close(self) -> None:
        """Send nothing more."""
        self._set_job(None)

    def _serve(self) -> None:
        while self.job is None:
            item = next((item for item in self._book.items if item.stage is Stage.WAITING), None)
            if item is None:
                return
            if self.holds(item):
                self._begin(item)
            else:
                self._book.change(item.id, Stage.WAITING, stage=Stage.INTERRUPTED, message=GONE_PAGE)

    def _begin(self, item: UploadItem) -> None:
        try:
            info = self._store.uploads.begin(
                item.name, item.size, organization=item.organization, file_key=item.file_key
            )
        except NameTakenError as error:
            message = Message.of_error(error)
            self._book.change(item.id, Stage.WAITING, stage=Stage.NEEDS_NAME, message=message)
        except (VoxshelfError, OSError) as error:
            self._fail(item.id, error)
        else:
            self._send(item.id, info)

    def _send(self, item_id: str, info: Any) -> None:
        facts = {"organization": info.organization, "upload_id": info.id, "offset": info.offset}
        message = Message(info.warning, "warning")
        item = self._book.change(item_id, Stage.WAITING, stage=Stage.SENDING, message=message, **facts)
        if item is None:
            # Paused or cancelled while the store was asked.
            if self._book.change(item_id, **facts) is None:
                self._store.uploads.cancel(info.id)
        elif item.is_complete:
            self._complete(item)
        else:
            self._begin_job(item, info.offset)

    def _begin_job(self, item: UploadItem, offset: int) -> None:
        with self._lock:
            now = self._book.get(item.id)
            # Whoever paused it in this very moment waits for the lock, to end the job.
            if now is not None and now.stage is Stage.SENDING and now.file is not None:
                self._pace.begin(offset)
                self._set_job(Job(next(self._runs), now.id, now.file.session, now.file.token, offset))

    def _set_job(self, job: Job | None) -> None:
        with self._lock:
            self.job = job
        self._changed()

    # -- what comes --------------------------------------------------------------------------

    def take(self, run: int, offset: int, data: memoryview | bytes) -> None:
        """Bytes came. Those of a job that is over are dropped; where something is missing, a new job asks for it."""
        job = self.job
        item = self._book.get(job.item) if job is not None and job.run == run else None
        if item is None:
            return
        try:
            info = self._store.uploads.append(item.upload_id, offset, data)
        except UploadOffsetError as error:
            self._ask_again(item, offset, error)
        except UploadNotFoundError as error:
            self._fail(item.id, error, offset=0, upload_id="")
        except (VoxshelfError, OSError) as error:
            self._fail(item.id, error)
        else:
            self._arrived(item.id, info.offset)

    def _ask_again(self, item: UploadItem, sent: int, error: UploadOffsetError) -> None:
        if error.offset == sent:
            self._fail(item.id, error)
        elif self._book.change(item.id, Stage.SENDING, offset=error.offset):
            self._begin_job(item, error.offset)

    def _arrived(self, item_id: str, offset: int) -> None:
        self._pace.note(offset)
        item = self._book.change(item_id, Stage.SENDING, offset=offset)
        if item is not None and item.is_complete:
            self._complete(item)
            self.end(item_id)

    def _fail(self, item_id: str, error: Exception, **changes: Any) -> None:
        message = Message.of_error(error, doing="Uploading")
        self._book.change(item_id, stage=Stage.FAILED, message=message, can_retry=True, **changes)
        self.end(item_id)
