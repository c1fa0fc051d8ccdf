"""Key/value metadata on screen: one line per entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import traitlets

from voxshelf.widgets.drafts import Panel, close_all
from voxshelf.widgets.edit_tabs.metadata_rows import TYPES, doubles

if TYPE_CHECKING:
    from voxshelf.widgets.edit_tabs.details import DetailsSection
    from voxshelf.widgets.edit_tabs.metadata_rows import MetadataRow


class MetadataTable(Panel):
    """Names and values that people added.

    Parameters
    ----------
    section : DetailsSection
        Whose rows are shown.
    """

    def __init__(self, section: DetailsSection) -> None:
        self._section = section
        self._lines: dict[int, widgets.HBox] = {}
        self._refused = False
        self._add = widgets.Button(description="Add", icon="plus", layout=widgets.Layout(width="72px"))
        self._add.on_click(lambda _: section.add_row())
        super().__init__()
        self.add_class("vx-metadata")
        self.follow(section, "rows", self._build)
        self.follow(section, "changes", self._mark)
        self._build()

    def refuse(self, *, refused: bool) -> None:
        """Make everything read-only, or not."""
        self._refused = refused
        for line in self._lines.values():
            for control in line.children:
                control.disabled = refused
        self._add.disabled = refused

    def _build(self) -> None:
        rows = self._section.rows
        old = self._lines
        self._lines = {id(row): old.get(id(row)) or self._make_line(row) for row in rows}
        self.children = (*self._lines.values(), self._add)
        close_all(line for name, line in old.items() if name not in self._lines)
        self.refuse(refused=self._refused)

    def _mark(self) -> None:
        """Show which lines cannot be stored as they are."""
        twice = doubles(self._section.rows)
        for row in self._section.rows:
            line = self._lines.get(id(row))
            if line is not None:
                is_wrong = bool(row.error) or row.key.strip() in twice
                (line.add_class if is_wrong else line.remove_class)("vx-wrong-line")

    def _make_line(self, row: MetadataRow) -> widgets.HBox:
        name = widgets.Text(placeholder="name", layout=widgets.Layout(width="150px"))
        kind = widgets.Dropdown(options=TYPES, layout=widgets.Layout(width="84px"))
        text = widgets.Text(placeholder="value", layout=widgets.Layout(width="auto"))
        text.add_class("vx-grow")
        remove = widgets.Button(
            icon="times", tooltip="Remove this entry", layout=widgets.Layout(width="32px")
        )
        for control, trait in ((name, "key"), (kind, "type"), (text, "text")):
            traitlets.link((row, trait), (control, "value"))

        def hint(change: Any) -> None:
            text.placeholder = "one, two, three" if change["new"] == "string[]" else "value"

        kind.observe(hint, "value")
        remove.on_click(lambda _: self._section.remove_row(row))
        line = widgets.HBox([name, kind, text, remove])
        line.add_class("vx-bar")
        return line
