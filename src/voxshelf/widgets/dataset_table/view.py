"""The table on screen: lays out the controls, forwards what a person does to the state, shows what it says."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import traitlets

from voxshelf.model import DatasetRecord, DatasetStatus
from voxshelf.store import Capability
from voxshelf.widgets.dataset_table.cells import COLUMNS, STATUS_COLORS
from voxshelf.widgets.dataset_table.empty import empty_text
from voxshelf.widgets.dataset_table.grid import PICTURE_CELL, Grid, GridColumn
from voxshelf.widgets.dataset_table.selection_bar import SelectionBar
from voxshelf.widgets.dataset_table.state import PAGE_SIZE, SORTS, DatasetTableState
from voxshelf.widgets.dataset_table.thumbnails import Thumbnails, open_quietly
from voxshelf.widgets.theme import MessageLine, stylesheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.store import DatasetStore

_ALL = "All"


class DatasetTable(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """A store's datasets as a table.

    Parameters
    ----------
    store : DatasetStore
        Whose datasets to show; changes made anywhere appear by themselves.
    page_size : int
        Rows per page, at most 500.
    on_import : callable, optional
        Called with a key when a person presses *Import*; without it the import form opens below the table.
    shows_selection : bool
        Whether a line below the table speaks of the chosen dataset; a page beside it may do that better.

    Attributes
    ----------
    selected : str or None
        The chosen dataset's key, ``organization/name``; can be set, observed and linked.
    selected_record : DatasetRecord or None
        What the store knows of it; follows changes.
    state : DatasetTableState
        Search, filter, order and pages, for programs.

    Examples
    --------
    >>> table = DatasetTable(store)                                   # doctest: +SKIP
    >>> table.observe(lambda change: print(change["new"]), "selected")  # doctest: +SKIP
    """

    selected = traitlets.Unicode(None, allow_none=True)
    selected_record = traitlets.Instance(DatasetRecord, allow_none=True)

    def __init__(
        self,
        store: DatasetStore,
        *,
        page_size: int = PAGE_SIZE,
        on_import: Callable[[str], None] | None = None,
        shows_selection: bool = True,
        state: DatasetTableState | None = None,
    ) -> None:
        self.state = state or DatasetTableState(store, page_size=page_size)
        self._store = store
        self._on_import = on_import or self._open_form
        self._painting = threading.RLock()
        self._thumbnails = Thumbnails(lambda record: open_quietly(store, record), frame=PICTURE_CELL)
        self._grid = Grid(_grid_columns(), on_select=self._choose, on_sort=self._sort)
        self._empty = widgets.HTML(layout=widgets.Layout(display="none"))
        self._empty.add_class("vx-empty")
        self._message = MessageLine()
        self._bar = SelectionBar(self._on_import)
        self._bar.layout.display = None if shows_selection else "none"
        self._form = widgets.VBox()
        super().__init__(
            [
                stylesheet(),
                self._make_controls(),
                self._message,
                self._grid.widget,
                self._empty,
                self._make_pager(),
                self._bar,
                self._form,
            ]
        )
        self.add_class("vx-root")
        self.add_class("vx-stack")
        self._follow()

    def close(self) -> None:
        """Stop following the store and leave the screen."""
        self.state.close()
        self._thumbnails.close()
        super().close()

    # -- controls ----------------------------------------------------------------------------

    def _make_controls(self) -> widgets.Widget:
        search = widgets.Text(placeholder="Search name, description, tags …", continuous_update=True)
        search.add_class("vx-grow")
        search.layout.max_width = "420px"
        status = widgets.Dropdown(
            options=[("Any status", _ALL), *((s.value.capitalize(), s.value) for s in DatasetStatus)],
            tooltip="Show only datasets of this status",
            layout=widgets.Layout(width="170px"),
        )
        sort = widgets.Dropdown(
            options=[(f"Sort by {title.lower()}", name) for title, name in SORTS],
            tooltip="Order of all pages; a click into a column's header does the same",
            layout=widgets.Layout(width="150px"),
        )
        turn = widgets.Button(tooltip="Turn the order around", layout=widgets.Layout(width="36px"))
        refresh = widgets.Button(
            description="Refresh",
            icon="refresh",
            tooltip="Look at the disk for new, changed and removed datasets",
            layout=widgets.Layout(width="100px"),
        )
        traitlets.link((self.state, "search"), (search, "value"))
        traitlets.link((self.state, "sort"), (sort, "value"))
        traitlets.link(
            (self.state, "status"),
            (status, "value"),
            transform=(lambda s: s.value if s else _ALL, lambda text: None if text == _ALL else text),
        )
        traitlets.dlink((self.state, "descending"), (turn, "icon"), _arrow)
        refusal = self._store.capabilities.why_not(Capability.SCAN)
        if refusal:
            refresh.tooltip = refusal
        traitlets.dlink(
            (self.state, "scanning"), (refresh, "disabled"), lambda scanning: scanning or bool(refusal)
        )
        turn.on_click(lambda _: self.state.set_trait("descending", not self.state.descending))
        refresh.on_click(lambda _: self.state.refresh())
        bar = widgets.HBox([search, status, sort, turn, refresh])
        bar.add_class("vx-bar")
        return bar

    def _make_pager(self) -> widgets.Widget:
        self._back = widgets.Button(
            icon="chevron-left", tooltip="Previous page", layout=widgets.Layout(width="36px")
        )
        self._next = widgets.Button(
            icon="chevron-right", tooltip="Next page", layout=widgets.Layout(width="36px")
        )
        self._range = widgets.Label()
        self._back.on_click(lambda _: self.state.turn(-1))
        self._next.on_click(lambda _: self.state.turn(1))
        pager = widgets.HBox([self._back, self._range, self._next])
        pager.add_class("vx-bar")
        return pager

    # -- from the state to the screen --------------------------------------------------------

    def _follow(self) -> None:
        traitlets.link((self.state, "selected"), (self, "selected"))
        traitlets.dlink((self.state, "selected_record"), (self, "selected_record"))
        state = self.state
        state.observe(lambda _: self._paint(), ["rows", "loaded", "total"])
        state.observe(lambda _: self._paint_frame(), "scanning")
        state.observe(lambda _: self._mark(), "selected")
        state.observe(lambda change: self._message.show(change["new"]), "message")
        state.observe(lambda change: self._bar.show(change["new"]), "selected_record")
        self._message.show(state.message)
        self._bar.show(state.selected_record)
        self._paint()

    def _paint(self) -> None:
        with self._painting:
            rows: tuple[DatasetRecord, ...] = self.state.rows
            pictures = [self._thumbnails.known(record) or "" for record in rows]
            texts = [[column.text(record) for column in COLUMNS] for record in rows]
            self._grid.show(list(zip(pictures, texts, strict=True)), self._position(self.state.selected))
            self._paint_frame()
            self._thumbnails.want(rows, self._show_thumbnail)

    def _paint_frame(self) -> None:
        """What surrounds the rows: the empty state and the pager."""
        state = self.state
        is_empty = not state.rows
        self._grid.widget.layout.display = "none" if is_empty else "block"
        self._empty.layout.display = "block" if is_empty else "none"
        if is_empty:
            self._empty.value = empty_text(state, self._store)
        first = state.page * state.page_size
        if state.pages > 1:
            self._range.value = f"{first + 1:,}–{first + len(state.rows):,} of {state.total:,}"
        else:
            self._range.value = f"{state.total:,} dataset{'' if state.total == 1 else 's'}"
        self._back.disabled = state.page == 0
        self._next.disabled = state.page + 1 >= state.pages
        only_page = "none" if state.pages == 1 else None
        self._back.layout.display = self._next.layout.display = only_page

    def _show_thumbnail(self, key: str, picture: str) -> None:
        with self._painting:
            position = self._position(key)
            if position is not None:
                self._grid.set_picture(position, picture)

    def _mark(self) -> None:
        self._grid.select(self._position(self.state.selected))

    def _position(self, key: str | None) -> int | None:
        keys = [record.key for record in self.state.rows]
        return keys.index(key) if key in keys else None

    # -- from the person to the state --------------------------------------------------------

    def _choose(self, position: int) -> None:
        rows = self.state.rows
        # The page may have become shorter while the click was on its way.
        self.state.selected = rows[position].key if position < len(rows) else None

    def _sort(self, name: str, descending: bool | None) -> None:  # noqa: FBT001 - the grid's callback
        column = next(column for column in COLUMNS if column.name == name)
        self.state.sort_by(column.sort or name, descending=descending)

    def _open_form(self, key: str) -> None:
        # Only here does a table need a form; a manager puts its own beside it.
        from voxshelf.widgets.import_form import ImportForm  # noqa: PLC0415

        for old in self._form.children:
            old.close()
        self._form.children = (ImportForm(self._store, key),)


def _grid_columns() -> list[GridColumn]:
    colors = {"status": tuple((status.value, color) for status, color in STATUS_COLORS.items())}
    return [
        GridColumn(column.name, column.title, column.width, colors.get(column.name, ())) for column in COLUMNS
    ]


def _arrow(descending: Any) -> str:
    return "arrow-down" if descending else "arrow-up"
