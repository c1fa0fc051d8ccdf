"""Telling what an edit changed, and the line of Python that does the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from voxshelf.cli.printing import moment_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voxshelf.model import HistoryEntry
    from voxshelf.store import DatasetStore

__all__ = ["EditsSince", "heading", "print_edits"]

_LONGEST = 600


class EditsSince:
    """The edits of one dataset from now on.

    Parameters
    ----------
    store : DatasetStore
        Where it is.
    key : str
        The dataset.
    """

    def __init__(self, store: DatasetStore, key: str) -> None:
        self._store = store
        self._key = key
        self._last = max((entry.id for entry in store.history(key, limit=1)), default=0)

    def read(self) -> tuple[HistoryEntry, ...]:
        """Those made so far, the oldest first."""
        entries = self._store.history(self._key, limit=20)
        return tuple(entry for entry in reversed(entries) if entry.id > self._last)


def print_edits(entries: Iterable[HistoryEntry], *, python: bool = True) -> None:
    """Print edits one after the other: the changes, and the line of Python."""
    for entry in entries:
        for change in entry.changes:
            typer.echo(f"  {change}")
        if python and entry.python:
            typer.echo(f"  In Python: {_shortened(entry.python)}")


def _shortened(line: str) -> str:
    """A whole document is nothing to read on a terminal."""
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…  (all of it with --json)"


def heading(entry: HistoryEntry) -> str:
    """One line that says which edit it is."""
    undone = "" if entry.undoes is None else f", undoes {entry.undoes}"
    return f"{entry.id}  {moment_text(entry.at)}  {entry.by or 'somebody'}  {entry.section}{undone}"
