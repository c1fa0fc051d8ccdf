"""One tree of errors; every error says what is wrong and, in ``hint``, what to do about it.

Words used here: *what* is a full sentence about the thing that is wrong (it names the file, layer or
field); *hint* is a sentence that the person can act on. Widgets, the command line and HTTP print both.
Errors that carry several findings hold them as ``problems`` (see :mod:`voxshelf.model.problems`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from voxshelf.model.merging import Merge
    from voxshelf.model.problems import Problem

__all__ = [
    "ArrayMismatchError",
    "DamagedDataError",
    "DatasetNotFoundError",
    "DownloadError",
    "EditConflict",
    "InvalidDataSourceError",
    "LayerNotFoundError",
    "MagNotFoundError",
    "MissingExtraError",
    "NameTakenError",
    "NotAllowedError",
    "NotFoundError",
    "OperationCancelledError",
    "OutOfRangeError",
    "ReadOnlyError",
    "StoreUnavailableError",
    "UnsupportedFormatError",
    "UploadNotFoundError",
    "UploadOffsetError",
    "VoxshelfError",
]


class VoxshelfError(Exception):
    """The root of all errors that voxshelf raises on purpose.

    Parameters
    ----------
    what : str
        What is wrong, as a sentence.
    hint : str
        What the person can do about it, as a sentence; empty where nothing sensible can be advised.
    """

    def __init__(self, what: str, *, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what} {self.hint}".strip()


class DamagedDataError(VoxshelfError):
    """Bytes on disk that cannot be what they claim to be: truncated, garbled, vanished while open.

    Parameters
    ----------
    what, hint : str
        As in :class:`VoxshelfError`.
    file : path or str, optional
        The damaged file.
    block : tuple of 3 ints, optional
        The damaged block's position ``(x, y, z)`` within the file, counted in blocks.
    """

    def __init__(
        self,
        what: str,
        *,
        hint: str = "",
        file: Path | str | None = None,
        block: tuple[int, int, int] | None = None,
    ) -> None:
        super().__init__(what, hint=hint)
        self.file = file
        self.block = block


class UnsupportedFormatError(VoxshelfError):
    """Well-formed data in a form that voxshelf does not read or write."""


class ArrayMismatchError(VoxshelfError, ValueError):
    """An array whose type or shape is not that of the data it should fill; nothing is cast silently."""


class OperationCancelledError(VoxshelfError):
    """A long task stopped because it was asked to; what it had finished stays, and it can be resumed."""


class OutOfRangeError(VoxshelfError, IndexError):
    """An index, position or box outside of what the data can address."""


class DatasetNotFoundError(VoxshelfError, LookupError):
    """There is no such dataset, or the asker may not know of it."""


class LayerNotFoundError(VoxshelfError, LookupError):
    """The dataset has no layer of that name."""


class MagNotFoundError(VoxshelfError, LookupError):
    """The layer has no such mag."""


class NotFoundError(VoxshelfError, LookupError):
    """There is no such user, team, folder, link or entry of a history, or the asker may not know of it."""


class NameTakenError(VoxshelfError):
    """Something of that name exists already, and it is not overwritten."""


class ReadOnlyError(VoxshelfError):
    """The data or the folder cannot be written."""


class NotAllowedError(VoxshelfError, PermissionError):
    """The policy refuses this action for this person."""


class StoreUnavailableError(VoxshelfError):
    """The store's root folder, catalog or server cannot be reached now."""


class DownloadError(VoxshelfError):
    """A file that could not be fetched over the network."""


class UploadNotFoundError(VoxshelfError, LookupError):
    """There is no such upload: it was finished, cancelled or has expired."""


class UploadOffsetError(VoxshelfError):
    """Bytes of an upload that do not follow those received so far.

    Parameters
    ----------
    what, hint : str
        As in :class:`VoxshelfError`.
    offset : int
        The number of bytes received: where to go on.
    """

    def __init__(self, what: str, *, hint: str = "", offset: int) -> None:
        super().__init__(what, hint=hint)
        self.offset = offset


class EditConflict(VoxshelfError):  # noqa: N818 - the public name that architecture and issues use
    """Somebody else changed the same thing since it was read.

    Parameters
    ----------
    what, hint : str
        As in :class:`VoxshelfError`.
    yours, present : int, optional
        The version of the dataset that the edit started from, and the one that is stored now.
    merge : voxshelf.model.Merge, optional
        Both edits joined field by field, where what the edit started from is known: where it is clean, making
        the edit again with ``merge=True`` stores it; else ``merge.choose(…)`` decides its conflicts.
    """

    def __init__(
        self,
        what: str,
        *,
        hint: str = "",
        yours: int | None = None,
        present: int | None = None,
        merge: Merge | None = None,
    ) -> None:
        super().__init__(what, hint=hint)
        self.yours = yours
        self.present = present
        self.merge = merge


class InvalidDataSourceError(VoxshelfError, ValueError):
    """A data source (or another document) that breaks its rules; carries every problem found.

    Parameters
    ----------
    what, hint : str
        As in :class:`VoxshelfError`.
    problems : sequence of Problem
        All of them, each with its place in the document.
    """

    def __init__(self, what: str, *, hint: str = "", problems: Sequence[Problem] = ()) -> None:
        super().__init__(what, hint=hint)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        lines = [super().__str__(), *(f"  - {problem}" for problem in self.problems)]
        return "\n".join(lines)


class MissingExtraError(VoxshelfError, ImportError):
    """A part of voxshelf whose optional dependencies are not installed."""
