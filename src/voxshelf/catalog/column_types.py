"""Column types that mean the same in SQLite and in PostgreSQL.

Every id and every size is 64 bits wide (SQLite would hide an overflow that PostgreSQL refuses); a *moment* is
kept as whole microseconds since 1970 in UTC, so that it sorts, pages and compares alike in both and carries no
time zone to be forgotten. Text that is sorted by is compared by code point in both. What neither can
hold (NUL, lone surrogates) is replaced on its way in, also in what is looked for: nothing of that name is found.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Integer, Text
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import Dialect
    from sqlalchemy.types import TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# SQLite numbers rows by itself only where the type is spelled INTEGER, which is 64 bits wide there.
BigId = BigInteger().with_variant(Integer, "sqlite")

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def storable(text: str) -> str:
    """``text`` without what a database refuses: lone surrogates (from file names) and NUL."""
    return _UNSTORABLE.sub("�", text)


class PlainText(TypeDecorator[str]):
    """Text, made storable."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """To the database."""
        return None if value is None else storable(value)


class SortText(PlainText):
    """Text that is sorted by, or looked up."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """With code points compared, which SQLite does anyway."""
        return Text(collation="C" if dialect.name == "postgresql" else None)


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
