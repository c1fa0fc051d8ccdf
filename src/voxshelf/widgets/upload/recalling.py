"""Uploads that were begun earlier and not finished: they are listed again, to go on with or to cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxshelf.widgets.theme import Message
from voxshelf.widgets.upload.files import name_in_key
from voxshelf.widgets.upload.items import Stage, UploadItem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voxshelf.widgets.upload.book import Book

_NOT_UNPACKED = Message(
    "All of it arrived, but it has not been unpacked.", "warning", "Try again to unpack it."
)


def recall(book: Book, begun: Iterable[Any]) -> None:
    """Put uploads of the store into the book, except those that it knows.

    Parameters
    ----------
    book : Book
        Where they are listed.
    begun : iterable of UploadInfo
        What the store says.
    """
    known = {item.upload_id for item in book.items} | {item.file_key for item in book.items}
    for info in begun:
        if info.id not in known and info.file_key not in known:
            book.add(_item(book.next_id(), info))


def _item(item_id: str, info: Any) -> UploadItem:
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
