"""The trash on screen: a row per deleted dataset, with *Restore* and *Remove for good*."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import ipywidgets as widgets

from voxshelf.widgets.dataset_table.cells import time_text
from voxshelf.widgets.drafts import close_all
from voxshelf.widgets.manager.trash_state import TrashState
from voxshelf.widgets.theme import MessageLine, PythonLine, escape

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.store import DatasetStore
    from voxshelf.store.trash import TrashEntry

_SHOWN = 100
_EMPTY = "<b>The trash is empty</b><br>What you delete lies here for 30 days and can be restored."


class Trash(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """What was deleted.

    Parameters
    ----------
    store : DatasetStore
        Whose trash.
    """

    def __init__(self, store: DatasetStore, *, state: TrashState | None = None) -> None:
        self.state = state or TrashState(store)
        self._asked: str | None = None
        self._painting = threading.RLock()
        self._rows = widgets.VBox()
        self._rows.add_class("vx-stack")
        self._message = MessageLine()
        self._code = PythonLine(store=store)
        super().__init__([self._message, self._rows, self._code])
        self.add_class("vx-stack")
        self.state.observe(lambda _: self._paint(), ["entries", "loaded", "busy"])
        self.state.observe(lambda change: self._message.show(change["new"]), "message")
        self.state.observe(lambda change: self._code.set_trait("code", change["new"]), "code")
        self._message.show(self.state.message)
        self._code.code = self.state.code
        self._paint()

    def close(self) -> None:
        """Stop following the store and leave the screen."""
        self.state.close()
        super().close()
        close_all(self.children)

    def _paint(self) -> None:
        with self._painting:
            old = self._rows.children
            entries: tuple[TrashEntry, ...] = self.state.entries
            rows = [self._row(entry) for entry in entries[:_SHOWN]]
            if len(entries) > _SHOWN:
                rows.append(
                    widgets.HTML(f'<span class="vx-hint">… and {len(entries) - _SHOWN:,} more</span>')
                )
            self._rows.children = tuple(rows) or (self._nothing(),)
            for row in old:
                for part in (*getattr(row, "children", ()), row):
                    part.close()

    def _nothing(self) -> widgets.Widget:
        empty = widgets.HTML(_EMPTY if self.state.loaded else "Loading …")
        empty.add_class("vx-empty")
        return empty

    def _row(self, entry: TrashEntry) -> widgets.Widget:
        by = f" by {escape(entry.deleted_by)}" if entry.deleted_by else ""
        text = widgets.HTML(
            f'<b>{escape(entry.key)}</b> <span class="vx-hint">deleted {time_text(entry.deleted)}{by}</span>'
        )
        text.add_class("vx-grow")
        row = widgets.HBox([text, *self._buttons(entry)])
        row.add_class("vx-bar")
        row.add_class("vx-panel")
        return row

    def _buttons(self, entry: TrashEntry) -> tuple[widgets.Button, ...]:
        if self._asked == entry.id:
            sure = self._button("Yes, remove it for good", lambda: self.state.purge(entry.id), 180, "danger")
            return sure, self._button("Keep", lambda: self._ask(None), 70)
        return (
            self._button("Restore", lambda: self.state.restore(entry.id), 84, "primary"),
            self._button("Remove …", lambda: self._ask(entry.id), 90),
        )

    def _button(self, text: str, press: Callable[[], None], width: int, style: str = "") -> widgets.Button:
        button = widgets.Button(
            description=text,
            button_style=style,
            disabled=self.state.busy,
            layout=widgets.Layout(width=f"{width}px"),
        )
        button.on_click(lambda _: press())
        return button

    def _ask(self, entry: str | None) -> None:
        self._asked = entry
        self._paint()
