"""Connections to the catalog's database: SQLite in a file, or PostgreSQL by URL.

SQLite is opened with a write-ahead log, a busy timeout of 10 s and foreign keys. Transactions are begun by
ourselves: reading ones with ``BEGIN``, writing ones with ``BEGIN IMMEDIATE``, because a transaction that reads
first and asks for the write lock later fails at once when another process writes, whatever the timeout.
"""

from __future__ import annotations

import importlib.util
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from voxshelf.errors import MissingExtraError, StoreUnavailableError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor

JournalMode: TypeAlias = Literal["WAL", "DELETE"]

BUSY_SECONDS = 10
_BUSY_PAUSE = 0.01
WRITING = "voxshelf_writing"


def read_url(text: str | URL) -> URL:
    """The database URL in the form that SQLAlchemy needs.

    Raises
    ------
    StoreUnavailableError
        If it is no URL of SQLite or PostgreSQL.
    MissingExtraError
        If it names PostgreSQL and its driver is not installed.
    """
    hint = "Write sqlite:////folder/catalog.db or postgresql://user@host/database."
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise StoreUnavailableError("The catalog's address is not a database URL.", hint=hint) from error
    backend = url.get_backend_name()
    if backend == "sqlite" and url.database not in (None, "", ":memory:"):
        return url
    if backend in ("postgresql", "postgres"):
        if importlib.util.find_spec("psycopg") is None:
            raise MissingExtraError(
                "The catalog is in PostgreSQL, and its driver is not installed.",
                hint='Install it with: pip install "voxshelf[postgres]"',
            )
        return url.set(drivername="postgresql+psycopg")
    raise StoreUnavailableError(f"A catalog cannot be kept in {backend}.", hint=hint)


def sqlite_file(url: URL) -> Path | None:
    """The database file of a SQLite URL; None for PostgreSQL."""
    return Path(url.database or "").absolute() if url.get_backend_name() == "sqlite" else None


def make_engine(url: URL, *, journal_mode: JournalMode = "WAL", busy_seconds: float = BUSY_SECONDS) -> Engine:
    """A thread-safe engine; no connection is opened yet.

    Parameters
    ----------
    url : URL
        From :func:`read_url`.
    journal_mode : {"WAL", "DELETE"}
        SQLite only; ``DELETE`` where the file lies on a network file system.
    busy_seconds : float
        SQLite only; how long to wait for others that write.
    """
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, pool_recycle=1800)
    engine = create_engine(url, connect_args={"timeout": busy_seconds}, pool_size=4, max_overflow=60)

    @event.listens_for(engine, "connect")
    def set_up(connection: DBAPIConnection, _record: Any) -> None:
        # Otherwise the driver begins transactions on its own, and never as IMMEDIATE.
        connection.isolation_level = None
        cursor = connection.cursor()
        _set_journal_mode(cursor, journal_mode, patience=busy_seconds)
        # A write-ahead log is never damaged by a power cut under NORMAL; a rollback journal could be.
        cursor.execute(f"PRAGMA synchronous={'NORMAL' if journal_mode == 'WAL' else 'FULL'}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _set_journal_mode(cursor: DBAPICursor, wanted: JournalMode, *, patience: float) -> None:
    """Change the journal mode where it differs, waiting for others at most ``patience`` seconds.

    SQLite does not apply its busy timeout to this change: with several processes opening a new database at once,
    all but one are told ``SQLITE_BUSY`` at once (https://www.sqlite.org/pragma.html#pragma_journal_mode).
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            cursor.execute("PRAGMA journal_mode")
            current = cursor.fetchone()
            if current is None or str(current[0]).upper() != wanted:
                cursor.execute(f"PRAGMA journal_mode={wanted}")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
                raise
            time.sleep(_BUSY_PAUSE)
        else:
            return
