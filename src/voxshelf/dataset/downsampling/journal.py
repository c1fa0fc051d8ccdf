"""What a downsampling has finished, so that a killed one goes on: :class:`Journal`.

Words used here: the *journal* is the hidden file ``.downsampling`` in the coarser mag's folder. Its first line
says what is computed (JSON); every further line names a finished cube ``x y z``. It is deleted at the end, so
its presence means that the mag is not complete. A last line that was cut off by a kill is not believed.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from pathlib import Path

    from voxshelf.model import Vec3Int

__all__ = ["JOURNAL_NAME", "Journal"]

JOURNAL_NAME = ".downsampling"


class Journal:
    """The journal of one mag folder; use it as a context manager.

    Parameters
    ----------
    folder : Path
        The coarser mag's folder; it exists.
    task : dict
        What is computed, as JSON. A journal of another task is begun anew.
    resume : bool
        Whether to believe a journal that is there.
    """

    def __init__(self, folder: Path, task: dict[str, Any], *, resume: bool) -> None:
        self._path = folder / JOURNAL_NAME
        self._head = json.dumps(task, sort_keys=True)
        self._finished = self._read() if resume else set()
        self._file = self._path.open("w", encoding="ascii")
        self._file.write(self._head + "\n")
        for cube in sorted(self._finished):
            self._note(cube)
        self._sync()

    def _read(self) -> set[Vec3Int]:
        try:
            head, *lines = self._path.read_text(encoding="ascii").split("\n")
        except (OSError, UnicodeDecodeError):
            return set()
        if head != self._head:
            return set()
        finished = set()
        for line in lines[:-1]:  # what follows the last newline was not written completely
            with suppress(ValueError):
                x, y, z = map(int, line.split())
                finished.add((x, y, z))
        return finished

    def __enter__(self) -> Self:
        return self

    def __exit__(self, exception_type: type[BaseException] | None, *_exception: object) -> None:
        self._file.close()
        if exception_type is None:
            with suppress(FileNotFoundError):
                self._path.unlink()

    def __contains__(self, cube: object) -> bool:
        return cube in self._finished

    def add(self, cube: Vec3Int) -> None:
        """Note that a cube's file is complete and on the disk."""
        self._finished.add(cube)
        self._note(cube)
        self._sync()

    def _note(self, cube: Vec3Int) -> None:
        self._file.write("{} {} {}\n".format(*cube))

    def _sync(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
