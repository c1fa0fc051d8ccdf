"""Small pieces of HTML, with everything that people wrote escaped."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voxshelf.model import Problem

_SHOWN_PROBLEMS = 30


def escape(text: object) -> str:
    """``text`` as it can stand in HTML, in element content and in attributes."""
    return html.escape(str(text), quote=True)


def chip(text: object, tone: str = "") -> str:
    """A small label; ``tone`` is one of ``good``, ``warn``, ``bad``, ``brand`` or empty."""
    return f'<span class="vx-chip{f" vx-chip-{tone}" if tone else ""}">{escape(text)}</span>'


def fact_list(facts: Iterable[tuple[str, str]]) -> str:
    """Terms and values in two columns; terms are escaped, values are HTML already."""
    # No <dl>: JupyterLab lays its parts out in a way of its own.
    rows = "".join(f'<div class="vx-term">{escape(term)}</div><div>{value}</div>' for term, value in facts)
    return f'<div class="vx-facts">{rows}</div>'


def problem_list(problems: Iterable[Problem]) -> str:
    """Problems in words, each with its place and hint; a long list says how many more there are."""
    every = list(problems)
    items = "".join(f"<li>{_problem(problem)}</li>" for problem in every[:_SHOWN_PROBLEMS])
    more = len(every) - _SHOWN_PROBLEMS
    rest = f"<li>… and {more} more</li>" if more > 0 else ""
    return f'<ul class="vx-problems">{items}{rest}</ul>' if every else ""


def _problem(problem: Problem) -> str:
    place = f"<code>{escape(problem.where)}</code> " if problem.place else ""
    hint = f' <span class="vx-hint">{escape(problem.hint)}</span>' if problem.hint else ""
    return f"{place}{escape(problem.message)}{hint}"
