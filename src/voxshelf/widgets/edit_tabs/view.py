"""``EditTabs`` on screen: five tabs, and what is unsaved in them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import traitlets

from voxshelf.widgets.drafts import LostBar, close_all, editing_stylesheet
from voxshelf.widgets.edit_tabs.appearance_view import AppearanceForm
from voxshelf.widgets.edit_tabs.data_view import DataForm
from voxshelf.widgets.edit_tabs.details_view import DetailsForm
from voxshelf.widgets.edit_tabs.history_view import HistoryList
from voxshelf.widgets.edit_tabs.kept_bar import KeptBar
from voxshelf.widgets.edit_tabs.state import EditTabsState
from voxshelf.widgets.sharing_links import SharingLinks
from voxshelf.widgets.theme import escape, stylesheet

if TYPE_CHECKING:
    from voxshelf.store import DatasetStore
    from voxshelf.widgets.edit_tabs.dataset_edits import DatasetEdits

TITLES = ("Data", "General", "View configuration", "Sharing & permissions", "History")


class EditTabs(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Edit everything about a dataset.

    Parameters
    ----------
    store : DatasetStore
        Where the dataset is.
    key : str
        ``organization/name``.
    viewer : SliceViewer, optional
        Whose view may become the default (*Use current view*), and that of links.
    state : EditTabsState, optional
        The logic, where it exists already.

    Attributes
    ----------
    key : str
        The open dataset; setting it opens another one. Unsaved edits of the one before are kept.
    unsaved : tuple
        What is unsaved of it, tab by tab; can be observed.
    viewer : SliceViewer or None
        See above; can be set at any time. Opening another dataset forgets it.
    state : EditTabsState
        The logic, for programs.

    Examples
    --------
    >>> edit = EditTabs(store, "lab/brain")                       # doctest: +SKIP
    >>> edit.state.edits.details.display_name = "Mouse cortex"    # doctest: +SKIP
    >>> edit.state.edits.details.save()                           # doctest: +SKIP
    """

    key = traitlets.Unicode()
    unsaved = traitlets.Tuple()

    def __init__(
        self, store: DatasetStore, key: str, *, viewer: Any = None, state: EditTabsState | None = None
    ) -> None:
        self.state = state or EditTabsState(store, key)
        self._turning = threading.RLock()
        self._shown: DatasetEdits | None = None
        self._forms: dict[int, widgets.Widget] = {}
        self._title = widgets.HTML()
        self._title.add_class("vx-title")
        self._lost = widgets.VBox()
        self._pages = tuple(widgets.VBox() for _ in TITLES)
        self._tabs = widgets.Tab(children=self._pages, titles=TITLES)
        sheets = [stylesheet(), editing_stylesheet()]
        super().__init__([*sheets, self._title, KeptBar(self.state), self._lost, self._tabs])
        self.add_class("vx-root")
        self.add_class("vx-stack")
        self.add_class("vx-edit-tabs")
        traitlets.link((self.state, "key"), (self, "key"))
        traitlets.link((self.state, "tab"), (self._tabs, "selected_index"))
        self.state.observe(lambda _: self._turn(), "edits")
        self.state.observe(lambda _: self._fill_page(), "tab")
        self.viewer = viewer
        self._turn()

    @property
    def viewer(self) -> Any:
        """Whose view may become the default, and that of links; None for none."""
        return self.state.viewer

    @viewer.setter
    def viewer(self, viewer: Any) -> None:
        self.state.viewer = viewer
        for form in self._forms.values():
            if isinstance(form, AppearanceForm):
                form.show_viewer()
            elif isinstance(form, SharingLinks):
                form.viewer = viewer

    def close(self) -> None:
        """Stop following the store and leave the screen."""
        self.state.close()
        shown, self._shown = self._shown, None
        if shown is not None:
            shown.unobserve(self._paint)
        close_all(self._forms.values())
        super().close()
        close_all(self.children)

    def _turn(self) -> None:
        """Show the open dataset in place of the one before."""
        with self._turning:
            if self._shown is not None:
                self._shown.unobserve(self._paint)
            old, self._forms = self._forms, {}
            self._shown = self.state.edits
            self._shown.observe(self._paint)
            close_all(self._lost.children)
            self._lost.children = (LostBar(self._shown, self._shown.look_again),)
            self._fill_page()
            for number, page in enumerate(self._pages):
                if number not in self._forms:
                    page.children = ()
            close_all(old.values())
            self._paint()

    def _fill_page(self) -> None:
        """Make the form of the tab that is shown, if it has not been made yet."""
        with self._turning:
            number = self.state.tab
            if self._shown is not None and number not in self._forms:
                self._forms[number] = self._make(number, self._shown)
                self._pages[number].children = (self._forms[number],)

    def _make(self, number: int, edits: DatasetEdits) -> widgets.Widget:
        if number == 0:
            return DataForm(edits.data)
        if number == 1:
            return DetailsForm(edits.details, edits.aside)
        if number == 2:
            return AppearanceForm(edits.appearance)
        if number == 3:
            return SharingLinks(edits.store, edits.key, state=edits.sharing)
        return HistoryList(edits.history)

    def _paint(self, _change: Any = None) -> None:
        edits = self.state.edits
        record = edits.record
        name = record.title if record is not None else edits.key
        self._title.value = f'{escape(name)} <span class="vx-key">{escape(edits.key)}</span>'
        titled = {title for title, _ in edits.unsaved}
        self._tabs.titles = tuple(f"{title} ●" if title in titled else title for title in TITLES)
        self.unsaved = edits.unsaved
