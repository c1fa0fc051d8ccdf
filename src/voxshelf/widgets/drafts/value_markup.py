"""JSON values for people: in conflicts and in histories."""

from __future__ import annotations

import json
from typing import Any

from voxshelf.widgets.theme import escape

_LONGEST = 240


def value_markup(value: Any) -> str:
    """A value as HTML: words where it can be said in words, shortened where it is long."""
    if value in (None, "", [], {}):
        return "<i>nothing</i>"
    text = _text(value)
    return escape(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, list) and all(isinstance(item, str | int | float) for item in value):
        return ", ".join(_text(item) for item in value)
    if isinstance(value, dict) and value.keys() == {"key", "type", "value"}:
        return _text(value["value"])  # an entry of metadata
    return json.dumps(value, ensure_ascii=False)
