"""What is unsaved in other datasets, with the way back to them; on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from voxshelf.widgets.drafts import Panel, close_all
from voxshelf.widgets.theme import escape

if TYPE_CHECKING:
    from voxshelf.widgets.edit_tabs.state import EditTabsState


class KeptBar(Panel):
    """Shown while other datasets have unsaved edits.

    Parameters
    ----------
    state : EditTabsState
        Which ones.
    """

    def __init__(self, state: EditTabsState) -> None:
        self._state = state
        self._lines: tuple[widgets.Widget, ...] = ()
        super().__init__()
        self.add_class("vx-kept")
        self.follow(state, "kept", self._build)
        self._build()

    def _build(self) -> None:
        old = self._lines
        self._lines = tuple(self._make_line(key) for key in self._state.kept)
        self.children = self._lines
        self.layout.display = None if self._lines else "none"
        close_all(old)

    def _make_line(self, key: str) -> widgets.Widget:
        state = self._state
        edits = state.edits_of(key)
        unsaved = () if edits is None else edits.unsaved
        what = "; ".join(f"{title}: {', '.join(labels)}" for title, labels in unsaved)
        text = widgets.HTML(
            f'<span class="vx-edited">Unsaved</span> in <b>{escape(key)}</b> – {escape(what)}. It is kept.'
        )
        text.add_class("vx-grow")
        back = _button("Go back", lambda: setattr(state, "key", key))
        drop = _button("Discard", lambda: state.drop(key))
        line = widgets.HBox([text, back, drop])
        line.add_class("vx-bar")
        line.add_class("vx-note")
        return line


def _button(description: str, act: Any) -> widgets.Button:
    button = widgets.Button(description=description, layout=widgets.Layout(width="auto"))
    button.on_click(lambda _: act())
    return button
