"""The log of changes: written with each change, read by whoever wants to know what happened since.

The *sequence* of a change is greater than that of every change that was visible before it. In SQLite one writer
at a time sees to that; in PostgreSQL, where transactions may commit in another order than they took their
numbers, writers queue up from the moment they write to the log until they commit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text

from voxshelf.catalog.column_types import now
from voxshelf.catalog.tables import ChangeRow
from voxshelf.model import ChangeEvent

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from voxshelf.model import ChangeKind

CHANNEL = "voxshelf_changes"
"""The channel on which PostgreSQL tells every listener the newest sequence."""

_LOG_LOCK = 0x766F78_0001


@dataclass
class Writing:
    """A transaction that changes the catalog.

    Attributes
    ----------
    session : Session
        To read and write with.
    user : str
        Who does it.
    moment : datetime
        When: the same for all that belongs together.
    events : tuple of ChangeEvent
        What was logged; filled in just before the commit.
    """

    session: Session
    user: str
    writer: str
    moment: datetime = field(default_factory=now)
    events: tuple[ChangeEvent, ...] = ()
    _rows: list[ChangeRow] = field(default_factory=list)

    def log(self, kind: ChangeKind, key: str, **detail: Any) -> None:
        """Note a change of one dataset; it reaches listeners when, and only if, this transaction commits."""
        self._rows.append(
            ChangeRow(kind=kind, key=key, detail=detail, user=self.user, writer=self.writer, at=self.moment)
        )

    def write_log(self) -> None:
        """Put what was noted into the log; the last thing before the commit."""
        if not self._rows:
            return
        on_postgresql = self.session.get_bind().dialect.name == "postgresql"
        if on_postgresql:
            self.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOG_LOCK})
        self.session.add_all(self._rows)
        self.session.flush()
        self.events = tuple(_event(row) for row in self._rows)
        if on_postgresql:
            newest = {"channel": CHANNEL, "sequence": str(self.events[-1].sequence)}
            self.session.execute(text("SELECT pg_notify(:channel, :sequence)"), newest)


def changes_after(session: Session, sequence: int, *, not_by: str = "") -> tuple[list[ChangeEvent], int]:
    """What was logged after ``sequence``.

    Parameters
    ----------
    session : Session
        On the catalog.
    sequence : int
        The last one known already; 0 for everything.
    not_by : str
        Leave out what this open catalog wrote itself.

    Returns
    -------
    tuple
        The changes in order, and the newest sequence of all (also of those left out).
    """
    newest = last_sequence(session)
    wanted = select(ChangeRow).where(ChangeRow.seq > sequence, ChangeRow.seq <= newest)
    if not_by:
        wanted = wanted.where(ChangeRow.writer != not_by)
    return [_event(row) for row in session.scalars(wanted.order_by(ChangeRow.seq))], newest


def last_sequence(session: Session) -> int:
    """The newest sequence; 0 while nothing ever changed."""
    return session.scalar(select(func.max(ChangeRow.seq))) or 0


def _event(row: ChangeRow) -> ChangeEvent:
    return ChangeEvent(sequence=row.seq, kind=row.kind, key=row.key, person=str(row.detail.get("person", "")))
