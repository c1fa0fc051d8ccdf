"""The only module that knows ipydatagrid: ``Grid`` shows rows of texts with a picture in front.

What it hides: ipydatagrid numbers rows as they are *seen* (sorted, filtered), and we as they were given; it forgets
selection on new data; it says nothing when a selection is made by ``select``; None becomes *NaN*; a click into the
header selects every row. Here a header click asks for an order (``on_sort``), because only the store can sort all
pages.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
from ipydatagrid import DataGrid, ImageRenderer, TextRenderer, VegaExpr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# One transparent pixel: the picture of a row that has none (yet).
NO_PICTURE = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="
)
PICTURE_COLUMN = " "
ROW_HEIGHT = 54
_HEADER_HEIGHT = 26
_SCROLLBAR = 18
_MOST_ROWS_AT_ONCE = 6
PICTURE_CELL = (58, ROW_HEIGHT)


@dataclass(frozen=True)
class GridColumn:
    """A column of texts: its name for programs, its title, its width in pixels, colours of certain texts."""

    name: str
    title: str
    width: int
    colors: tuple[tuple[str, str], ...] = ()


def _color_expression(colors: Sequence[tuple[str, str]]) -> Any:
    """Vega's spelling of: this text in this colour, any other in the theme's."""
    expression = "default_value"
    for text, color in reversed(colors):
        expression = f"cell.value === '{text}' ? '{color}' : {expression}"
    return VegaExpr(expression)


class Grid:
    """Rows of texts behind a small picture; one row can be chosen.

    Parameters
    ----------
    columns : sequence of GridColumn
        From left to right, after the picture.
    on_select : callable
        Called with the position of the row that a person chose, as given to :meth:`show`.
    on_sort : callable
        Called with the name of the column whose order a person asked for, and ``True``/``False`` for
        descending/ascending or None where she did not say.
    """

    def __init__(
        self,
        columns: Sequence[GridColumn],
        *,
        on_select: Callable[[int], None],
        on_sort: Callable[[str, bool | None], None],
    ) -> None:
        self._columns = tuple(columns)
        self._titles = {column.title: column.name for column in columns}
        self._on_select = on_select
        self._on_sort = on_sort
        self._selected: int | None = None
        self._lock = threading.RLock()
        self._quiet = False
        self._most_rows = 0
        self.widget = self._make_widget()

    def _make_widget(self) -> widgets.DOMWidget:
        renderers: dict[str, Any] = {PICTURE_COLUMN: ImageRenderer(placeholder="")}
        for column in self._columns:
            if column.colors:
                renderers[column.title] = TextRenderer(text_color=_color_expression(column.colors))
        grid = DataGrid(
            self._frame([]),
            base_row_size=ROW_HEIGHT,
            base_column_header_size=_HEADER_HEIGHT,
            column_widths=self._widths(),
            header_visibility="column",
            selection_mode="row",
            renderers=renderers,
            layout=widgets.Layout(height=self._height(), width="100%", min_width="0"),
        )
        grid.observe(self._hear_selection, "selections")
        grid.observe(self._hear_transforms, "_transforms")
        grid.observe(lambda _: self._follow_visible_rows(), "_visible_rows")
        grid.on_cell_click(self._hear_click)
        return grid

    def _height(self) -> str:
        """As high as the most rows shown so far ask for: growing is calm, shrinking while one types is not."""
        rows = min(max(self._most_rows, 2), _MOST_ROWS_AT_ONCE)
        return f"{_HEADER_HEIGHT + rows * ROW_HEIGHT + _SCROLLBAR}px"

    def _widths(self) -> dict[str, int]:
        return {PICTURE_COLUMN: PICTURE_CELL[0], **{c.title: c.width for c in self._columns}}

    def _frame(self, rows: Sequence[tuple[str, Sequence[str]]]) -> pd.DataFrame:
        data: dict[str, list[str]] = {PICTURE_COLUMN: [picture or NO_PICTURE for picture, _ in rows]}
        for index, column in enumerate(self._columns):
            data[column.title] = [texts[index] for _, texts in rows]
        return pd.DataFrame(data, dtype=object)

    def show(self, rows: Sequence[tuple[str, Sequence[str]]], selected: int | None) -> None:
        """Show other rows.

        Parameters
        ----------
        rows : sequence of (picture, texts)
            The picture is a data URI, empty for none; texts are in the order of the columns.
        selected : int or None
            The position of the row to mark.
        """
        with self._lock:
            self._quiet = True
            try:
                self._most_rows = max(self._most_rows, len(rows))
                self.widget.layout.height = self._height()
                self.widget.data = self._frame(rows)
                self._mark(selected)
            finally:
                self._quiet = False

    def set_picture(self, position: int, picture: str) -> None:
        """Show ``picture`` (a data URI) in the row at ``position``."""
        with self._lock:
            self.widget.set_cell_value_by_index(PICTURE_COLUMN, position, picture)

    def select(self, position: int | None) -> None:
        """Mark a row, or none, without calling ``on_select``."""
        with self._lock:
            self._quiet = True
            try:
                self._mark(position)
            finally:
                self._quiet = False

    def _mark(self, position: int | None) -> None:
        self._selected = position
        seen = self._seen(position)
        last = len(self._columns)
        marks = [] if seen is None else [{"r1": seen, "r2": seen, "c1": 0, "c2": last}]
        self.widget.selections = marks

    def _follow_visible_rows(self) -> None:
        """The browser says later than we know which rows it shows: then the marked one stands elsewhere."""
        with self._lock:
            if not self._quiet:
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
            return seen
        return visible[seen] if 0 <= seen < len(visible) else None

    def _hear_selection(self, change: dict[str, Any]) -> None:
        with self._lock:
            if self._quiet:
                return
            marks = change["new"]
            chosen = self._given(marks[-1]["r1"]) if marks else None
            if chosen is None or any(mark["r1"] != mark["r2"] for mark in marks):
                # Nothing: the browser forgets its selection with every new data and says so later. Several rows: a
                # header click or dragging. Neither is a choice, so the one row stays what it was.
                self._mark_again()
                return
            if chosen == self._selected:
                return
            self._selected = chosen
        self._on_select(chosen)

    def _mark_again(self) -> None:
        if self._seen(self._selected) is not None:
            self.select(self._selected)

    def _hear_click(self, event: dict[str, Any]) -> None:
        name = self._titles.get(event["column"])
        if event["region"] == "column-header":
            self.select(self._selected)
            if name is not None:
                self._on_sort(name, None)

    def _hear_transforms(self, change: dict[str, Any]) -> None:
        """A sort from the header's menu sorts one page: hand it to the store, which sorts all."""
        sorts = [transform for transform in change["new"] if transform.get("type") == "sort"]
        if not sorts:
            return
        self.widget.transform([entry for entry in change["new"] if entry.get("type") != "sort"])
        name = self._titles.get(sorts[-1]["column"])
        if name is not None:
            self._on_sort(name, bool(sorts[-1].get("desc")))
