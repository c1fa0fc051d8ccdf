"""Where the bytes of a format come from: the :class:`ByteSource` protocol, and files of this machine.

Words used here: a *source* is one file or object of fixed content; its *descriptor* is the number under which
the operating system knows an open file, so that kernels can read from it without Python.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from voxshelf.errors import DamagedDataError, NotAllowedError, StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = ["ByteSource", "LocalFile", "opened_file", "opened_once_more"]

NO_DESCRIPTOR = -1

# Linux stamps files with the time of its last tick, so two changes within one tick look the same.
_TICK_NS = 50_000_000
_HINT = "Restore the file from its source, or convert the data again."


class ByteSource(Protocol):
    """Bytes that can be read from any offset, by several threads at once."""

    @property
    def name(self) -> str:
        """The path or address, for messages."""

    @property
    def size(self) -> int:
        """How many bytes there were when the source was opened."""

    @property
    def descriptor(self) -> int:
        """A descriptor that ``pread`` takes, or ``NO_DESCRIPTOR``."""

    def read(self, offset: int, length: int) -> bytes:
        """Exactly ``length`` bytes.

        Raises
        ------
        DamagedDataError
            If there are fewer, or they cannot be read.
        """

    def read_many(self, ranges: Sequence[tuple[int, int]]) -> list[bytes]:
        """The bytes of several ``(offset, length)``, in their order; errors as for :meth:`read`."""

    def is_unchanged(self) -> bool:
        """Whether the content is still what it was when the source was opened, as far as can be told."""


class LocalFile:
    """A file of this machine, read with ``pread``: a file that shrinks is an error, not a dead process.

    The file stays open as long as anything refers to this object; there is no ``close``, because another
    file could get the same descriptor while a thread still reads.

    Parameters
    ----------
    path : str
        The file.

    Raises
    ------
    FileNotFoundError
        If there is none.
    NotAllowedError, StoreUnavailableError
        If the operating system refuses, or cannot now.
    """

    def __init__(self, path: str) -> None:
        self._descriptor = NO_DESCRIPTOR
        self.name = path
        opened = time.time_ns()
        try:
            self._descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except (FileNotFoundError, NotADirectoryError) as error:
            raise FileNotFoundError(*error.args) from error
        except OSError as error:
            raise explained(error, path) from error
        status = os.fstat(self._descriptor)
        self.size = status.st_size
        self.identity = identity(status)
        # A change that comes within the tick of the last one would not show in the time stamp. One that lies in
        # the future was set by another machine's clock: then nobody knows how long ago the change was.
        self.is_settled = opened - _changed(status) >= _TICK_NS
        self._seeking = Lock()

    def __del__(self) -> None:
        if self._descriptor != NO_DESCRIPTOR:
            os.close(self._descriptor)

    @property
    def descriptor(self) -> int:
        """As in :class:`ByteSource`: where the platform has ``pread``."""
        return self._descriptor if hasattr(os, "pread") else NO_DESCRIPTOR

    def read(self, offset: int, length: int) -> bytes:
        """As in :class:`ByteSource`."""
        pieces, missing = [], length
        try:
            while missing:
                piece = self._read_some(offset + length - missing, missing)
                if not piece:
                    raise DamagedDataError(
                        f"{self.name} ends before byte {offset + length}.", hint=_HINT, file=self.name
                    )
                pieces.append(piece)
                missing -= len(piece)
        except OSError as error:
            raise explained(error, self.name) from error
        return b"".join(pieces)

    def read_many(self, ranges: Sequence[tuple[int, int]]) -> list[bytes]:
        """As in :class:`ByteSource`."""
        return [self.read(offset, length) for offset, length in ranges]

    def _read_some(self, offset: int, length: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(self._descriptor, length, offset)
        with self._seeking:
            os.lseek(self._descriptor, offset, os.SEEK_SET)
            return os.read(self._descriptor, length)

    def is_unchanged(self) -> bool:
        """As in :class:`ByteSource`: judged by size and time of change."""
        return identity(os.fstat(self._descriptor)) == self.identity


def identity(status: os.stat_result) -> tuple[int, int, int, int, int]:
    """What tells one state of a file from another: device, number, size, times of change.

    While a file is open its number is not given to another file, so equal identities mean the same file. The
    second time is the file system's own: programs that copy set the first one back to what it was.
    """
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, _changed(status)


def _changed(status: os.stat_result) -> int:
    """When the file was changed, by a clock that no program sets back; on Windows there is no such clock."""
    return status.st_mtime_ns if os.name == "nt" else status.st_ctime_ns


def opened_file(path: str, flags: int) -> int:
    """Open a file, as an ``opener`` for :func:`open`; what is no file is refused instead of waited for.

    Raises
    ------
    IsADirectoryError
        If it is a folder, a pipe or a device.
    """
    descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise IsADirectoryError(errno.EISDIR, "it is not a file", path)
    return descriptor


@contextmanager
def opened_once_more(descriptor: int) -> Iterator[int]:
    """A second descriptor of the same open file, for one more thread; the same one where the system has none.

    Threads that read through one descriptor wait for each other: the kernel counts its users at each call. It
    is the same file also when another one has taken its name.
    """
    try:
        another = os.open(f"/proc/self/fd/{descriptor}", os.O_RDONLY)
    except OSError:
        yield descriptor
        return
    try:
        yield another
    finally:
        os.close(another)


def explained(error: OSError, path: Path | str) -> NotAllowedError | StoreUnavailableError:
    """The operating system's refusal to read a file, as an error that says what to do."""
    if isinstance(error, PermissionError):
        return NotAllowedError(
            f"{path} may not be read by this user.", hint="Ask its owner for the right to read it."
        )
    return StoreUnavailableError(
        f"{path} cannot be read now: {error.strerror}.",
        hint="Check that the disk or the network share is available, then try again.",
    )
