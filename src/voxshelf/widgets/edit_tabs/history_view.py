"""The History tab on screen: who, when, what, and Undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from voxshelf.model import Change, EditedSection, EditKind
from voxshelf.widgets.drafts import Panel, close_all, value_markup
from voxshelf.widgets.edit_tabs.place_labels import label_in
from voxshelf.widgets.edit_tabs.view_places import nested_value, placed_values
from voxshelf.widgets.theme import MessageLine, PythonLine, chip, escape

if TYPE_CHECKING:
    from voxshelf.model import HistoryEntry
    from voxshelf.widgets.edit_tabs.history import HistoryState

_CHANGES = 12
_SECTIONS = {"data": "Data", "details": "General", "view": "View configuration", "permissions": "Sharing"}


class HistoryList(Panel):
    """The edits, the newest first.

    Parameters
    ----------
    state : HistoryState
        What is shown.
    """

    def __init__(self, state: HistoryState) -> None:
        self._state = state
        self._rows: dict[int, HistoryRow] = {}
        self._empty = widgets.HTML()
        self._list = widgets.VBox()
        self._list.add_class("vx-stack")
        self._more = widgets.Button(description="Show earlier edits", layout=widgets.Layout(width="auto"))
        self._more.on_click(lambda _: state.show_more())
        self._message = MessageLine()
        self._python = PythonLine(store=state.store)
        super().__init__([self._message, self._python, self._empty, self._list, self._more])
        self.add_class("vx-stack")
        self.follow(state, ["entries", "has_more", "refusal", "busy"], self._build)
        self.follow(state, "message", lambda: self._message.show(state.message))
        self.follow(state, "python", self._paint_python)
        self._message.show(state.message)
        self._paint_python()
        self._build()

    def _build(self) -> None:
        state, old = self._state, self._rows
        self._rows = {entry.id: old.get(entry.id) or HistoryRow(entry, state) for entry in state.entries}
        self._list.children = tuple(self._rows.values())
        close_all(row for name, row in old.items() if name not in self._rows)
        for entry in state.entries:
            self._rows[entry.id].paint()
        said = state.refusal or ("" if state.entries else "Nothing has been edited yet.")
        self._empty.value = f'<span class="vx-hint">{escape(said)}</span>'
        self._empty.layout.display = None if said else "none"
        self._more.layout.display = None if state.has_more else "none"

    def _paint_python(self) -> None:
        self._python.code = self._state.python
        self._python.layout.display = None if self._state.python else "none"


class HistoryRow(Panel):
    """One edit.

    Parameters
    ----------
    entry : HistoryEntry
        What is shown.
    state : HistoryState
        What it belongs to.
    """

    def __init__(self, entry: HistoryEntry, state: HistoryState) -> None:
        self._entry = entry
        self._state = state
        self._text = widgets.HTML(entry_markup(entry))
        self._text.add_class("vx-grow")
        self._undo = widgets.Button(
            description="Undo",
            icon="undo",
            tooltip="Take this edit back; later edits of other values stay",
            layout=widgets.Layout(width="96px"),
        )
        self._undo.on_click(lambda _: state.undo(entry))
        line = widgets.HBox([self._text, self._undo])
        line.add_class("vx-bar")
        line.add_class("vx-edit-entry")
        super().__init__([line, PythonLine(entry.python, store=state.store)])
        self.add_class("vx-panel")

    def paint(self) -> None:
        """Bring everything up to date."""
        gone = self._entry.id in self._state.undone
        self._undo.disabled = gone or self._state.busy
        self._undo.description = "Undone" if gone else "Undo"


def entry_markup(entry: HistoryEntry) -> str:
    """Who, when and what, as HTML."""
    changes = _changes_of(entry)
    what = "".join(f"<li>{_change_markup(entry, change)}</li>" for change in changes[:_CHANGES])
    more = len(changes) - _CHANGES
    rest = f"<li>… and {more} more</li>" if more > 0 else ""
    undoes = f" {chip(f'takes back edit {entry.undoes}', 'warn')}" if entry.undoes is not None else ""
    return (
        f"<b>{escape(entry.by or 'somebody')}</b> {chip(_SECTIONS[entry.section])}{undoes} "
        f'<span class="vx-hint">{entry.at:%a} {entry.at.day} {entry.at:%b %Y, %H:%M} UTC · edit {entry.id}</span>'
        f'<ul class="vx-problems">{what}{rest}</ul>'
    )


def _changes_of(entry: HistoryEntry) -> list[Change]:
    """The changes, value by value: a first value of a view configuration adds all that is around it."""
    found = []
    for change in entry.changes:
        gone = change.kind is EditKind.REMOVED
        whole = change.before if gone else change.after
        is_part = entry.section is EditedSection.VIEW and len(change.place) < 3 and isinstance(whole, dict)
        if not is_part or change.kind not in (EditKind.ADDED, EditKind.REMOVED):
            found.append(change)
            continue
        for place, value in placed_values(nested_value(change.place, whole)):
            sides = {"before": value} if gone else {"after": value}
            found.append(Change(place=place, kind=change.kind, **sides))
    return found


def _change_markup(entry: HistoryEntry, change: Change) -> str:
    name = f"<b>{escape(label_in(entry.section, change.place))}</b>"
    before, after = value_markup(change.before), value_markup(change.after)
    match change.kind:
        case EditKind.ADDED:
            return f"{name}: <ins>{after}</ins>"
        case EditKind.REMOVED:
            return f"{name} removed: <del>{before}</del>"
        case EditKind.REORDERED:
            return f"{name} reordered: <ins>{after}</ins>"
    return f"{name}: <del>{before}</del> → <ins>{after}</ins>"
