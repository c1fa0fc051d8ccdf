"""The filters of the table: status, folder, kind of layer, tags. Opened from the bar above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import traitlets

from voxshelf.model import Category, DatasetStatus
from voxshelf.widgets.theme import PythonLine

if TYPE_CHECKING:
    from voxshelf.widgets.dataset_table.state import DatasetTableState

_ANY = ""
_INDENT = "\u2003"


class FilterPanel(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Narrows the list; all filters hold at once.

    Parameters
    ----------
    state : DatasetTableState
        What is narrowed.
    """

    def __init__(self, state: DatasetTableState) -> None:
        self._state = state
        statuses = [(status.value.capitalize(), status.value) for status in DatasetStatus]
        self._status = _choice([("Any status", _ANY), *statuses], "Only datasets of this status", 180)
        kinds = [
            ("With colour layers", Category.COLOR.value),
            ("With segmentation", Category.SEGMENTATION.value),
        ]
        self._kind = _choice([("Any layers", _ANY), *kinds], "Only datasets with a layer of this kind", 160)
        self._folder = _choice([("Any folder", _ANY)], "Only what lies in this folder or below it", 200)
        self._tag = widgets.Combobox(
            placeholder="Tag …",
            tooltip="Only datasets with this tag; several tags: with all of them",
            continuous_update=False,
            layout=widgets.Layout(width="140px"),
        )
        self._chips = widgets.HBox()
        self._chips.add_class("vx-bar")
        clear = widgets.Button(
            description="Clear",
            tooltip="Take off all filters; the search stays",
            layout=widgets.Layout(width="64px"),
        )
        clear.on_click(lambda _: state.clear_filters())
        row = widgets.HBox([self._status, self._folder, self._kind, self._tag, self._chips, clear])
        row.add_class("vx-bar")
        self._code = PythonLine(store=state.store)
        super().__init__([row, self._code])
        self.add_class("vx-stack")
        self.add_class("vx-panel")
        self._follow()

    def _follow(self) -> None:
        state = self._state
        _link(state, "status", self._status, DatasetStatus)
        _link(state, "category", self._kind, Category)
        self._show_folders()
        traitlets.link(
            (state, "folder"),
            (self._folder, "value"),
            transform=(lambda path: path or _ANY, lambda v: v or None),
        )
        state.facets.observe(lambda _: self._show_folders(), "folders")
        traitlets.dlink((state.facets, "tags"), (self._tag, "options"))
        self._tag.observe(self._add_tag, "value")
        state.observe(lambda _: self._show_tags(), "tags")
        asked = ["search", "status", "tags", "folder", "category", "sort", "descending"]
        state.observe(lambda _: self._show_code(), asked)
        self._show_tags()
        self._show_code()

    def _show_code(self) -> None:
        self._code.code = self._state.code

    def _show_folders(self) -> None:
        """A folder that lies in another one stands below it, further in."""
        paths: tuple[str, ...] = self._state.facets.folders
        chosen = self._state.folder
        known = paths if chosen is None or chosen in paths else (*paths, chosen)
        options = [(_INDENT * path.count("/") + path.rpartition("/")[2], path) for path in known]
        with self._folder.hold_trait_notifications():
            self._folder.options = [("Any folder", _ANY), *options]
            self._folder.value = chosen or _ANY
        self._folder.disabled = not known

    def _add_tag(self, change: Any) -> None:
        tag = change["new"].strip()
        if tag:
            if tag not in self._state.tags:
                self._state.tags = (*self._state.tags, tag)
            self._tag.value = ""

    def _show_tags(self) -> None:
        old = self._chips.children
        self._chips.children = tuple(self._chip(tag) for tag in self._state.tags)
        self._chips.layout.display = None if self._chips.children else "none"
        for chip in old:
            chip.close()

    def _chip(self, tag: str) -> widgets.Button:
        chip = widgets.Button(description=f"{tag} ×", tooltip=f"No longer ask for the tag {tag}")
        chip.add_class("vx-tag")
        chip.on_click(
            lambda _: self._state.set_trait(
                "tags", tuple(other for other in self._state.tags if other != tag)
            )
        )
        return chip


def _choice(options: list[tuple[str, str]], tooltip: str, width: int) -> widgets.Dropdown:
    return widgets.Dropdown(options=options, tooltip=tooltip, layout=widgets.Layout(width=f"{width}px"))


def _link(state: DatasetTableState, name: str, choice: widgets.Dropdown, kind: Any) -> None:
    traitlets.link(
        (state, name),
        (choice, "value"),
        transform=(lambda value: value.value if value else _ANY, lambda text: kind(text) if text else None),
    )
