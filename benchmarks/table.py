"""What all benchmarks print: rows of one table, as text or as Markdown.

Words used here: a *row* is one thing measured; a *peer* is who else did the same on the same data in the same run;
the *ratio* says how many times better we are, for times and for rates alike; a *goal* is the least ratio to the first
peer that we want, a *limit* the most that our own figure may be.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["LeftOut", "Printer", "Result", "Row"]


class LeftOut(Exception):  # noqa: N818 - no error: something is not installed here
    """A benchmark, or a part of one, cannot run here; the message says what is missing."""


@dataclass(frozen=True)
class Row:
    """One thing measured.

    Parameters
    ----------
    what : str
        What was done, to which data.
    ours : float
        Our figure.
    unit : str
        Of all figures of the row: a time, a size, or a rate such as ``frames/s``, of which more is better.
    peers : mapping
        The peers' figures by name; the first is the one that the goal is about.
    goal : float, optional
        The ratio that we want to reach.
    limit : float, optional
        The most that our figure may be.
    has_helpers : bool
        The benchmark starts programs that work beside it, so that a busy machine is no sign of a disturbance.
    """

    what: str
    ours: float
    unit: str = "ms"
    peers: Mapping[str, float] = field(default_factory=dict)
    goal: float | None = None
    limit: float | None = None
    has_helpers: bool = False

    def ratio(self, peer: str) -> float:
        """How many times better we are than a peer."""
        theirs = self.peers[peer]
        return self.ours / theirs if self.unit.endswith("/s") else theirs / self.ours

    @property
    def wanted(self) -> str:
        """The goal or limit in words; empty where there is none."""
        if self.goal is not None:
            return f"≥ {self.goal:g} ×"
        return "" if self.limit is None else f"≤ {self.limit:g} {self.unit}"

    @property
    def is_short(self) -> bool:
        """Whether the goal is missed."""
        if self.goal is not None and self.peers:
            return self.ratio(next(iter(self.peers))) < self.goal
        return self.limit is not None and self.ours > self.limit

    def lines(self) -> list[tuple[str, ...]]:
        """The cells: what, our figure, peer, its figure, ratio, goal, verdict; one line per peer."""
        verdict = ("short" if self.is_short else "reached") if self.wanted else ""
        head = (self.what, _figure(self.ours, self.unit))
        if not self.peers:
            return [(*head, "", "", "", self.wanted, verdict)]
        lines: list[tuple[str, ...]] = []
        for number, (peer, theirs) in enumerate(self.peers.items()):
            ratio = self.ratio(peer)
            cells = (peer, _figure(theirs, self.unit), f"{ratio:.{1 if ratio >= 10 else 2}f} ×")
            lines.append((*head, *cells, self.wanted, verdict) if number == 0 else ("", "", *cells, "", ""))
        return lines


class Result(NamedTuple):
    """A row, or a sentence about what is left out, and whether other programs kept the machine busy meanwhile."""

    row: Row | str
    is_disturbed: bool = False


def _figure(value: float, unit: str) -> str:
    digits = 0 if value >= 1000 else 1 if value >= 100 else 2
    return f"{value:,.{digits}f} {unit}"


_TITLES = ("", "ours", "peer", "theirs", "ratio", "goal", "")
_WIDTHS = (46, 13, 20, 13, 8, 9, 8)


@dataclass
class Printer:
    """Prints rows as they are measured, and at the end which goals were missed.

    Parameters
    ----------
    markdown : bool
        As a Markdown table.
    """

    markdown: bool = False
    with_goal: int = 0
    disturbed: int = 0
    short: list[str] = field(default_factory=list)

    def head(self) -> None:
        """Begin the table."""
        self._line(_TITLES)
        if self.markdown:
            self._line(("---", "--:", "---", "--:", "--:", "--:", "---"))

    def show(self, results: Iterable[Result]) -> None:
        """Print rows; sentences are printed as they are."""
        for row, is_disturbed in results:
            if isinstance(row, str):
                self.say(row)
                continue
            first, *more = row.lines()
            self._line((*first[:-1], f"{first[-1]} (disturbed)".strip() if is_disturbed else first[-1]))
            for line in more:
                self._line(line)
            self.disturbed += is_disturbed
            self.with_goal += bool(row.wanted)
            if row.is_short:
                self.short.append(row.what)

    def say(self, sentence: str) -> None:
        """Print a sentence between the rows."""
        if self.markdown:
            self._line((sentence, *[""] * (len(_TITLES) - 1)))
        else:
            print(sentence, flush=True)

    def foot(self) -> None:
        """Close the table with the goals that were missed."""
        print(f"\n{self.with_goal - len(self.short)} of {self.with_goal} goals reached.", flush=True)
        for what in self.short:
            print(f"  short: {what}", flush=True)
        if self.disturbed:
            print(f"{self.disturbed} rows were disturbed by other programs; --repeat N measures them again.")

    def _line(self, cells: tuple[str, ...]) -> None:
        if self.markdown:
            print(f"| {' | '.join(cells)} |", flush=True)
            return
        places = zip(cells, _WIDTHS, range(len(cells)), strict=True)
        padded = (cell.rjust(width) if n in {1, 3, 4, 5} else cell.ljust(width) for cell, width, n in places)
        print("  ".join(padded).rstrip(), flush=True)
