"""What a person chose in the viewer is there again next time: ``Remembering`` keeps it as their own view configuration.

Only what they changed is kept, key by key, so that later changes of the dataset's defaults still reach them. What
the viewer finds out by itself (a contrast that suits the data) is nobody's choice and is not kept.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from voxshelf.errors import VoxshelfError

if TYPE_CHECKING:
    from voxshelf.store import DatasetStore
    from voxshelf.widgets.aside import Aside
    from voxshelf.widgets.slice_viewer import SliceViewer

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
    viewer : SliceViewer
        What is followed.
    aside : Aside
        Where it is written, after a moment of rest.
    """

    def __init__(self, store: DatasetStore, key: str, viewer: SliceViewer, aside: Aside) -> None:
        self._store = store
        self._key = key
        self._viewer = viewer
        self._aside = aside
        self._known: dict[str, Any] = viewer.configuration_document()
        self._edits: int = viewer.edits
        self._is_due = False
        viewer.observe(self._on_edit, "edits")
        for layer in viewer.layers.values():
            layer.observe(self._on_window, "window")

    def stop(self) -> None:
        """Follow no longer; what is not written yet is written now."""
        self._viewer.unobserve(self._on_edit, "edits")
        for layer in self._viewer.layers.values():
            layer.unobserve(self._on_window, "window")
        self._save()

    def _on_edit(self, _: Any) -> None:
        self._edits = self._viewer.edits
        self._is_due = True
        self._aside.run("remember", self._save, delay=_PAUSE)

    def _on_window(self, _: Any) -> None:
        if self._viewer.edits == self._edits and not self._is_due:
            self._known = self._viewer.configuration_document()

    def _save(self) -> None:
        if not self._is_due:
            return
        self._is_due = False
        now = self._viewer.configuration_document()
        chosen = changed_parts(self._known, now)
        self._known = now
        if not chosen:
            return
        try:
            self._store.update_view_configuration(self._key, chosen, level="user")
        except (VoxshelfError, OSError) as error:
            # A visitor without an account has nothing to keep it in; looking on is what matters.
            _log.info("The view of %s is not remembered: %s", self._key, error)


def changed_parts(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """What ``now`` says otherwise than ``before``, keys of nested objects one by one."""
    changed: dict[str, Any] = {}
    for name, value in now.items():
        old = before.get(name)
        if isinstance(value, dict) and isinstance(old, dict):
            inner = changed_parts(old, value)
            if inner:
                changed[name] = inner
        elif value != old:
            changed[name] = value
    return changed
