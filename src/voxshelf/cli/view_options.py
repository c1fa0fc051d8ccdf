"""Reading ``--view`` and ``--reset-view``: places such as ``zoom`` or ``layers.color.alpha``, and their values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voxshelf.model import Place

__all__ = ["read_reset_place", "read_view_place", "read_view_values"]


def read_view_values(given: Iterable[str]) -> dict[str, Any]:
    """The partial view configuration that ``PLACE=VALUE`` options make.

    Raises
    ------
    typer.BadParameter
        If one of them has no value or no place.
    """
    document: dict[str, Any] = {}
    for text in given:
        where, separator, value = text.partition("=")
        if not separator or not where:
            raise typer.BadParameter(
                f"--view {text!r}: write PLACE=VALUE, such as zoom=2 or layers.color.alpha=40."
            )
        *above, key = read_view_place("--view", where)
        inner = document
        for part in above:
            inner = inner.setdefault(part, {})
        inner[key] = _value(value)
    return document


def read_view_place(option: str, text: str) -> tuple[str, ...]:
    """The place that a text names; a layer's own name may hold dots.

    Raises
    ------
    typer.BadParameter
        If it is no place.
    """
    first, _, rest = text.partition(".")
    if first != "layers":
        if rest or not first:
            raise typer.BadParameter(f"{option} {text!r}: write a name, or layers.LAYER.NAME.")
        return (first,)
    layer, _, key = rest.rpartition(".")
    if not layer or not key:
        raise typer.BadParameter(f"{option} {text!r}: write layers.LAYER.NAME, such as layers.color.alpha.")
    return ("layers", layer, key)


def read_reset_place(text: str) -> Place:
    """What ``--reset-view`` resets: everything (``all``), one layer or one value."""
    if text == "all":
        return ()
    first, _, rest = text.partition(".")
    if first == "layers" and rest and "." not in rest:
        return ("layers", rest)
    return read_view_place("--reset-view", text)


def _value(text: str) -> Any:
    """JSON where it is JSON, a list where it is numbers with commas, else the text."""
    for candidate in (text, f"[{text}]"):
        try:
            return json.loads(candidate)
        except ValueError:
            continue
    return text
