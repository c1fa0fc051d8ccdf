"""The upload panel on screen: where files are dropped, the list, and below it what one does next with a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets
import traitlets

from voxshelf.errors import VoxshelfError
from voxshelf.store import Capability
from voxshelf.widgets.drafts import close_all
from voxshelf.widgets.theme import MessageLine, PythonLine, Slot, escape, stylesheet
from voxshelf.widgets.upload.items import Action, Stage, UploadItem
from voxshelf.widgets.upload.python_lines import upload_lines
from voxshelf.widgets.upload.sender import Sender
from voxshelf.widgets.upload.state import UploadState

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.store import DatasetStore

_SAMPLES = "samples"


class UploadPanel(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Upload datasets as ZIP files.

    What arrives without its ``datasource-properties.json`` is imported in the form that opens below the list; what
    brings it is ready at once.

    Parameters
    ----------
    store : DatasetStore
        Where they go.
    organization : str, optional
        Where new ones go; default: chosen on screen, where there is a choice.
    on_import, on_open : callable, optional
        Called with a key when it is time to import a dataset, or when a person wants to see it; without them the
        form and the table open below the list.

    Attributes
    ----------
    uploaded : str or None
        The key of the dataset that arrived last; can be observed and linked.
    state : UploadState
        The queue, for programs.

    Examples
    --------
    >>> panel = UploadPanel(store)                                      # doctest: +SKIP
    >>> panel.observe(lambda change: print(change["new"]), "uploaded")  # doctest: +SKIP
    """

    uploaded = traitlets.Unicode(None, allow_none=True)

    def __init__(
        self,
        store: DatasetStore,
        *,
        organization: str = "",
        on_import: Callable[[str], None] | None = None,
        on_open: Callable[[str], None] | None = None,
        state: UploadState | None = None,
    ) -> None:
        self._store = store
        self.state = state or UploadState(store)
        self._on_import = on_import or self._show_form
        self._open_elsewhere = on_open
        self._on_open = on_open or self._show_table
        self.sender = Sender(self.state, self._act, refusal=store.capabilities.why_not(Capability.UPLOAD))
        self._message = MessageLine()
        self._python = PythonLine(store=store)
        self._below = Slot()
        super().__init__(
            [
                stylesheet(),
                self._make_head(organization),
                self.sender,
                widgets.HTML(_folder_hint(store)),
                self._message,
                self._python,
                self._below,
            ]
        )
        self.add_class("vx-root")
        self.add_class("vx-stack")
        self._follow()

    def close(self) -> None:
        """Stop following the store and leave the screen; what arrived is kept for another time."""
        self._below.put(None)
        self.state.close()
        super().close()
        close_all(self.children)

    # -- layout ------------------------------------------------------------------------------

    def _make_head(self, organization: str) -> widgets.Widget:
        names = _organizations(self._store)
        self.state.organization = organization or (names[0] if names else "")
        field = widgets.Combobox(
            value=self.state.organization,
            options=names,
            placeholder="the store's default",
            description="Organization",
            tooltip="Where new datasets go: a known organization, or the name of a new one",
            style={"description_width": "auto"},
            layout=widgets.Layout(width="320px", max_width="100%"),
        )
        traitlets.link((self.state, "organization"), (field, "value"))
        is_clear = bool(organization) or len(names) == 1
        field.layout.display = "none" if is_clear else None
        samples = widgets.Button(
            description="Add a sample dataset …",
            tooltip="Datasets to begin with: downloaded, or made on the spot",
            layout=widgets.Layout(width="auto"),
        )
        samples.on_click(lambda _: self._show_samples())
        bar = widgets.HBox([field, samples])
        bar.add_class("vx-bar")
        return bar

    # -- from the state to the screen --------------------------------------------------------

    def _follow(self) -> None:
        state = self.state
        state.observe(lambda change: self._message.show(change["new"]), "message")
        state.observe(lambda _: self._paint_python(), "items")
        state.observe(lambda change: self._arrived(change["new"]), "finished")
        self._message.show(state.message)
        self._paint_python()

    def _paint_python(self) -> None:
        items: tuple[UploadItem, ...] = self.state.items
        self._python.code = upload_lines(items[-1] if items else None)

    def _arrived(self, key: str | None) -> None:
        self.uploaded = key
        item = next((item for item in self.state.items if key and item.key == key), None)
        # Whoever is filling in a form is not interrupted by the next file; its row offers the import.
        if item is not None and item.stage is Stage.NOT_IMPORTED and not self._form_is_open():
            self._on_import(item.key)

    def _form_is_open(self) -> bool:
        keys = {item.key for item in self.state.items if item.stage is Stage.NOT_IMPORTED}
        return self._below.key in keys

    # -- from the person to the state --------------------------------------------------------

    def _act(self, action: Action, item_id: str) -> None:
        item = next((item for item in self.state.items if item.id == item_id), None)
        if item is None:
            return
        if action is Action.IMPORT and item.stage is Stage.NOT_IMPORTED:
            self._on_import(item.key)
        elif action is Action.OPEN and item.stage is Stage.READY:
            self._on_open(item.key)

    def _show_form(self, key: str) -> None:
        # Only here does the panel need a form; a manager opens its own.
        from voxshelf.widgets.import_form import ImportForm  # noqa: PLC0415

        self._below.put(ImportForm(self._store, key), key)

    def _show_table(self, key: str) -> None:
        from voxshelf.widgets.dataset_table import DatasetTable  # noqa: PLC0415

        table = DatasetTable(self._store)
        table.selected = key
        self._below.put(table)

    def _show_samples(self) -> None:
        """Open the samples, or close them."""
        from voxshelf.widgets.samples import SamplePicker  # noqa: PLC0415

        if self._below.key == _SAMPLES:
            self._below.put(None)
        else:
            self._below.put(SamplePicker(self._store, on_open=self._open_elsewhere), _SAMPLES)


def _organizations(store: DatasetStore) -> tuple[str, ...]:
    """Where the person can put datasets, their own organization first."""
    user = store.actor.user
    if user is not None and user.organization:
        return (user.organization,)
    try:
        return store.organizations()
    except (VoxshelfError, OSError):
        return ()


def _folder_hint(store: DatasetStore) -> str:
    """How data that lies on the store's machine already comes in without an upload, as HTML; empty if it cannot."""
    root = getattr(store, "root", None)
    if root is None or not store.capabilities.can(Capability.SCAN):
        return ""
    return (
        '<span class="vx-hint">A folder that is on this machine already needs no upload: put it, or a symbolic link '
        f"to it, at <code>{escape(root)}/<i>organization</i>/<i>dataset</i></code> and press <b>Refresh</b> above the "
        "table of datasets.</span>"
    )
