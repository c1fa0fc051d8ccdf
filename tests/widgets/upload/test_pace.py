from __future__ import annotations

from typing import Any

import pytest

from voxshelf.widgets.upload.pace import Pace, duration_text, size_text


@pytest.fixture
def pace(clock: Any) -> Pace:
    pace = Pace(clock)
    pace.begin(0)
    return pace


def test_speed_is_unknown_at_first(pace: Pace) -> None:
    assert pace.speed is None


def test_speed_is_that_of_the_last_seconds(pace: Pace, clock: Any) -> None:
    for second in range(1, 21):
        clock.forward(1.0)
        pace.note(second * 10 if second <= 10 else 100 + (second - 10) * 100)
    assert pace.speed == 100


def test_what_came_before_a_pause_does_not_count(pace: Pace, clock: Any) -> None:
    clock.forward(1.0)
    pace.note(1_000_000)
    clock.forward(60.0)
    pace.begin(1_000_000)
    clock.forward(1.0)
    pace.note(1_000_010)
    assert pace.speed == 10


def test_the_words_say_how_much_how_fast_and_how_long(pace: Pace, clock: Any) -> None:
    clock.forward(2.0)
    pace.note(100_000_000)
    assert pace.text(1_100_000_000) == "100 MB of 1.1 GB · 50 MB/s · 20 s left"


def test_standing_still_promises_nothing(pace: Pace, clock: Any) -> None:
    clock.forward(2.0)
    pace.note(0)
    assert pace.text(1000) == "0 bytes of 1 kB"


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1500, "1.5 kB"),
        (62_300_000, "62.3 MB"),
        (4_712_000_000, "4.71 GB"),
    ],
)
def test_sizes_read_well(size: int, text: str) -> None:
    assert size_text(size) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "1 s"), (59, "59 s"), (90, "2 min"), (3600, "1 h 0 min"), (5000, "1 h 23 min")],
)
def test_durations_read_well(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text
