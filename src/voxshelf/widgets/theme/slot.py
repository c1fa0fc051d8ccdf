"""A place for one widget at a time, such as the form or the viewer that opens below a list."""

from __future__ import annotations

import threading
from typing import Any

import ipywidgets as widgets


class Slot(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Shows one widget; the one before leaves the screen for good.

    Attributes
    ----------
    key : str
        What the widget is about, for whoever put it there.
    """

    children: tuple[Any, ...]

    def __init__(self) -> None:
        super().__init__(layout=widgets.Layout(margin="8px 0 0 0", overflow="visible"))
        self._changing = threading.RLock()
        self.key = ""

    def put(self, content: widgets.Widget | None, key: str = "") -> None:
        """Show ``content``, which is about ``key``; nothing, if it is None."""
        with self._changing:
            old = self.children
            self.key = key
            # The new one first: with an empty place in between, the notebook would jump.
            self.children = () if content is None else (content,)
            for widget in old:
                widget.close()
