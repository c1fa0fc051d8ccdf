"""The page about the chosen dataset: look at it, edit it, share it, delete it; import it or read what is wrong."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from voxshelf.errors import VoxshelfError
from voxshelf.model import DatasetRecord, DatasetStatus
from voxshelf.widgets.aside import Aside
from voxshelf.widgets.drafts import close_all
from voxshelf.widgets.import_form import ImportForm, Stage
from voxshelf.widgets.manager.deleting import Deleting
from voxshelf.widgets.manager.details_head import DetailsHead
from voxshelf.widgets.manager.facts import facts_markup, reason_markup
from voxshelf.widgets.manager.state import Details, ManagerState, Mode, Section
from voxshelf.widgets.slice_viewer import SliceViewer
from voxshelf.widgets.theme import InView, Message, MessageLine, PythonLine, literal, store_opening

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.widgets.edit_tabs import EditTabs

_NOTHING_CHOSEN = "<b>Choose a dataset</b><br>Click a row to look at it, or to import it."
_SHARING_TAB = 3


class DetailsPage(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Follows the manager's choice.

    Parameters
    ----------
    state : ManagerState
        Which dataset, and what is done with it.
    go_back : callable
        Called when the person wants to see the table again.
    aside : Aside, optional
        Where pages are made: opening a dataset may take a while.

    Attributes
    ----------
    viewer, form, edit : SliceViewer, ImportForm, EditTabs or None
        What is on the page, or is kept for coming back.
    """

    def __init__(
        self, state: ManagerState, go_back: Callable[[], None], *, aside: Aside | None = None
    ) -> None:
        self._state = state
        self.viewer: SliceViewer | None = None
        self.form: ImportForm | None = None
        self.edit: EditTabs | None = None
        self._viewed: Any = None
        self._turning = threading.RLock()
        self._is_closed = False
        self._head = DetailsHead(state)
        self._in_view = InView()
        self._deleting = Deleting(state)
        self._message = MessageLine()
        self._aside = aside or Aside(
            lambda error: self._message.show(Message.of_error(error, doing="Opening"))
        )
        self._page = widgets.VBox()
        self._page.add_class("vx-stack")
        self._code = PythonLine(store=state.store)
        self._facts = widgets.HTML()
        back = widgets.Button(
            description="Table",
            icon="arrow-up",
            tooltip="Back to the table",
            layout=widgets.Layout(width="auto"),
        )
        back.add_class("vx-back")
        back.on_click(lambda _: go_back())
        self._message.add_class("vx-grow")
        said = widgets.HBox([self._message, back])
        said.add_class("vx-bar")
        foot = [self._deleting.button, self._deleting.question]
        super().__init__([self._in_view, self._head, said, self._page, self._code, self._facts, *foot])
        self.add_class("vx-stack")
        self.add_class("vx-manager-details")
        state.observe(lambda _: self._paint_facts(), "record")
        state.observe(lambda _: self._turn_soon(), "page")
        state.observe(lambda _: self._come_into_view(), "section")
        self._turn()

    def close(self) -> None:
        """Close what is on the page, and leave the screen."""
        with self._turning:  # a page that is being made is closed with the others, and none is made any more
            self._is_closed = True
            everything = {self.viewer, self.form, self.edit, *self._page.children} - {None}
            self._leave_viewer()
            for widget in everything:
                widget.close()
        super().close()
        close_all(self.children)

    def _paint_facts(self) -> None:
        record: DatasetRecord | None = self._state.record
        is_viewed = record is not None and self._state.page[0] is Details.VIEWER
        self._facts.value = facts_markup(record) if record is not None and is_viewed else ""
        self._paint_deleting()

    def _paint_deleting(self) -> None:
        is_foot = self._state.page[0] is Details.IMPORT and self._deleting.is_offered
        self._deleting.button.layout.display = None if is_foot else "none"

    def _come_into_view(self) -> None:
        """Whoever asked for a page, from a row, a card or the form before it, need not look for it."""
        if self._state.page[0] is not Details.NONE and self._state.section is Section.DATASETS:
            self._in_view.show()

    def _turn_soon(self) -> None:
        self._paint_facts()
        self._aside.run("page", self._turn)

    def _turn(self) -> None:
        """Put the page of the chosen dataset in place of the one before."""
        with self._turning:
            if self._is_closed:
                return
            kind, key, made_of = self._state.page
            farewell = self._farewell(key)
            old = set(self._page.children)
            self.form = None
            shown = self._make(kind, key, made_of)
            # The new page first: with an empty one in between, the notebook would jump.
            self._show(shown)
            self._message.show(farewell)
            self._code.code = self._line(kind, key)
            self._paint_facts()
            self._come_into_view()
            for widget in old - {self.viewer, self.edit, shown}:
                widget.close()

    def _show(self, shown: widgets.Widget) -> None:
        """Viewer and editor stay, hidden, so that one can go back and forth between them."""
        kept = [widget for widget in (self.viewer, self.edit) if widget is not None and widget is not shown]
        for widget in kept:
            widget.layout.display = "none"
        shown.layout.display = None
        # In the order they have: what changes its place is drawn anew, and bqplot cannot draw what is hidden.
        stay = [widget for widget in self._page.children if widget in (*kept, shown)]
        self._page.children = (*stay, *(widget for widget in (*kept, shown) if widget not in stay))

    def _make(self, kind: Details, key: str, made_of: Any) -> widgets.Widget:
        if kind is Details.EDIT:
            return self._make_editor(key)
        if kind is Details.VIEWER:
            return self._make_viewer(key, made_of)
        self._leave_viewer()
        if kind is Details.IMPORT:
            self.form = ImportForm(self._state.store, key)
            return self.form
        record: DatasetRecord | None = self._state.record
        if kind is Details.REASON and record is not None:
            return _panel(reason_markup(record), "vx-panel")
        return _panel(_NOTHING_CHOSEN, "vx-empty")

    def _make_viewer(self, key: str, made_of: Any) -> widgets.Widget:
        store = self._state.store
        if self.viewer is not None and self._viewed == (key, made_of):
            return self.viewer
        self._leave_viewer()
        try:
            dataset, configuration = store[key], store.view_configuration(key)
        except (VoxshelfError, OSError) as error:
            line = MessageLine()
            line.show(Message.of_error(error, doing=f"Opening {key}"))
            return line
        self._viewed = (key, made_of)
        self.viewer = SliceViewer(dataset, configuration, expression=opening_line(store, key))
        self.viewer.follow(store, key, seen=configuration, aside=self._aside)
        return self.viewer

    def _leave_viewer(self) -> None:
        """The viewer is not kept any longer; whoever takes it from the page closes it."""
        if self.viewer is not None:
            self.viewer.let_go()
        self.viewer = self._viewed = None

    def _make_editor(self, key: str) -> widgets.Widget:
        if self._viewed is None or self._viewed[0] != key:
            self._leave_viewer()
        if self.edit is None:
            # Only here: whoever only looks needs no editor.
            from voxshelf.widgets.edit_tabs import EditTabs  # noqa: PLC0415

            self.edit = EditTabs(self._state.store, key)
        self.edit.key = key
        self.edit.viewer = self.viewer
        if self._state.mode is Mode.SHARE:
            self.edit.state.tab = _SHARING_TAB
        elif self.edit.state.tab == _SHARING_TAB:
            self.edit.state.tab = 0
        return self.edit

    def _line(self, kind: Details, key: str) -> str:
        if kind is Details.VIEWER:
            return f"vx.SliceViewer({opening_line(self._state.store, key)})"
        record: DatasetRecord | None = self._state.record
        if record is not None and record.status is DatasetStatus.DELETED:
            return "store.trash()"
        return f"store.record({literal(key)}).problems" if kind is Details.REASON else ""

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


def opening_line(store: Any, key: str) -> str:
    """The Python that opens a dataset also where nobody called the store ``store``, as in a new notebook."""
    return f"{store_opening(store) or 'store'}[{literal(key)}]"


def _panel(markup: str, style: str) -> widgets.HTML:
    panel = widgets.HTML(markup)
    panel.add_class(style)
    return panel
