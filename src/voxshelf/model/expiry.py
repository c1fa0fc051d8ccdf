"""Reading until when something holds, as people say it: ``7 days``, ``Friday``, ``2026-12-01``, a datetime.

A day given by its date or its name counts to its end: *until Friday* still works on Friday. Days end, and
times without a zone are read, in UTC: a notebook, a hub and a command line far apart must agree.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

from voxshelf.errors import VoxshelfError

Expiry: TypeAlias = datetime | date | timedelta | str | None

_HINT = (
    "Write a span such as '7 days' or '3 months', a day such as 'Friday' or '2026-12-01', a datetime or "
    "timedelta, or 'never'."
)
_SPAN = re.compile(r"(\d{1,6}|an?|one)\s*(minute|hour|day|week|month|year)s?")
_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class InvalidExpiryError(VoxshelfError, ValueError):
    """Something that is no time, or one that has passed."""


def parse_expiry(expires: Expiry, *, now: datetime | None = None) -> datetime | None:
    """The moment, in UTC, from which on something no longer holds.

    Parameters
    ----------
    expires : datetime, date, timedelta, str or None
        ``None`` and ``"never"`` mean no end. Texts: a span (``"7 days"``, ``"in 2 weeks"``, ``"1 month"``), a
        weekday (``"until Friday"``: the next one, never today), ``"today"``, ``"tomorrow"``, an ISO date
        or datetime.
    now : datetime, optional
        An aware datetime that spans are counted from; default: this moment.

    Raises
    ------
    InvalidExpiryError
        If it is no time, or lies in the past.

    Examples
    --------
    >>> parse_expiry("2030-12-01", now=datetime(2026, 7, 1, tzinfo=UTC))
    datetime.datetime(2030, 12, 2, 0, 0, tzinfo=datetime.timezone.utc)
    """
    moment = datetime.now(UTC) if now is None else now.astimezone(UTC)
    try:
        end = _read(expires, moment)
    except OverflowError:
        raise InvalidExpiryError(
            f"{expires!r} is further away than a calendar reaches.", hint=_HINT
        ) from None
    if end is not None and end <= moment:
        raise InvalidExpiryError(
            f"{expires!r} has passed: it would have ended at {end:%Y-%m-%d %H:%M} UTC.",
            hint="Give a time that is still to come; to end a link now, revoke it.",
        )
    return end


def _read(expires: Expiry, now: datetime) -> datetime | None:
    if expires is None:
        return None
    if isinstance(expires, str):
        return _read_text(expires, now)
    if isinstance(expires, timedelta):
        return now + expires
    if isinstance(expires, datetime):
        return expires.replace(tzinfo=UTC) if expires.tzinfo is None else expires.astimezone(UTC)
    if isinstance(expires, date):
        return _end_of(expires)
    raise InvalidExpiryError(f"{expires!r} is not a time.", hint=_HINT)


def _read_text(text: str, now: datetime) -> datetime | None:
    plain = re.sub(r"^(until|in|for|on|next)\s+", "", " ".join(text.lower().split()))
    if plain == "never":
        return None
    if plain in ("today", "tomorrow"):
        return _end_of(now.date() + timedelta(days=("today", "tomorrow").index(plain)))
    if plain in _WEEKDAYS:
        return _end_of(now.date() + timedelta(days=(_WEEKDAYS.index(plain) - now.weekday() - 1) % 7 + 1))
    if span := _SPAN.fullmatch(plain):
        count = int(span[1]) if span[1].isdigit() else 1
        return _after(now, count, span[2])
    return _read_iso(text, plain)


def _read_iso(text: str, plain: str) -> datetime:
    try:
        return _end_of(date.fromisoformat(plain))
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(plain.upper())
    except ValueError:
        raise InvalidExpiryError(f"{text!r} is not a time.", hint=_HINT) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _after(now: datetime, count: int, unit: str) -> datetime:
    if unit in _SECONDS:
        return now + timedelta(seconds=count * _SECONDS[unit])
    months = now.year * 12 + now.month - 1 + count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    if year > 9999:
        raise OverflowError
    # The 31st of January and one month is the last day of February.
    day = min(now.day, calendar.monthrange(year, month + 1)[1])
    return now.replace(year=year, month=month + 1, day=day)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC) + timedelta(days=1)
