"""Peers that cannot be installed beside us: ``webknossos`` gets a Python environment of its own.

It lies in the benchmarks' cache folder, or where ``$VOXSHELF_BENCH_WEBKNOSSOS`` names the Python of an environment
that has it. ``python -m benchmarks --peers`` makes it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.data import cache_folder

__all__ = ["WITHOUT_WEBKNOSSOS", "install_webknossos", "webknossos_python"]

WITHOUT_WEBKNOSSOS = (
    "(webknossos takes no part: it is not installed; `python -m benchmarks --peers` installs it beside us)"
)


def _own_python() -> Path:
    folder = "Scripts" if os.name == "nt" else "bin"
    return cache_folder() / "webknossos" / folder / "python"


def webknossos_python() -> Path | None:
    """The Python that can import ``webknossos``; None where there is none."""
    chosen = os.environ.get("VOXSHELF_BENCH_WEBKNOSSOS")
    python = Path(chosen) if chosen else _own_python()
    if not python.exists():
        return None
    done = subprocess.run([python, "-c", "import webknossos"], check=False, capture_output=True)
    return python if done.returncode == 0 else None


def install_webknossos() -> None:
    """Make the environment, unless there is one."""
    if webknossos_python() is None:
        python = _own_python()
        print(f"installing webknossos into {python.parents[1]} …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", python.parents[1]], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "webknossos"], check=True)
