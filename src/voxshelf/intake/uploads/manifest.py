"""What is remembered of an upload while it is under way: ``UploadInfo``, one small JSON file beside the bytes.

The number of bytes received is not written down anywhere: it is the size of the file they went to, so that it
is right after a crash too.
"""

from __future__ import annotations

import os
import re
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from voxshelf.errors import UploadNotFoundError

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST_NAME = "upload.json"
SOFT_LIMIT = 1_000_000_000
"""Bytes above which copying files is the better way; uploads go on, with a warning."""

_ID = re.compile(r"\d{4}-\d\d-\d\d_\d\d-\d\d__[A-Za-z0-9._-]{1,128}__[0-9a-f]{12}", re.ASCII)


class UploadInfo(BaseModel):
    """An upload under way.

    Parameters
    ----------
    id : str
        Names the upload in every further call.
    organization, name : str
        Where the dataset will lie.
    size : int
        Bytes of the ZIP file.
    sha256 : str or None
        Its checksum in hexadecimal, if the sender knows it; checked at the end.
    file_key : str
        Recognises the sender's file when it is chosen again (name, size and time, say).
    created : datetime
        When it began, UTC.
    created_by : str
        Who began it.
    expanded : int
        Bytes of the dataset, unpacked; 0 while that is not known.
    published_inode : tuple of two ints or None
        Device and inode of the unpacked folder, once it was about to be shown.
    offset : int
        Bytes received so far: where to go on.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    organization: str
    name: str
    size: int = Field(gt=0)
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    file_key: str = ""
    created: datetime
    created_by: str = ""
    expanded: int = 0
    published_inode: tuple[int, int] | None = None
    offset: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether every byte has arrived."""
        return self.offset == self.size

    @property
    def key(self) -> str:
        """``organization/name`` of the dataset that it will be."""
        return f"{self.organization}/{self.name}"

    @property
    def warning(self) -> str:
        """What a person should know before sending so much; empty where nothing is to be said."""
        if self.size <= SOFT_LIMIT:
            return ""
        return (
            f"This file has {self.size / 1e9:.1f} GB. It can be uploaded, but above {SOFT_LIMIT / 1e9:.0f} GB it is "
            f"faster and safer to copy the unpacked folder to {self.organization}/{self.name} on the server's disk."
        )


def new_id(name: str, now: datetime) -> str:
    """An id that says when and what, and cannot be guessed."""
    return f"{now.astimezone(UTC):%Y-%m-%d_%H-%M}__{name}__{secrets.token_hex(6)}"


def is_id(name: str) -> bool:
    """Whether a folder of that name holds an upload, not the remains of one."""
    return _ID.fullmatch(name) is not None


def folder_of(staging: Path, upload_id: str) -> Path:
    """The folder of an upload.

    Raises
    ------
    UploadNotFoundError
        If the id has not the form of one (so that it cannot lead anywhere else) or is not known.
    """
    folder = staging / upload_id
    if not is_id(upload_id) or not (folder / MANIFEST_NAME).is_file():
        raise UploadNotFoundError(
            f"There is no upload {upload_id!r}.",
            hint="It was finished, cancelled or has expired: begin it again.",
        )
    return folder


def write_manifest(folder: Path, info: UploadInfo) -> None:
    """Replace the manifest atomically."""
    part = folder / f".{MANIFEST_NAME}.{os.getpid()}"
    with part.open("w", encoding="utf-8") as sink:
        sink.write(info.model_dump_json(exclude={"offset"}))
        sink.flush()
        os.fsync(sink.fileno())
    part.replace(folder / MANIFEST_NAME)


def read_manifest(folder: Path, data_name: str) -> UploadInfo:
    """Read the manifest, with ``offset`` taken from the bytes on disk.

    Raises
    ------
    UploadNotFoundError
        If it is gone or cannot be read.
    """
    try:
        info = UploadInfo.model_validate_json((folder / MANIFEST_NAME).read_bytes())
    except (OSError, ValidationError) as error:
        raise UploadNotFoundError(
            f"The upload in {folder.name} cannot be read: {error}.", hint="Cancel it and begin again."
        ) from error
    data = folder / data_name
    return info.model_copy(update={"offset": data.stat().st_size if data.exists() else 0})
