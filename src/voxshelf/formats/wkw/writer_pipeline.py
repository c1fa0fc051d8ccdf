"""Work for several threads whose results come back in order, in bounded memory.

Words used here: *progress* is called with ``(done, total)``; *cancel* is asked whether to stop, so a
``threading.Event().is_set`` fits.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from voxshelf.errors import OperationCancelledError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["Cancel", "Progress", "in_order", "raise_if_cancelled", "usable_cores"]

Progress: TypeAlias = "Callable[[int, int], None]"
Cancel: TypeAlias = "Callable[[], bool]"

Item = TypeVar("Item")
Result = TypeVar("Result")

_MOST_THREADS = 16


def usable_cores() -> int:
    """The cores this process may use, at most 16."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        cores = os.cpu_count() or 1
    return min(cores, _MOST_THREADS)


def raise_if_cancelled(cancel: Cancel | None) -> None:
    """Raise :class:`~voxshelf.errors.OperationCancelledError` if ``cancel`` says so."""
    if cancel is not None and cancel():
        raise OperationCancelledError(
            "The work was stopped before it was finished.", hint="Start it again to go on where it stopped."
        )


def in_order(
    work: Callable[[Item], Result], items: Iterable[Item], *, threads: int, cancel: Cancel | None = None
) -> Iterator[Result]:
    """Yield ``work(item)`` for every item, in their order, worked on by several threads.

    At most ``threads + 1`` results exist at a time, however many items there are.

    Parameters
    ----------
    work : callable
        Called in the threads; the first exception ends everything.
    items : iterable
        Taken one by one, by the calling thread.
    threads : int
        1 does everything in the calling thread.
    cancel : callable, optional
        Asked before every item.

    Raises
    ------
    OperationCancelledError
        If ``cancel`` said so.
    """
    if threads <= 1:
        for item in items:
            raise_if_cancelled(cancel)
            yield work(item)
        return
    pending: deque[Future[Result]] = deque()
    pool = ThreadPoolExecutor(threads, thread_name_prefix="voxshelf-write")
    try:
        for item in items:
            raise_if_cancelled(cancel)
            if len(pending) > threads:
                yield pending.popleft().result()
            pending.append(pool.submit(work, item))
        while pending:
            yield pending.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
