"""The gallery on screen: search, cards with pictures, pages, and the dataset that was opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets
import traitlets

from voxshelf.errors import VoxshelfError
from voxshelf.widgets.cards import Cards
from voxshelf.widgets.drafts import close_all
from voxshelf.widgets.gallery.cards import dataset_card, empty_text
from voxshelf.widgets.gallery.state import PAGE_SIZE, GalleryState
from voxshelf.widgets.theme import Message, MessageLine, PythonLine, Slot, call, literal, stylesheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.store import DatasetStore


class Gallery(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """A store's public datasets, as visitors see them.

    Parameters
    ----------
    store : DatasetStore
        Whose datasets to show; changes made anywhere appear by themselves.
    page_size : int
        Cards per page.
    on_open : callable, optional
        Called with a key when a person presses a card; without it the viewer opens below.

    Attributes
    ----------
    selected : str or None
        The key of the card that was pressed last; can be set, observed and linked.
    state : GalleryState
        Search and pages, for programs.

    Examples
    --------
    >>> gallery = Gallery(store)                                          # doctest: +SKIP
    >>> gallery.observe(lambda change: print(change["new"]), "selected")  # doctest: +SKIP
    """

    selected = traitlets.Unicode(None, allow_none=True)

    def __init__(
        self,
        store: DatasetStore,
        *,
        page_size: int = PAGE_SIZE,
        on_open: Callable[[str], None] | None = None,
        state: GalleryState | None = None,
    ) -> None:
        self._store = store
        self.state = state or GalleryState(store, page_size=page_size)
        self._on_open = on_open or self._show_viewer
        self.cards = Cards(lambda key, _: self._open(key), pictured=True)
        self._empty = widgets.HTML()
        self._empty.add_class("vx-empty")
        self._message = MessageLine()
        self._python = PythonLine(store=store)
        self._below = Slot()
        super().__init__(
            [
                stylesheet(),
                self._make_search(),
                self._message,
                self.cards,
                self._empty,
                self._make_pager(),
                self._python,
                self._below,
            ]
        )
        self.add_class("vx-root")
        self.add_class("vx-stack")
        self._follow()

    def close(self) -> None:
        """Stop following the store and leave the screen."""
        self._below.put(None)
        self.state.close()
        super().close()
        close_all(self.children)

    # -- layout ------------------------------------------------------------------------------

    def _make_search(self) -> widgets.Widget:
        search = widgets.Text(placeholder="Search public datasets …", continuous_update=True)
        search.add_class("vx-grow")
        search.layout.max_width = "420px"
        traitlets.link((self.state, "search"), (search, "value"))
        bar = widgets.HBox([search])
        bar.add_class("vx-bar")
        return bar

    def _make_pager(self) -> widgets.Widget:
        narrow = {"width": "36px"}
        self._back = widgets.Button(icon="chevron-left", tooltip="Previous page", layout=narrow)
        self._next = widgets.Button(icon="chevron-right", tooltip="Next page", layout=narrow)
        self._range = widgets.Label()
        self._back.on_click(lambda _: self.state.turn(-1))
        self._next.on_click(lambda _: self.state.turn(1))
        pager = widgets.HBox([self._back, self._range, self._next])
        pager.add_class("vx-bar")
        return pager

    # -- from the state to the screen --------------------------------------------------------

    def _follow(self) -> None:
        state = self.state
        traitlets.link((state, "selected"), (self, "selected"))
        traitlets.dlink((state, "pictures"), (self.cards, "pictures"))
        state.observe(lambda _: self._paint(), ["records", "total", "loaded"])
        state.observe(lambda _: self._mark(), ["selected", "search"])
        state.observe(lambda change: self._message.show(change["new"]), "message")
        self._message.show(state.message)
        self._mark()
        self._paint()

    def _paint(self) -> None:
        state = self.state
        is_empty = not state.records
        self.cards.show(dataset_card(record) for record in state.records)
        self._empty.layout.display = "block" if is_empty else "none"
        self._empty.value = empty_text(state) if is_empty else ""
        first = state.page * state.page_size
        if state.pages > 1:
            self._range.value = f"{first + 1:,}–{first + len(state.records):,} of {state.total:,}"
        else:
            self._range.value = f"{state.total:,} public dataset{'' if state.total == 1 else 's'}"
        self._back.disabled = state.page == 0
        self._next.disabled = state.page + 1 >= state.pages
        only_page = "none" if state.pages == 1 else None
        self._back.layout.display = self._next.layout.display = only_page

    def _mark(self) -> None:
        state = self.state
        self.cards.current = state.selected or ""
        if state.selected:
            self._python.code = f"vx.show(store[{literal(state.selected)}])"
        else:
            asked = {"search": state.search} if state.search else {}
            self._python.code = call("store.list", **asked, status="ready", is_public=True)

    # -- from the person to the state --------------------------------------------------------

    def _open(self, key: str) -> None:
        self.state.selected = key
        self._on_open(key)

    def _show_viewer(self, key: str) -> None:
        # Only here does the gallery need a viewer; a manager opens its own.
        from voxshelf.widgets.slice_viewer import SliceViewer  # noqa: PLC0415

        try:
            self._below.put(SliceViewer(self._store[key]), key)
        except (VoxshelfError, OSError) as error:
            self._message.show(Message.of_error(error, doing=f"Opening {key}"))
