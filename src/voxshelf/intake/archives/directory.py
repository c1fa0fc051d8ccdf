"""How large a ZIP file's list of entries is, before that list is read into memory.

The list (the *central directory*) is read as a whole by :mod:`zipfile`; a file may claim one of gigabytes. Its end
record says how large it is: APPNOTE.TXT of the ZIP format, sections 4.3.14 to 4.3.16
(https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_LOCATOR = struct.Struct("<4sLQL")
_LOCATOR_MARK = b"PK\x06\x07"
_END_64 = struct.Struct("<4sQ2H2L4Q")
_END_64_MARK = b"PK\x06\x06"
_LONGEST_COMMENT = 65_535

_OTHER_ARCHIVES = {
    b"\x1f\x8b": "a gzip file",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ\x00": "an xz file",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"\x28\xb5\x2f\xfd": "a Zstandard file",
}
_TAR_MARK, _TAR_MARK_AT = b"ustar", 257


class Directory(NamedTuple):
    """What a ZIP file says of its list of entries.

    Attributes
    ----------
    entries : int
        How many there are.
    size : int
        Bytes of the list.
    """

    entries: int
    size: int


def read_end(path: Path) -> Directory | None:
    """What the end record says; None where there is none, so that the file is no whole ZIP file."""
    with path.open("rb") as file:
        length = file.seek(0, 2)
        tail_at = max(0, length - _END.size - _LONGEST_COMMENT - _LOCATOR.size)
        file.seek(tail_at)
        tail = file.read()
        at = tail.rfind(_END_MARK)
        if at < 0 or at + _END.size > len(tail):
            return None
        _, _, _, _, entries, size, _, _ = _END.unpack_from(tail, at)
        return _large_end(file, tail, at) or Directory(entries, size)


def _large_end(file: BinaryIO, tail: bytes, end_at: int) -> Directory | None:
    """What the end record of a file of the ZIP64 kind says."""
    at = end_at - _LOCATOR.size
    if at < 0:
        return None
    mark, _, record_at, _ = _LOCATOR.unpack_from(tail, at)
    if mark != _LOCATOR_MARK:
        return None
    try:
        file.seek(record_at)
    except (OSError, OverflowError):
        return None
    record = file.read(_END_64.size)
    if len(record) < _END_64.size or not record.startswith(_END_64_MARK):
        return None
    values = _END_64.unpack(record)
    return Directory(entries=values[7], size=values[8])


def other_archive(path: Path) -> str:
    """What other kind of archive a file is, such as ``"a RAR archive"``; empty where that cannot be told."""
    with path.open("rb") as file:
        start = file.read(_TAR_MARK_AT + len(_TAR_MARK))
    if start[_TAR_MARK_AT:] == _TAR_MARK:
        return "a tar archive"
    return next((kind for mark, kind in _OTHER_ARCHIVES.items() if start.startswith(mark)), "")
