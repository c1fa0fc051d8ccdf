"""A text field for JSON with line numbers, on which problems are marked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import anywidget
import traitlets

from voxshelf.model import errors_among
from voxshelf.widgets.theme.json_lines import line_of
from voxshelf.widgets.theme.markup import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxshelf.model import Problem

_SHOWN = 30


class JsonEditor(anywidget.AnyWidget):
    """A text with line numbers.

    Parameters
    ----------
    rows : int
        Its height in lines.

    Attributes
    ----------
    value : str
        The text; follows what is typed.
    disabled : bool
        Whether it can only be read.
    marks : list of dict
        ``{"line", "text", "tone"}`` per marked line; set by :meth:`mark`.
    """

    _esm = (Path(__file__).parent / "json_editor.js").read_text(encoding="utf-8")

    value = traitlets.Unicode("").tag(sync=True)
    marks = traitlets.List(traitlets.Dict()).tag(sync=True)
    disabled = traitlets.Bool(False).tag(sync=True)
    rows = traitlets.Int(22).tag(sync=True)

    def __init__(self, rows: int = 22) -> None:
        super().__init__(rows=rows)
        self.add_class("vx-json")

    def mark(self, problems: Sequence[Problem]) -> None:
        """Mark the lines of problems; those that have no line are left to :func:`json_problem_list`."""
        errors = errors_among(problems)
        self.marks = [
            {"line": line, "text": str(problem), "tone": "bad" if problem in errors else "warn"}
            for problem in problems
            if (line := line_of(self.value, problem.place)) is not None and problem.place
        ]


def json_problem_list(text: str, problems: Sequence[Problem]) -> str:
    """The problems of a JSON text as HTML, each with its line, in the order of lines."""
    placed = [(line_of(text, problem.place) if problem.place else None, problem) for problem in problems]
    placed.sort(key=lambda entry: entry[0] or 0)
    items = [f"<li>{_item(line, problem)}</li>" for line, problem in placed[:_SHOWN]]
    more = len(placed) - _SHOWN
    rest = f"<li>… and {more} more</li>" if more > 0 else ""
    return f'<ul class="vx-problems">{"".join(items)}{rest}</ul>' if items else ""


def _item(line: int | None, problem: Problem) -> str:
    where = f"<b>Line {line}</b> " if line else ""
    place = f"<code>{escape(problem.where)}</code> " if problem.place else ""
    hint = f' <span class="vx-hint">{escape(problem.hint)}</span>' if problem.hint else ""
    return f"{where}{place}{escape(problem.message)}{hint}"
