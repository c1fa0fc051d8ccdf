"""The sample picker without its looks: which samples there are, where each stands, and adding one.

The store knows the state of every sample, also of one that another process is adding; what this picker adds itself
it follows more closely. Everything may be called from any thread; adding runs aside.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import traitlets

from voxshelf.errors import OperationCancelledError, VoxshelfError
from voxshelf.store.samples import SampleState
from voxshelf.widgets.aside import Aside
from voxshelf.widgets.theme import Message

if TYPE_CHECKING:
    from voxshelf.model import ChangeEvent
    from voxshelf.store import DatasetStore
    from voxshelf.store.samples import SampleInfo

CHANGE_PAUSE = 0.1
POLL = 1.0
_STEP = 0.01


@dataclass(frozen=True)
class SampleItem:
    """A sample as this picker knows it.

    Parameters
    ----------
    info : SampleInfo
        What the store says.
    share : float or None
        How much is done, 0-1, while this picker adds it.
    message : Message
        What is to be said about it.
    """

    info: SampleInfo
    share: float | None = None
    message: Message = field(default_factory=Message)

    @property
    def state(self) -> SampleState:
        """Where it stands: what is being added here is downloading, whatever the store saw last."""
        return SampleState.DOWNLOADING if self.share is not None else self.info.state

    @property
    def is_ours(self) -> bool:
        """Whether this picker is adding it, and so can stop that."""
        return self.share is not None


@dataclass
class _Work:
    """Adding one sample."""

    share: float = 0.0
    cancelled: threading.Event = field(default_factory=threading.Event)


class SamplePickerState(traitlets.HasTraits):
    """The samples of a store.

    Parameters
    ----------
    store : DatasetStore
        Where they are added.
    aside : Aside, optional
        Where slow work runs.
    """

    items = traitlets.Tuple(help="The SampleItems, in the store's order.")
    loaded = traitlets.Bool(False, help="Whether the store has answered once.")
    message = traitlets.Instance(Message, args=())
    added = traitlets.Unicode(None, allow_none=True, help="The key of the sample that was added last.")

    def __init__(self, store: DatasetStore, *, aside: Aside | None = None) -> None:
        super().__init__()
        self.store = store
        self._aside = aside or Aside(self._on_failure)
        self._lock = threading.RLock()
        self._infos: tuple[SampleInfo, ...] = ()
        self._work: dict[str, _Work] = {}
        self._messages: dict[str, Message] = {}
        self._is_open = True
        self._connection = store.changed.connect(self._on_store_changed)
        self.reload()

    # -- what a person does ------------------------------------------------------------------

    def add(self, name: str) -> None:
        """Add a sample aside, unless that is going on already."""
        with self._lock:
            if name in self._work:
                return
            work = self._work[name] = _Work()
            self._messages.pop(name, None)
            self._publish()
        self._aside.run(f"add {name}", lambda: self._add(name, work))

    def cancel(self, name: str) -> None:
        """Stop adding a sample; what was downloaded is kept for the next try."""
        work = self._work.get(name)
        if work is not None:
            work.cancelled.set()

    def reload(self, *, delay: float = 0.0) -> None:
        """Ask the store again, aside."""
        self._aside.run("list", self._list, delay=delay)

    def item(self, name: str) -> SampleItem | None:
        """One of the samples."""
        return next((item for item in self.items if item.info.name == name), None)

    def wait(self, timeout: float = 10.0) -> bool:
        """Block until everything asked for is done; False if that takes longer than ``timeout`` seconds."""
        return self._aside.wait(timeout)

    def close(self) -> None:
        """Stop following the store, and stop what is being added."""
        self._is_open = False
        self.store.changed.disconnect(self._connection, missing_ok=True)
        self._aside.drop()
        for work in list(self._work.values()):
            work.cancelled.set()

    # -- aside -------------------------------------------------------------------------------

    def _add(self, name: str, work: _Work) -> None:
        def progress(share: float) -> None:
            if share - work.share >= _STEP:
                work.share = share
                self._publish()

        message = Message()
        key = None
        try:
            key = self.store.samples.add(name, progress=progress, cancel=work.cancelled.is_set).key
        except OperationCancelledError as error:
            message = Message("Cancelled.", "info", error.hint)
        except (VoxshelfError, OSError) as error:
            message = Message.of_error(error, doing="Adding it")
        with self._lock:
            self._messages[name] = message
        # The store's own word first: between the two the card would say that it can be added.
        self._list(done=name)
        if key is not None:
            self.added = None  # so that the same key again is news
            self.added = key

    def _list(self, *, done: str = "") -> None:
        try:
            infos = self.store.samples.available()
        except (VoxshelfError, OSError) as error:
            self.message = Message.of_error(error, doing="Listing the samples")
        else:
            self._infos = infos
            self.message = Message()
        with self._lock:
            self._work.pop(done, None)
            self.loaded = True
            self._publish()
        if self._is_open and any(
            item.state is SampleState.DOWNLOADING and not item.is_ours for item in self.items
        ):
            self.reload(delay=POLL)

    def _publish(self) -> None:
        with self._lock:
            self.items = tuple(self._item(info) for info in self._infos)

    def _item(self, info: SampleInfo) -> SampleItem:
        work = self._work.get(info.name)
        if work is not None:
            return SampleItem(info, work.share)
        return SampleItem(info, None, self._messages.get(info.name) or _told_by_store(info))

    def _on_failure(self, error: Exception) -> None:
        self.message = Message.of_error(error, doing="This")

    def _on_store_changed(self, _: ChangeEvent) -> None:
        self.reload(delay=CHANGE_PAUSE)


def _told_by_store(info: SampleInfo) -> Message:
    return Message(info.message, "error" if info.state is SampleState.FAILED else "info")
