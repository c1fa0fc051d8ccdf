"""Waiting for one's turn to write to a SQLite database.

SQLite lets its writers sleep for longer and longer and try again, so one that just came is often served before one
that has waited for long. That is quick, and unfair without an end. Here whoever has waited in vain for a moment
(:data:`PATIENCE`) lines up in a *queue*: the lock of a file beside the database, whose holder is the next to write.
While somebody is in the queue, newcomers line up too.

The queue protects nothing, SQLite does. Whoever waits in it in vain (its head was stopped) goes on without it, and so
does whoever cannot take part: on another operating system, in a folder that may not be written, on a file system
without such locks. The operating system frees the lock of a process that dies.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

PATIENCE = 0.02
"""Seconds. Several quick writers are served in no order for so long, which saves them from waking each other."""


def begin_writing(connection: Connection, file: Path, busy_seconds: float) -> None:
    """Begin a transaction that writes.

    Parameters
    ----------
    connection : Connection
        To the database.
    file : Path
        The database, on a local file system.
    busy_seconds : float
        How long to wait at most in the queue, and once more for SQLite.
    """
    queue = None if sys.platform == "win32" else _queue_file(file)
    if queue is None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    turn = _Turn(queue)
    try:
        if not turn.is_anybody_there() and _has_begun(connection, busy_seconds):
            return
        turn.wait(busy_seconds)
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        turn.give_up()


def _queue_file(file: Path) -> int | None:
    folder = file.with_name(f"{file.name}.locks")
    try:
        folder.mkdir(exist_ok=True)
        return os.open(folder / "queue.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError:
        return None


def _has_begun(connection: Connection, busy_seconds: float) -> bool:
    """Whether SQLite let one in soon."""
    raw: Any = connection.connection.driver_connection
    raw.execute(f"PRAGMA busy_timeout={round(1000 * min(PATIENCE, busy_seconds))}")
    try:
        raw.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:  # whatever it is, the next try will tell
        return False
    finally:
        raw.execute(f"PRAGMA busy_timeout={round(1000 * busy_seconds)}")
    return True


class _Turn:
    """A place in the queue: an open file, which is closed by whoever is the last to use it."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._came = threading.Event()
        self._is_waiting = False
        self._is_over = False

    def is_anybody_there(self) -> bool:
        """Whether somebody is in the queue."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            fcntl.flock(self._file, fcntl.LOCK_UN)
        except BlockingIOError:
            return True
        except OSError:  # a file system without such locks
            return False
        return False

    def wait(self, seconds: float) -> None:
        """Return when one is at its head, or after some time."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # The operating system wakes those who wait in their order, but knows no end to waiting.
            self._wait_in_line(seconds)
        except OSError:
            pass

    def _wait_in_line(self, seconds: float) -> None:
        waiter = threading.Thread(target=self._line_up, name="voxshelf-queue", daemon=True)
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

    def _line_up(self) -> None:
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
