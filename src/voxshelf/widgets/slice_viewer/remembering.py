"""What a person chose in the viewer is there again next time: ``Remembering`` keeps it as their own view configuration.

Only what they changed is kept, key by key, so that later changes of the dataset's defaults still reach them. What
the viewer finds out by itself (a contrast that suits the data), or takes over from elsewhere, is nobody's choice and
is not kept.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

from voxshelf.errors import InvalidDataSourceError, VoxshelfError
from voxshelf.model import ViewLevel, reset_view_document, resolve_view, shortest_view_document
from voxshelf.model.view_documents import nested
from voxshelf.model.view_levels import read_level
from voxshelf.widgets.slice_viewer.places import value_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.model import Place, ResolvedViewConfiguration
    from voxshelf.store import DatasetStore
    from voxshelf.widgets.aside import Aside
    from voxshelf.widgets.slice_viewer.state import ViewerState

_PAUSE = 1.5
_log = logging.getLogger(__name__)


class Remembering:
    """Follows a viewer until it is stopped.

    Parameters
    ----------
    store : DatasetStore
        Where it is kept.
    key : str
        Which dataset the viewer shows.
    viewer : ViewerState
        What is followed.
    aside : Aside
        Where it is written, after a moment of rest.

    Attributes
    ----------
    saving : RLock
        Held while something is stored.
    on_stored : callable
        Is told what was stored, place by place.
    """

    def __init__(self, store: DatasetStore, key: str, viewer: ViewerState, aside: Aside) -> None:
        self._store = store
        self._key = key
        self._viewer = viewer
        self._aside = aside
        self.saving = threading.RLock()
        self.on_stored: Callable[[dict[Place, Any]], None] = lambda _: None
        self._stored: int = viewer.edits
        viewer.observe(self._on_edit, "edits")

    def held(self) -> frozenset[Place]:
        """What the person changed and is not stored (yet, or because they have no account): theirs all the same."""
        with self._viewer.lock:
            return frozenset(place for place, edit in self._viewer.touched.items() if edit > self._stored)

    def forget(self) -> None:
        """What the person chose so far is nobody's wish any more, here and in the store."""
        with self.saving:
            self._stored = self._viewer.edits
            try:
                self._store.reset_view_configuration(self._key, to="dataset")
            except (VoxshelfError, OSError) as error:
                _log.info("The own view of %s is not forgotten: %s", self._key, error)

    def make_default(self) -> None:
        """Make what the viewer shows the default for everybody.

        Raises
        ------
        VoxshelfError
            If the person may not edit the dataset, or the store cannot be reached.
        """
        version = self._store.record(self._key).version
        below = resolve_view(self._store.data_source(self._key))
        mine = self._store.view_levels(self._key).dataset
        document = default_document(mine, self._viewer.configuration_document(), below)
        self._store.update_view_configuration(
            self._key, document, level="dataset", replace=True, version=version, merge=True
        )

    def stop(self) -> None:
        """Follow no longer; what is not written yet is written now."""
        self._viewer.unobserve(self._on_edit, "edits")
        self._save()

    def _on_edit(self, _: Any) -> None:
        self._aside.run("remember", self._save, delay=_PAUSE)

    def _save(self) -> None:
        with self.saving:
            with self._viewer.lock:
                number = self._viewer.edits
                places = self.held()
            now = self._viewer.configuration_document()
            chosen = {place: value_at(now, place) for place in places}
            chosen = {place: value for place, value in chosen.items() if value is not None}
            if chosen and not self._store_them(nested(chosen)):
                return
            self.on_stored(chosen)
            self._stored = max(self._stored, number)

    def _store_them(self, chosen: dict[str, Any]) -> bool:
        try:
            self._store.update_view_configuration(self._key, chosen, level="user")
        except InvalidDataSourceError as error:
            _log.info("The view of %s cannot be remembered: %s", self._key, error)
        except (VoxshelfError, OSError) as error:
            # A visitor without an account has nothing to keep it in; looking on is what matters.
            _log.info("The view of %s is not remembered: %s", self._key, error)
            return False
        return True


def default_document(
    mine: dict[str, Any], wanted: dict[str, Any], below: ResolvedViewConfiguration
) -> dict[str, Any]:
    """What the dataset's level must say so that ``wanted`` comes out: as little as the levels below leave open.

    Parameters
    ----------
    mine : dict
        What it says now; what ``wanted`` says nothing about stays.
    wanted : dict
        What shall be shown first.
    below : ResolvedViewConfiguration
        What the levels below give.
    """
    for place in read_level(wanted, ViewLevel.DATASET).values:
        mine = reset_view_document(mine, place)
    kept = read_level(mine, ViewLevel.DATASET)
    shortest = read_level(shortest_view_document(wanted, below), ViewLevel.DATASET)
    return nested(kept.values | kept.spare | shortest.values)
