"""``Painter`` has the grid painted once where ipydatagrid would do it fifty times, and brings what comes late.

The browser's half is ``painter.js``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import ipywidgets as widgets
import traitlets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Painter(anywidget.AnyWidget):
    """Stands beside a grid, and is not seen.

    Parameters
    ----------
    grid : DOMWidget
        The grid.
    ready : callable
        Called whenever a browser begins to listen: what was brought before did not reach it.
    """

    _esm = (Path(__file__).parent / "painter.js").read_text(encoding="utf-8")

    grid = traitlets.Instance(widgets.DOMWidget).tag(sync=True, **widgets.widget_serialization)

    def __init__(self, grid: widgets.DOMWidget, ready: Callable[[], None]) -> None:
        super().__init__(grid=grid, layout=widgets.Layout(display="none"))
        self._ready = ready
        self.on_msg(self._hear)

    def bring(self, edition: int, cells: Iterable[tuple[str, int, str]]) -> None:
        """Change cells, each told by its column, its row and its value.

        Parameters
        ----------
        edition : int
            The key of the first of the rows that are meant; for other rows it comes too late, and is dropped.
        """
        self.send({"edition": edition, "cells": [list(cell) for cell in cells]})

    def _hear(self, _: Any, message: dict[str, Any], __: list[memoryview]) -> None:
        if message.get("ready"):
            self._ready()
