"""Processes that work with one store at the same moment."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SCRIPT = """
import sys
from voxshelf.model import VoxelSize
from voxshelf.store import LocalDatasetStore
root, url, number = sys.argv[1], sys.argv[2] or None, int(sys.argv[3])
store = LocalDatasetStore(root, catalog_url=url)
{prepare}
print("ready", flush=True)
sys.stdin.readline()
{work}
store.close()
"""
_PATIENCE = 120


class Companions:
    """Processes that do the same work at the same moment.

    Parameters
    ----------
    root : Path
        The store's.
    url : str
        Of its catalog; empty: beside the data.
    count : int
        How many.
    work : str
        Python, with ``store`` and the ``number`` of the process; what it prints is its answer.
    prepare : str
        Python to be run before all begin.
    """

    def __init__(self, root: Path, url: str, count: int, work: str, prepare: str = "") -> None:
        script = _SCRIPT.format(work=work, prepare=prepare)
        self._processes = [
            subprocess.Popen(  # noqa: S603 - our own script
                [sys.executable, "-c", script, str(root), url, str(number)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for number in range(count)
        ]
        for process in self._processes:
            if process.stdout is None or process.stdout.readline() != "ready\n":
                raise AssertionError(process.communicate(timeout=_PATIENCE)[1])

    def go(self) -> None:
        """Let all begin."""
        for process in self._processes:
            if process.stdin is not None:
                process.stdin.write("go\n")
                process.stdin.flush()

    def answers(self) -> list[str]:
        """What each printed, when all are done."""
        answers = []
        for process in self._processes:
            output, errors = process.communicate(timeout=_PATIENCE)
            if process.returncode or errors:
                raise AssertionError(errors)
            answers.append(output.strip())
        return answers
