"""Reading a ``datasource-properties.json`` as a person left it in an editor. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from voxshelf.dataset import parse_text
from voxshelf.model import read_document

if TYPE_CHECKING:
    from voxshelf.model import Problem


class TextReading(NamedTuple):
    """What a text gave: the document (None where it is no JSON object), and everything wrong with it."""

    document: dict[str, Any] | None
    problems: tuple[Problem, ...]


def read_json(text: str) -> TextReading:
    """Read the text; problems have their places in the document, or say their line."""
    parsing = parse_text(text)
    if parsing.document is None and parsing.problems:
        return TextReading(None, parsing.problems)
    document = parsing.document if isinstance(parsing.document, dict) else None
    return TextReading(document, (*parsing.problems, *read_document(parsing.document).problems))
