"""Who may change a file, and how it is replaced: locks and atomic files beside WKW data.

Words used here: the *lock* of ``x0.wkw`` is the hidden file ``.x0.wkw.lock`` in the same folder, so that it
works for everybody who can see the data, on a network file system too. The operating system holds the lock
(``flock``): a killed holder loses it at once. A *temporary file* is ``.x0.wkw.<random>.tmp``, also in the
same folder, because a rename is atomic only within one file system. No reader looks at either name.

The holder deletes the lock file before it lets go, so data folders stay clean. Whoever waited for the
deleted file notices that it has no name any more and starts over (filelock does so since 3.24). Where a file
system knows no ``flock`` at all, filelock falls back to locks by existence and warns.
Only the holder of the lock makes temporary files, so the next holder may delete what a killed one left.
"""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from voxshelf.errors import NotAllowedError, ReadOnlyError, StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filelock import BaseFileLock

__all__ = ["Replacement", "locked", "replacing", "sync_folder", "system_errors_explained"]

_POLL_SECONDS = 0.01
_ACQUIRE_ATTEMPTS = 100


@contextmanager
def locked(path: Path) -> Iterator[Path]:
    """Hold the lock of a file, alone among all threads and processes; waits as long as it takes.

    Parameters
    ----------
    path : Path
        The file to change; it need not exist, its folder is made where missing.

    Yields
    ------
    Path
        The same file with symbolic links resolved: change this one, else a link would be replaced.
    """
    from filelock import FileLock, SoftFileLock  # noqa: PLC0415 - only writers need it

    real = Path(os.path.realpath(path))
    with system_errors_explained(real):
        real.parent.mkdir(parents=True, exist_ok=True)
        lock_file = _lock_file(real)
        lock: BaseFileLock = FileLock(lock_file, poll_interval=_POLL_SECONDS)
        _acquire(lock)
    try:
        _delete_leftovers(real)
        yield real
    finally:
        # A lock by existence deletes its own file; Windows refuses to delete an open one and filelock does it.
        if not isinstance(lock, SoftFileLock):
            with suppress(OSError):
                lock_file.unlink()
        lock.release()


def _acquire(lock: BaseFileLock) -> None:
    """Acquire, and again where a network file system reports the file deleted in between as stale."""
    for attempt in range(_ACQUIRE_ATTEMPTS):
        try:
            lock.acquire()
        except OSError as error:
            if error.errno != errno.ESTALE or attempt == _ACQUIRE_ATTEMPTS - 1:
                raise
        else:
            return


def _lock_file(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")


def _delete_leftovers(path: Path) -> None:
    """Delete temporary files that a killed writer left; the caller holds the lock."""
    for leftover in path.parent.glob(f".{path.name}.*.tmp"):
        with suppress(OSError):
            leftover.unlink()


@dataclass(slots=True)
class Replacement:
    """A file on its way to another's place.

    Parameters
    ----------
    file : file object
        Open for reading and writing.
    is_wanted : bool
        Set to False before the end, it is thrown away and everything stays as it was.
    """

    file: IO[bytes]
    is_wanted: bool = True


@contextmanager
def replacing(path: Path) -> Iterator[Replacement]:
    """Write a file that takes the place of ``path`` at the end, whole or not at all.

    The bytes are on the disk before the name changes, so neither a killed process nor a power cut leaves a
    half-written file under ``path``. On any exception the old file stays.

    Parameters
    ----------
    path : Path
        The file to replace or to make; the caller holds its lock.

    Yields
    ------
    Replacement
        With the open file.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    with system_errors_explained(path):
        try:
            with temporary.open("x+b") as file:
                replacement = Replacement(file)
                yield replacement
                if replacement.is_wanted:
                    file.flush()
                    os.fsync(file.fileno())
            if replacement.is_wanted:
                with suppress(FileNotFoundError):
                    temporary.chmod(path.stat().st_mode & 0o7777)
                temporary.replace(path)
        finally:
            with suppress(OSError):
                temporary.unlink()
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring a folder's list of names to the disk, where the system can (Windows cannot)."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def system_errors_explained(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses while ``path`` is written into errors with a hint."""
    try:
        yield
    except OSError as error:
        if isinstance(error, PermissionError) and not isinstance(error, NotAllowedError):
            raise NotAllowedError(
                f"{path} cannot be written: {error.strerror}.",
                hint="Ask the owner of the folder for the right to write, or write to another folder.",
            ) from error
        if error.errno == errno.EROFS:
            raise ReadOnlyError(
                f"{path} cannot be written: its file system is mounted read-only.",
                hint="Copy the data to a folder that can be written.",
            ) from error
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StoreUnavailableError(
                f"{path} cannot be written: {error.strerror}.",
                hint="Free some space and write again; files that were not finished are unchanged.",
            ) from error
        raise
