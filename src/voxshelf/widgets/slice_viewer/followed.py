"""A viewer that belongs to a store: ``FollowedState`` follows a dataset there and remembers what the person chooses.

``following.py`` brings what changes elsewhere, ``remembering.py`` takes what the person chooses. No browser needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxshelf.errors import NotAllowedError
from voxshelf.widgets.aside import Aside
from voxshelf.widgets.open_viewers import OPEN_VIEWERS
from voxshelf.widgets.slice_viewer.following import Following
from voxshelf.widgets.slice_viewer.remembering import Remembering
from voxshelf.widgets.slice_viewer.state import ViewerState

if TYPE_CHECKING:
    from voxshelf.store import DatasetStore


class FollowedState(ViewerState):
    """A :class:`ViewerState` that may follow a store; see there for its parameters and traits."""

    _following: Following | None = None
    _remembering: Remembering | None = None

    def follow(self, store: DatasetStore, key: str, *, seen: Any = None, aside: Aside | None = None) -> None:
        """Follow a dataset of a store from now on, and remember there what the person chooses.

        A viewer of ``store[key]`` does so by itself.

        Parameters
        ----------
        store : DatasetStore
            What is followed.
        key : str
            ``organization/name``.
        seen : ResolvedViewConfiguration, optional
            What the viewer began with; default: what the store says now.
        aside : Aside, optional
            Where the store is asked.
        """
        self.let_go()
        aside = aside or Aside()
        self._remembering = Remembering(store, key, self, aside)
        self._following = Following(store, key, self, aside, self._remembering, seen)
        OPEN_VIEWERS.add(self, store, key)

    def let_go(self) -> None:
        """Follow no store any longer; what the person chose is stored now."""
        following, self._following = self._following, None
        remembering, self._remembering = self._remembering, None
        if following is not None:
            OPEN_VIEWERS.remove(self)
            following.stop()
        if remembering is not None:
            remembering.stop()

    def go_to_default(self) -> None:
        """Show the dataset as it first appears for everybody; one's own settings are forgotten."""
        if self._remembering is not None:
            self._remembering.forget()
        super().go_to_default()

    def make_default(self) -> None:
        """Make what is shown now the default for everybody, in the store that is followed.

        Raises
        ------
        NotAllowedError
            If the person may not edit the dataset, or no store is followed.
        """
        if self._remembering is None:
            raise NotAllowedError("No store is followed.", hint="Open the dataset with store[key].")
        self._remembering.make_default()
