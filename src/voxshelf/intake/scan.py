"""Finding dataset folders: which ``<root>/<organization>/<dataset>`` are there, and did they change.

A scan lists the root and its organizations and takes two ``stat`` calls per dataset, nothing more: it opens no
file and looks into no layer. What changed is decided by the caller, who keeps each folder's ``fingerprint``.
Symbolic links are followed at both levels; a link that leads back to where the scan came from is reported, not
followed. Staging folders (names with a leading dot, and a few others) hold data on its way in or out and are
left alone. The layout is the requirement's "Uploading through the File System" and "Using Symbolic Links".
"""

# Texts and os calls: Path objects would cost more than the scan itself.
# ruff: noqa: PTH116, PTH118, PTH120
from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from voxshelf.dataset import PROPERTIES_NAME
from voxshelf.errors import StoreUnavailableError
from voxshelf.intake.folder_problems import (
    denied_problem,
    loop_problem,
    misplaced_problem,
    name_problem,
    read_problem,
    readable,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from voxshelf.model import Problem

__all__ = ["FoundFolder", "SkippedFolder", "is_staging_name", "is_text", "scan_dataset", "scan_root"]


_STAGING_NAMES = frozenset({"__MACOSX", "lost+found", "@eaDir", "#recycle", "#snapshot"})
_STAGING_PREFIXES = (".", "__for_conversion", "__converting")
_EVERYBODY_MAY_LIST = stat.S_IRUSR | stat.S_IXUSR | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH

_Identity: TypeAlias = tuple[int, int]
"""Device and inode: the same for every way that leads to a folder."""


class FoundFolder(NamedTuple):
    """A folder (or a link that should lead to one) in the place where a dataset belongs.

    Attributes
    ----------
    organization, name : str
        The folder names that make the dataset's key.
    path : str
        Where it lies, under the root; links are not resolved.
    is_link : bool
        Whether it is a symbolic link.
    device, inode, mtime_ns : int
        Of the folder that the link leads to; 0 where it leads nowhere. ``mtime_ns`` changes when a layer is
        added, renamed or removed.
    json_mtime_ns, json_size : int
        Of ``datasource-properties.json``; both -1 where there is none.
    problem : Problem or None
        Why the folder cannot be used, with what to do about it.
    """

    organization: str
    name: str
    path: str
    is_link: bool = False
    device: int = 0
    inode: int = 0
    mtime_ns: int = 0
    json_mtime_ns: int = -1
    json_size: int = -1
    problem: Problem | None = None

    @property
    def key(self) -> str:
        """``organization/name``."""
        return f"{self.organization}/{self.name}"

    @property
    def has_json(self) -> bool:
        """Whether a ``datasource-properties.json`` lies in it."""
        return self.json_size >= 0

    @property
    def fingerprint(self) -> str:
        """A text that changes when the folder's list of entries, its JSON or its problem changes."""
        numbers = (self.device, self.inode, self.mtime_ns, self.json_mtime_ns, self.json_size)
        trouble = "" if self.problem is None else self.problem.message
        return ":".join(map(str, numbers)) + trouble


class SkippedFolder(NamedTuple):
    """A folder that the scan could not enter or list; what lies below it is unknown, not gone.

    Attributes
    ----------
    organization : str
        The organization whose folder (or part of whose folder) it is.
    path : str
        The folder.
    problem : Problem
        What is wrong, and what to do about it.
    """

    organization: str
    path: str
    problem: Problem


def is_staging_name(name: str) -> bool:
    """Whether a folder of that name holds data on its way in or out, never a dataset."""
    return name.startswith(_STAGING_PREFIXES) or name in _STAGING_NAMES


def is_text(name: str) -> bool:
    """Whether the file system's bytes of ``name`` are UTF-8: others cannot stand in a catalog or a URL."""
    return name.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in name)


def scan_root(
    root: Path | str, *, organizations: Collection[str] | None = None
) -> Iterator[FoundFolder | SkippedFolder]:
    """Find every dataset folder under ``root``, sorted by organization and name.

    Parameters
    ----------
    root : path
        The folder that holds one folder per organization.
    organizations : collection of str, optional
        Look only into these; default all.

    Yields
    ------
    FoundFolder or SkippedFolder
        One per folder in a dataset's place, usable or not; and one per organization that cannot be listed,
        whose datasets must not be taken for vanished.

    Raises
    ------
    StoreUnavailableError
        If ``root`` itself cannot be listed (raised by the first step of the iteration).
    """
    top = os.fspath(root)
    try:
        entries = _folders_in(top)
        ancestors = _identities_up_from(top)
    except OSError as error:
        raise StoreUnavailableError(
            f"The dataset folder {top} cannot be read: {error.strerror}.",
            hint="Check that it exists, is mounted, and may be read by this user.",
        ) from error
    for entry in entries:
        if organizations is None or entry.name in organizations:
            yield from _scan_organization(entry, ancestors)


