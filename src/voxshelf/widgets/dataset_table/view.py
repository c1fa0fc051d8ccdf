"""The table on screen: lays out the parts, forwards what a person does to the state, shows what it says."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import ipywidgets as widgets
import traitlets

from voxshelf.model import DatasetRecord, DatasetStatus
from voxshelf.widgets.aside import Aside
from voxshelf.widgets.dataset_table.bulk_bar import BulkBar
from voxshelf.widgets.dataset_table.cells import COLUMNS, STATUS_COLORS
from voxshelf.widgets.dataset_table.empty import empty_text
from voxshelf.widgets.dataset_table.grid import Grid, GridEvents, GridRow
from voxshelf.widgets.dataset_table.grid_looks import PICTURE_CELL, GridColumn
from voxshelf.widgets.dataset_table.pager import Pager
from voxshelf.widgets.dataset_table.selection_bar import SelectionBar
from voxshelf.widgets.dataset_table.state import PAGE_SIZE, DatasetTableState
from voxshelf.widgets.dataset_table.thumbnails import Thumbnails, open_quietly
from voxshelf.widgets.dataset_table.top_bar import TopBar
from voxshelf.widgets.drafts import close_all
from voxshelf.widgets.theme import Message, MessageLine, stylesheet

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from voxshelf.store import DatasetStore

# Pictures come one by one; a few at a time are painted together.
_SETTLE_PAUSE = 0.15


class DatasetTable(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """A store's datasets as a table.

    Parameters
    ----------
    store : DatasetStore
        Whose datasets to show; changes made anywhere appear by themselves.
    page_size : int
        Rows per page, at most 100.
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
    checked : tuple of str
        The keys of the datasets that are checked, on all pages; can be set, observed and linked.
    state : DatasetTableState
        Search, filters, order, columns and pages, for programs.

    Examples
    --------
    >>> table = DatasetTable(store)                                   # doctest: +SKIP
    >>> table.observe(lambda change: print(change["new"]), "selected")  # doctest: +SKIP
    """

    selected = traitlets.Unicode(None, allow_none=True)
    selected_record = traitlets.Instance(DatasetRecord, allow_none=True)
    checked = traitlets.Tuple()

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
        self._aside = Aside()
        self._thumbnails = Thumbnails(lambda record: open_quietly(store, record), frame=PICTURE_CELL)
        self._grid = Grid(
            _grid_columns(),
            GridEvents(
                select=self._choose,
                check=self._check,
                click=self._click,
                sort=self._sort,
                late=self._settle_soon,
                hide=self._warn_of_hidden_rows,
            ),
            shown=self.state.columns,
        )
        self._why_empty = widgets.HTML()
        self._why_empty.add_class("vx-empty")
        self._show_all = widgets.Button(
            description="Show all datasets", tooltip="Clear the search and all filters"
        )
        self._show_all.on_click(lambda _: self.state.clear())
        self._empty = widgets.VBox([self._why_empty, self._show_all])
        self._empty.add_class("vx-nothing")
        self._message = MessageLine()
        self._bar = SelectionBar(self._on_import)
        self._bar.layout.display = None if shows_selection else "none"
        self._form = widgets.VBox()
        super().__init__(
            [
                stylesheet(),
                TopBar(self.state),
                self._message,
                self._grid.widget,
                self._grid.painter,
                self._empty,
                BulkBar(self.state, Pager(self.state)),
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
        self._aside.drop()
        super().close()
        close_all(self.children)

    # -- from the state to the screen --------------------------------------------------------

    def _follow(self) -> None:
        state = self.state
        traitlets.link((state, "selected"), (self, "selected"))
        traitlets.dlink((state, "selected_record"), (self, "selected_record"))
        traitlets.link((state.checked, "keys"), (self, "checked"))
        state.observe(lambda _: self._paint(), "answers")
        state.observe(lambda _: self._paint_frame(), "scanning")
        state.observe(lambda _: self._mark(), "selected")
        state.observe(lambda change: self._grid.show_columns(change["new"]), "columns")
        state.checked.observe(lambda _: self._show_checked(), "keys")
        state.observe(lambda change: self._message.show(change["new"]), "message")
        state.observe(lambda change: self._bar.show(change["new"]), "selected_record")
        self._message.show(state.message)
        self._bar.show(state.selected_record)
        # The state is at work already: columns may be others than when the grid was made.
        self._grid.show_columns(state.columns)
        self._paint()

    def _paint(self) -> None:
        with self._painting:
            records: tuple[DatasetRecord, ...] = self.state.rows
            checked = set(self.state.checked.keys)
            rows = [
                GridRow(
                    self._thumbnails.known(record) or "",
                    tuple(column.text(record) for column in COLUMNS),
                    record.key in checked,
                )
                for record in records
            ]
            self._grid.show(rows, self._position(self.state.selected))
            self._paint_frame()
            self._thumbnails.want(records, self._show_thumbnail)

    def _settle_soon(self) -> None:
        self._aside.run("settle", self._grid.settle, delay=_SETTLE_PAUSE)

    def _paint_frame(self) -> None:
        """What stands in place of rows where there are none."""
        is_empty = not self.state.rows
        self._grid.widget.layout.display = "none" if is_empty else "block"
        self._empty.layout.display = "block" if is_empty else "none"
        if is_empty:
            self._why_empty.value = empty_text(self.state, self._store)
            is_narrowed = self.state.loaded and not self.state.scanning and self.state.is_narrowed
            self._show_all.layout.display = None if is_narrowed else "none"
            # As high as the rows that stood here: what lies below must not jump while somebody types.
            self._empty.layout.height = self._grid.widget.layout.height if self._grid.has_shown_rows else None

    def _show_thumbnail(self, key: str, picture: str) -> None:
        with self._painting:
            position = self._position(key)
            if position is not None:
                self._grid.set_picture(position, picture)

    def _mark(self) -> None:
        self._grid.select(self._position(self.state.selected))

    def _show_checked(self) -> None:
        with self._painting:
            checked = set(self.state.checked.keys)
            self._grid.check([at for at, record in enumerate(self.state.rows) if record.key in checked])

    def _position(self, key: str | None) -> int | None:
        keys = [record.key for record in self.state.rows]
        return keys.index(key) if key in keys else None

    # -- from the person to the state --------------------------------------------------------

    def _choose(self, position: int) -> None:
        record = self._record(position)
        self.state.selected = record.key if record else None

    def _record(self, position: int) -> DatasetRecord | None:
        rows: tuple[DatasetRecord, ...] = self.state.rows
        # The page may have become shorter while the click was on its way.
        return rows[position] if position < len(rows) else None

    def _check(self, positions: Collection[int]) -> None:
        rows: tuple[DatasetRecord, ...] = self.state.rows
        checked = [record.key for at, record in enumerate(rows) if at in positions]
        self.state.checked.set_among([record.key for record in rows], checked)

    def _click(self, position: int, column: str) -> None:
        record = self._record(position)
        if column == "status" and record is not None and record.status is DatasetStatus.NOT_IMPORTED:
            self.state.selected = record.key
            self._on_import(record.key)

    def _sort(self, name: str, descending: bool | None) -> None:  # noqa: FBT001 - the grid's callback
        column = next(column for column in COLUMNS if column.name == name)
        self.state.sort_by(column.sort or name, descending=descending)

    def _warn_of_hidden_rows(self) -> None:
        self.state.message = Message(
            "Such a filter hides rows of this page only.", "warning", "Search and Filter ask for all pages."
        )

    def _open_form(self, key: str) -> None:
        # Only here does a table need a form; a manager puts its own beside it.
        from voxshelf.widgets.import_form import ImportForm  # noqa: PLC0415

        for old in self._form.children:
            old.close()
        self._form.children = (ImportForm(self._store, key),)


def _grid_columns() -> list[GridColumn]:
    colors = {"status": tuple((status.value, *pair) for status, pair in STATUS_COLORS.items())}
    return [
        GridColumn(column.name, column.title, column.width, colors.get(column.name, ())) for column in COLUMNS
    ]
