"""Reading until when something holds, as people say it: ``7 days``, ``Fri``, ``2026-12-01``, a datetime.

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

_TEXT_HINT = "Write for example 'Friday', '2026-12-04', '7 days' or 'never'."
_HINT = f"{_TEXT_HINT} A date, a datetime or a timedelta will do as well."
_DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
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
        weekday (``"until Friday"``, ``"Fri"``: the next one, never today), ``"today"``, ``"tomorrow"``, an ISO
        date or datetime, a day, month and year between dots (``"04.12.2026"``). Slashes are refused: they stand
        for two orders.
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
            f"{expires!r} is further away than a calendar reaches.", hint=_hint_for(expires)
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
    for number, name in enumerate(_WEEKDAYS):
        if plain in (name, name[:3], f"{name[:3]}."):
            return _end_of(now.date() + timedelta(days=(number - now.weekday() - 1) % 7 + 1))
    if span := _SPAN.fullmatch(plain):
        count = int(span[1]) if span[1].isdigit() else 1
        return _after(now, count, span[2])
    return _read_date(text, plain)


def _read_date(text: str, plain: str) -> datetime:
    try:
        if day := _DAY.fullmatch(plain):
            return _end_of(date(int(day[3]), int(day[2]), int(day[1])))
        return _end_of(date.fromisoformat(plain))
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(plain.upper())
    except ValueError:
        raise InvalidExpiryError(f"{text!r} is not a time.", hint=_TEXT_HINT) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _hint_for(expires: Expiry) -> str:
    """What to write instead: who writes a text on a screen has no datetime at hand."""
    return _TEXT_HINT if isinstance(expires, str) else _HINT


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
