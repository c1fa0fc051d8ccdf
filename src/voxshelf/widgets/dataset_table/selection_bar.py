"""The line below the table about the chosen dataset: what it is, what is wrong with it, what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from voxshelf.model import DatasetStatus
from voxshelf.widgets.dataset_table.cells import STATUS_TONES
from voxshelf.widgets.theme import chip, escape, problem_list

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.model import DatasetRecord


class SelectionBar(widgets.HBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Shows a record; offers *Import* where that is the next step.

    Parameters
    ----------
    on_import : callable
        Called with the key when *Import* is pressed.
    """

    def __init__(self, on_import: Callable[[str], None]) -> None:
        self._text = widgets.HTML()
        self._text.add_class("vx-grow")
        self._button = widgets.Button(
            description="Import …",
            button_style="primary",
            tooltip="Look at what was detected, fill in what is missing, and import",
            layout=widgets.Layout(width="100px", display="none"),
        )
        self._record: DatasetRecord | None = None
        self._on_import = on_import
        self._button.on_click(lambda _: self._press())
        super().__init__([self._text, self._button])
        self.add_class("vx-bar")

    def _press(self) -> None:
        if self._record is not None:
            self._on_import(self._record.key)

    def show(self, record: DatasetRecord | None) -> None:
        """Speak of ``record``, or of nothing."""
        self._record = record
        self._text.value = _describe(record) if record else '<span class="vx-hint">No dataset chosen.</span>'
        importable = record is not None and record.status is DatasetStatus.NOT_IMPORTED
        self._button.layout.display = None if importable else "none"


def _describe(record: DatasetRecord) -> str:
    text = f"<b>{escape(record.title)}</b> <code>{escape(record.key)}</code> "
    text += chip(record.status.value, STATUS_TONES[record.status])
    if record.status_message:
        text += f" {escape(record.status_message)}"
    return text + problem_list(record.problems)