def scan_dataset(root: Path | str, organization: str, name: str) -> FoundFolder | None:
    """Look at one dataset folder.

    Returns
    -------
    FoundFolder or None
        As :func:`scan_root` yields it; None where there is neither folder nor link of that name.
    """
    path = os.path.join(os.fspath(root), organization, name)
    try:
        is_link = stat.S_ISLNK(os.lstat(path).st_mode)
        ancestors = _identities_up_from(os.path.dirname(path)) if is_link else frozenset()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return FoundFolder(organization, name, path, problem=read_problem(path, error))
    return _look_at(organization, name, path, is_link=is_link, ancestors=ancestors)


def _scan_organization(
    entry: os.DirEntry[str], ancestors: frozenset[_Identity]
) -> Iterator[FoundFolder | SkippedFolder]:
    organization, path = entry.name, entry.path
    try:
        if not is_text(organization):
            yield SkippedFolder(readable(organization), path, name_problem(path))
            return
        is_link = entry.is_symlink()
        here = os.stat(path)
        if not stat.S_ISDIR(here.st_mode):
            return
        if is_link and (here.st_dev, here.st_ino) in ancestors:
            yield SkippedFolder(organization, path, loop_problem(path))
            return
        above = _identities_up_from(path) if is_link else ancestors | {(here.st_dev, here.st_ino)}
        entries = _folders_in(path)
    except OSError as error:
        yield SkippedFolder(organization, path, read_problem(path, error))
        return
    if os.path.lexists(os.path.join(path, PROPERTIES_NAME)):
        yield SkippedFolder(organization, path, misplaced_problem(path))
        return
    above |= ancestors
    for child in entries:
        if not is_text(child.name):
            yield SkippedFolder(organization, child.path, name_problem(child.path))
            continue
        found = _look_at(organization, child.name, child.path, is_link=child.is_symlink(), ancestors=above)
        if found is not None:
            yield found


def _look_at(
    organization: str, name: str, path: str, *, is_link: bool, ancestors: frozenset[_Identity]
) -> FoundFolder | None:
    """The state of one folder in a dataset's place; None if it is a file after all."""
    try:
        folder = os.stat(path)
    except OSError as error:
        return FoundFolder(organization, name, path, is_link, problem=read_problem(path, error))
    if not stat.S_ISDIR(folder.st_mode):
        return None
    known = (organization, name, path, is_link, folder.st_dev, folder.st_ino, folder.st_mtime_ns)
    if is_link and (folder.st_dev, folder.st_ino) in ancestors:
        return FoundFolder(*known, problem=loop_problem(path))
    # Only where the mode leaves a doubt is the third call made.
    if folder.st_mode & _EVERYBODY_MAY_LIST != _EVERYBODY_MAY_LIST and not os.access(path, os.R_OK | os.X_OK):
        return FoundFolder(*known, problem=denied_problem(path))
    return FoundFolder(*known, *_json_state(f"{path}/{PROPERTIES_NAME}"))


def _json_state(path: str) -> tuple[int, int, Problem | None]:
    """Modification time, size and trouble of the JSON; -1, -1 where there is none."""
    try:
        document = os.stat(path)
    except FileNotFoundError:
        return (-1, -1, None)
    except OSError as error:
        return (-1, -1, read_problem(path, error))
    return (document.st_mtime_ns, document.st_size, None)


def _folders_in(path: str) -> list[os.DirEntry[str]]:
    """The folders and links in ``path`` that may be datasets or organizations, sorted by name."""
    with os.scandir(path) as entries:
        kept = [
            entry
            for entry in entries
            if not is_staging_name(entry.name) and (entry.is_dir(follow_symlinks=False) or entry.is_symlink())
        ]
    return sorted(kept, key=lambda entry: entry.name)


def _identities_up_from(path: str) -> frozenset[_Identity]:
    """``path`` itself and every folder above it, links resolved."""
    resolved = Path(path).resolve()
    states = [os.stat(folder) for folder in (resolved, *resolved.parents)]
    return frozenset((state.st_dev, state.st_ino) for state in states)
