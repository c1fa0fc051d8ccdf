"""How fast bytes travel, and how long the rest will take: ``Pace``; and both in words."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

WINDOW = 5.0
_SHORTEST = 0.5
_UNITS = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


class Pace:
    """Speed over the last few seconds.

    Parameters
    ----------
    clock : callable
        Seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()

    def begin(self, position: int) -> None:
        """Forget what was; ``position`` bytes are there."""
        self._seen.clear()
        self.note(position)

    def note(self, position: int) -> None:
        """``position`` bytes are there now."""
        now = self._clock()
        self._seen.append((now, position))
        while len(self._seen) > 2 and now - self._seen[0][0] > WINDOW:
            self._seen.popleft()

    @property
    def speed(self) -> float | None:
        """Bytes per second; None until that can be told."""
        if not self._seen:
            return None
        (start, first), (end, last) = self._seen[0], self._seen[-1]
        return (last - first) / (end - start) if end - start >= _SHORTEST else None

    def text(self, size: int) -> str:
        """``36 MB of 120 MB · 56 MB/s · 2 s left``, for a file of ``size`` bytes."""
        position = self._seen[-1][1] if self._seen else 0
        parts = [f"{size_text(position)} of {size_text(size)}"]
        speed = self.speed
        if speed:
            parts += [f"{size_text(speed)}/s", f"{duration_text((size - position) / speed)} left"]
        return " · ".join(parts)


def size_text(size: float) -> str:
    """Bytes in the unit in which they read well."""
    for unit, factor in _UNITS:
        if size >= factor:
            shown = size / factor
            return f"{shown:.0f} {unit}" if shown >= 100 else f"{shown:.3g} {unit}"
    return f"{size:.0f} bytes"


def duration_text(seconds: float) -> str:
    """Seconds as a person says them."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
