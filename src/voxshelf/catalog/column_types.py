"""Column types that mean the same in SQLite and in PostgreSQL.

Every id and every size is 64 bits wide (SQLite would hide an overflow that PostgreSQL refuses); a *moment* is
kept as whole microseconds since 1970 in UTC, so that it sorts, pages and compares alike in both and carries no
time zone to be forgotten. Text that is sorted by is compared by code point in both.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Integer, Text
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import Dialect

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# SQLite numbers rows by itself only where the type is spelled INTEGER, which is 64 bits wide there.
BigId = BigInteger().with_variant(Integer, "sqlite")
SortText = Text().with_variant(Text(collation="C"), "postgresql")


class Moment(TypeDecorator[datetime]):
    """An aware UTC ``datetime``, kept as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """To the database."""
        return None if value is None else (value - EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """From the database."""
        return None if value is None else EPOCH + value * _MICROSECOND


def now() -> datetime:
    """The present moment, as an aware UTC ``datetime``."""
    return datetime.now(tz=UTC)
