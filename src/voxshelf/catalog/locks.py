"""Doing one thing at a time, across threads and processes: named locks of a catalog.

A lock is a file beside a SQLite catalog, or an advisory lock in PostgreSQL, which also holds between computers.
The operating system or the server frees it when its holder dies, however it dies.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from voxshelf.catalog.engine import sqlite_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

LOCK_FILES = 64
"""Names are spread over so many files: two names may have to wait for each other, but files do not pile up."""


@contextmanager
def exclusively(engine: Engine, name: str, *, waits: bool = True) -> Iterator[bool]:
    """Hold the lock of that name, and tell whether it is held. Not to be nested: a thread holds one at a time.

    Parameters
    ----------
    engine : Engine
        Of the catalog.
    name : str
        What is done; the same name excludes itself.
    waits : bool
        Whether to wait for others; if not, the lock may not be held, because somebody else has it.
    """
    number = int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:8], signed=True)
    file = sqlite_file(engine.url)
    lock = _advisory_lock(engine, number, waits) if file is None else _file_lock(file, number, waits)
    with lock as is_held:
        yield is_held


@contextmanager
def _file_lock(file: Path, number: int, waits: bool) -> Iterator[bool]:  # noqa: FBT001 - the caller's own
    folder = file.with_name(f"{file.name}.locks")
    folder.mkdir(exist_ok=True)
    lock = FileLock(folder / f"{number % LOCK_FILES:02d}.lock")
    try:
        lock.acquire(timeout=-1 if waits else 0)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


@contextmanager
def _advisory_lock(engine: Engine, number: int, waits: bool) -> Iterator[bool]:  # noqa: FBT001 - the caller's own
    # Not a connection of the pool: those who hold a lock need another one, and could wait for each other.
    pooled = engine.raw_connection()
    connection: Any = pooled.driver_connection
    pooled.detach()
    try:
        connection.autocommit = True
        if waits:
            connection.execute("SELECT pg_advisory_lock(%s)", (number,))
        yield waits or connection.execute("SELECT pg_try_advisory_lock(%s)", (number,)).fetchone()[0]
    finally:
        connection.close()
