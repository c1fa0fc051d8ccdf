"""JSON objects, and lists of named things, seen alike: name → value.

What names a list item: ``name``, else ``key``, else ``mag`` or ``resolution`` (written as a mag: ``2`` and
``[2, 2, 2]`` are the same one). A list counts as named if every item has such a name and none comes twice.
"""

from __future__ import annotations

from typing import Any, NamedTuple

_NAMING_FIELDS = ("name", "key", "mag", "resolution")


class NamedEntries(NamedTuple):
    """The parts of an object or of a named list."""

    values: dict[str, Any]
    is_list: bool

    def as_json(self) -> dict[str, Any] | list[Any]:
        """The object or list that they are the parts of."""
        return list(self.values.values()) if self.is_list else self.values


def entries_of(node: Any) -> NamedEntries | None:
    """The parts of ``node``, or None where it is one value."""
    if isinstance(node, dict):
        return NamedEntries(dict(node), is_list=False)
    if not isinstance(node, list):
        return None
    field = _naming_field(node)
    if node and field is None:
        return None
    return NamedEntries({_name(item, str(field)): item for item in node}, is_list=True)


def paired_entries(left: Any, right: Any) -> tuple[NamedEntries, NamedEntries] | None:
    """The parts of two values that can be compared part by part, or None.

    An empty list goes with any named one.
    """
    if isinstance(left, list) and isinstance(right, list):
        fields = {_naming_field(items) for items in (left, right) if items}
        if len(fields) > 1 or None in fields:
            return None
    elif not (isinstance(left, dict) and isinstance(right, dict)):
        return None
    parts = entries_of(left), entries_of(right)
    return None if parts[0] is None or parts[1] is None else (parts[0], parts[1])


def reordered(values: dict[str, Any], before: list[str], after: list[str]) -> dict[str, Any]:
    """``values`` with its entries moved as a list was whose names stood as ``before`` and then as ``after``.

    Where names only came or went, the others keep their places, so that two people's additions go together.
    """
    came_or_went_only = [name for name in after if name in before] == [
        name for name in before if name in after
    ]
    moving = set(after) - set(before) if came_or_went_only else set(after)
    names = [name for name in values if name not in moving]
    place = 0
    for name in after:
        if name in moving and name in values:
            names.insert(place, name)
        if name in values:
            place = names.index(name) + 1
    return {name: values[name] for name in names}


def same_json(left: Any, right: Any) -> bool:
    """Whether two JSON values are equal: numbers as numbers, but true is not 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same_json(left[key], right[key]) for key in left)
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(same_json, left, right))
    both_nan = left != left and right != right  # noqa: PLR0124 - only NaN differs from itself
    return bool(left == right) or both_nan


def _naming_field(items: list[Any]) -> str | None:
    for field in _NAMING_FIELDS:
        names = [_name(item, field) for item in items]
        if names and all(names) and len(set(names)) == len(names):
            return field
    return None


def _name(item: Any, field: str) -> str:
    """The name of a list item by that field; empty where it has none."""
    value = item.get(field) if isinstance(item, dict) else None
    if field in ("name", "key"):
        return value if isinstance(value, str) else ""
    factors = [value] * 3 if type(value) is int else value
    if not isinstance(factors, list):
        return factors if isinstance(factors, str) else ""
    if len(factors) != 3 or any(type(factor) is not int for factor in factors):
        return ""
    return str(factors[0]) if len(set(factors)) == 1 else "-".join(map(str, factors))
