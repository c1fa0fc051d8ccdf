"""``python -m benchmarks [NAME …]``: run the benchmarks beside this file and print one table.

A benchmark is a module ``bench_<name>.py`` with a function ``rows(quick=…)`` that yields the rows of
:mod:`benchmarks.table`; each can also be run alone, ``python -m benchmarks.bench_<name>``. All of them run, or those
that are named.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from pathlib import Path

from benchmarks.peers import install_webknossos
from benchmarks.running import add_options, measured
from benchmarks.table import LeftOut, Printer


def _names() -> list[str]:
    return sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(_names())}; all by default")
    add_options(parser)
    parser.add_argument(
        "--peers", action="store_true", help="first install webknossos into an environment of its own"
    )
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in _names()]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are: {', '.join(_names())}")
    return options


def main() -> int:
    """Run what was asked for; the exit status says whether all of it could be loaded."""
    options = _options()
    if options.peers:
        install_webknossos()
    printer, started, broken = Printer(markdown=options.markdown), time.perf_counter(), 0
    printer.head()
    for name in options.names or _names():
        printer.say(f"**{name}**" if options.markdown else f"-- {name}")
        try:
            benchmark = importlib.import_module(f"benchmarks.bench_{name}").rows
            printer.show(measured(benchmark, quick=options.quick, repeat=options.repeat))
        except LeftOut as reason:
            printer.say(f"left out: {reason}")
        except ImportError as error:
            broken += 1
            printer.say(f"cannot run: {error}")
    printer.foot()
    print(f"Took {time.perf_counter() - started:.0f} s.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
