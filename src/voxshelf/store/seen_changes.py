"""The changes that somebody with limited rights is told: those of datasets that they may see."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from voxshelf.errors import DatasetNotFoundError, NotAllowedError, VoxshelfError
from voxshelf.model import ChangeEvent, ChangeKind
from voxshelf.sharing import Action
from voxshelf.store.watching import ChangeSignal, calling_weakly, route

if TYPE_CHECKING:
    from voxshelf.catalog import Catalog
    from voxshelf.store.gate import Gate
    from voxshelf.store.watching import Watch

logger = logging.getLogger(__name__)


class SeenChanges:
    """Passes changes on, if whoever listens may know of what changed.

    Parameters
    ----------
    watch : Watch
        Which tells of all changes.
    gate : Gate
        Who listens.
    catalog : Catalog
        Where rights are looked up.
    """

    def __init__(self, watch: Watch, gate: Gate, catalog: Catalog) -> None:
        self._watch = watch
        self._gate = gate
        self._catalog = catalog
        self._is_connected = False
        self.changed = ChangeSignal(calling_weakly(self._start))
        self.noted = ChangeSignal(calling_weakly(self._start), "noted")

    def close(self) -> None:
        """Pass nothing on any more."""
        if self._is_connected:
            for signal in (self._watch.changed, self._watch.noted):
                signal.disconnect(self._pass_on, missing_ok=True)
            self._is_connected = False

    def _start(self) -> None:
        if not self._is_connected:
            for signal in (self._watch.changed, self._watch.noted):
                signal.connect(self._pass_on)
            self._is_connected = True

    def _pass_on(self, event: ChangeEvent) -> None:
        try:
            concerns = self._concerns(event)
        except VoxshelfError as error:
            logger.warning("It is not known who may learn of a change of %s. %s", event.key, error)
            return
        if concerns:
            route([event], self.changed, self.noted)

    def _concerns(self, event: ChangeEvent) -> bool:
        if event.person and event.person != self._gate.person:
            return False  # how somebody else looks at it
        action = Action.SHARE if event.kind is ChangeKind.LINK_USED else Action.SEE
        with self._catalog.reading() as session:
            if event.kind is ChangeKind.ACCESS:
                return event.key in self._gate.organizations(session)
            try:
                self._gate.row(session, action, event.key)
            except (DatasetNotFoundError, NotAllowedError):
                return False
            return True
