"""The sample picker on screen: a card per sample, the line of Python, and the sample that was opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets
import traitlets

from voxshelf.errors import VoxshelfError
from voxshelf.store import Capability
from voxshelf.widgets.cards import Cards
from voxshelf.widgets.drafts import close_all
from voxshelf.widgets.samples.cards import ADD, CANCEL, OPEN, progress_of, sample_card
from voxshelf.widgets.samples.state import SamplePickerState
from voxshelf.widgets.theme import Message, MessageLine, PythonLine, Slot, call, literal, stylesheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.store import DatasetStore

_LISTING = "store.samples.available()"


class SamplePicker(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Add a sample dataset to the store.

    Parameters
    ----------
    store : DatasetStore
        Where they are added.
    on_open : callable, optional
        Called with a key when a person presses *Open*; without it the viewer opens below the cards.

    Attributes
    ----------
    added : str or None
        The key of the sample that was added last; can be observed and linked.
    opened : str or None
        The key of the sample that was opened last; likewise.
    state : SamplePickerState
        The samples, for programs.

    Examples
    --------
    >>> picker = SamplePicker(store)    # doctest: +SKIP
    >>> picker.state.add("tissue")      # doctest: +SKIP
    """

    added = traitlets.Unicode(None, allow_none=True)
    opened = traitlets.Unicode(None, allow_none=True)

    def __init__(
        self,
        store: DatasetStore,
        *,
        on_open: Callable[[str], None] | None = None,
        state: SamplePickerState | None = None,
    ) -> None:
        self._store = store
        self.state = state or SamplePickerState(store)
        self._on_open = on_open or self._show_viewer
        self._refusal = store.capabilities.why_not(Capability.UPLOAD)
        self.cards = Cards(self._act)
        self._message = MessageLine()
        self._python = PythonLine(_LISTING, store=store)
        self._below = Slot()
        super().__init__([stylesheet(), self.cards, self._message, self._python, self._below])
        self.add_class("vx-root")
        self.add_class("vx-stack")
        traitlets.dlink((self.state, "added"), (self, "added"))
        self.state.observe(lambda _: self._paint(), "items")
        self.state.observe(lambda _: self._say(), "message")
        self._say()
        self._paint()

    def close(self) -> None:
        """Stop following the store and what is being added, and leave the screen."""
        self._below.put(None)
        self.state.close()
        super().close()
        close_all(self.children)

    def _say(self) -> None:
        message = self.state.message
        self._message.show(
            message if message.text or not self._refusal else Message(self._refusal, "warning")
        )

    def _paint(self) -> None:
        items = self.state.items
        running = {item.info.name: progress_of(item) for item in items}
        self.cards.progress = {name: list(told) for name, told in running.items() if told is not None}
        self.cards.show(sample_card(item, may_add=not self._refusal) for item in items)

    def _act(self, name: str, action: str) -> None:
        item = self.state.item(name)
        if item is None:
            return
        if action == ADD:
            self._python.code = call("store.samples.add", name)
            self.state.add(name)
        elif action == CANCEL:
            self.state.cancel(name)
        elif action == OPEN:
            self._python.code = f"vx.show(store[{literal(item.info.key)}])"
            self.cards.current = name
            self._on_open(item.info.key)
            self.opened = item.info.key

    def _show_viewer(self, key: str) -> None:
        # Only here does the picker need a viewer; a manager opens its own.
        from voxshelf.widgets.slice_viewer import SliceViewer  # noqa: PLC0415

        try:
            self._below.put(SliceViewer(self._store[key]), key)
        except (VoxshelfError, OSError) as error:
            self._message.show(Message.of_error(error, doing=f"Opening {key}"))
