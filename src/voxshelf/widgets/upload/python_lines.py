"""The lines of Python that upload a file as the panel does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.widgets.theme import call, literal

if TYPE_CHECKING:
    from voxshelf.widgets.upload.items import UploadItem

_PIECE = "4 << 20"


def upload_lines(item: UploadItem | None) -> str:
    """Begin, send and finish, for the file of an item; empty without one."""
    if item is None:
        return ""
    named = {"organization": item.organization} if item.organization else {}
    begin = call("store.uploads.begin", item.name, item.size, **named)
    return "\n".join(
        (
            f"upload = {begin}",
            f'with open({literal(item.file_name)}, "rb") as file:',
            f"    while piece := file.read({_PIECE}):",
            "        upload = store.uploads.append(upload.id, upload.offset, piece)",
            "store.uploads.finish(upload.id)",
        )
    )
