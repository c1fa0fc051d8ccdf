"""The link that was just made: shown this once, with Copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from voxshelf.widgets.drafts import Panel
from voxshelf.widgets.theme import PythonLine, call, escape, runnable

if TYPE_CHECKING:
    from voxshelf.model import NewLink
    from voxshelf.widgets.sharing_links.links import LinksState

_IN_PYTHON = "Whoever can open this folder can use the link with these lines of Python; Copy puts them on the clipboard. "
_ALONE = '<span class="vx-hint">The token in them alone, for programs:</span>'


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
        self._what = widgets.HTML(_ALONE)
        self._address = PythonLine()
        self._address.add_class("vx-secret")
        self._python = PythonLine()
        done = widgets.Button(
            description="I have copied it", layout=widgets.Layout(width="auto"), tooltip="Hide it for good"
        )
        done.on_click(lambda _: state.forget_new())
        super().__init__([self._head, self._python, self._what, self._address, done])
        self.add_class("vx-panel")
        self.add_class("vx-stack")
        self.add_class("vx-new-link")
        self.follow(state, "new", self._paint)
        self._paint()

    def _paint(self) -> None:
        new = self._state.new
        self.layout.display = "none" if new is None else None
        # Without an address the lines come first: a token alone says nobody what to do with it.
        in_python = new is not None and not new.url
        name = "" if new is None or not new.label else f" for <b>{escape(new.title)}</b>"
        self._head.value = (
            f"This is the new link{name}. {_IN_PYTHON if in_python else ''}<b>It is shown only now:</b> copy it, it "
            "cannot be shown again."
        )
        self._address.code = "" if new is None else new.url or new.token
        self._python.code = self._lines(new) if new is not None and in_python else ""
        for part in (self._python, self._what):
            part.layout.display = None if in_python else "none"

    def _lines(self, new: NewLink) -> str:
        """All that is copied: who gets it sees what to run, also the line that opens the folder."""
        with_link = call("store.with_link", new.token)
        return runnable(f'{with_link}["{new.dataset}"]', self._state.store)
