"""The catalog: one database, opened; the door through which a store reads and writes it."""

from __future__ import annotations

import logging
import os
import secrets
from contextlib import ExitStack, contextmanager
from threading import Event, Lock
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from voxshelf.catalog.changes import Writing, changes_after, last_sequence
from voxshelf.catalog.engine import BUSY_SECONDS, WRITING, make_engine, read_url, sqlite_file
from voxshelf.catalog.filesystems import network_file_system
from voxshelf.catalog.locks import exclusively
from voxshelf.catalog.schema import prepare
from voxshelf.catalog.watching import Bell, open_bell
from voxshelf.errors import ReadOnlyError, StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine
    from sqlalchemy.engine import URL

    from voxshelf.catalog.engine import JournalMode
    from voxshelf.model import ChangeEvent

logger = logging.getLogger(__name__)

# Connections inherited by a fork are never closed: closing one could disturb the parent's.
_INHERITED: list[Engine] = []


class Catalog:
    """What a store remembers, in SQLite or PostgreSQL. Safe to use from any thread, and after a fork.

    Parameters
    ----------
    url : str or URL
        ``sqlite:////folder/catalog.db`` or ``postgresql://user@host/database``.
    user : str
        Who is named in the log of changes.
    detect_network : callable, optional
        Tells the kind of network file system of a folder, or None.
    busy_seconds : float
        SQLite only; how long to wait for others that write.

    Raises
    ------
    StoreUnavailableError
        If the database cannot be reached, or is not a catalog that this version can use.
    ReadOnlyError
        If a SQLite catalog cannot be written where it should lie.
    MissingExtraError
        If PostgreSQL's driver is not installed.
    """

    def __init__(
        self,
        url: str | URL,
        *,
        user: str = "",
        detect_network: Callable[[Path], str | None] = network_file_system,
        busy_seconds: float = BUSY_SECONDS,
    ) -> None:
        self.url = read_url(url)
        self.user = user
        self.file = sqlite_file(self.url)
        self._writer = secrets.token_hex(8)
        self._on_network = None if self.file is None else _make_folder(self.file.parent, detect_network)
        self._busy_seconds = busy_seconds
        self._lock = Lock()
        self._pid = os.getpid()
        self._engine = self._new_engine()
        try:
            with self._explained(OSError):
                prepare(self._engine)
        except BaseException:
            self._engine.dispose()
            raise

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees the catalog as it is at one moment."""
        with self._explained(), Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self, user: str | None = None) -> Iterator[Writing]:
        """A transaction that commits, with its log, at the end of the block, or not at all.

        ``user`` is who is named in the log; default the catalog's own user.
        """
        engine = self.engine.execution_options(**{WRITING: True})
        with self._explained(), Session(engine, expire_on_commit=False) as session:
            writing = Writing(session, user=self.user if user is None else user, writer=self._writer)
            yield writing
            writing.write_log()
            session.commit()

    def last_sequence(self) -> int:
        """The sequence of the newest change."""
        with self.reading() as session:
            return last_sequence(session)

    def changes_by_others(self, after: int) -> tuple[list[ChangeEvent], int]:
        """What others logged after a sequence, and the newest sequence."""
        with self.reading() as session:
            return changes_after(session, after, not_by=self._writer)

    def open_bell(self) -> Bell:
        """What rings when another process changed something; belongs to the calling thread."""
        with self._explained(self._driver_error):
            return open_bell(self.engine)

    def wait(self, bell: Bell, stop: Event) -> bool:
        """Wait for the bell to ring; see :meth:`Bell.wait <voxshelf.catalog.watching.Bell.wait>`."""
        with self._explained(self._driver_error):
            return bell.wait(stop)

    @contextmanager
    def exclusively(self, name: str, *, waits: bool = True) -> Iterator[bool]:
        """Do one thing at a time, across threads and processes; a thread holds one such name at a time.

        Gives False where somebody else does it now and ``waits`` is False.
        """
        with ExitStack() as held:
            with self._explained(OSError, self._driver_error):
                is_held = held.enter_context(exclusively(self.engine, name, waits=waits))
            yield is_held

    def close(self) -> None:
        """Close all connections; the catalog may be used again and opens new ones."""
        self.engine.dispose()

    @property
    def engine(self) -> Engine:
        """The engine of this very process."""
        if self._pid != os.getpid():
            with self._lock:
                if self._pid != os.getpid():
                    _INHERITED.append(self._engine)
                    self._engine = self._new_engine()
                    self._pid = os.getpid()
        return self._engine

    @property
    def _driver_error(self) -> type[Exception]:
        """What the database's driver raises where it is used without SQLAlchemy around it."""
        error: type[Exception] = self._engine.dialect.loaded_dbapi.Error
        return error

    def _new_engine(self) -> Engine:
        journal_mode: JournalMode = "DELETE" if self._on_network else "WAL"
        return make_engine(self.url, journal_mode=journal_mode, busy_seconds=self._busy_seconds)

    @contextmanager
    def _explained(self, *also: type[Exception]) -> Iterator[None]:
        """Say what a person can do about it when the database does not answer; ``also``: what else means that."""
        where = str(self.file) if self.file else self.url.render_as_string(hide_password=True)
        understood: tuple[type[Exception], ...] = (DBAPIError, *also)
        try:
            yield
        except (IntegrityError, ProgrammingError):
            raise
        except understood as error:
            reason = str(getattr(error, "orig", error)).strip().rstrip(".")
            if isinstance(error, PermissionError) or "readonly" in reason or "read-only" in reason:
                raise _read_only(where) from error
            raise StoreUnavailableError(
                f"The catalog {where} cannot be used now: {reason}.",
                hint="Check that its disk has room or its server is running, then try again.",
            ) from error


def _make_folder(folder: Path, detect_network: Callable[[Path], str | None]) -> str | None:
    """Make sure that a SQLite catalog's folder is there; the kind of network file system that it is on."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _read_only(str(folder)) from error
    kind = detect_network(folder)
    if kind is not None:
        logger.warning(
            "The catalog in %s lies on a network file system (%s): changes are slower there. "
            "A catalog_url on a local disk, or PostgreSQL, is better.",
            folder,
            kind,
        )
    return kind


def _read_only(where: str) -> ReadOnlyError:
    return ReadOnlyError(
        f"The catalog cannot be written at {where}.",
        hint="Ask for the right to write there, or give catalog_url=… a place of your own.",
    )
