"""Who can see the dataset and why, on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from voxshelf.widgets.drafts import Choice, Panel
from voxshelf.widgets.sharing_links.access import ACTIONS
from voxshelf.widgets.theme import MessageLine, PythonLine, chip, escape

if TYPE_CHECKING:
    from voxshelf.store import Access
from voxshelf.widgets.sharing_links.access import AccessState

_SHOWN = 100


class AccessPanel(Panel):
    """The people with access, and the answer to "why?" for any of them.

    Parameters
    ----------
    state : AccessState
        What is shown.
    """

    def __init__(self, state: AccessState) -> None:
        self._state = state
        self._list = widgets.HTML()
        self._who = Choice(width="200px")
        self._action = widgets.Dropdown(
            options=[str(action) for action in ACTIONS], value="read", layout=widgets.Layout(width="86px")
        )
        self._ask = widgets.Button(description="Why?", layout=widgets.Layout(width="64px"))
        self._ask.on_click(lambda _: state.ask(self._who.value, self._action.value))
        self._question = widgets.HBox(
            [widgets.HTML("May"), self._who, self._action, widgets.HTML("it?"), self._ask]
        )
        self._question.add_class("vx-bar")
        self._answer = MessageLine()
        self._python = PythonLine(store=state.store)
        super().__init__([self._list, self._question, self._answer, self._python])
        self.add_class("vx-stack")
        self.follow(state, ["summary", "people", "refusal", "candidates"], self._paint)
        self.follow(state, "answer", lambda: self._answer.show(state.answer))
        self.follow(state, "python", self._paint_python)
        self._paint()
        self._paint_python()

    def _paint(self) -> None:
        state = self._state
        if state.refusal:
            self._list.value = f'<span class="vx-hint">{escape(state.refusal)}</span>'
        else:
            sentences = "".join(f"<li>{escape(sentence)}</li>" for sentence in state.summary)
            people = "".join(map(_person_markup, state.people[:_SHOWN]))
            more = len(state.people) - _SHOWN
            rest = f'<p class="vx-hint">… and {more} more people</p>' if more > 0 else ""
            table = f'<table class="vx-people">{people}</table>{rest}' if people else ""
            self._list.value = f'<ul class="vx-problems">{sentences}</ul>{table}'
        self._who.offer_any(state.candidates)
        self._question.layout.display = "none" if state.refusal or not state.candidates else None

    def _paint_python(self) -> None:
        self._python.code = self._state.python
        self._python.layout.display = None if self._state.python else "none"


def _person_markup(access: Access) -> str:
    user = access.user
    mail = f' <span class="vx-hint">{escape(user.email)}</span>' if user.email else ""
    return (
        f"<tr><td>{escape(user.title)}{mail}</td><td>{chip(access.role)}</td>"
        f"<td>{escape(access.reason)}</td></tr>"
    )
