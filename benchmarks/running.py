"""How benchmarks are run: all rows in turn, and again where other programs disturbed them.

Words used here: a row is *disturbed* when programs other than this one and its children kept more than a fifth of a
core busy while it was measured.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from benchmarks.table import LeftOut, Printer, Result, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Benchmark", "add_options", "measured", "run_alone"]

_QUIET = 0.2


class Benchmark(Protocol):
    """The function ``rows`` of a module ``bench_<name>.py``: rows, or sentences about what is left out."""

    def __call__(self, *, quick: bool) -> Iterator[Row | str]:
        """Measure; ``quick``: less data, fewer repetitions."""


def measured(benchmark: Benchmark, *, quick: bool, repeat: int = 1) -> Iterator[Result]:
    """The rows of a benchmark as they come; with ``repeat``, at the end, each from its quietest run."""
    if repeat <= 1:
        for result, busy in _once(benchmark, quick=quick):
            yield Result(result, busy > _QUIET)
        return
    quietest: dict[str, tuple[Row | str, float]] = {}
    for _ in range(repeat):
        for row, busy in _once(benchmark, quick=quick):
            name = row if isinstance(row, str) else row.what
            if name not in quietest or busy < quietest[name][1]:
                quietest[name] = row, busy
        if all(busy <= _QUIET for _, busy in quietest.values()):
            break
    for row, busy in quietest.values():
        yield Result(row, busy > _QUIET)


def _once(benchmark: Benchmark, *, quick: bool) -> Iterator[tuple[Row | str, float]]:
    others = OtherPrograms()
    for row in benchmark(quick=quick):
        busy = others.cores_since_last()
        yield row, 0.0 if isinstance(row, str) or row.has_helpers else busy


class OtherPrograms:
    """How many cores programs other than this one and its children kept busy; always 0 where Linux does not say."""

    def __init__(self) -> None:
        self._last = self._now()

    def cores_since_last(self) -> float:
        """On average, since this was last asked."""
        (wall, everybody, own), before = self._now(), self._last
        self._last = (wall, everybody, own)
        return max(0.0, (everybody - before[1]) - (own - before[2])) / max(wall - before[0], 0.01)

    def _now(self) -> tuple[float, float, float]:
        """Seconds: of the clock, of all processes, of this one and its children that have ended."""
        own = os.times()
        try:
            numbers = Path("/proc/stat").read_text(encoding="ascii").split()[1:9]
        except OSError:
            return time.monotonic(), 0.0, 0.0
        user, nice, system, _idle, _waiting, *interrupts, _stolen = map(int, numbers)
        everybody = (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")
        return time.monotonic(), everybody, sum(own[:4])


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that all benchmarks have."""
    parser.add_argument("--quick", action="store_true", help="less data, fewer repetitions")
    parser.add_argument("--markdown", action="store_true", help="print a Markdown table")
    parser.add_argument(
        "--repeat",
        type=int,
        default=1,
        metavar="N",
        help="measure disturbed rows again, up to N times in all",
    )


def run_alone(benchmark: Benchmark, description: str | None) -> None:
    """Run one benchmark as a program of its own."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_options(parser)
    options = parser.parse_args()
    printer = Printer(markdown=options.markdown)
    printer.head()
    try:
        printer.show(measured(benchmark, quick=options.quick, repeat=options.repeat))
    except LeftOut as reason:
        printer.say(f"left out: {reason}")
    printer.foot()
