"""Links, and until when they hold."""

# ruff: noqa: DTZ001 - expected ends are written without their zone, which is UTC throughout

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from voxshelf.model import InvalidExpiryError, Link, LinkState, ViewState, parse_expiry

NOW = datetime(2026, 7, 1, 12, 30, tzinfo=UTC)  # a Wednesday


def _link(**more: object) -> Link:
    return Link(id="abcd1234", dataset="springfield/retina", created=NOW, **more)


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, LinkState.ACTIVE),
        ({"expires": NOW + timedelta(microseconds=1)}, LinkState.ACTIVE),
        ({"expires": NOW}, LinkState.EXPIRED),
        ({"revoked": NOW}, LinkState.REVOKED),
        ({"revoked": NOW, "expires": NOW}, LinkState.REVOKED),
    ],
)
def test_a_link_works_until_it_expires_or_is_revoked(values: dict[str, datetime], state: LinkState) -> None:
    assert _link(**values).state(NOW) is state


def test_the_state_is_that_of_this_moment_unless_another_is_given() -> None:
    assert _link(expires=datetime.now(UTC) + timedelta(hours=1)).state() is LinkState.ACTIVE
    assert _link(expires=datetime.now(UTC) - timedelta(hours=1)).state() is LinkState.EXPIRED


def test_times_are_kept_in_utc() -> None:
    link = _link(expires=datetime(2026, 7, 1, 14, 30, tzinfo=timezone(timedelta(hours=2))))
    assert link.expires == NOW
    assert link.expires.tzinfo is UTC


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValidationError):
        _link(expires=datetime(2026, 7, 1))  # that is the point


def test_each_use_is_counted() -> None:
    link = _link().used(NOW).used(NOW + timedelta(hours=1))
    assert (link.use_count, link.last_used) == (2, NOW + timedelta(hours=1))


def test_a_view_state_is_a_partial_view_configuration_and_a_plane() -> None:
    view = ViewState(position=(1, 2, 3), plane="xz", layers={"seg": {"isDisabled": True}})
    assert view.document() == {"position": [1, 2, 3], "plane": "xz", "layers": {"seg": {"isDisabled": True}}}
    assert view.view_document() == {"position": [1, 2, 3], "layers": {"seg": {"isDisabled": True}}}


def test_a_link_survives_being_written_as_json() -> None:
    link = _link(view=ViewState(zoom=2), expires=NOW + timedelta(days=1))
    assert Link.model_validate_json(link.model_dump_json()) == link


@pytest.mark.parametrize(
    ("said", "end"),
    [
        (None, None),
        ("never", None),
        (timedelta(hours=3), datetime(2026, 7, 1, 15, 30)),
        ("7 days", datetime(2026, 7, 8, 12, 30)),
        ("in 2 weeks", datetime(2026, 7, 15, 12, 30)),
        ("a month", datetime(2026, 8, 1, 12, 30)),
        ("8 months", datetime(2027, 3, 1, 12, 30)),
        ("1 year", datetime(2027, 7, 1, 12, 30)),
        ("90 minutes", datetime(2026, 7, 1, 14)),
        ("today", datetime(2026, 7, 2)),
        ("Tomorrow", datetime(2026, 7, 3)),
        ("until Friday", datetime(2026, 7, 4)),
        ("wednesday", datetime(2026, 7, 9)),
        ("tuesday", datetime(2026, 7, 8)),
        ("Fri", datetime(2026, 7, 4)),
        ("until fri.", datetime(2026, 7, 4)),
        ("Wed", datetime(2026, 7, 9)),
        ("04.12.2026", datetime(2026, 12, 5)),
        ("4.12.2026", datetime(2026, 12, 5)),
        ("until 31. 12. 2026", datetime(2027, 1, 1)),
        ("2026-12-01", datetime(2026, 12, 2)),
        (date(2026, 12, 1), datetime(2026, 12, 2)),
        ("2026-12-01T10:00", datetime(2026, 12, 1, 10)),
        ("2026-12-01 10:00+02:00", datetime(2026, 12, 1, 8)),
        ("2026-12-01T10:00:00Z", datetime(2026, 12, 1, 10)),
        (datetime(2026, 12, 1, 10), datetime(2026, 12, 1, 10)),
        (datetime(2026, 12, 1, 10, tzinfo=timezone(timedelta(hours=-5))), datetime(2026, 12, 1, 15)),
    ],
)  # fmt: skip
def test_an_end_is_read_as_people_say_it(said: object, end: datetime | None) -> None:
    assert parse_expiry(said, now=NOW) == (None if end is None else end.replace(tzinfo=UTC))


def test_a_month_after_the_last_of_january_is_the_last_of_february() -> None:
    assert parse_expiry("1 month", now=datetime(2027, 1, 31, tzinfo=UTC)) == datetime(2027, 2, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    "said", ["2026-06-30", "0 days", timedelta(0), timedelta(days=-1), NOW, date(2020, 1, 1)]
)
def test_what_has_passed_is_refused(said: object) -> None:
    with pytest.raises(InvalidExpiryError, match="has passed") as caught:
        parse_expiry(said, now=NOW)
    assert "revoke it" in caught.value.hint


@pytest.mark.parametrize(
    "said",
    [
        *("", "soon", "7", "7 parsecs", "2026-13-01", "-3 days", "Fr", "sunny", "."),
        *("04/12/2026", "31.02.2027", "12.31.2026", "04.12.26", "04.12."),
        *(7, 7.5, True, ["7 days"]),
    ],
)
def test_what_is_no_time_is_refused_with_examples(said: object) -> None:
    with pytest.raises(InvalidExpiryError, match="is not a time") as caught:
        parse_expiry(said, now=NOW)
    assert "'7 days'" in caught.value.hint


def test_who_wrote_a_text_is_not_told_of_types() -> None:
    with pytest.raises(InvalidExpiryError) as caught:
        parse_expiry("04/12/2026", now=NOW)
    assert caught.value.hint == "Write for example 'Friday', '2026-12-04', '7 days' or 'never'."


def test_who_gave_something_else_is_told_of_types_too() -> None:
    with pytest.raises(InvalidExpiryError) as caught:
        parse_expiry(7, now=NOW)  # type: ignore[arg-type]  # that is the point
    assert "timedelta" in caught.value.hint


@pytest.mark.parametrize("said", ["999999 years", "999999 weeks", timedelta(days=999_999_999), "9999-12-31"])
def test_what_no_calendar_reaches_is_refused(said: object) -> None:
    with pytest.raises(InvalidExpiryError, match="further away"):
        parse_expiry(said, now=NOW)
