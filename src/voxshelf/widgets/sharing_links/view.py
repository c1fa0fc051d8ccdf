"""``SharingLinks`` on screen: permissions, links, and who can see the dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from voxshelf.widgets.drafts import LostBar, Panel, editing_stylesheet
from voxshelf.widgets.sharing_links.access_view import AccessPanel
from voxshelf.widgets.sharing_links.links_view import LinksPanel
from voxshelf.widgets.sharing_links.permissions_view import PermissionsForm
from voxshelf.widgets.sharing_links.state import SharingState
from voxshelf.widgets.theme import escape, stylesheet

if TYPE_CHECKING:
    from voxshelf.store import DatasetStore


class SharingLinks(Panel):
    """Who may see a dataset: teams and visibility, links for people without an account, and the list of people.

    Parameters
    ----------
    store : DatasetStore
        Where the dataset is.
    key : str
        ``organization/name``.
    viewer : SliceViewer, optional
        Whose view a new link may open at; default: a viewer of the dataset that is open in this kernel.
    state : SharingState, optional
        The logic, where it exists already.

    Attributes
    ----------
    state : SharingState
        Permissions, links and people, for programs.

    Examples
    --------
    >>> sharing = SharingLinks(store, "lab/brain")                # doctest: +SKIP
    >>> sharing.state.links.label = "Anna"                        # doctest: +SKIP
    >>> sharing.state.links.expires = "Friday"                    # doctest: +SKIP
    >>> sharing.state.links.create()                              # doctest: +SKIP
    """

    def __init__(
        self, store: DatasetStore, key: str, *, viewer: Any = None, state: SharingState | None = None
    ) -> None:
        self._owns_state = state is None
        self.state = state or SharingState(store, key)
        self._links = LinksPanel(self.state.links)
        parts = [
            _part("Who may see it", PermissionsForm(self.state.permissions)),
            _part("Links for people without an account", self._links),
            _part("Who can see this, and why", AccessPanel(self.state.access)),
        ]
        head: list[widgets.Widget] = []
        if self._owns_state:
            title = widgets.HTML(f'Share <span class="vx-key">{escape(key)}</span>')
            title.add_class("vx-title")
            head = [title, LostBar(self.state, self.state.look_again)]
        super().__init__([stylesheet(), editing_stylesheet(), *head, *parts])
        self.add_class("vx-root")
        self.add_class("vx-stack")
        self.viewer = viewer or self.state.links.viewer
        if self._owns_state:
            self.state.start()

    @property
    def viewer(self) -> Any:
        """Whose view a new link may open at; None for a viewer of the dataset that is open, if there is one."""
        return self.state.links.viewer

    @viewer.setter
    def viewer(self, viewer: Any) -> None:
        self.state.links.viewer = viewer
        self._links.show_viewer()

    def close(self) -> None:
        """Stop following the store and leave the screen."""
        if self._owns_state:
            self.state.close()
        super().close()


def _part(heading: str, content: widgets.Widget) -> widgets.Widget:
    part = widgets.VBox([widgets.HTML(f"<h4>{escape(heading)}</h4>"), content])
    part.add_class("vx-panel")
    part.add_class("vx-stack")
    return part
