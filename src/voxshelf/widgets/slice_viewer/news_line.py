"""What changed, said above the picture until the person puts it away or goes on; what is wrong stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from voxshelf.widgets.slice_viewer.controls import hear, small_button
from voxshelf.widgets.theme import Message

if TYPE_CHECKING:
    from voxshelf.widgets.slice_viewer.state import ViewerState


class NewsLine(widgets.HBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Shows the ``news`` of a viewer, and takes no room while there are none.

    Parameters
    ----------
    state : ViewerState
        Whose news.
    """

    def __init__(self, state: ViewerState) -> None:
        self._state = state
        self._text = widgets.HTML()
        put_away = small_button("✕", "Put this message away", self._put_away, width="28px")
        super().__init__([self._text, put_away])
        self.add_class("vxs-news")
        hear(self, state, lambda _: self._paint(), "news")
        hear(self, state, lambda _: self._move_on(), ["plane", "panes", "position", "zoom", "axes"])
        self._paint()

    def _put_away(self) -> None:
        self._state.news = Message()

    def _move_on(self) -> None:
        """Whoever goes on has read it; what is wrong stays until it is mended."""
        if self._state.news.text and self._state.news.tone in ("info", "success"):
            self._put_away()

    def _paint(self) -> None:
        news: Message = self._state.news
        self._text.value = f'<span role="status">{news.html}</span>' if news.text else ""
        if news.tone in ("warning", "error"):
            self.add_class("vxs-trouble")
        else:
            self.remove_class("vxs-trouble")
        self.layout.display = None if news.text else "none"
