"""Was a folder changed since the last scan? Told by what ``stat`` says, without opening anything.

A *fingerprint* is the text that :class:`~voxshelf.intake.FoundFolder` gives (device, inode and times of the
folder and its JSON), and one line per *watched* link below the folder with what it leads to. A folder that was
changed less than two seconds ago is *unsettled*: a second change could leave the very same times (some file
systems count in seconds), so it is looked at again next time, whatever its fingerprint.
"""

# Texts and os calls: with Path objects a scan would take twice its time.
# ruff: noqa: PTH116, PTH118
from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voxshelf.intake import FoundFolder

SETTLED_AFTER_NS = 2_000_000_000


def fingerprint(found: FoundFolder, watched: Iterable[str], now_ns: int) -> str:
    """The fingerprint to record; empty, which nothing equals, for an unsettled folder.

    Parameters
    ----------
    found : FoundFolder
        What the scan saw.
    watched : iterable of str
        Paths of links, relative to the folder.
    now_ns : int
        Nanoseconds since 1970.
    """
    if now_ns - max(found.mtime_ns, found.json_mtime_ns) < SETTLED_AFTER_NS:
        return ""
    lines = [_watched_line(found.path, path) for path in watched]
    return "\n".join([found.fingerprint, *lines])


def is_unchanged(found: FoundFolder, recorded: str) -> bool:
    """Whether the folder is as it was when that fingerprint was recorded."""
    if recorded == found.fingerprint:
        return True
    head, *lines = recorded.split("\n")
    if not lines or head != found.fingerprint:
        return False
    return all(line == _watched_line(found.path, line.rpartition(" ")[0]) for line in lines)


def _watched_line(folder: str, path: str) -> str:
    try:
        state = os.stat(os.path.join(folder, path))
    except OSError:
        return f"{path} gone"
    return f"{path} {state.st_dev}:{state.st_ino}"
