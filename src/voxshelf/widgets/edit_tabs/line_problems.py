"""Problems of a JSON text on screen, each with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.model import Severity
from voxshelf.widgets.theme import escape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voxshelf.widgets.edit_tabs.json_lines import LineProblem

_SHOWN = 30


def line_problem_list(problems: Iterable[LineProblem]) -> str:
    """All problems as HTML, errors in the colour of errors; a long list says how many more there are."""
    every = list(problems)
    items = "".join(map(_item, every[:_SHOWN]))
    more = f"<li>… and {len(every) - _SHOWN} more</li>" if len(every) > _SHOWN else ""
    return f'<ul class="vx-problems" role="alert">{items}{more}</ul>' if every else ""


def _item(each: LineProblem) -> str:
    problem = each.problem
    line = f"<b>Line {each.line}</b> " if each.line else ""
    place = f"<code>{escape(problem.where)}</code> " if problem.place else ""
    tone = ' class="vx-wrong-text"' if problem.severity is Severity.ERROR else ""
    hint = f' <span class="vx-hint">{escape(problem.hint)}</span>' if problem.hint else ""
    return f"<li>{line}{place}<span{tone}>{escape(problem.message)}</span>{hint}</li>"
