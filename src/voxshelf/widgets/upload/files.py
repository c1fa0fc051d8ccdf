r"""A file that a person chose in the browser: which dataset it may become, and whether it can be a ZIP at all.

The structure of a ZIP file: the first entry begins with ``PK\3\4`` and the *end record* ``PK\5\6`` stands within the
last 65,557 bytes (APPNOTE.TXT, 4.3.16). A file that broke off while it was copied lacks the latter; that is seen
here before a byte of it travels.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from voxshelf.widgets.theme import Message

TAIL = 22 + 65_535
"""Bytes at the end of a file in which a ZIP's end record lies."""

_ENDS = (b"PK\x05\x06", b"PK\x06\x06")
_BEGINNINGS = (b"PK\x03\x04", *_ENDS)
_OTHER_ARCHIVES = (".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")
_LONGEST_NAME = 128
_FALLBACK = "dataset"


@dataclass(frozen=True)
class ChosenFile:
    """What the browser tells of a file.

    Parameters
    ----------
    name : str
        With its ending.
    size : int
        Bytes.
    modified : int
        Milliseconds since 1970.
    session : str
        The page that holds the file; it is gone when the page is loaded anew.
    token : str
        What that page calls it.
    """

    name: str
    size: int
    modified: int
    session: str = ""
    token: str = ""

    @property
    def key(self) -> str:
        """Recognises the file when it is chosen again."""
        return f"{self.name}|{self.size}|{self.modified}"

    @property
    def dataset_name(self) -> str:
        """A dataset's name made of the file's."""
        stem = re.sub(r"\.zip$", "", self.name, flags=re.IGNORECASE)
        plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
        words = re.sub(r"[^A-Za-z0-9._-]+", "_", plain).strip("_")
        return re.sub(r"^[^A-Za-z0-9_]+", "", words)[:_LONGEST_NAME] or _FALLBACK


def name_in_key(file_key: str, default: str) -> str:
    """The file's name in a :attr:`ChosenFile.key`; ``default`` where the key was made by another program."""
    name, *numbers = file_key.rsplit("|", 2)
    return name if len(numbers) == 2 and all(number.isdigit() for number in numbers) else default


def refusal(file: ChosenFile, head: bytes, tail: bytes) -> Message | None:
    """Why a file cannot be uploaded; None if it can.

    Parameters
    ----------
    file : ChosenFile
        Which file.
    head, tail : bytes
        Its first four bytes and its last :data:`TAIL`.
    """
    if file.size == 0:
        return Message(f"{file.name} is empty.", "error", "Choose the ZIP file of a dataset.")
    if not head.startswith(_BEGINNINGS):
        is_archive = file.name.lower().endswith(_OTHER_ARCHIVES)
        hint = (
            "Unpack it and make a ZIP file of the dataset's folder."
            if is_archive
            else "Put the dataset's folder (color/1/… and so on) into a ZIP file and choose that."
        )
        return Message(f"{file.name} is not a ZIP file.", "error", hint)
    if not any(end in tail for end in _ENDS):
        return Message(
            f"{file.name} is cut off: the end of the ZIP file is missing.",
            "error",
            "It was probably not copied or downloaded to its end; fetch or make it again.",
        )
    return None
