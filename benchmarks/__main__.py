"""``python -m benchmarks``: run the benchmarks beside this file and print their tables.

A benchmark is a module ``bench_<name>.py`` with a function ``main()`` that prints its table; where it takes
``quick``, it is told whether ``--quick`` was given. All of them run, or those that ``--only`` names.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import sys
from pathlib import Path


def _names() -> list[str]:
    return sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))


def main() -> int:
    """Run what was asked for; the exit status says whether all of it could run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=_names(), help="run this one; may be given again")
    parser.add_argument("--quick", action="store_true", help="less data, fewer repetitions")
    options = parser.parse_args()
    missing = []
    for name in options.only or _names():
        print(f"\n== {name} ==", flush=True)
        try:
            benchmark = importlib.import_module(f"benchmarks.bench_{name}").main
        except ImportError as error:
            missing.append(name)
            print(f"left out: {error}")
            continue
        takes_quick = "quick" in inspect.signature(benchmark).parameters
        benchmark(**({"quick": options.quick} if takes_quick else {}))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
