"""``Draft``: a person's copy of one document, which follows the stored one while she edits. Pure, no widget."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from voxshelf.model import Change, Conflict, Place, apply_changes, diff_documents, merge_documents

if TYPE_CHECKING:
    from collections.abc import Iterable


class Draft:
    """One document while somebody edits it.

    Parameters
    ----------
    stored : dict
        What the store says; JSON.
    version : int
        Of the dataset, when that was read.

    Attributes
    ----------
    stored : dict
        What the store said when it was last looked at.
    mine : dict
        The same with the person's edits.
    version : int
        Of the dataset, when ``stored`` was read.

    Examples
    --------
    >>> draft = Draft({"zoom": 1, "alpha": 20}, version=1)
    >>> draft.mine = {"zoom": 2, "alpha": 20}
    >>> draft.follow({"zoom": 1, "alpha": 50}, version=2)
    >>> draft.mine, draft.conflicts
    ({'zoom': 2, 'alpha': 50}, ())
    """

    def __init__(self, stored: dict[str, Any], version: int) -> None:
        self.stored = stored
        self.mine = copy.deepcopy(stored)
        self.version = version
        self._noted: dict[Place, Conflict] = {}

    @property
    def changes(self) -> tuple[Change, ...]:
        """What the person edited."""
        return diff_documents(self.stored, self.mine)

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Where somebody else changed what the person edited, and she has not chosen yet."""
        changes = self.changes
        return tuple(
            conflict
            for place, conflict in self._noted.items()
            if any(_touch(change.place, place) for change in changes)
        )

    def follow(self, stored: dict[str, Any], version: int) -> None:
        """Take over what others stored: at once where the person has not edited, else as a conflict."""
        merge = merge_documents(self.stored, self.mine, stored)
        self._noted = {conflict.place: conflict for conflict in (*self.conflicts, *merge.conflicts)}
        self.stored, self.version = stored, version
        self.mine = merge.document_with_mine

    def choose(self, place: Place, *, mine: bool) -> None:
        """Settle the conflict at a place: keep the edit, or take over what is stored."""
        self._noted.pop(place, None)
        if not mine:
            self.revert([place])

    def revert(self, places: Iterable[Place]) -> None:
        """Forget the edits at and below some places."""
        outer = tuple(places)
        back = [
            change
            for change in diff_documents(self.mine, self.stored)
            if any(change.place[: len(place)] == place for place in outer)
        ]
        self.mine = apply_changes(self.mine, back)

    def discard(self) -> None:
        """Forget all edits."""
        self.mine = copy.deepcopy(self.stored)
        self._noted = {}


def _touch(one: Place, other: Place) -> bool:
    """Whether one place is the other, or lies within it."""
    length = min(len(one), len(other))
    return one[:length] == other[:length]
