"""The head of a dataset's page: its name, what may be done with it, and *Delete*."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from voxshelf.widgets.manager.deleting import Deleting
from voxshelf.widgets.manager.facts import title_markup
from voxshelf.widgets.manager.state import Details, ManagerState, Mode, modes_for

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
        self.deleting = Deleting(state)
        bar = widgets.HBox([self._title, *self._modes.values(), self.deleting.button])
        bar.add_class("vx-bar")
        super().__init__([bar, self.deleting.question])
        self.add_class("vx-stack")
        state.observe(lambda _: self._paint(), ["record", "page", "mode"])
        self._paint()

    def _mode_button(self, mode: Mode) -> widgets.Button:
        button = widgets.Button(
            description=mode.value, icon=_ICONS[mode], layout=widgets.Layout(width="80px")
        )
        button.add_class("vx-details-mode")
        button.on_click(lambda _: self._state.set_trait("mode", mode))
        return button

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
        # Beside an import form it would be the most prominent thing to press: there it stands at the end.
        self.deleting.button.layout.display = None if self.deleting.is_offered and says_name else "none"
        self.layout.display = None if record is not None else "none"
