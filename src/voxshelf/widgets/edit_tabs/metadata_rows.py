"""Key/value metadata while it is typed: ``MetadataRow``, one per entry. Pure logic, no browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import traitlets

from voxshelf.model import MetadataEntry

if TYPE_CHECKING:
    from collections.abc import Iterable

TYPES = (("text", "string"), ("number", "number"), ("list", "string[]"))
"""The types of a value, as (label, type)."""


class MetadataRow(traitlets.HasTraits):
    """One entry: what was typed, and what it means.

    Parameters
    ----------
    entry : dict, optional
        ``{"key", "type", "value"}``; default: an empty one.
    """

    key = traitlets.Unicode("")
    type = traitlets.Enum(["string", "number", "string[]"], "string")
    text = traitlets.Unicode("", help="The value as it is typed; items of a list are separated by commas.")

    def __init__(self, entry: dict[str, Any] | None = None) -> None:
        super().__init__()
        if entry is not None:
            self.key, self.type = entry["key"], entry["type"]
            self.text = _written(entry["value"])

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed yet."""
        return not self.key.strip() and not self.text.strip()

    @property
    def error(self) -> str:
        """What is wrong with it, as a sentence; empty if nothing is."""
        if self.is_empty:
            return ""
        if not self.key.strip():
            return "Give it a name."
        if len(self.key.strip()) > 200:
            return "Its name is longer than 200 letters."
        if self.type == "number" and _number(self.text) is None:
            return f"{self.text!r} is not a number."
        return ""

    @property
    def entry(self) -> dict[str, Any] | None:
        """The entry as JSON; None while it is empty or wrong."""
        if self.is_empty or self.error:
            return None
        value: Any = self.text
        if self.type == "number":
            value = _number(self.text)
        elif self.type == "string[]":
            value = _items(self.text)
        return MetadataEntry(key=self.key.strip(), type=self.type, value=value).model_dump(mode="json")


def doubles(rows: Iterable[MetadataRow]) -> list[str]:
    """Names that come twice."""
    names = [row.key.strip() for row in rows if row.entry is not None]
    return sorted({name for name in names if names.count(name) > 1})


def _written(value: Any) -> str:
    if isinstance(value, list | tuple):
        plain = not any("," in item or item != item.strip() or not item for item in value)
        return ", ".join(value) if plain else json.dumps(list(value), ensure_ascii=False)
    return str(value)


def _items(text: str) -> tuple[str, ...]:
    if text.strip().startswith("["):
        try:
            listed = json.loads(text)
        except json.JSONDecodeError:
            listed = None
        if isinstance(listed, list) and all(isinstance(item, str) for item in listed):
            return tuple(listed)
    return tuple(item.strip() for item in text.split(",") if item.strip())


def _number(text: str) -> int | float | None:
    plain = text.strip()
    for kind in (int, float):
        try:
            number = kind(plain)
        except ValueError:
            continue
        return number if abs(number) < float("inf") else None
    return None
