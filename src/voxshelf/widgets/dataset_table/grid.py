"""The only module that knows ipydatagrid: ``Grid`` shows rows of texts with a box to check and a picture in front.

In the browser ``painter.js`` is the only one.

What it hides: ipydatagrid numbers rows as they are *seen* (sorted, filtered), and we as they were given; it forgets
selection on new data; it says nothing when a selection is made by ``select``; None becomes *NaN*; a click into the
header selects every row. Here a header click asks for an order (``on_sort``), because only the store can sort all
pages. Words: *selected* is the one row that a person looks at; *checked* are those that an action is meant for.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
from ipydatagrid import DataGrid

from voxshelf.widgets.dataset_table.grid_looks import (
    CHECK_COLUMN,
    CHECK_WIDTH,
    CHECKED,
    HEADER_HEIGHT,
    MOST_ROWS_AT_ONCE,
    PICTURE_CELL,
    PICTURE_COLUMN,
    ROW_HEIGHT,
    SCROLLBAR,
    STYLE,
    UNCHECKED,
    GridColumn,
    fitted,
    renderers,
)
from voxshelf.widgets.dataset_table.painter import Painter

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence


# Keys of rows are counted on by so many with every page: none comes twice.
_MOST_ROWS = 1000


@dataclass(frozen=True)
class GridRow:
    """A picture (a data URI, empty for none), a text per column, and whether the box in front is checked."""

    picture: str
    texts: tuple[str, ...]
    is_checked: bool = False


@dataclass(frozen=True)
class GridEvents:
    """What a grid tells; rows are told by their position, as given to :meth:`Grid.show`.

    Parameters
    ----------
    select : callable
        ``select(position)``: a person looks at this row.
    check : callable
        ``check(positions)``: exactly these rows of the page are checked now.
    click : callable
        ``click(position, column_name)``: a cell was clicked.
    sort : callable
        ``sort(column_name, descending)``: an order was asked for; None where the person did not say which way.
    late : callable
        ``late()``: cells changed, and wait for :meth:`Grid.settle`.
    hide : callable
        ``hide()``: the person hides rows by a filter of the grid's own, which holds for this page only.
    """

    select: Callable[[int], None]
    check: Callable[[Collection[int]], None]
    click: Callable[[int, str], None]
    sort: Callable[[str, bool | None], None]
    late: Callable[[], None] = lambda: None
    hide: Callable[[], None] = lambda: None


class Grid:
    """Rows of texts behind a box and a small picture.

    Parameters
    ----------
    columns : sequence of GridColumn
        All there are, from left to right.
    events : GridEvents
        Who is told what a person does.
    shown : collection of str, optional
        The names of the columns to show; default all.
    """

    def __init__(
        self, columns: Sequence[GridColumn], events: GridEvents, *, shown: Collection[str] | None = None
    ) -> None:
        self._all = tuple(columns)
        self._columns = tuple(c for c in columns if shown is None or c.name in shown)
        self._titles = {column.title: column.name for column in columns}
        self._events = events
        self._rows: tuple[GridRow, ...] = ()
        self._checked: set[int] = set()
        self._selected: int | None = None
        # Rows that the browser marks next because of a click that meant something else.
        self._unmeant: tuple[int, int] | None = None
        self._lock = threading.RLock()
        self._quiet = False
        # Cells that changed after their rows were sent; and those of them that no browser has been told of.
        self._late: dict[tuple[str, int], str] = {}
        self._due: dict[tuple[str, int], str] = {}
        self._edition = 0
        self._most_rows = 0
        self.widget = self._make_widget()
        self.painter = Painter(self.widget, self._tell_all)

    def _make_widget(self) -> widgets.DOMWidget:
        widths = {CHECK_COLUMN: CHECK_WIDTH, PICTURE_COLUMN: PICTURE_CELL[0]}
        grid = DataGrid(
            self._frame(),
            base_row_size=ROW_HEIGHT,
            base_column_header_size=HEADER_HEIGHT,
            column_widths={**widths, **{column.title: column.width for column in self._all}},
            header_visibility="column",
            selection_mode="row",
            renderers=renderers(self._all),
            grid_style=STYLE,
            layout=widgets.Layout(height=self._height(), width="100%", min_width="0"),
        )
        grid.observe(self._hear_selection, "selections")
        grid.observe(self._hear_transforms, "_transforms")
        grid.observe(lambda _: self._follow_visible_rows(), "_visible_rows")
        grid.on_cell_click(self._hear_click)
        return grid

    def _height(self) -> str:
        """As high as the most rows shown so far ask for: growing is calm, shrinking while one types is not."""
        rows = min(max(self._most_rows, 2), MOST_ROWS_AT_ONCE)
        return f"{HEADER_HEIGHT + rows * ROW_HEIGHT + SCROLLBAR}px"

    def _frame(self) -> pd.DataFrame:
        rows = self._rows
        data: dict[str, list[str]] = {
            CHECK_COLUMN: [CHECKED if at in self._checked else UNCHECKED for at in range(len(rows))],
            PICTURE_COLUMN: [row.picture for row in rows],
        }
        for index, column in enumerate(self._all):
            if column in self._columns:
                data[column.title] = [fitted(row.texts[index], column.width) for row in rows]
        # The key tells the browser which rows a late picture is meant for.
        return pd.DataFrame(data, dtype=object, index=range(self._edition, self._edition + len(rows)))

    @property
    def has_shown_rows(self) -> bool:
        """Whether there was ever a row."""
        return self._most_rows > 0

    # -- what is shown -----------------------------------------------------------------------

    def show(self, rows: Sequence[GridRow], selected: int | None) -> None:
        """Show other rows; ``selected`` is the position of the one to mark."""
        with self._lock:
            self._rows = tuple(rows)
            self._checked = {at for at, row in enumerate(rows) if row.is_checked}
            self._most_rows = max(self._most_rows, len(rows))
            self.widget.layout.height = self._height()
            self._renew(selected)

    def show_columns(self, names: Collection[str]) -> None:
        """Show these columns, in the order in which they were given at first."""
        with self._lock:
            self._columns = tuple(column for column in self._all if column.name in names)
            self._renew(self._selected)

    def _renew(self, selected: int | None) -> None:
        self._quiet = True
        self._edition += _MOST_ROWS
        self._late.clear()
        self._due.clear()
        try:
            self.widget.data = self._frame()
            self._mark(selected)
        finally:
            self._quiet = False

    def set_picture(self, position: int, picture: str) -> None:
        """Show ``picture`` (a data URI) in the row at ``position``, with the next :meth:`settle`."""
        with self._lock:
            rows = self._rows
            self._rows = (*rows[:position], replace(rows[position], picture=picture), *rows[position + 1 :])
            is_first = not self._due
            self._change(PICTURE_COLUMN, position, picture)
        if is_first:
            self._events.late()

    def settle(self) -> None:
        """Send the cells that changed, all at once."""
        with self._lock:
            due, self._due = self._due, {}
            if due:
                self.painter.bring(self._edition, [(*place, value) for place, value in due.items()])

    def _change(self, column: str, position: int, value: str) -> None:
        # Not by ipydatagrid's own way, which paints all cells anew for each one and sends it back and forth.
        self.widget._data["data"].loc[position, column] = value  # noqa: SLF001
        self._late[column, position] = self._due[column, position] = value

    def _tell_all(self) -> None:
        """A browser listens from now on."""
        with self._lock:
            self._due = dict(self._late)
        self.settle()

    def check(self, positions: Collection[int]) -> None:
        """Check exactly these rows, without telling anybody."""
        with self._lock:
            wanted = {at for at in positions if at < len(self._rows)}
            for at in sorted(wanted ^ self._checked):
                self._change(CHECK_COLUMN, at, CHECKED if at in wanted else UNCHECKED)
            self._checked = wanted
            self.settle()

    def select(self, position: int | None) -> None:
        """Mark a row, or none, without calling ``select``."""
        with self._lock:
            self._quiet = True
            try:
                self._mark(position)
            finally:
                self._quiet = False

    def _mark(self, position: int | None) -> None:
        self._selected = position
        seen = self._seen(position)
        last = len(self._columns) + 1
        marks = [] if seen is None else [{"r1": seen, "r2": seen, "c1": 0, "c2": last}]
        self.widget.selections = marks

    def _mark_again(self) -> None:
        if self._selected is None or self._seen(self._selected) is not None:
            self.select(self._selected)

    # -- positions on screen -----------------------------------------------------------------

    def _follow_visible_rows(self) -> None:
        """The browser says later than we know which rows it shows: then the marked one stands elsewhere."""
        with self._lock:
            if self._quiet:
                return
            self._mark_again()

    def _visible_rows(self) -> list[int]:
        """The given positions of the rows on screen, from top to bottom; empty where all stand as given."""
        # ipydatagrid offers no public way to either. Without sort and filter the list may be that of older data.
        grid = self.widget
        return list(grid._visible_rows) if grid._transforms else []  # noqa: SLF001

    def _seen(self, position: int | None) -> int | None:
        """Where the row at ``position`` stands on screen; None where a filter hides it."""
        visible = self._visible_rows()
        if position is None or not visible:
            return position
        return visible.index(position) if position in visible else None

    def _given(self, seen: int) -> int | None:
        """The position, as given to :meth:`show`, of the row that stands at ``seen`` on screen."""
        visible = self._visible_rows()
        if not visible:
            return seen if seen < len(self._rows) else None
        return visible[seen] if 0 <= seen < len(visible) else None

    # -- what a person does ------------------------------------------------------------------

    def _hear_selection(self, change: dict[str, Any]) -> None:
        with self._lock:
            if self._quiet:
                return
            marks = change["new"]
            if not marks or self._is_unmeant(marks[-1]):
                # The browser forgets its selection with every new data and says so later: the row stays what it was.
                self._mark_again()
                return
            seen = [row for mark in marks for row in range(mark["r1"], mark["r2"] + 1)]
            chosen = {given for row in seen if (given := self._given(row)) is not None}
            last = self._given(marks[-1]["r1"])
        if len(chosen) > 1:
            # Ctrl, Shift or dragging: these rows, whatever was checked before.
            self.check(chosen)
            self._events.check(chosen)
        elif last is not None and last != self._selected:
            self._selected = last
            self._events.select(last)

    def _is_unmeant(self, mark: dict[str, int]) -> bool:
        unmeant, self._unmeant = self._unmeant, None
        return (mark["r1"], mark["r2"]) == unmeant

    def _hear_click(self, event: dict[str, Any]) -> None:
        """The browser tells of a click first, and then of the selection that it made of it."""
        self._unmeant = None
        if event["region"] == "column-header":
            self._hear_header(event["column"])
            return
        position = self._given(event["row"])
        if position is None:
            return
        if event["column"] == CHECK_COLUMN:
            self._unmeant = (event["row"], event["row"])
            self.check(self._checked ^ {position})
            self._events.check(frozenset(self._checked))
        elif event["column"] in self._titles:
            self._events.click(position, self._titles[event["column"]])

    def _hear_header(self, title: str) -> None:
        count = len(self._visible_rows()) or len(self._rows)
        self._unmeant = (0, count - 1)
        self.select(self._selected)
        if title == CHECK_COLUMN:
            every = set(self._visible_rows()) or set(range(len(self._rows)))
            self.check(set() if every <= self._checked else every)
            self._events.check(frozenset(self._checked))
        elif title in self._titles:
            self._events.sort(self._titles[title], None)

    def _hear_transforms(self, change: dict[str, Any]) -> None:
        """A sort from the header's menu sorts one page: hand it to the store, which sorts all."""
        sorts = [transform for transform in change["new"] if transform.get("type") == "sort"]
        if not sorts:
            if change["new"]:
                self._events.hide()
            return
        self.widget.transform([entry for entry in change["new"] if entry.get("type") != "sort"])
        name = self._titles.get(sorts[-1]["column"])
        if name is not None:
            self._events.sort(name, bool(sorts[-1].get("desc")))
