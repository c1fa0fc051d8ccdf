"""Doing one thing at a time, across threads and processes: named locks of a catalog.

A lock is a file beside a SQLite catalog, or an advisory lock in PostgreSQL, which also holds between computers.
The operating system or the server frees it when its holder dies, however it dies.

:func:`in_turn` is a queue, no lock: whoever does not come up in time goes on without it.
"""

from __future__ import annotations

import hashlib
import os
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from voxshelf.catalog.engine import sqlite_file

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

LOCK_FILES = 64
"""Names are spread over so many files: two names may have to wait for each other, but files do not pile up."""


@contextmanager
def exclusively(engine: Engine, name: str) -> Iterator[None]:
    """Hold the lock of that name. Not to be nested: a thread holds one at a time.

    Parameters
    ----------
    engine : Engine
        Of the catalog.
    name : str
        What is done; the same name excludes itself.
    """
    number = int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:8], signed=True)
    file = sqlite_file(engine.url)
    lock = _advisory_lock(engine, number) if file is None else _file_lock(file, number)
    with lock:
        yield


@contextmanager
def in_turn(file: Path, seconds: float) -> Iterator[None]:
    """Wait for one's turn to write to a SQLite database, in about the order in which writers came.

    SQLite itself lets its writers sleep for longer and longer and try again: one that just came is served before one
    that has waited for long. This queue does not protect anything, SQLite does. So whoever waits in vain (its holder was
    stopped, or a fork of it lives on), or cannot take part in it (another operating system, a folder that may not be
    written, a file system without such locks), goes on and waits for SQLite.

    Parameters
    ----------
    file : Path
        The database, on a local file system.
    seconds : float
        How long to wait at most.
    """
    place = None if sys.platform == "win32" else _queue_file(file)
    if place is None:
        yield
        return
    turn = _Turn(place)
    try:
        turn.wait(seconds)
        yield
    finally:
        turn.give_up()


def _queue_file(file: Path) -> int | None:
    folder = file.with_name(f"{file.name}.locks")
    try:
        folder.mkdir(exist_ok=True)
        return os.open(folder / "queue.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError:
        return None


class _Turn:
    """A place in the queue: an open file, which is closed by whoever is the last to use it."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._came = threading.Event()
        self._is_waiting = False
        self._is_over = False

    def wait(self, seconds: float) -> None:
        """Return when it is one's turn, or after some time."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # The operating system wakes those who wait in their order, but knows no end to waiting.
            self._wait_in_line(seconds)
        except OSError:  # a file system without such locks
            pass

    def _wait_in_line(self, seconds: float) -> None:
        waiter = threading.Thread(target=self._queue_up, name="voxshelf-queue", daemon=True)
        self._is_waiting = True
        try:
            waiter.start()
        except RuntimeError:  # the interpreter is about to end
            self._is_waiting = False
        else:
            self._came.wait(seconds)

    def give_up(self) -> None:
        """Let the next one come."""
        with self._lock:
            self._is_over = True
            if not self._is_waiting:
                self._close()

    def _queue_up(self) -> None:
        with suppress(OSError):
            fcntl.flock(self._file, fcntl.LOCK_EX)
        with self._lock:
            self._is_waiting = False
            if self._is_over:
                self._close()
        self._came.set()

    def _close(self) -> None:
        with suppress(OSError):
            fcntl.flock(self._file, fcntl.LOCK_UN)  # also where a fork has it open
        os.close(self._file)


@contextmanager
def _file_lock(file: Path, number: int) -> Iterator[None]:
    folder = file.with_name(f"{file.name}.locks")
    folder.mkdir(exist_ok=True)
    with FileLock(folder / f"{number % LOCK_FILES:02d}.lock"):
        yield


@contextmanager
def _advisory_lock(engine: Engine, number: int) -> Iterator[None]:
    # Not a connection of the pool: those who hold a lock need another one, and could wait for each other.
    pooled = engine.raw_connection()
    connection: Any = pooled.driver_connection
    pooled.detach()
    try:
        connection.autocommit = True
        connection.execute("SELECT pg_advisory_lock(%s)", (number,))
        yield
    finally:
        connection.close()
