"""Telling listeners what changed, whoever changed it.

A change that this store makes is told by the thread that makes it, as soon as it is recorded. Changes of other
processes are found by one daemon thread, which starts with the first listener and ends with the store.

There are two signals: ``changed`` for what lists and records show, ``noted`` for what happens often and changes
nothing of that (somebody's own view of a dataset, the use of a link), so that whoever keeps a list need not mind it.
"""

from __future__ import annotations

import logging
import threading
import weakref
from typing import TYPE_CHECKING, Any

from psygnal import EmitLoopError, SignalInstance

from voxshelf.errors import VoxshelfError
from voxshelf.model import ChangeEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from voxshelf.catalog import Bell, Catalog

logger = logging.getLogger(__name__)

RETRY_SECONDS = 2.0
_JOIN_SECONDS = 5.0


class ChangeSignal(SignalInstance):
    """A signal that says when somebody begins to listen."""

    def __init__(self, on_connect: Callable[[], None], name: str = "changed") -> None:
        super().__init__((ChangeEvent,), name=name)
        self._on_connect = on_connect

    def connect(self, *args: Any, **options: Any) -> Any:
        """Add a listener; see :meth:`psygnal.SignalInstance.connect`."""
        # First, so that no change between the two is missed.
        self._on_connect()
        return super().connect(*args, **options)


class Watch:
    """Knows who listens to a store, and tells them.

    Parameters
    ----------
    catalog : Catalog
        Whose log is followed.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self.changed = ChangeSignal(calling_weakly(self.start))
        self.noted = ChangeSignal(calling_weakly(self.start), "noted")
        weakref.finalize(self, self._stop.set)

    def start(self) -> None:
        """Begin to follow other processes, unless that is done already."""
        with self._lock:
            # After a fork the thread is gone, which is_alive knows.
            if self._stop.is_set() or (self._thread is not None and self._thread.is_alive()):
                return
            signals = (weakref.ref(self.changed), weakref.ref(self.noted))
            follower = _Follower(self._catalog, signals, self._stop, self._catalog.last_sequence())
            self._thread = threading.Thread(target=follower.run, name="voxshelf-changes", daemon=True)
            self._thread.start()

    def tell(self, events: Iterable[ChangeEvent]) -> None:
        """Tell the listeners about changes, on this thread."""
        route(events, self.changed, self.noted)

    def close(self) -> None:
        """Stop following; waits for the thread."""
        self._stop.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(_JOIN_SECONDS)


def calling_weakly(method: Callable[[], None]) -> Callable[[], None]:
    """A function that calls the method as long as its object lives, and does not keep it alive."""
    reference = weakref.WeakMethod(method)

    def call() -> None:
        alive = reference()
        if alive is not None:
            alive()

    return call


class _Follower:
    """What the thread does. It holds no reference to the store, so a forgotten store ends it."""

    def __init__(
        self,
        catalog: Catalog,
        signals: tuple[weakref.ref[ChangeSignal], weakref.ref[ChangeSignal]],
        stop: threading.Event,
        sequence: int,
    ) -> None:
        self._catalog = catalog
        self._signals = signals
        self._stop = stop
        self._sequence = sequence
        self._bell: Bell | None = None

    def run(self) -> None:
        """Follow until told to stop."""
        while not self._stop.is_set():
            try:
                events = self._wait_for_events()
            except VoxshelfError as error:
                logger.warning("Changes made elsewhere are not seen at the moment. %s", error)
                self._close_bell()
                self._stop.wait(RETRY_SECONDS)
                continue
            changed, noted = (signal() for signal in self._signals)
            if changed is not None and noted is not None:
                route(events, changed, noted)
            del changed, noted
        self._close_bell()

    def _wait_for_events(self) -> Iterable[ChangeEvent]:
        if self._bell is None:
            self._bell = self._catalog.open_bell()
        if not self._catalog.wait(self._bell, self._stop) or self._stop.is_set():
            return ()
        events, self._sequence = self._catalog.changes_by_others(self._sequence)
        return events

    def _close_bell(self) -> None:
        if self._bell is not None:
            self._bell.close()
            self._bell = None


def route(events: Iterable[ChangeEvent], changed: ChangeSignal, noted: ChangeSignal) -> None:
    """Fire each event on the signal for its kind, in order."""
    for event in events:
        emit_all(noted if event.kind.is_noted else changed, [event])


def emit_all(changed: ChangeSignal, events: Iterable[ChangeEvent]) -> None:
    """Fire one event after the other, whatever listeners make of them."""
    for event in events:
        try:
            changed.emit(event)
        except EmitLoopError:
            # The change is made and recorded; a listener that fails must not make it look otherwise.
            logger.exception("A listener failed on %s of %s", event.kind.value, event.key)
