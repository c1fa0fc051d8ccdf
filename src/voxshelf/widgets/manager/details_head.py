"""The head of a dataset's page: its name, what may be done with it, and *Delete*, which asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from voxshelf.model import DatasetStatus
from voxshelf.widgets.manager.facts import title_markup
from voxshelf.widgets.manager.state import Details, ManagerState, Mode, modes_for
from voxshelf.widgets.theme import PythonLine, call, escape

if TYPE_CHECKING:
    from voxshelf.model import DatasetRecord

_ICONS = {Mode.VIEW: "eye", Mode.EDIT: "pencil", Mode.SHARE: "share-alt"}


class DetailsHead(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Says which dataset is chosen, and turns its pages.

    Parameters
    ----------
    state : ManagerState
        What is turned.
    """

    def __init__(self, state: ManagerState) -> None:
        self._state = state
        self._title = widgets.HTML()
        self._title.add_class("vx-title")
        self._title.add_class("vx-grow")
        self._modes = {mode: self._mode_button(mode) for mode in Mode}
        self._delete = widgets.Button(
            description="Delete …",
            icon="trash",
            tooltip="Move it to the trash",
            layout=widgets.Layout(width="96px"),
        )
        self._delete.on_click(lambda _: self._ask(asks=True))
        bar = widgets.HBox([self._title, *self._modes.values(), self._delete])
        bar.add_class("vx-bar")
        self._question = self._make_question()
        super().__init__([bar, self._question])
        self.add_class("vx-stack")
        state.observe(lambda _: self._paint(), ["record", "page", "mode"])
        state.observe(lambda _: self._ask(asks=False), "selected")
        self._paint()
        self._ask(asks=False)

    def _mode_button(self, mode: Mode) -> widgets.Button:
        button = widgets.Button(
            description=mode.value, icon=_ICONS[mode], layout=widgets.Layout(width="80px")
        )
        button.add_class("vx-details-mode")
        button.on_click(lambda _: self._state.set_trait("mode", mode))
        return button

    def _make_question(self) -> widgets.Widget:
        self._text = widgets.HTML()
        self._code = PythonLine(store=self._state.store)
        sure = widgets.Button(
            description="Move to the trash", button_style="danger", layout=widgets.Layout(width="150px")
        )
        keep = widgets.Button(description="Keep", layout=widgets.Layout(width="64px"))
        sure.on_click(lambda _: self._delete_now())
        keep.on_click(lambda _: self._ask(asks=False))
        self._text.add_class("vx-grow")
        row = widgets.HBox([self._text, sure, keep])
        row.add_class("vx-bar")
        question = widgets.VBox([row, self._code])
        question.add_class("vx-panel")
        question.add_class("vx-stack")
        return question

    def _paint(self) -> None:
        record: DatasetRecord | None = self._state.record
        allowed = modes_for(record)
        # The import form has a title of its own.
        says_name = record is not None and self._state.page[0] is not Details.IMPORT
        self._title.value = title_markup(record) if record is not None and says_name else ""
        for mode, button in self._modes.items():
            button.layout.display = None if len(allowed) > 1 and mode in allowed else "none"
            if mode is self._state.mode and mode in allowed:
                button.add_class("vx-active")
            else:
                button.remove_class("vx-active")
        is_there = record is not None and record.status is not DatasetStatus.DELETED
        self._delete.layout.display = (
            None if is_there and record is not None and record.may("delete") else "none"
        )
        self.layout.display = None if record is not None else "none"

    def _ask(self, *, asks: bool) -> None:
        key = self._state.selected
        self._question.layout.display = None if asks and key else "none"
        if key:
            self._text.value = f"Move <b>{escape(key)}</b> to the trash? It can be restored for 30 days."
            self._code.code = call("store.delete", key)

    def _delete_now(self) -> None:
        self._ask(asks=False)
        if self._state.selected:
            self._state.table.bulk.delete((self._state.selected,))
