"""What changed between two JSON documents, field by field: to show it, to undo it, to merge two people's edits.

Words. A *change* is one field that was added, changed or removed, or one list whose items changed places. Lists
of named things (layers by ``name``, metadata by ``key``, mags by ``mag`` or ``resolution``) are compared by
name, so a change inside of a layer has the place ``("dataLayers", "color", "category")`` wherever that
layer stands; all other lists are one value. Numbers are equal as numbers: 28 and 28.0 are no change.
"""

from __future__ import annotations

import copy
import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from voxshelf.errors import EditConflict
from voxshelf.model.named_entries import NamedEntries, entries_of, paired_entries, reordered, same_json
from voxshelf.model.problems import Place, format_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SHOWN = 80


class EditKind(StrEnum):
    """What happened at a place."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    REORDERED = "reordered"
    """The items of a list changed places; before and after hold all their names."""


class Change(BaseModel):
    """One change at one place.

    Parameters
    ----------
    place : tuple of str
        Keys, and names of list items, from the document's root.
    kind : EditKind
        What happened there.
    before, after : Any
        The JSON values; None where there is none (the kind tells that from a JSON null).
    """

    model_config = ConfigDict(frozen=True)

    place: Place
    kind: EditKind
    before: Any = None
    after: Any = None

    def inverse(self) -> Change:
        """The change that takes this one back."""
        kinds = {EditKind.ADDED: EditKind.REMOVED, EditKind.REMOVED: EditKind.ADDED}
        kind = kinds.get(self.kind, self.kind)
        return Change(place=self.place, kind=kind, before=self.after, after=self.before)

    def __str__(self) -> str:
        where = format_place(self.place)
        if self.kind is EditKind.ADDED:
            return f"Added {where}: {_shown(self.after)}."
        if self.kind is EditKind.REMOVED:
            return f"Removed {where}, which was {_shown(self.before)}."
        if self.kind is EditKind.REORDERED:
            return f"Reordered {where}: {', '.join(self.after)}; before: {', '.join(self.before)}."
        return f"Changed {where} from {_shown(self.before)} to {_shown(self.after)}."


def diff_documents(before: dict[str, Any], after: dict[str, Any]) -> tuple[Change, ...]:
    """The changes that make ``after`` of ``before``; none where they are equal as JSON."""
    return tuple(_differences(before, after, ()))


def apply_changes(document: dict[str, Any], changes: Iterable[Change]) -> dict[str, Any]:
    """A new document with the changes made; ``document`` stays as it is.

    Raises
    ------
    EditConflict
        If it is not, at the places that the changes touch, as they found it; names every such place.
    """
    conflicts: list[Place] = []
    result: dict[str, Any] = _applied(document, [(change.place, change) for change in changes], conflicts)
    if conflicts:
        places = ", ".join(format_place(place) for place in dict.fromkeys(conflicts))
        raise EditConflict(
            f"The document was changed in the meantime at: {places}.",
            hint="Look at the present state and make the edit again, or leave these fields out.",
        )
    return result


def undo_changes(document: dict[str, Any], changes: Iterable[Change]) -> dict[str, Any]:
    """A new document with the changes taken back; later edits of other fields stay.

    Raises
    ------
    EditConflict
        If a field was edited again since.
    """
    return apply_changes(document, [change.inverse() for change in changes])


def _differences(before: Any, after: Any, place: Place) -> Iterator[Change]:
    pair = paired_entries(before, after)
    if pair is None:
        if not same_json(before, after):
            yield _change(place, EditKind.CHANGED, before, after)
        return
    old, new = pair[0].values, pair[1].values
    for name in old:
        if name not in new:
            yield _change((*place, name), EditKind.REMOVED, old[name], None)
        else:
            yield from _differences(old[name], new[name], (*place, name))
    for name in new:
        if name not in old:
            yield _change((*place, name), EditKind.ADDED, None, new[name])
    if pair[0].is_list and _needs_order(list(old), list(new)):
        yield _change(place, EditKind.REORDERED, list(old), list(new))


def _needs_order(old: list[str], new: list[str]) -> bool:
    """Whether appending what is new (or, to undo it, what was removed) would give another order."""
    kept = [name for name in old if name in new]
    gone = [name for name in old if name not in new]
    fresh = [name for name in new if name not in old]
    return kept + fresh != new or [name for name in new if name in old] + gone != old


def _change(place: Place, kind: EditKind, before: Any, after: Any) -> Change:
    # Copies: a change that is kept must not alter when the document that it was found in does.
    return Change(place=place, kind=kind, before=copy.deepcopy(before), after=copy.deepcopy(after))


def _applied(node: Any, changes: list[tuple[Place, Change]], conflicts: list[Place]) -> Any:
    """``node`` with changes made whose places are given relative to it."""
    if not changes:
        return copy.deepcopy(node)
    entries = entries_of(node)
    if entries is None:
        conflicts += [change.place for _, change in changes]
        return node
    below: dict[str | int, list[tuple[Place, Change]]] = {}
    for place, change in changes:
        if len(place) > 1 or (place and change.kind is EditKind.REORDERED):
            below.setdefault(place[0], []).append((place[1:], change))
    values = {name: _applied(value, below.pop(name, []), conflicts) for name, value in entries.values.items()}
    conflicts += [change.place for orphans in below.values() for _, change in orphans]
    for place, change in changes:
        if len(place) == 1 and change.kind is not EditKind.REORDERED:
            _set(values, str(place[0]), change, conflicts)
    for place, change in changes:
        if not place:
            values = reordered(values, change.before, change.after)
    return NamedEntries(values, is_list=entries.is_list).as_json()


def _set(values: dict[str, Any], name: str, change: Change, conflicts: list[Place]) -> None:
    is_new = change.kind is EditKind.ADDED
    if (is_new if name in values else not is_new) or (
        not is_new and not same_json(values[name], change.before)
    ):
        conflicts.append(change.place)
    elif change.kind is EditKind.REMOVED:
        del values[name]
    else:
        values[name] = copy.deepcopy(change.after)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
