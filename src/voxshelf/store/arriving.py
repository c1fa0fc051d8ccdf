"""How datasets get into the store: uploads, samples, and folders that somebody copies to its disk.

What each method means is written in :class:`~voxshelf.store.arriving_protocol.ArrivingStore`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.sharing import Action, may_in_organization
from voxshelf.store.desk import Desk
from voxshelf.store.refreshing import EVERY
from voxshelf.store.samples import Samples
from voxshelf.store.uploads import Uploads

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from voxshelf.store.gate import Gate
    from voxshelf.store.refreshing import Refreshing


def why_no_uploads(gate: Gate) -> str:
    """Why whoever asks can put nothing into the store, as sentences; empty if they can."""
    actor = gate.actor
    if actor.is_operator:
        return ""
    if actor.user is None:
        return f"{actor.title} may not upload. Sign in first."
    decision = may_in_organization(actor, Action.CREATE, actor.user.organization)
    return "" if decision else str(decision)


class Arriving(Desk):
    """What comes in."""

    @property
    def uploads(self) -> Uploads:
        """ZIP files on their way in."""
        return Uploads(self._premises, self._gate)

    @property
    def samples(self) -> Samples:
        """Datasets to begin with."""
        return Samples(self._premises, self._gate)

    def keep_refreshed(
        self, every: timedelta = EVERY, *, on_problem: Callable[[str], None] | None = None
    ) -> Refreshing:
        """Look at the disk by itself from now on."""
        self._gate.may_scan().enforce()
        return self._premises.refresher.join_in(every, on_problem)
