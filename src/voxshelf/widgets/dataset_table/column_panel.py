"""The choice of columns: a box per column. Opened from the bar above the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from voxshelf.widgets.dataset_table.cells import COLUMNS

if TYPE_CHECKING:
    from voxshelf.widgets.dataset_table.state import DatasetTableState


class ColumnPanel(widgets.HBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Shows and hides columns; the name always stays.

    Parameters
    ----------
    state : DatasetTableState
        Whose columns.
    """

    def __init__(self, state: DatasetTableState) -> None:
        self._state = state
        self._following = False
        self._boxes = {
            column.name: widgets.Checkbox(
                description=column.title, indent=False, layout=widgets.Layout(width="auto")
            )
            for column in COLUMNS
            if column.name != "name"
        }
        usual = widgets.Button(
            description="Usual ones",
            tooltip="Show the columns that are shown at first",
            layout=widgets.Layout(width="100px"),
        )
        usual.on_click(lambda _: state.set_trait("columns", state.usual_columns))
        super().__init__([*self._boxes.values(), usual])
        self.add_class("vx-bar")
        self.add_class("vx-columns")
        self.add_class("vx-panel")
        for box in self._boxes.values():
            box.observe(lambda _: self._write(), "value")
        state.observe(lambda _: self._read(), "columns")
        self._read()

    def _read(self) -> None:
        self._following = True
        try:
            for name, box in self._boxes.items():
                box.value = name in self._state.columns
        finally:
            self._following = False

    def _write(self) -> None:
        if not self._following:
            self._state.columns = tuple(name for name, box in self._boxes.items() if box.value)
