"""Writing a changed JSON document back so that only what changed looks different.

Words used here: as in :mod:`voxshelf.dataset.json_text`. A value that did not change keeps its characters:
number formats, escapes, line breaks. A changed object or list with the same keys keeps the text between its
members. What is new follows the *style* of the text around it: indentation, line ends, spaces at colons and
commas, short lists of numbers in one line or not.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Self

from voxshelf.dataset.json_text import Span, locate

__all__ = ["JsonStyle", "edit_text", "new_text"]

_INDENT = re.compile(r"^\s*\{(\r?\n)([ \t]+)\"")
_COLON = re.compile(r"\"([ \t]*:[ \t]*)")
_INLINE_LIST = re.compile(r"\[([ \t]*)-?\d[\d.eE+-]*(?:(,[ \t]*)|[ \t]*\])")
_SURROGATE = re.compile("[\ud800-\udfff]")
_COMMA = re.compile(r"\s*,\s*")
_INLINE_COMMA = re.compile(r"[\d\]}\"](,[ \t]*)(?=[-\d\[{\"])")


@dataclass(frozen=True, slots=True)
class JsonStyle:
    """How a text is laid out.

    Parameters
    ----------
    indent : str or None
        One level of indentation; None writes everything in one line.
    newline : str
        The line end.
    colon, comma : str
        What stands between key and value, and between members of one line.
    inline_lists : bool
        Whether lists of plain values take one line.
    padding : str
        What stands inside the brackets of such a list.
    ascii_only : bool
        Whether other characters are escaped.
    """

    indent: str | None = "  "
    newline: str = "\n"
    colon: str = ": "
    comma: str = ", "
    inline_lists: bool = True
    padding: str = ""
    ascii_only: bool = False

    @classmethod
    def of(cls, text: str) -> Self:
        """The style of a text."""
        indent = _INDENT.search(text)
        colon = _COLON.search(text)
        listed = _INLINE_LIST.search(text)
        comma = (listed and listed[2]) or ((found := _INLINE_COMMA.search(text)) and found[1]) or ", "
        return cls(
            indent=indent[2] if indent else None,
            newline="\r\n" if "\r\n" in text else "\n",
            colon=colon[1] if colon else ": ",
            comma=comma,
            inline_lists=listed is not None,
            padding=listed[1] if listed else "",
            ascii_only=text.isascii() and "\\u" in text,
        )


def new_text(document: Any) -> str:
    """A document as a new text: two spaces of indentation, lists of plain values in one line."""
    return _Writer("", JsonStyle()).write(document, None, None, "") + "\n"


def edit_text(text: str, old: Any, new: Any) -> str:
    """The text for ``new``, as close as possible to ``text``, which says ``old``.

    Parameters
    ----------
    text : str
        A text that parses.
    old : Any
        What it says.
    new : Any
        What it shall say.

    Raises
    ------
    ValueError
        If ``new`` holds NaN or infinities that ``old`` did not: JSON has no form for them.
    """
    root = locate(text)
    written = _Writer(text, JsonStyle.of(text)).write(new, old, root, "")
    return text[: root.start] + written + text[root.end :]


@dataclass(frozen=True, slots=True)
class _Writer:
    text: str
    style: JsonStyle

    def write(self, new: Any, old: Any, span: Span | None, margin: str) -> str:
        """The text of one value.

        ``old`` and ``span`` are what stood there, None where nothing did; ``margin`` is the white space that
        its own lines begin with.
        """
        if span is not None and _same(new, old):
            return self.text[span.start : span.end]
        if not new or not isinstance(new, dict | list):
            return self._dump(new)
        keys: list[Any] = list(new) if isinstance(new, dict) else list(range(len(new)))
        if span is not None and span.children and isinstance(old, type(new)):
            return self._rewritten(new, old, keys, span)
        return self._laid_out(new, margin)

    def _rewritten(self, new: Any, old: Any, keys: list[Any], span: Span) -> str:
        """A changed object or list in the layout that it has."""
        first, last = span.children[0], span.children[-1]
        opening = self.text[span.start] + _space_after(self.text, span.start + 1)
        margin = _margin_at(self.text, span.start) if "\n" not in opening else opening.rpartition("\n")[2]
        spans = dict(zip(span.keys, span.children, strict=True))
        values = [
            self.write(new[key], old[key] if key in spans else None, spans.get(key), margin) for key in keys
        ]
        if list(span.keys) == keys:
            return self._spliced(span, values)
        comma = _COMMA.match(self.text, first.end)
        gap = opening[1:] if "\n" in opening else self.style.comma[1:]
        separator = comma[0] if comma else f",{gap}"
        return opening + separator.join(self._members(new, values)) + self.text[last.end : span.end]

    def _spliced(self, span: Span, values: list[str]) -> str:
        """The members' new texts with everything between them as it was."""
        pieces, position = [], span.start
        for child, value in zip(span.children, values, strict=True):
            pieces += [self.text[position : child.start], value]
            position = child.end
        return "".join(pieces) + self.text[position : span.end]

    def _laid_out(self, new: Any, margin: str) -> str:
        """A new object or list."""
        style = self.style
        opening, closing = ("{", "}") if isinstance(new, dict) else ("[", "]")
        plain = isinstance(new, list) and not any(isinstance(value, dict | list) for value in new)
        inside = margin + (style.indent or "")
        children = list(new.values()) if isinstance(new, dict) else new
        members = self._members(new, [self.write(value, None, None, inside) for value in children])
        if style.indent is None or (plain and style.inline_lists):
            padding = style.padding if isinstance(new, list) else ""
            return f"{opening}{padding}{style.comma.join(members)}{padding}{closing}"
        line = style.newline + inside
        body = f",{line}".join(members)
        return f"{opening}{line}{body}{style.newline}{margin}{closing}"

    def _members(self, new: Any, values: list[str]) -> list[str]:
        """The values, those of an object with their keys."""
        if not isinstance(new, dict):
            return values
        return [f"{self._dump(key)}{self.style.colon}{value}" for key, value in zip(new, values, strict=True)]

    def _dump(self, value: Any) -> str:
        """A value without members, or a key; half a surrogate pair has no form but an escape."""
        text = json.dumps(value, ensure_ascii=self.style.ascii_only, allow_nan=False)
        return text if _SURROGATE.search(text) is None else json.dumps(value)


def _space_after(text: str, at: int) -> str:
    return text[at : len(text) - len(text[at:].lstrip(" \t\r\n"))]


def _margin_at(text: str, position: int) -> str:
    """The white space at the beginning of the line of ``position``."""
    return _space_after(text, text.rfind("\n", 0, position) + 1)


def _same(new: Any, old: Any) -> bool:
    """Whether two values are written alike: 1, 1.0 and true differ, and so does the order of keys."""
    return json.dumps(new) == json.dumps(old)
