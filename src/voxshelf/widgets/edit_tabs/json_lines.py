"""Where problems of a JSON document stand in its text. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from voxshelf.dataset.json_text import line_of, locate, parse_text
from voxshelf.model import Problem, read_document

if TYPE_CHECKING:
    from voxshelf.model import Place


class LineProblem(NamedTuple):
    """A problem, and the line that it is about, counted from 1; 0 where the problem itself says the line."""

    line: int
    problem: Problem


class TextReading(NamedTuple):
    """What a text gave: the document (None where it is no JSON object), and everything wrong, by line."""

    document: dict[str, Any] | None
    problems: tuple[LineProblem, ...]


def read_json(text: str) -> TextReading:
    """Read the text of a ``datasource-properties.json`` as a person left it in an editor."""
    parsing = parse_text(text)
    odd = [LineProblem(0, problem) for problem in parsing.problems]
    if parsing.document is None and odd:
        return TextReading(None, tuple(odd))
    found = read_document(parsing.document).problems
    lines = sorted(
        (LineProblem(line_at(text, problem.place), problem) for problem in found), key=lambda each: each.line
    )
    document = parsing.document if isinstance(parsing.document, dict) else None
    return TextReading(document, (*odd, *lines))


def line_at(text: str, place: Place) -> int:
    """The line where the value at a place begins or, where it is missing, what should hold it."""
    span = locate(text)
    for part in place:
        if part not in span.keys:
            break
        # Of a key that stands twice the last one counts.
        index = len(span.keys) - 1 - span.keys[::-1].index(part)
        span = span.children[index]
    return line_of(text, span.start)
