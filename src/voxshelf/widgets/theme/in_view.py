"""What opens below the edge of the screen is brought into view: ``InView``."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets


class InView(anywidget.AnyWidget):
    """Sees to it that the box it is a child of can be seen, when it is told to.

    The page moves only where the person has just pressed something of ours and has not scrolled since, and only as
    far as is needed; what a program or somebody else changes moves nothing.

    Attributes
    ----------
    asked : int
        How often it was told to.
    """

    _esm = (Path(__file__).parent / "in_view.js").read_text(encoding="utf-8")

    asked = traitlets.Int(0).tag(sync=True)

    def __init__(self) -> None:
        super().__init__()
        self.add_class("vx-in-view")

    def show(self) -> None:
        """Bring the box into view."""
        self.asked += 1
