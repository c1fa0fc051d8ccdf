"""Everything about who may see a dataset: permissions, links, and the list of people. No browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import traitlets

from voxshelf.model import LinkState
from voxshelf.widgets.aside import Aside
from voxshelf.widgets.drafts import Follower
from voxshelf.widgets.sharing_links.access import AccessState
from voxshelf.widgets.sharing_links.links import LinksState
from voxshelf.widgets.sharing_links.permissions import PermissionsSection
from voxshelf.widgets.theme import Message

if TYPE_CHECKING:
    from voxshelf.model import DatasetRecord
    from voxshelf.store import DatasetStore


class SharingState(traitlets.HasTraits):
    """Who may see one dataset.

    Parameters
    ----------
    store : DatasetStore
        Where that is kept.
    key : str
        ``organization/name``.
    aside : Aside, optional
        Where slow work runs.

    Attributes
    ----------
    permissions : PermissionsSection
        Teams, visibility, owner.
    links : LinksState
        The links.
    access : AccessState
        Who can see it, and why.
    """

    message = traitlets.Instance(Message, args=(), help="Why the dataset cannot be reached; usually nothing.")

    def __init__(self, store: DatasetStore, key: str, *, aside: Aside | None = None) -> None:
        super().__init__()
        self.store = store
        self.key = key
        self.aside = aside or Aside()
        self.permissions = PermissionsSection(store, key, self.aside)
        self.links = LinksState(store, key, self.aside)
        self.access = AccessState(store, key, self.aside)
        self.links.observe(lambda _: self._count_links(), "links")
        self._follower: Follower | None = None

    def start(self) -> None:
        """Begin to follow the store; not needed where somebody else hands over the records."""
        self._follower = Follower(self.store, self.key, self.aside, self.follow, self.lose, self.links.used)

    def look_again(self) -> None:
        """Ask the store once more."""
        if self._follower is not None:
            self._follower.look()

    def follow(self, record: DatasetRecord) -> None:
        """Take over what is stored now."""
        self.message = Message()
        self.permissions.follow(record)
        self.links.follow(record)
        self.access.follow(record)

    def lose(self, message: Message) -> None:
        """The dataset cannot be reached any more."""
        self.message = message
        self.permissions.lose(message)
        self.links.lose(message)
        self.access.lose(message)

    def _count_links(self) -> None:
        self.access.active_links = sum(link.state() is LinkState.ACTIVE for link in self.links.links)

    def wait(self, timeout: float = 10.0) -> bool:
        """Block until everything asked for is done; False if that takes longer than ``timeout`` seconds."""
        return self.aside.wait(timeout)

    def close(self) -> None:
        """Stop following the store."""
        if self._follower is not None:
            self._follower.close()
        self.links.rest()
        self.aside.drop()
