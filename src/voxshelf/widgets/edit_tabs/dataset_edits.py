"""All that is being edited of one dataset: the sections of the five tabs, following the store together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import traitlets

from voxshelf.model import DatasetRecord
from voxshelf.widgets.drafts import Follower, Section
from voxshelf.widgets.edit_tabs.appearance import AppearanceSection
from voxshelf.widgets.edit_tabs.data import DataSection
from voxshelf.widgets.edit_tabs.details import DetailsSection
from voxshelf.widgets.edit_tabs.history import HistoryState
from voxshelf.widgets.sharing_links import SharingState
from voxshelf.widgets.theme import Message

if TYPE_CHECKING:
    from voxshelf.store import DatasetStore
    from voxshelf.widgets.aside import Aside


class DatasetEdits(traitlets.HasTraits):
    """One dataset, being edited.

    Parameters
    ----------
    store : DatasetStore
        Where it is kept.
    key : str
        ``organization/name``.
    aside : Aside
        Where slow work runs.

    Attributes
    ----------
    data, details, appearance : Section
        The tabs Data, General and View configuration.
    sharing : SharingState
        Sharing & permissions.
    history : HistoryState
        History.
    """

    record = traitlets.Instance(DatasetRecord, allow_none=True, help="What the store knows of it now.")
    unsaved = traitlets.Tuple(help="What is unsaved: (title of the tab, labels) pairs.")
    message = traitlets.Instance(Message, args=(), help="Why the dataset cannot be reached; usually nothing.")

    def __init__(self, store: DatasetStore, key: str, aside: Aside) -> None:
        super().__init__()
        self.store = store
        self.key = key
        self.aside = aside
        self.data = DataSection(store, key, aside)
        self.details = DetailsSection(store, key, aside)
        self.appearance = AppearanceSection(store, key, aside)
        self.sharing = SharingState(store, key, aside=aside)
        self.history = HistoryState(store, key, aside)
        for section in self.sections:
            section.observe(lambda _: self._count(), "unsaved")
        self._follower = Follower(store, key, aside, self._take, self._lose, self.sharing.links.used)

    @property
    def sections(self) -> tuple[Section, ...]:
        """Everything that can hold unsaved edits."""
        return (self.data, self.details, self.appearance, self.sharing.permissions)

    @property
    def viewer(self) -> Any:
        """Whose view may be used as the default, and for links; None for none."""
        return self.appearance.viewer

    @viewer.setter
    def viewer(self, viewer: Any) -> None:
        self.appearance.viewer = self.sharing.links.viewer = viewer

    def save_all(self) -> None:
        """Save every section that has something to save, aside."""
        for section in self.sections:
            section.save()

    def discard_all(self) -> None:
        """Forget the edits of all sections."""
        for section in self.sections:
            section.discard()

    def look_again(self) -> None:
        """Ask the store once more."""
        self._follower.look()

    def close(self) -> None:
        """Stop following the store."""
        self._follower.close()
        self.sharing.links.rest()

    def _take(self, record: DatasetRecord) -> None:
        self.message = Message()
        self.record = record
        for section in (self.data, self.details, self.appearance):
            section.follow(record)
        self.sharing.follow(record)
        self.history.follow(record)

    def _lose(self, message: Message) -> None:
        self.message = message
        for section in (self.data, self.details, self.appearance):
            section.lose(message)
        self.sharing.lose(message)
        self.history.lose(message)

    def _count(self) -> None:
        self.unsaved = tuple((section.title, section.unsaved) for section in self.sections if section.unsaved)
