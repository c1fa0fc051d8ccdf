"""The choice between two people's edits, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from voxshelf.model import EditKind
from voxshelf.widgets.drafts.panel import Panel, close_all
from voxshelf.widgets.drafts.value_markup import value_markup
from voxshelf.widgets.theme import escape

if TYPE_CHECKING:
    from voxshelf.model import Change, Conflict
    from voxshelf.widgets.drafts.section import Section


class ConflictPanel(Panel):
    """Shown while a section has conflicts; each choice settles one of them.

    Parameters
    ----------
    section : Section
        Whose conflicts.
    """

    def __init__(self, section: Section) -> None:
        self._section = section
        self._lines: tuple[widgets.Widget, ...] = ()
        super().__init__()
        self.add_class("vx-panel")
        self.add_class("vx-stack")
        self.add_class("vx-conflicts")
        self.follow(section, "conflicts", self._build)
        self._build()

    def _build(self) -> None:
        old = self._lines
        conflicts = self._section.conflicts
        self.layout.display = None if conflicts else "none"
        self._lines = (self._make_head(conflicts), *map(self._make_row, conflicts)) if conflicts else ()
        self.children = self._lines
        close_all(old)

    def _make_head(self, conflicts: tuple[Conflict, ...]) -> widgets.Widget:
        text = widgets.HTML(
            "<b>You and somebody else changed the same.</b> "
            '<span class="vx-hint">Choose what shall hold; nothing is stored before you save.</span>'
        )
        if len(conflicts) == 1:
            return text
        places = [conflict.place for conflict in conflicts]
        mine = _button("Keep all of mine", lambda: self._choose(*places, mine=True))
        theirs = _button("Take all of theirs", lambda: self._choose(*places, mine=False))
        head = widgets.HBox([text, mine, theirs])
        head.add_class("vx-bar")
        return head

    def _make_row(self, conflict: Conflict) -> widgets.Widget:
        name = widgets.HTML(f"<b>{escape(self._section.label_of(conflict.place))}</b>")
        sides = [
            self._make_side("Yours", conflict.mine, "Keep mine", conflict, mine=True),
            self._make_side("Theirs, stored now", conflict.theirs, "Take theirs", conflict, mine=False),
        ]
        both = widgets.HBox(sides)
        both.add_class("vx-bar")
        both.add_class("vx-sides")
        return widgets.VBox([name, both])

    def _make_side(
        self, title: str, changes: tuple[Change, ...], choice: str, conflict: Conflict, *, mine: bool
    ) -> widgets.Widget:
        values = "<br>".join(_shown(change, conflict) for change in changes)
        text = widgets.HTML(f'<span class="vx-hint">{title}</span><br>{values}')
        button = _button(choice, lambda: self._choose(conflict.place, mine=mine))
        side = widgets.VBox([text, button])
        side.add_class("vx-side")
        return side

    def _choose(self, *places: Any, mine: bool) -> None:
        for place in places:
            self._section.choose(place, mine=mine)


def _shown(change: Change, conflict: Conflict) -> str:
    """What one change made of the value, as HTML."""
    below = " › ".join(map(str, change.place[len(conflict.place) :]))
    head = f"{escape(below)}: " if below else ""
    if change.kind is EditKind.REMOVED:
        return f"{head}<i>removed</i>"
    return f"{head}<code>{value_markup(change.after)}</code>"


def _button(description: str, act: Any) -> widgets.Button:
    button = widgets.Button(description=description, layout=widgets.Layout(width="auto"))
    button.on_click(lambda _: act())
    return button
