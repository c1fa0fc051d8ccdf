"""Noticing that another process changed the catalog.

SQLite has no way to tell, but asking costs some microseconds: ``PRAGMA data_version`` differs as soon as another
connection has committed. PostgreSQL tells at once (``LISTEN``). Either way the answer is only "look now": what
changed stands in the log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from voxshelf.catalog.changes import CHANNEL

if TYPE_CHECKING:
    from threading import Event

    from sqlalchemy import Engine

POLL_SECONDS = 0.4


class Bell(Protocol):
    """Rings when somebody else may have changed the catalog; belongs to one thread."""

    def wait(self, stop: Event) -> bool:
        """Wait a moment; whether it is worth looking at the log. Returns early when ``stop`` is set."""

    def close(self) -> None:
        """Give the connection back."""


def open_bell(engine: Engine) -> Bell:
    """The bell of this database."""
    return ListeningBell(engine) if engine.dialect.name == "postgresql" else PollingBell(engine)


class PollingBell:
    """Asks SQLite for its data version."""

    def __init__(self, engine: Engine) -> None:
        self._connection = engine.raw_connection()
        self._seen: int | None = None  # the first look always counts: something may have happened before it

    def wait(self, stop: Event) -> bool:
        """See :class:`Bell`."""
        if self._seen is not None:
            stop.wait(POLL_SECONDS)
        cursor = self._connection.cursor()
        cursor.execute("PRAGMA data_version")
        (version,) = cursor.fetchone() or (0,)
        cursor.close()
        changed = version != self._seen
        self._seen = int(version)
        return changed

    def close(self) -> None:
        """See :class:`Bell`."""
        self._connection.close()


class ListeningBell:
    """Listens to PostgreSQL's notifications on a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        pooled = engine.raw_connection()
        connection: Any = pooled.driver_connection
        pooled.detach()  # it keeps listening, so nobody else may get it from the pool
        connection.autocommit = True
        connection.execute(f"LISTEN {CHANNEL}")
        self._connection = connection
        self._first = True

    def wait(self, stop: Event) -> bool:
        """See :class:`Bell`."""
        if self._first:
            self._first = False
            return True
        if stop.is_set():
            return False
        return any(True for _ in self._connection.notifies(timeout=POLL_SECONDS, stop_after=1))

    def close(self) -> None:
        """See :class:`Bell`."""
        self._connection.close()
