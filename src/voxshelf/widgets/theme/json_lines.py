"""Where in a JSON text a value stands: problems know places, people who look at a text want lines.

Follows RFC 8259 as far as it takes to tell places apart; what follows a mistake has no line.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voxshelf.model import Place

_BLANK = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_WORD = re.compile(r"[^\s,\]}]+")


def line_of(text: str, place: Place) -> int | None:
    """The line, from 1, of the value at ``place``, else of the nearest one around it; None where there is none."""
    lines = lines_of(text)
    for depth in range(len(place), -1, -1):
        if place[:depth] in lines:
            return lines[place[:depth]]
    return None


def lines_of(text: str) -> dict[Place, int]:
    """The line, from 1, on which each value stands; of members of objects, that of their key."""
    starts: dict[Place, int] = {}
    with suppress(ValueError, IndexError, RecursionError):  # what was found until then is right
        _value(text, _skip(text, 0), (), starts)
    lines: dict[Place, int] = {}
    line, at = 1, 0
    for place, start in sorted(starts.items(), key=lambda entry: entry[1]):
        line += text.count("\n", at, start)
        at = start
        lines[place] = line
    return lines


def _skip(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def _value(text: str, at: int, place: Place, starts: dict[Place, int]) -> int:
    """Note the value that begins at ``at``, and all in it; the position behind it."""
    starts.setdefault(place, at)
    if text[at] in "{[":
        return _members(text, at, place, starts)
    if text[at] == '"':
        return len(_string(text, at)) + at
    word = _WORD.match(text, at)
    if word is None:
        raise ValueError("no value")
    return word.end()


def _string(text: str, at: int) -> str:
    """The string that begins at ``at``, with its quotes."""
    string = _STRING.match(text, at)
    if string is None:
        raise ValueError("no string")
    return string.group()


def _members(text: str, at: int, place: Place, starts: dict[Place, int]) -> int:
    closes = "}" if text[at] == "{" else "]"
    at, index = _skip(text, at + 1), 0
    while text[at] != closes:
        key: str | int = index
        start = at
        if closes == "}":
            raw = _string(text, at)
            key, at = json.loads(raw), _skip(text, at + len(raw))
            if text[at] != ":":
                raise ValueError("no colon")
            at = _skip(text, at + 1)
        starts[(*place, key)] = start
        at = _skip(text, _value(text, at, (*place, key), starts))
        if text[at] == ",":
            at = _skip(text, at + 1)
        elif text[at] != closes:
            raise ValueError("no comma")
        index += 1
    return at + 1
