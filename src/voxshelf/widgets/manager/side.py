"""Left of the table: the tree of folders and the tags, which narrow the list when they are pressed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import ipywidgets as widgets

from voxshelf.model import folder_lineage
from voxshelf.widgets.manager.folder_tree import folder_lines

if TYPE_CHECKING:
    from voxshelf.widgets.dataset_table import DatasetTableState
    from voxshelf.widgets.manager.folder_tree import FolderLine

_MOST_ROWS = 200
_MOST_TAGS = 40
_INDENT = 14


class Side(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Folders and tags.

    Parameters
    ----------
    table : DatasetTableState
        What is narrowed.
    """

    def __init__(self, table: DatasetTableState) -> None:
        self._table = table
        self._open: frozenset[str] = frozenset()
        self._painting = threading.RLock()
        self._all = _button("All datasets", "Whatever folder they are in")
        self._all.on_click(lambda _: table.set_trait("folder", None))
        self._folders = widgets.VBox()
        self._folders.add_class("vx-tree")
        self._tags = widgets.HBox()
        self._tags.add_class("vx-bar")
        self._tag_title = _title("Tags")
        self._hint = widgets.HTML(
            '<span class="vx-hint">No folders or tags yet: check datasets in the table, then <b>Move</b> or '
            "<b>Tag</b> them.</span>"
        )
        super().__init__(
            [_title("Folders"), self._all, self._folders, self._tag_title, self._tags, self._hint]
        )
        self.add_class("vx-manager-side")
        self._shown_tags: tuple[object, ...] = ()
        self._shown_folders: tuple[object, ...] = ()
        table.facets.observe(lambda _: self._paint(), ["folders", "tags"])
        table.observe(lambda _: self._paint(), ["folder", "tags"])
        self._paint()

    def _paint(self) -> None:
        with self._painting:
            table = self._table
            self._open |= frozenset(folder_lineage(table.folder or "")[:-1])
            _mark(self._all, is_active=table.folder is None)
            self._paint_folders(folder_lines(table.facets.folders, self._open, most=_MOST_ROWS))
            self._paint_tags()
            is_bare = not table.facets.folders and not table.facets.tags
            self._hint.layout.display = None if is_bare else "none"

    def _paint_folders(self, lines: tuple[FolderLine, ...]) -> None:
        wanted = (lines, self._table.folder)
        if wanted != self._shown_folders:
            self._shown_folders = wanted
            _replace(self._folders, [self._row(line) for line in lines])

    def _row(self, line: FolderLine) -> widgets.Widget:
        turn = widgets.Button(
            icon="caret-down" if line.is_open else "caret-right",
            tooltip=f"{'Close' if line.is_open else 'Open'} {line.path}",
        )
        turn.add_class("vx-turn")
        turn.layout.visibility = None if line.has_children else "hidden"
        turn.on_click(lambda _: self._turn(line.path))
        name = _button(line.name, f"Only what lies in {line.path}, or below it")
        name.add_class("vx-grow")
        _mark(name, is_active=self._table.folder == line.path)
        name.on_click(lambda _: self._table.set_trait("folder", line.path))
        row = widgets.HBox([turn, name], layout=widgets.Layout(padding=f"0 0 0 {_INDENT * line.depth}px"))
        row.add_class("vx-tree-row")
        return row

    def _turn(self, path: str) -> None:
        self._open ^= {path}
        self._paint()

    def _paint_tags(self) -> None:
        table = self._table
        chosen: tuple[str, ...] = table.tags
        tags = tuple(dict.fromkeys((*chosen, *table.facets.common_tags(_MOST_TAGS))))
        wanted = (tags, chosen)
        if wanted != self._shown_tags:
            self._shown_tags = wanted
            _replace(self._tags, [self._tag(tag, is_chosen=tag in chosen) for tag in tags])
        self._tag_title.layout.display = None if tags else "none"

    def _tag(self, tag: str, *, is_chosen: bool) -> widgets.Button:
        chip = widgets.Button(
            description=tag,
            tooltip=f"No longer ask for {tag}" if is_chosen else f"Only datasets with the tag {tag}",
        )
        chip.add_class("vx-tag")
        _mark(chip, is_active=is_chosen)
        chip.on_click(lambda _: self._toggle(tag))
        return chip

    def _toggle(self, tag: str) -> None:
        chosen: tuple[str, ...] = self._table.tags
        kept = tuple(other for other in chosen if other != tag)
        self._table.tags = kept if tag in chosen else (*chosen, tag)


def _replace(box: widgets.Box, children: list[widgets.Widget]) -> None:
    old = box.children
    box.children = tuple(children)
    for child in old:
        for part in (*getattr(child, "children", ()), child):
            part.close()


def _button(text: str, tooltip: str) -> widgets.Button:
    button = widgets.Button(description=text, tooltip=tooltip)
    button.add_class("vx-plain")
    return button


def _mark(button: widgets.Button, *, is_active: bool) -> None:
    if is_active:
        button.add_class("vx-active")
    else:
        button.remove_class("vx-active")


def _title(text: str) -> widgets.HTML:
    title = widgets.HTML(text)
    title.add_class("vx-heading")
    return title
