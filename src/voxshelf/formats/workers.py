"""The threads that decode: one pool for the whole process, of one thread less than there are cores, 15 at most.

Words used here: the *caller* is the thread that wants voxels; it works along, and *helpers* join it. Nothing
waits for a helper that has not begun, so callers cannot block each other.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["run_together", "usable_cores"]


def usable_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# Decoding is bound by memory long before, and each thread keeps some memory of its own.
_MOST_THREADS = 16


class _Pool:
    """The pool; made when first needed, and anew after a fork: threads do not survive one."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self._lock = Lock()
        self._executor: ThreadPoolExecutor | None = None

    def executor(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._executor is None:
                threads = min(max(1, usable_cores() - 1), _MOST_THREADS - 1)
                self._executor = ThreadPoolExecutor(threads, thread_name_prefix="voxshelf-decode")
            return self._executor


_pool = _Pool()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.forget)


def run_together(
    work: Callable[[], None], helpers: int, *, help_along: Callable[[], None] | None = None
) -> None:
    """Run ``work`` in the caller and, as far as threads are free, in helpers at the same time.

    Parameters
    ----------
    work : callable
        Draws its share from a counter of its own until nothing is left; must do all when alone.
    helpers : int
        How many more threads may run it.
    help_along : callable, optional
        What helpers run instead, to do their share of the same work.

    Raises
    ------
    Exception
        What ``work`` raised, in the caller or in a helper.
    """
    futures = []
    if helpers > 0:
        executor = _pool.executor()
        try:
            futures = [executor.submit(help_along or work) for _ in range(helpers)]
        except RuntimeError:  # the interpreter is shutting down: then the caller does all
            futures = []
    try:
        work()
    finally:
        begun = [future for future in futures if not future.cancel()]
        for future in begun:
            future.exception()
    for future in begun:
        future.result()
