"""Which names inside an archive are safe, and which files are worth keeping.

An archive comes from outside: a name in it may try to leave the folder it is unpacked to (*zip-slip*), may be
one that no file system takes, or may clash with another on a file system that ignores case.
"""

from __future__ import annotations

import re
from typing import TypeAlias

Parts: TypeAlias = tuple[str, ...]
"""The folders and the name of one file, below the archive's top."""

LONGEST_NAME = 255
"""Bytes of one part of a path that common file systems take."""
LONGEST_PATH = 1024
"""Bytes of all parts together; systems take 4096 in all, of which the store's own folder needs some."""

_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_HIDDEN_BUT_DATA = {".zarray", ".zattrs", ".zgroup", ".zmetadata"}
_LEFT_BY_SYSTEMS = {"__MACOSX", "Thumbs.db", "desktop.ini", "ehthumbs.db"}


def safe_parts(name: str) -> Parts:
    """Split an entry's name into folders and file name.

    Raises
    ------
    ValueError
        If the name is absolute, climbs out with ``..``, or cannot be a file's name; the message says which.
    """
    plain = name.replace("\\", "/")
    if plain.startswith("/") or _DRIVE.match(plain):
        raise ValueError("its name is an absolute path")
    parts = tuple(part for part in plain.split("/") if part not in ("", "."))
    if ".." in parts:
        raise ValueError("its name climbs out of the archive with '..'")
    if not parts or _CONTROL.search(plain):
        raise ValueError("its name is empty or holds control characters")
    try:
        lengths = [len(part.encode()) for part in parts]
    except UnicodeEncodeError:
        raise ValueError("its name is not valid text") from None
    if max(lengths) > LONGEST_NAME:
        raise ValueError(f"a part of its name is longer than {LONGEST_NAME} bytes")
    if sum(lengths) + len(lengths) > LONGEST_PATH:
        raise ValueError(f"its name is longer than {LONGEST_PATH} bytes")
    return parts


def is_left_out(parts: Parts) -> bool:
    """Whether a file is no data: hidden files and what operating systems leave behind.

    Zarr's dot files are data and stay.
    """
    *folders, last = parts
    if any(folder.startswith(".") or folder in _LEFT_BY_SYSTEMS for folder in folders):
        return True
    return last in _LEFT_BY_SYSTEMS or (last.startswith(".") and last not in _HIDDEN_BUT_DATA)
