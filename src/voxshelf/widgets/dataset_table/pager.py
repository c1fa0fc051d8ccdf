"""Which part of the list is on screen, and the way to the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

if TYPE_CHECKING:
    from voxshelf.widgets.dataset_table.state import DatasetTableState


class Pager(widgets.HBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Turns pages; says how many datasets there are.

    Parameters
    ----------
    state : DatasetTableState
        Whose pages.
    """

    def __init__(self, state: DatasetTableState) -> None:
        self._state = state
        self._back = widgets.Button(icon="chevron-left", tooltip="Previous page")
        self._next = widgets.Button(icon="chevron-right", tooltip="Next page")
        self._back.layout.width = self._next.layout.width = "36px"
        # No Label: it would have the browser load and run MathJax over it.
        self._range = widgets.HTML()
        self._range.add_class("widget-label")
        self._back.on_click(lambda _: state.turn(-1))
        self._next.on_click(lambda _: state.turn(1))
        # As high as with its buttons, which come and go with the number of pages.
        super().__init__([self._back, self._range, self._next], layout=widgets.Layout(min_height="32px"))
        self.add_class("vx-bar")
        state.observe(lambda _: self._paint(), ["answers", "page"])
        self._paint()

    def _paint(self) -> None:
        state = self._state
        first = state.page * state.page_size
        total = f"{state.total:,}"
        if state.pages > 1:
            self._range.value = f"{first + 1:,}–{first + len(state.rows):,} of {total}"
            # As wide as on the page that says most: the buttons must not move below the pointer.
            self._range.layout.min_width = f"{len(f'{total}–{total} of {total}')}ch"
        else:
            self._range.layout.min_width = None
            self._range.value = f"{total} dataset{'' if state.total == 1 else 's'}"
        self._back.disabled = state.page == 0
        self._next.disabled = state.page + 1 >= state.pages
        only_page = "none" if state.pages == 1 else None
        self._back.layout.display = self._next.layout.display = only_page
