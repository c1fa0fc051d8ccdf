"""What is said while a dataset cannot be reached, with the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from voxshelf.widgets.drafts.panel import Panel
from voxshelf.widgets.theme import MessageLine

if TYPE_CHECKING:
    from collections.abc import Callable

    import traitlets


class LostBar(Panel):
    """Shown while there is a message.

    Parameters
    ----------
    source : HasTraits
        Its trait ``message`` says why the dataset cannot be reached.
    look_again : callable
        Asks the store once more.
    """

    def __init__(self, source: traitlets.HasTraits, look_again: Callable[[], None]) -> None:
        self._source: Any = source
        self._message = MessageLine()
        self._message.add_class("vx-grow")
        again = widgets.Button(description="Look again", layout=widgets.Layout(width="auto"))
        again.on_click(lambda _: look_again())
        line = widgets.HBox([self._message, again])
        line.add_class("vx-bar")
        line.add_class("vx-note")
        super().__init__([line])
        self.add_class("vx-lost")
        self.follow(source, "message", self._paint)
        self._paint()

    def _paint(self) -> None:
        message = self._source.message
        self._message.show(message)
        self.layout.display = None if message.text else "none"
