"""*Delete* for the chosen dataset: a button, and a question before anything happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from voxshelf.model import DatasetStatus
from voxshelf.widgets.theme import PythonLine, call, escape

if TYPE_CHECKING:
    from voxshelf.model import DatasetRecord
    from voxshelf.widgets.manager.state import ManagerState


class Deleting:
    """Its button and its question, for whoever lays them out.

    Parameters
    ----------
    state : ManagerState
        Whose chosen dataset is deleted.
    """

    def __init__(self, state: ManagerState) -> None:
        self._state = state
        self._asked: str | None = None
        self.button = widgets.Button(
            description="Delete …",
            icon="trash",
            tooltip="Move it to the trash",
            layout=widgets.Layout(width="96px"),
        )
        self.button.on_click(lambda _: self._ask(asks=True))
        self.question = self._make_question()
        state.observe(lambda _: self._ask(asks=False), "selected")
        self._ask(asks=False)

    @property
    def is_offered(self) -> bool:
        """Whether the chosen dataset may be deleted by whoever asks."""
        record: DatasetRecord | None = self._state.record
        return record is not None and record.status is not DatasetStatus.DELETED and record.may("delete")

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

    def _ask(self, *, asks: bool) -> None:
        key = self._state.selected
        self._asked = key if asks else None
        self.question.layout.display = None if asks and key else "none"
        if key:
            self._text.value = f"Move <b>{escape(key)}</b> to the trash? It can be restored for 30 days."
            self._code.code = call("store.delete", key)

    def _delete_now(self) -> None:
        # Not what is chosen by now: it may have changed while the press was on its way.
        asked = self._asked
        self._ask(asks=False)
        if asked:
            self._state.table.bulk.delete((asked,))
