"""A progress bar with what it counts, and Cancel."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import ipywidgets as widgets

from voxshelf.widgets.theme.markup import escape

if TYPE_CHECKING:
    from collections.abc import Callable

_SHORTEST_STEP = 0.1


class ProgressLine(widgets.HBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Shown while long work runs aside.

    Parameters
    ----------
    cancel : callable
        Called, without arguments, when the person presses Cancel.
    """

    def __init__(self, cancel: Callable[[], None]) -> None:
        self._bar = widgets.FloatProgress(min=0, max=1, layout=widgets.Layout(width="160px"))
        # No Label: the browser would load and run MathJax over it, even while nothing is shown.
        self._label = widgets.HTML()
        self._button = widgets.Button(description="Cancel", layout=widgets.Layout(width="70px"))
        self._button.on_click(lambda _: cancel())
        self._shown = 0.0
        super().__init__([self._bar, self._label, self._button])
        self.add_class("vx-bar")
        self.add_class("vx-progress")
        self.stop()

    def start(self, label: str) -> None:
        """Appear, at nothing done."""
        self._bar.value = 0.0
        self._label.value = escape(label)
        self.layout.display = "flex"

    def step(self, fraction: float, label: str) -> None:
        """Show ``fraction`` (0 to 1) done; at most ten times a second reach the browser."""
        now = time.monotonic()
        if now - self._shown < _SHORTEST_STEP and fraction < 1:
            return
        self._shown = now
        self._bar.value = fraction
        self._label.value = escape(label)

    def stop(self) -> None:
        """Disappear."""
        self.layout.display = "none"
