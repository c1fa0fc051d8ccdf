"""Two people edited the same document: what goes together is merged, the rest is a conflict with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from voxshelf.model.history import Change, EditKind, apply_changes, diff_documents
from voxshelf.model.named_entries import NamedEntries, entries_of, paired_entries, same_json
from voxshelf.model.problems import Place, format_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Conflict(BaseModel):
    """One place that both changed, and not alike.

    Parameters
    ----------
    place : tuple of str
        The outermost place that both touched.
    mine, theirs : tuple of Change
        What each did there, seen from the common base.
    """

    model_config = ConfigDict(frozen=True)

    place: Place
    mine: tuple[Change, ...]
    theirs: tuple[Change, ...]

    def __str__(self) -> str:
        mine, theirs = (" ".join(map(str, changes)) for changes in (self.mine, self.theirs))
        return f"{format_place(self.place)}: you: {mine} They: {theirs}"


class Merge(BaseModel):
    """The outcome of a three-way merge.

    Parameters
    ----------
    document : dict
        Theirs, with those of my changes that are in nobody's way.
    document_with_mine : dict
        The same, but with my changes where both changed something.
    conflicts : tuple of Conflict
        The places where the two differ; empty if everything went together.
    """

    model_config = ConfigDict(frozen=True)

    document: dict[str, Any]
    document_with_mine: dict[str, Any]
    conflicts: tuple[Conflict, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether nothing is left to decide."""
        return not self.conflicts

    def choose(self, mine: Iterable[Place]) -> dict[str, Any]:
        """The merged document with my side at these places of conflicts, and theirs at all others."""
        places = tuple(mine)
        changes = diff_documents(self.document, self.document_with_mine)
        return apply_changes(
            self.document,
            [change for change in changes if any(_is_within(change.place, at) for at in places)],
        )


def merge_documents(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> Merge:
    """Join my edit and theirs, field by field.

    Parameters
    ----------
    base : dict
        What both started from.
    mine : dict
        What I made of it and want to store.
    theirs : dict
        What is stored by now.
    """
    start = _with_common_containers(base, mine, theirs)
    my_changes, their_changes = diff_documents(start, mine), diff_documents(start, theirs)
    conflicts = _conflicts(my_changes, their_changes)
    return Merge(
        document=_joined(start, their_changes, my_changes, conflicts),
        document_with_mine=_joined(start, my_changes, their_changes, conflicts),
        conflicts=conflicts,
    )


def _joined(
    start: dict[str, Any], first: Sequence[Change], second: Sequence[Change], conflicts: Sequence[Conflict]
) -> dict[str, Any]:
    """``start`` with all of ``first`` and those of ``second`` that are neither in conflict nor made already."""
    settled = {
        (change.place, change.kind) for conflict in conflicts for change in (*conflict.mine, *conflict.theirs)
    }
    settled |= {(made.place, made.kind) for change in second for made in first if _is_same(change, made)}
    extra = [change for change in second if (change.place, change.kind) not in settled]
    return apply_changes(apply_changes(start, first), extra)


def _conflicts(mine: Sequence[Change], theirs: Sequence[Change]) -> tuple[Conflict, ...]:
    clashes = [(my, their) for my in mine for their in theirs if _clash(my, their)]
    places = {min(my.place, their.place, key=len) for my, their in clashes}
    outermost = [place for place in places if not any(_is_within(place, other) for other in places - {place})]
    my_side = {id(my): my for my, _ in clashes}.values()
    their_side = {id(their): their for _, their in clashes}.values()
    return tuple(
        Conflict(
            place=place,
            mine=tuple(change for change in my_side if _is_within(change.place, place)),
            theirs=tuple(change for change in their_side if _is_within(change.place, place)),
        )
        for place in sorted(outermost, key=format_place)
    )


def _clash(my: Change, their: Change) -> bool:
    if _is_same(my, their):
        return False
    orders = (my.kind is EditKind.REORDERED, their.kind is EditKind.REORDERED)
    if all(orders):
        return my.place == their.place and _orders_clash(my, their)
    if orders[0]:
        return _is_within(my.place, their.place)
    if orders[1]:
        return _is_within(their.place, my.place)
    return _is_within(my.place, their.place) or _is_within(their.place, my.place)


def _orders_clash(my: Change, their: Change) -> bool:
    """Whether both moved what was there before, to different orders."""
    if not (_moves(my) and _moves(their)):
        return False
    return [n for n in my.after if n in their.after] != [n for n in their.after if n in my.after]


def _moves(change: Change) -> bool:
    kept = [name for name in change.before if name in change.after]
    return kept != [name for name in change.after if name in change.before]


def _is_same(one: Change, other: Change) -> bool:
    return one.place == other.place and one.kind is other.kind and same_json(one.after, other.after)


def _is_within(place: Place, outer: Place) -> bool:
    return place[: len(outer)] == outer


def _with_common_containers(base: Any, mine: Any, theirs: Any) -> Any:
    """``base`` with an empty object or list wherever both sides added one.

    So two people who each set the first value of a group do not stand in each other's way.
    """
    sides = paired_entries(mine, theirs)
    start = entries_of(base)
    if sides is None or start is None:
        return base
    values = dict(start.values)
    for name in [name for name in sides[0].values if name in sides[1].values]:
        my, their = sides[0].values[name], sides[1].values[name]
        if name in values:
            values[name] = _with_common_containers(values[name], my, their)
        elif not start.is_list and paired_entries(my, their) is not None:
            values[name] = _with_common_containers(type(my)(), my, their)
    return NamedEntries(values, is_list=start.is_list).as_json()
