"""The second half of an upload: the store checks and unpacks what arrived; what came of it is noted in the book."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.errors import (
    DamagedDataError,
    InvalidDataSourceError,
    NameTakenError,
    OperationCancelledError,
    UploadNotFoundError,
    UploadOffsetError,
    VoxshelfError,
)
from voxshelf.model import DatasetStatus
from voxshelf.widgets.theme import Message
from voxshelf.widgets.upload.items import Stage

if TYPE_CHECKING:
    from voxshelf.store import DatasetStore
    from voxshelf.widgets.upload.book import Book

_STEP = 0.01


def unpack(store: DatasetStore, book: Book, item_id: str) -> str | None:
    """Finish an upload; stops when its item leaves the book.

    Returns
    -------
    str or None
        The dataset's key; None where the item says why there is none.
    """
    item = book.get(item_id)
    if item is None:
        return None

    def progress(share: float) -> None:
        now = book.get(item_id)
        if now is not None and share - now.unpacked >= _STEP:
            book.change(item_id, Stage.UNPACKING, unpacked=share)

    try:
        record = store.uploads.finish(
            item.upload_id, progress=progress, cancel=lambda: book.get(item_id) is None
        )
    except OperationCancelledError as error:
        # Cancelled here, the item is gone; if it is not, somebody else did it.
        _note(book, item_id, error, can_retry=True)
    except UploadOffsetError as error:
        book.change(item_id, stage=Stage.INTERRUPTED, offset=error.offset, message=Message.of_error(error))
    except (InvalidDataSourceError, DamagedDataError, UploadNotFoundError) as error:
        _note(book, item_id, error, can_retry=False)
    except NameTakenError as error:
        message = Message(error.what, "error", "Rename or remove the other one, then try again.")
        book.change(item_id, stage=Stage.FAILED, message=message, can_retry=True)
    except (VoxshelfError, OSError) as error:
        _note(book, item_id, error, can_retry=True)
    else:
        is_ready = record.status is DatasetStatus.READY
        book.change(
            item_id,
            stage=Stage.READY if is_ready else Stage.NOT_IMPORTED,
            organization=record.organization,
            name=record.name,
            message=Message(),
        )
        return record.key
    return None


def _note(book: Book, item_id: str, error: Exception, *, can_retry: bool) -> None:
    problems = error.problems if isinstance(error, InvalidDataSourceError) else ()
    message = Message.of_error(error, doing="Unpacking")
    book.change(item_id, stage=Stage.FAILED, message=message, problems=problems, can_retry=can_retry)
