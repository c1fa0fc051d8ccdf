"""The bar above the table: search, filters, order, columns, refresh."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import traitlets

from voxshelf.store import Capability
from voxshelf.widgets.dataset_table.column_panel import ColumnPanel
from voxshelf.widgets.dataset_table.filter_panel import FilterPanel
from voxshelf.widgets.dataset_table.state import SORTS

if TYPE_CHECKING:
    from voxshelf.widgets.dataset_table.state import DatasetTableState


class TopBar(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Asks for other rows, or for more of them.

    Parameters
    ----------
    state : DatasetTableState
        What is asked.
    """

    children: tuple[Any, ...]

    def __init__(self, state: DatasetTableState) -> None:
        self._state = state
        self._filter = widgets.ToggleButton(
            description="Filter", icon="filter", tooltip="By status, folder, layers, tags", layout=_wide(96)
        )
        self._columns = widgets.ToggleButton(
            description="Columns", icon="columns", tooltip="Choose columns", layout=_wide(104)
        )
        self._panels: dict[type, Any] = {}
        bar = widgets.HBox(
            [self._make_search(), self._filter, *self._make_order(), self._columns, self._make_refresh()]
        )
        bar.add_class("vx-bar")
        super().__init__([bar])
        self.add_class("vx-stack")
        self._filter.observe(lambda change: self._show(FilterPanel, is_open=change["new"]), "value")
        self._columns.observe(lambda change: self._show(ColumnPanel, is_open=change["new"]), "value")
        state.observe(lambda _: self._count_filters(), ["status", "folder", "category", "tags"])
        self._count_filters()

    def _make_search(self) -> widgets.Widget:
        search = widgets.Text(
            placeholder="Search name, tags …",
            tooltip="Words of the name, the description or the tags; a dataset must have all of them",
            continuous_update=True,
        )
        search.add_class("vx-grow")
        search.layout.max_width = "420px"
        traitlets.link((self._state, "search"), (search, "value"))
        return search

    def _make_order(self) -> tuple[widgets.Widget, widgets.Widget]:
        sort = widgets.Dropdown(
            options=[(f"Sort by {title.lower()}", name) for title, name in SORTS],
            tooltip="Order of all pages; a click into a column's header does the same",
            layout=_wide(150),
        )
        turn = widgets.Button(tooltip="Turn the order around", layout=_wide(36))
        traitlets.link((self._state, "sort"), (sort, "value"))
        traitlets.dlink((self._state, "descending"), (turn, "icon"), _arrow)
        turn.on_click(lambda _: self._state.set_trait("descending", not self._state.descending))
        return sort, turn

    def _make_refresh(self) -> widgets.Widget:
        state = self._state
        refresh = widgets.Button(
            description="Refresh",
            icon="refresh",
            tooltip="Look at the disk for new, changed and removed datasets: store.refresh()",
            layout=_wide(100),
        )
        refusal = state.store.capabilities.why_not(Capability.SCAN)
        if refusal:
            refresh.tooltip = refusal
        traitlets.dlink(
            (state, "scanning"), (refresh, "disabled"), lambda scanning: scanning or bool(refusal)
        )
        refresh.on_click(lambda _: state.refresh())
        return refresh

    def _show(self, kind: type, *, is_open: bool) -> None:
        """A panel is made when it is first opened: what is on screen comes before what one might want."""
        if is_open and kind not in self._panels:
            self._panels[kind] = kind(self._state)
            panels = [self._panels[kind] for kind in (FilterPanel, ColumnPanel) if kind in self._panels]
            self.children = (self.children[0], *panels)
        if kind in self._panels:
            self._panels[kind].layout.display = None if is_open else "none"

    def _count_filters(self) -> None:
        count = self._state.narrowings
        self._filter.description = f"Filter ({count})" if count else "Filter"
        self._filter.button_style = "primary" if count else ""


def _wide(pixels: int) -> widgets.Layout:
    return widgets.Layout(width=f"{pixels}px")


def _arrow(descending: Any) -> str:
    return "arrow-down" if descending else "arrow-up"
