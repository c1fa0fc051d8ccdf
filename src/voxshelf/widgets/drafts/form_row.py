"""A row of a form over a draft: label, control, a remark beside it, and a line for what is wrong."""

from __future__ import annotations

import ipywidgets as widgets

from voxshelf.widgets.drafts.panel import Panel
from voxshelf.widgets.theme import escape


class FormRow(Panel):
    """One value.

    Parameters
    ----------
    label : str
        What it is called.
    control : Widget
        Shows and changes it.
    meaning : str
        What it means; shown on hovering over the label.
    wide : bool
        The control takes all the room there is.
    tall : bool
        The control has several lines: the label stands beside the first one.
    """

    def __init__(
        self,
        label: str,
        control: widgets.Widget,
        *,
        meaning: str = "",
        wide: bool = False,
        tall: bool = False,
    ) -> None:
        self.control = control
        self._name = widgets.HTML()
        self._label, self._meaning = label, meaning
        self._name.add_class("vx-label")
        self._beside = widgets.HTML()
        self._below = widgets.HTML()
        if wide:
            control.add_class("vx-grow")
        self.line = widgets.HBox([self._name, control, self._beside])
        self.line.add_class("vx-bar")
        if tall:
            self.line.add_class("vx-tall")
        super().__init__([self.line, self._below])
        self.add_class("vx-field")
        self.mark(edited=False)
        self.say()

    def mark(self, *, edited: bool) -> None:
        """Show at the label whether the person edited the value."""
        dot = ' <span class="vx-edited" title="edited, not saved">●</span>' if edited else ""
        value = f'<span title="{escape(self._meaning)}">{escape(self._label)}</span>{dot}'
        if self._name.value != value:
            self._name.value = value

    def say(self, *, wrong: str = "", doubt: str = "", hint: str = "", beside: str = "") -> None:
        """Show what is wrong, or else a doubt and a hint, below the control, and markup beside it."""
        below = f'<span class="vx-hint">{escape(hint)}</span>' if hint else ""
        if doubt:
            below = f'<span class="vx-doubt" role="alert">{escape(doubt)}</span> {below}'
        if wrong:
            below = f'<span class="vx-wrong-text" role="alert">{escape(wrong)}</span>'
            self.add_class("vx-wrong")
        else:
            self.remove_class("vx-wrong")
        if self._below.value != below:
            self._below.value = below
        self._below.layout.display = None if below else "none"
        if self._beside.value != beside:
            self._beside.value = beside
        self._beside.layout.display = None if beside else "none"
