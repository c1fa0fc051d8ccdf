"""The manager on screen: sections on top; folders and tags, the table, and the page about the chosen dataset."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import traitlets

from voxshelf.model import DatasetRecord
from voxshelf.widgets.dataset_table import DatasetTable
from voxshelf.widgets.drafts import close_all
from voxshelf.widgets.manager.details import DetailsPage
from voxshelf.widgets.manager.side import Side
from voxshelf.widgets.manager.state import ManagerState, Section
from voxshelf.widgets.manager.trash import Trash
from voxshelf.widgets.theme import InView, stylesheet

if TYPE_CHECKING:
    from voxshelf.store import DatasetStore
    from voxshelf.widgets.aside import Aside
    from voxshelf.widgets.import_form import ImportForm
    from voxshelf.widgets.slice_viewer import SliceViewer

_TELLS = {
    Section.DATASETS: "All datasets as a table",
    Section.UPLOAD: "Bring datasets as ZIP files",
    Section.SAMPLES: "Add a sample dataset",
    Section.GALLERY: "Public datasets, as visitors see them",
    Section.TRASH: "What was deleted",
}


class Manager(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """A whole store: find datasets, bring new ones, import, look at, edit, share and delete them.

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
    state : ManagerState
        Section and mode, for programs.
    """

    selected = traitlets.Unicode(None, allow_none=True)
    selected_record = traitlets.Instance(DatasetRecord, allow_none=True)

    def __init__(
        self, store: DatasetStore, *, state: ManagerState | None = None, aside: Aside | None = None
    ) -> None:
        self.state = state or ManagerState(store)
        self._store = store
        self._turning = threading.RLock()
        self._panels: dict[Section, Any] = {}
        self.table = DatasetTable(
            store, state=self.state.table, shows_selection=False, on_import=self.state.open
        )
        self.table.add_class("vx-manager-table")
        self._in_view = InView()
        self._details = DetailsPage(self.state, self._in_view.show, aside=aside)
        self._side = Side(self.state.table)
        columns = widgets.HBox([self._side, self.table, self._details])
        columns.add_class("vx-manager")
        self._panels[Section.DATASETS] = columns
        self._body = widgets.VBox([columns])
        super().__init__([stylesheet(), self._in_view, self._make_bar(), self._body])
        self.add_class("vx-root")
        self.add_class("vx-stack")
        traitlets.link((self.state, "selected"), (self, "selected"))
        traitlets.dlink((self.state, "record"), (self, "selected_record"))
        self.state.observe(lambda _: self._show_section(), "section")
        self._show_section()

    @property
    def viewer(self) -> SliceViewer | None:
        """The viewer, while a dataset that is ready is chosen."""
        return self._details.viewer

    @property
    def form(self) -> ImportForm | None:
        """The import form, while a dataset that is not imported is chosen."""
        return self._details.form

    @property
    def edit(self) -> Any:
        """The editor, once something was edited."""
        return self._details.edit

    def close(self) -> None:
        """Stop following the store and leave the screen."""
        self._details.close()
        for panel in self._panels.values():
            panel.close()
        self.table.close()
        self.state.close()
        super().close()
        close_all(self.children)

    def _make_bar(self) -> widgets.Widget:
        flip = widgets.ToggleButton(
            icon="bars", tooltip="Show or hide folders and tags", layout=widgets.Layout(width="36px")
        )
        flip.observe(lambda change: self._flip_side(is_flipped=change["new"]), "value")
        self._buttons = {}
        for section in Section:
            button = widgets.Button(description=section.value, tooltip=_TELLS[section])
            button.add_class("vx-section")
            button.on_click(lambda _, section=section: self.state.set_trait("section", section))
            self._buttons[section] = button
        self._flip = flip
        bar = widgets.HBox([flip, *self._buttons.values()])
        bar.add_class("vx-bar")
        bar.add_class("vx-sections")
        return bar

    def _flip_side(self, *, is_flipped: bool) -> None:
        """Wide pages show the side at first and narrow ones do not: the style sheet knows which this is."""
        if is_flipped:
            self._side.add_class("vx-flipped")
        else:
            self._side.remove_class("vx-flipped")

    def _show_section(self) -> None:
        with self._turning:
            section: Section = self.state.section
            if section not in self._panels:
                self._panels[section] = self._make_panel(section)
                self._body.children = tuple(self._panels.values())
            for name, panel in self._panels.items():
                panel.layout.display = None if name is section else "none"
            for name, button in self._buttons.items():
                if name is section:
                    button.add_class("vx-active")
                else:
                    button.remove_class("vx-active")
            self._flip.disabled = section is not Section.DATASETS

    def _make_panel(self, section: Section) -> widgets.Widget:
        """A section is made when it is first wanted; its libraries are loaded then."""
        store, opens = self._store, self.state.open
        if section is Section.TRASH:
            trash = Trash(store)
            trash.state.observe(lambda change: opens(change["new"]), "restored")
            return trash
        from voxshelf import widgets as components  # noqa: PLC0415

        if section is Section.UPLOAD:
            return components.UploadPanel(store, on_import=self.state.go_on_to, on_open=opens)
        if section is Section.SAMPLES:
            return components.SamplePicker(store, on_open=opens)
        return components.Gallery(store, on_open=opens)
