"""A drop-down list whose options change while it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Choice(widgets.Dropdown):  # type: ignore[misc]  # ipywidgets ships no types
    """A drop-down list that tells of what a person chose, and not of options that came or went.

    Parameters
    ----------
    on_choice : callable, optional
        Is given the value that was chosen.
    width : str
        As in CSS.
    """

    def __init__(self, on_choice: Callable[[Any], None] | None = None, *, width: str = "220px") -> None:
        self._on_choice = on_choice
        self._offering = False
        super().__init__(layout=widgets.Layout(width=width))
        self.observe(self._chosen, "value")

    def offer(self, options: Sequence[tuple[str, Any]], value: Any) -> None:
        """Show other options, and one of them as chosen; one that is not among them is added as it is."""
        known = [entry for _, entry in options]
        self._show([*options] if value in known else [(str(value) or "–", value), *options], value)

    def offer_any(self, options: Sequence[tuple[str, Any]]) -> None:
        """Show other options; what was chosen stays so if it is still among them, else the first one is."""
        shown: Any = self  # its traits have no types
        known = [entry for _, entry in options]
        first = known[0] if known else None
        self._show([*options], shown.value if shown.value in known else first)

    def _show(self, options: list[tuple[str, Any]], value: Any) -> None:
        shown: Any = self
        self._offering = True
        try:
            if list(shown.options) != options:
                shown.options = options
            if shown.value != value:
                shown.value = value
        finally:
            self._offering = False

    def _chosen(self, change: Any) -> None:
        if not self._offering and change["new"] is not None and self._on_choice is not None:
            self._on_choice(change["new"])
