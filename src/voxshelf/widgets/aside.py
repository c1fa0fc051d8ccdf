"""Work beside the kernel's main thread: ``Aside`` runs the newest call of each slot, one at a time.

A *slot* names a kind of work, such as ``"list"``. Handing in a new call drops an older one of the same slot that
still waits (typing fast asks the store once, not once per key), and two calls of one slot never overlap.
Nothing here sleeps on the thread that asks, and an idle ``Aside`` holds no thread.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_log = logging.getLogger(__name__)


@dataclass
class _Slot:
    call: Callable[[], None] | None = None
    due: float = 0.0
    busy: bool = False


class Aside:
    """Background threads on which only the newest call of each slot runs.

    Parameters
    ----------
    on_failure : callable, optional
        Is given an error that a call let through, on the background thread; it is logged in any case.
    """

    def __init__(self, on_failure: Callable[[Exception], None] | None = None) -> None:
        self._on_failure = on_failure
        self._slots: dict[str, _Slot] = {}
        self._changed = threading.Condition()

    def run(self, slot: str, call: Callable[[], None], *, delay: float = 0.0) -> None:
        """Run ``call`` soon, in place of an older call of ``slot`` that still waits.

        Parameters
        ----------
        slot : str
            The kind of work.
        call : callable
            Takes nothing; it should handle the errors that it expects.
        delay : float
            Seconds of quiet to wait for: a newer call within them replaces this one and waits anew.
        """
        with self._changed:
            entry = self._slots.setdefault(slot, _Slot())
            entry.call, entry.due = call, time.monotonic() + delay
            if entry.busy:
                self._changed.notify_all()
                return
            entry.busy = True
        threading.Thread(target=self._serve, args=(entry,), name=f"voxshelf-{slot}", daemon=True).start()

    def wait(self, timeout: float = 10.0) -> bool:
        """Block until nothing waits or runs; False if that takes longer than ``timeout`` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not any(s.busy for s in self._slots.values()), timeout)

    def drop(self) -> None:
        """Forget all calls that still wait; a running one ends by itself."""
        with self._changed:
            for entry in self._slots.values():
                entry.call = None
            self._changed.notify_all()

    def _serve(self, entry: _Slot) -> None:
        while (call := self._next(entry)) is not None:
            try:
                call()
            except Exception as error:  # noqa: BLE001 - nobody stands above to hear it, and work must go on
                _log.exception("A widget's background work failed.")
                if self._on_failure is not None:
                    self._on_failure(error)

    def _next(self, entry: _Slot) -> Callable[[], None] | None:
        with self._changed:
            while entry.call is not None and (left := entry.due - time.monotonic()) > 0:
                self._changed.wait(left)
            call, entry.call = entry.call, None
            if call is None:
                entry.busy = False
                self._changed.notify_all()
            return call
