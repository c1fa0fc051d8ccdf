"""``Panel``: a part of the screen that follows some state, and lets go of it when it leaves.

The state often lives longer: a form is made anew each time its dataset is opened. Whatever a panel follows, it
stops to follow when it is closed, and everything in it is closed with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import traitlets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Panel(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """A column of widgets that follows some state."""

    def follow(self, source: traitlets.HasTraits, names: str | list[str], act: Callable[[], None]) -> None:
        """Call ``act`` after each change of these traits, as long as the panel is not closed."""

        def handle(_change: Any) -> None:
            act()

        source.observe(handle, names)
        self._on_close(lambda: source.unobserve(handle, names))

    def tie(self, source: traitlets.HasTraits, name: str, control: widgets.Widget) -> None:
        """Keep a trait and a control's value the same, as long as the panel is not closed."""
        link = traitlets.link((source, name), (control, "value"))
        self._on_close(link.unlink)

    def close(self) -> None:
        """Stop following, and leave the screen with everything in it."""
        for end in self.__dict__.pop("_ends", []):
            end()
        inside: tuple[widgets.Widget, ...] = tuple(self.children)
        super().close()
        close_all(inside)

    def _on_close(self, end: Callable[[], None]) -> None:
        self.__dict__.setdefault("_ends", []).append(end)


def close_all(parts: Iterable[widgets.Widget]) -> None:
    """Close widgets with everything in them."""
    for part in parts:
        inside = () if isinstance(part, Panel) else tuple(getattr(part, "children", ()))
        part.close()
        close_all(inside)
