"""The text of a JSON document: parsing it with every oddity noticed, and where each value stands in it.

Words used here: a *document* is what the text means (dicts, lists, numbers); a *place* is the path of keys and
list positions to a value; a *span* is the part of the text that a value was written in. Beyond the grammar
(RFC 8259) the parser accepts what Python writes (``NaN``, ``Infinity``) and keys that stand twice, and says so:
other programs refuse the first and may take another value for the second.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voxshelf.model import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voxshelf.model import Place

__all__ = ["Parsing", "Span", "line_of", "locate", "parse_text"]

DEEPEST = 100
# Longer ones are beyond a float, and Python's own parser ends at 4300 digits.
_LONGEST_INTEGER = 300
_INTEGER_RANGE = range(-(2**63), 2**64)
_SPACE = re.compile(r"[ \t\n\r]*")
_WORD = re.compile(r"[^ \t\n\r,\]}]+")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Span:
    """Where a value stands in the text.

    Parameters
    ----------
    start, end : int
        ``text[start:end]`` is the value.
    keys : tuple of str or int
        An object's keys as they stand (maybe twice), a list's positions; empty for other values.
    children : tuple of Span
        Where the values of ``keys`` stand.
    """

    start: int
    end: int
    keys: tuple[str | int, ...] = ()
    children: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Parsing:
    """What a text gave: the document (None where it is no JSON) and all that is odd about its text."""

    document: Any
    problems: tuple[Problem, ...] = ()


class _TooLarge(float):
    """Stands for a number beyond what a float can hold, until it is reported."""

    __slots__ = ()


class _Notes:
    """What the hooks of the parser noticed; places are searched only then, for most texts have nothing odd."""

    def __init__(self) -> None:
        self.is_odd = False

    def members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        self.is_odd = self.is_odd or len(members) != len(pairs)
        return members

    def constant(self, name: str) -> float:
        self.is_odd = True
        return float(name)

    def decimal(self, text: str) -> float:
        value = float(text)
        if math.isinf(value):
            self.is_odd = True
            return _TooLarge(text)
        return value

    def integer(self, text: str) -> int | float:
        if len(text) > _LONGEST_INTEGER:
            self.is_odd = True
            return _TooLarge("-inf" if text.startswith("-") else "inf")
        value = int(text)
        self.is_odd = self.is_odd or value not in _INTEGER_RANGE
        return value


def parse_text(text: str) -> Parsing:
    """Parse a JSON text.

    Parameters
    ----------
    text : str
        Without a byte order mark.

    Returns
    -------
    Parsing
        The document and the problems of its text: of severity *error* where it cannot be used as it stands.
    """
    notes = _Notes()
    try:
        document = json.loads(
            text,
            object_pairs_hook=notes.members,
            parse_constant=notes.constant,
            parse_float=notes.decimal,
            parse_int=notes.integer,
        )
    except json.JSONDecodeError as error:
        message = f"Line {error.lineno}, column {error.colno}: {_advice(text, error)}"
        return Parsing(None, (Problem(message=message, hint="Correct the text there."),))
    except RecursionError:
        return Parsing(None, (_TOO_DEEP,))
    if _is_too_deep(document):
        return Parsing(None, (_TOO_DEEP,))
    return Parsing(document, tuple(_oddities(text, document)) if notes.is_odd else ())


_TOO_DEEP = Problem(
    message=f"The text nests objects and lists more than {DEEPEST} deep.", hint="This is no dataset's JSON."
)


def _advice(text: str, error: json.JSONDecodeError) -> str:
    if not text.strip():
        return "the file is empty."
    if error.msg == "Extra data":
        return "the JSON object ends before this, and more text follows."
    if error.msg.startswith("Expecting property name") and text[: error.pos].rstrip().endswith(","):
        return "a comma stands before a closing bracket, or a key is not in double quotes."
    return f"{error.msg[0].lower()}{error.msg[1:]}."


def _is_too_deep(document: Any) -> bool:
    level: list[Any] = [document]
    for _ in range(DEEPEST):
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
        ]
        if not level:
            return False
    return True


def _oddities(text: str, document: Any) -> Iterator[Problem]:
    pending: list[tuple[Place, Any, Span]] = [((), document, locate(text))]
    while pending:
        place, value, span = pending.pop()
        where = f" (line {line_of(text, span.start)})"
        if isinstance(value, dict):
            yield from _double_keys(place, span, where)
            pending.extend(
                ((*place, key), value[str(key)], child)
                for key, child in dict(zip(span.keys, span.children, strict=True)).items()
            )
        elif isinstance(value, list):
            pending.extend(
                ((*place, index), value[index], child) for index, child in enumerate(span.children)
            )
        else:
            yield from _odd_number(place, value, where)


def _double_keys(place: Place, span: Span, where: str) -> Iterator[Problem]:
    for key in dict.fromkeys(key for key in span.keys if span.keys.count(key) > 1):
        yield Problem(
            place=(*place, key),
            message=f"The key {key!r} stands {span.keys.count(key)} times{where}; the last one is used.",
            hint="Delete the others: programs differ in which one they take.",
            severity=Severity.WARNING,
        )


def _odd_number(place: Place, value: Any, where: str) -> Iterator[Problem]:
    if isinstance(value, _TooLarge):
        yield Problem(place=place, message=f"The number is too large to be read{where}.")
    elif isinstance(value, float) and not math.isfinite(value):
        yield Problem(
            place=place,
            message=f"{value} is not a number in JSON{where}.",
            hint="Give a number or null: other programs refuse the whole file.",
            severity=Severity.WARNING,
        )
    elif isinstance(value, int) and value not in _INTEGER_RANGE:
        yield Problem(
            place=place,
            message=f"The number {value:.6e} does not fit into 64 bits{where}.",
            hint="Correct it: other programs cannot read it exactly.",
        )


def line_of(text: str, position: int) -> int:
    """The line, counted from 1, of a position in the text."""
    return text.count("\n", 0, position) + 1


def locate(text: str, at: int = 0) -> Span:
    """The span of the value that begins at ``at`` (after white space) in a text that parses."""
    start = _skip(text, at)
    if text[start] not in "{[":
        return Span(start, _end_of_plain(text, start))
    is_object = text[start] == "{"
    closing = "}" if is_object else "]"
    keys: list[str | int] = []
    children: list[Span] = []
    position = _skip(text, start + 1)
    while text[position] != closing:
        key: str | int = len(keys)
        if is_object:
            key, position = _DECODER.raw_decode(text, position)
            position = _skip(text, position) + 1  # over the colon
        keys.append(key)
        children.append(locate(text, position))
        position = _skip(text, children[-1].end)
        if text[position] == ",":
            position = _skip(text, position + 1)
    return Span(start, position + 1, tuple(keys), tuple(children))


def _end_of_plain(text: str, start: int) -> int:
    """Where a string, number or word ends; numbers are not converted, they may be too long for that."""
    if text[start] == '"':
        _, end = _DECODER.raw_decode(text, start)
        return end
    match = _WORD.match(text, start)
    return match.end() if match else start


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at
