"""An open viewer follows what changes elsewhere: ``Following`` takes it over from a store.

Of the view configuration the viewer takes over what changed since it last looked, as the store resolves it: what the
person chose for themselves wins there, and what they chose just now, and is not stored yet, is left alone here.
Position, zoom and rotation are for the first appearance and move nobody who looks already. Of the data it takes over
voxel size, bounding boxes, layers and mags, and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxshelf.errors import DatasetNotFoundError, VoxshelfError
from voxshelf.model import FIRST_APPEARANCE, ChangeEvent, ChangeKind, DatasetStatus
from voxshelf.model.view_documents import nested
from voxshelf.widgets.slice_viewer.places import said_values
from voxshelf.widgets.slice_viewer.taking_over import Snapshot
from voxshelf.widgets.theme import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voxshelf.model import DatasetRecord, Place
    from voxshelf.store import DatasetStore
    from voxshelf.widgets.aside import Aside
    from voxshelf.widgets.slice_viewer.remembering import Remembering
    from voxshelf.widgets.slice_viewer.state import ViewerState

_MOST_TOLD = 3
_STAYS = "The picture stays as long as its files can be read."


class Following:
    """Follows the store until it is stopped.

    Parameters
    ----------
    store : DatasetStore
        What is followed.
    key : str
        Which dataset the viewer shows.
    viewer : ViewerState
        What takes it over.
    aside : Aside
        Where the store is asked.
    remembering : Remembering
        Which knows what the person chose.
    seen : ResolvedViewConfiguration, optional
        What the viewer began with.
    """

    def __init__(
        self,
        store: DatasetStore,
        key: str,
        viewer: ViewerState,
        aside: Aside,
        remembering: Remembering,
        seen: Any = None,
    ) -> None:
        self._store, self._key, self._viewer = store, key, viewer
        self._aside, self._remembering = aside, remembering
        self._is_over = False
        self._has_trouble = self._had_trouble = False
        self._seen: dict[Place, Any] | None = said_values(seen) or None
        remembering.on_stored = self._know
        record = getattr(viewer.dataset, "record", None)
        self._record: DatasetRecord | None = record
        signals = (store.changed, getattr(store, "noted", None))
        self._connections = [
            (signal, signal.connect(self._on_change)) for signal in signals if signal is not None
        ]
        self.look()

    def look(self) -> None:
        """Ask the store, aside."""
        self._aside.run("follow", self._look)

    def stop(self) -> None:
        """Follow no longer."""
        self._is_over = True
        for signal, connection in self._connections:
            signal.disconnect(connection, missing_ok=True)

    def _on_change(self, event: ChangeEvent) -> None:
        concerns_rights = event.kind is ChangeKind.ACCESS and event.key == self._key.partition("/")[0]
        if event.kind is not ChangeKind.LINK_USED and (event.key == self._key or concerns_rights):
            self.look()

    def _look(self) -> None:
        with self._remembering.saving:  # what is being stored is not news
            if self._is_over:
                return
            self._had_trouble, self._has_trouble = self._has_trouble, False
            try:
                record = self._store.record(self._key)
                self._take_data(record)
                if record.status is DatasetStatus.READY:
                    self._take_views()
            except DatasetNotFoundError:
                self._complain(
                    Message(f"{self._key} is gone, or you may no longer see it.", "warning", _STAYS)
                )
            except (VoxshelfError, OSError) as error:
                self._complain(Message.of_error(error, doing="Following the dataset"))
            if self._had_trouble and not self._has_trouble and self._viewer.news.tone != "info":
                self._viewer.news = Message()

    def _take_data(self, record: DatasetRecord) -> None:
        before, self._record = self._record, record
        if record.status is not DatasetStatus.READY:
            if before is None or before.status is not record.status or self._had_trouble:
                hint = record.status_message or _STAYS
                self._complain(Message(f"{self._key} is {record.status}.", "warning", hint))
            return
        if before is not None and _shown(before) == _shown(record):
            return
        try:
            dataset = self._store[self._key]
        except (VoxshelfError, OSError):
            self._record = before  # the next look tries again
            raise
        told = self._viewer.shown.differences(Snapshot.of(dataset))
        if not told:
            return
        self._viewer.take_over(dataset)
        more = f" and {len(told) - _MOST_TOLD} more" if len(told) > _MOST_TOLD else ""
        self._viewer.news = Message(
            f"The dataset has changed; taken over: {', '.join(told[:_MOST_TOLD])}{more}."
        )

    def _take_views(self) -> None:
        now = said_values(self._store.view_configuration(self._key))
        before, self._seen = self._seen, now
        if before is None:
            return
        kept = self._remembering.held()
        changed = {
            place
            for place in now.keys() | before.keys()
            if now.get(place) != before.get(place) and place[0] not in FIRST_APPEARANCE and place not in kept
        }
        self._viewer.take_values({place: now.get(place) for place in changed | _ends_of(changed, now)})

    def _know(self, stored: dict[Place, Any]) -> None:
        """What the person chose here is shown already, and they may have moved on since."""
        if self._seen is not None:
            self._seen |= stored

    def _complain(self, message: Message) -> None:
        self._has_trouble = True
        self._viewer.news = message


def _shown(record: DatasetRecord) -> tuple[Any, ...]:
    """What of a record a viewer shows."""
    return record.status, record.voxel_size, record.layers


def _ends_of(changed: set[Place], now: dict[Place, Any]) -> set[Place]:
    """The other end of each histogram of which one end changed: they hold together only."""
    layers = {place[:2] for place in changed if place[-1] in ("min", "max")}
    return {(*layer, end) for layer in layers for end in ("min", "max") if (*layer, end) in now}


def document_of(values: Mapping[Place, Any]) -> dict[str, Any]:
    """The document that says these values; those that are None are not said."""
    return nested({place: value for place, value in values.items() if value is not None})
