"""The link that was just made: shown this once, with Copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from voxshelf.widgets.drafts import Panel
from voxshelf.widgets.theme import PythonLine, call, escape

if TYPE_CHECKING:
    from voxshelf.widgets.sharing_links.links import LinksState


class NewLinkPanel(Panel):
    """Shown while there is a new link that has not been put away.

    Parameters
    ----------
    state : LinksState
        Whose ``new`` link is shown.
    """

    def __init__(self, state: LinksState) -> None:
        self._state = state
        self._head = widgets.HTML()
        self._address = PythonLine()
        self._address.add_class("vx-secret")
        self._python = PythonLine(store=state.store)
        done = widgets.Button(
            description="I have copied it", layout=widgets.Layout(width="auto"), tooltip="Hide it for good"
        )
        done.on_click(lambda _: state.forget_new())
        super().__init__([self._head, self._address, self._python, done])
        self.add_class("vx-panel")
        self.add_class("vx-stack")
        self.add_class("vx-new-link")
        self.follow(state, "new", self._paint)
        self._paint()

    def _paint(self) -> None:
        new = self._state.new
        self.layout.display = "none" if new is None else None
        what = "link" if new is None or new.url else "token"
        name = "" if new is None else f" for <b>{escape(new.title)}</b>" if new.label else ""
        self._head.value = (
            f"This is the new {what}{name}. <b>It is shown only now:</b> copy it, it cannot be shown again."
        )
        self._address.code = "" if new is None else new.url or new.token
        with_link = "" if new is None else call("store.with_link", new.token)
        self._python.code = "" if new is None or new.url else f'{with_link}["{new.dataset}"]'
        self._python.layout.display = None if self._python.code else "none"
