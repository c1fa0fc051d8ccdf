"""The manager on screen: table and details, side by side where there is room, else one below the other."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import traitlets

from voxshelf.errors import VoxshelfError
from voxshelf.model import DatasetRecord
from voxshelf.widgets.aside import Aside
from voxshelf.widgets.dataset_table import DatasetTable
from voxshelf.widgets.import_form import ImportForm, Stage
from voxshelf.widgets.manager.facts import facts_markup, reason_markup, title_markup
from voxshelf.widgets.manager.state import Details, ManagerState
from voxshelf.widgets.slice_viewer import SliceViewer
from voxshelf.widgets.theme import Message, MessageLine, stylesheet

if TYPE_CHECKING:
    from voxshelf.store import DatasetStore

_NOTHING_CHOSEN = "<b>Choose a dataset</b><br>Click a row to look at it, or to import it."


class Manager(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """A whole store: find datasets, import them, look at them.

    Parameters
    ----------
    store : DatasetStore
        What to manage.

    Attributes
    ----------
    selected : str or None
        The chosen dataset's key; can be set, observed and linked.
    selected_record : DatasetRecord or None
        What the store knows of it.
    table : DatasetTable
        The table.
    viewer : SliceViewer or None
        The viewer, while a dataset that is ready is chosen.
    form : ImportForm or None
        The import form, while a dataset that is not imported is chosen.
    """

    selected = traitlets.Unicode(None, allow_none=True)
    selected_record = traitlets.Instance(DatasetRecord, allow_none=True)

    def __init__(
        self, store: DatasetStore, *, state: ManagerState | None = None, aside: Aside | None = None
    ) -> None:
        self.state = state or ManagerState(store)
        self.viewer: SliceViewer | None = None
        self.form: ImportForm | None = None
        self._store = store
        self._aside = aside or Aside(
            lambda error: self._message.show(Message.of_error(error, doing="Opening"))
        )
        self._turning = threading.RLock()
        self.table = DatasetTable(store, state=self.state.table, shows_selection=False)
        self._title = widgets.HTML()
        self._title.add_class("vx-title")
        self._message = MessageLine()
        self._facts = widgets.HTML()
        self._page = widgets.VBox()
        self._page.add_class("vx-stack")
        details = widgets.VBox([self._title, self._message, self._page, self._facts])
        details.add_class("vx-stack")
        details.add_class("vx-manager-details")
        self.table.add_class("vx-manager-table")
        columns = widgets.HBox([self.table, details])
        columns.add_class("vx-manager")
        super().__init__([stylesheet(), columns])
        self.add_class("vx-root")
        traitlets.link((self.state, "selected"), (self, "selected"))
        traitlets.dlink((self.state, "record"), (self, "selected_record"))
        self.state.observe(lambda _: self._paint_facts(), "record")
        self.state.observe(lambda _: self._turn_soon(), "page")
        self._paint_facts()
        self._turn()

    def close(self) -> None:
        """Stop following the store and leave the screen."""
        for widget in self._page.children:
            widget.close()
        self.state.close()
        self.table.close()
        super().close()

    def _paint_facts(self) -> None:
        record = self.state.record
        kind = self.state.page[0]
        shows_facts = record is not None and kind is Details.VIEWER
        self._title.value = title_markup(record) if record is not None and kind is not Details.IMPORT else ""
        self._title.layout.display = None if self._title.value else "none"
        self._facts.value = facts_markup(record) if record is not None and shows_facts else ""

    def _turn_soon(self) -> None:
        self._paint_facts()
        self._aside.run("page", self._turn)

    def _turn(self) -> None:
        """Put the page of the chosen dataset in place of the one before."""
        with self._turning:
            kind, key, _ = self.state.page
            farewell = self._farewell(key)
            old: tuple[Any, ...] = self._page.children
            self.viewer = self.form = None
            if kind is Details.VIEWER:
                content = self._make_viewer(key)
            elif kind is Details.IMPORT:
                content = self.form = ImportForm(self._store, key)
            elif kind is Details.REASON and self.state.record is not None:
                content = _panel(reason_markup(self.state.record), "vx-panel")
            else:
                content = _panel(_NOTHING_CHOSEN, "vx-empty")
            # The new page first: with an empty one in between, the notebook would jump.
            self._page.children = (content,)
            self._message.show(farewell)
            self._paint_facts()
            for widget in old:
                widget.close()

    def _farewell(self, key: str | None) -> Message:
        """What the page that is left has to say about the dataset that stays: that its import is done."""
        form = self.form
        # The store tells of an import before it returns to the form, so the form may still be at it.
        if (
            form is not None
            and form.state.key == key
            and form.state.stage in (Stage.IMPORTING, Stage.IMPORTED)
        ):
            return form.state.success
        return Message()

    def _make_viewer(self, key: str) -> widgets.Widget:
        try:
            self.viewer = SliceViewer(self._store[key])
        except (VoxshelfError, OSError) as error:
            line = MessageLine()
            line.show(Message.of_error(error, doing=f"Opening {key}"))
            return line
        return self.viewer


def _panel(markup: str, style: str) -> widgets.HTML:
    panel = widgets.HTML(markup)
    panel.add_class(style)
    return panel
