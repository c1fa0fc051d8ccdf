"""How long tasks tell how far they are, and are stopped.

Words used here: *progress* is ``False`` (say nothing), ``True`` (a progress bar) or a function called with
``(done, total)``; *cancel* is an event or a function that says whether to stop.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

from voxshelf.errors import OperationCancelledError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Step: TypeAlias = Callable[[int, int], None]
    Progress: TypeAlias = bool | Step
    Cancel: TypeAlias = "Callable[[], bool] | Event | None"

__all__ = ["asks", "raise_if", "reporting"]


@runtime_checkable
class Event(Protocol):
    """The part of :class:`threading.Event` that matters here."""

    def is_set(self) -> bool:
        """Whether to stop."""


@contextmanager
def reporting(progress: Progress, title: str) -> Iterator[Step]:
    """A function to call with ``(done, total)``, whatever kind of progress was asked for."""
    if not isinstance(progress, bool):
        yield progress
    elif not progress:
        yield lambda _done, _total: None
    else:
        from tqdm.auto import tqdm  # noqa: PLC0415 - most tasks run without a bar

        with tqdm(desc=title, unit="voxel", unit_scale=True) as bar:

            def show(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            yield show


def asks(cancel: Cancel) -> Callable[[], bool]:
    """The function behind an event, a function or nothing."""
    if cancel is None:
        return lambda: False
    return cancel.is_set if isinstance(cancel, Event) else cancel


def raise_if(cancel: Callable[[], bool]) -> None:
    """Raise :class:`~voxshelf.errors.OperationCancelledError` if ``cancel`` says so."""
    if cancel():
        raise OperationCancelledError(
            "The task was stopped before it was finished.", hint="Start it again when there is time."
        )
