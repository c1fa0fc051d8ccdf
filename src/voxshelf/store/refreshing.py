"""Looking at the disk by itself: when something appears there, and every few minutes in any case.

One daemon thread per store looks. Where the operating system tells of changes (a local disk), the root, the
organizations' folders and the datasets' folders are watched, never what lies below: a copy of a million cubes
makes no noise. A network file system tells of nothing, there only the interval counts. A scan that has just been
made is followed by a pause, so that a storm of changes does not become a storm of scans.
"""

from __future__ import annotations

import logging
import os
import threading
import time
import weakref
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from watchfiles import watch

from voxshelf.catalog.filesystems import network_file_system
from voxshelf.errors import VoxshelfError
from voxshelf.intake.scan import is_staging_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import TracebackType

    from watchfiles import Change

__all__ = ["EVERY", "Refresher", "Refreshing"]

logger = logging.getLogger(__name__)

EVERY = timedelta(minutes=10)
SHORTEST = timedelta(seconds=1)

_MOST_WATCHED = 4000
"""Folders: the operating system keeps an entry for each, of which it has so many for all programs together."""
_PAUSE_SECONDS = 1.0
_PAUSE_SHARE = 4
"""At least so many times as long as a scan takes, nothing is scanned after it."""
_STEP_MS = 200
_DEBOUNCE_MS = 1000
_IDLE_MS = 500
_JOIN_SECONDS = 5.0


class Refreshing:
    """Keeps a store refreshed until it is stopped; also a context manager.

    Parameters
    ----------
    refresher : Refresher
        Which does it.
    every : timedelta
        How often at least.
    on_problem : callable, optional
        Told in plain words, from the thread that looks, why it cannot; an empty text when it can again.
    """

    def __init__(
        self, refresher: Refresher, every: timedelta, on_problem: Callable[[str], None] | None = None
    ) -> None:
        self._refresher = refresher
        self.every = every
        self.on_problem = on_problem

    def stop(self) -> None:
        """Do not look any more, unless somebody else wants it too; may be called more than once."""
        self._refresher.leave(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


class Refresher:
    """The thread of a store that looks at the disk, as long as anybody wants it.

    Parameters
    ----------
    root : Path
        The folder that holds the organizations.
    look : callable
        Scans and tidies up once. It must not keep the store alive.
    detect_network : callable
        The kind of network file system that a folder lies on; None for a local one.
    changes_in : callable
        Asks the operating system for changes, as :func:`watchfiles.watch` does.
    """

    def __init__(
        self,
        root: Path,
        look: Callable[[], object],
        detect_network: Callable[[Path], str | None] = network_file_system,
        changes_in: Callable[..., Iterator[set[tuple[Change, str]]]] = watch,
    ) -> None:
        self._root = root
        self._look = look
        self._detect_network = detect_network
        self._changes_in = changes_in
        self._lock = threading.Lock()
        self._wishes: tuple[Refreshing, ...] = ()
        self._voice = _Voice()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()

    def join_in(
        self, every: timedelta = EVERY, on_problem: Callable[[str], None] | None = None
    ) -> Refreshing:
        """Begin to look, or look at least so often from now on; ``on_problem`` as in :class:`Refreshing`.

        Raises
        ------
        VoxshelfError
            If that is more often than every second.
        """
        if every < SHORTEST:
            raise VoxshelfError(
                f"A store cannot be refreshed every {every}.",
                hint="Give a second or more, such as 10 minutes.",
            )
        wish = Refreshing(self, every, on_problem)
        with self._lock:
            self._wishes = (*self._wishes, wish)
            self._begin_anew()
        return wish

    def leave(self, wish: Refreshing) -> None:
        """Somebody does not want it any more."""
        with self._lock:
            if wish in self._wishes:
                self._wishes = tuple(other for other in self._wishes if other is not wish)
                self._begin_anew()

    def close(self) -> None:
        """Stop for everybody; waits for the thread."""
        with self._lock:
            self._wishes = ()
            self._end()

    def _begin_anew(self) -> None:
        self._end()
        self._voice.listeners = tuple(wish.on_problem for wish in self._wishes if wish.on_problem is not None)
        if not self._wishes:
            return
        self._stop = threading.Event()
        seconds = min(wish.every for wish in self._wishes).total_seconds()
        looker = _Looker(
            self._root, self._look, self._stop, seconds, self._detect_network, self._changes_in, self._voice
        )
        weakref.finalize(self, self._stop.set)
        self._thread = threading.Thread(target=looker.run, name="voxshelf-refresh", daemon=True)
        self._thread.start()

    def _end(self) -> None:
        self._stop.set()
        # A listener may stop it, on that very thread: whoever closes the store waits for it then.
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(_JOIN_SECONDS)
            self._thread = None


class _Voice:
    """Tells those who want to know what is wrong; knows nothing of the store, so that it keeps none alive."""

    def __init__(self) -> None:
        self.listeners: tuple[Callable[[str], None], ...] = ()
        self.last_said = ""

    def say(self, problem: str) -> None:
        """Tell all listeners; without any, the log."""
        self.last_said = problem
        if problem and not self.listeners:
            logger.warning("The store could not be refreshed. %s", problem)
        for listener in self.listeners:
            try:
                listener(problem)
            except Exception:  # a listener's mistake must not end the looking
                logger.exception("A listener failed on what is wrong with the store.")


class _Looker:
    """What the thread does."""

    def __init__(
        self,
        root: Path,
        look: Callable[[], object],
        stop: threading.Event,
        seconds: float,
        detect_network: Callable[[Path], str | None],
        changes_in: Callable[..., Iterator[set[tuple[Change, str]]]],
        voice: _Voice,
    ) -> None:
        self._root = root
        self._look = look
        self._voice = voice
        self._stop = stop
        self._seconds = seconds
        self._detect_network = detect_network
        self._changes_in = changes_in
        # Whoever was told of a problem by another thread wants to know whether it is over; so do those that came since.
        self._problem: str | None = None if voice.last_said else ""
        self._is_known_slow = False
        self._can_watch_datasets = True

    def run(self) -> None:
        """Look until told to stop."""
        while not self._stop.is_set():
            paths, due = self._watchable(), time.monotonic() + self._seconds
            if not paths or not self._follow(paths):
                self._look_once()
                self._stop.wait(max(0, due - time.monotonic()))

    def _follow(self, paths: tuple[str, ...]) -> bool:
        """Look whenever something changes, until the interval is over or there are other folders to watch.

        Returns
        -------
        bool
            False if the operating system cannot tell of changes now.
        """
        deadline = time.monotonic() + self._seconds
        is_first = True
        try:
            # It yields nothing again and again; the first time, so that nothing is missed before it watches.
            for changes in self._changes(paths):
                is_due = time.monotonic() >= deadline
                if changes or is_first or is_due:
                    self._look_once()
                    if is_due or self._watchable() != paths:
                        return True
                is_first = False
        except FileNotFoundError:  # a folder was taken away between listing and watching
            self._stop.wait(_PAUSE_SECONDS)
        except (OSError, RuntimeError) as error:
            # Usually all entries for watching are taken: with fewer folders it may still work.
            if self._can_watch_datasets:
                self._can_watch_datasets = False
                return True
            self._say_that_it_is_slow(error)
            return False
        return True

    def _changes(self, paths: tuple[str, ...]) -> Iterator[set[tuple[Change, str]]]:
        return self._changes_in(
            *paths,
            watch_filter=_concerns_datasets,
            debounce=_DEBOUNCE_MS,
            step=_STEP_MS,
            stop_event=self._stop,
            rust_timeout=_IDLE_MS,
            yield_on_timeout=True,
            raise_interrupt=False,
            recursive=False,
            force_polling=False,
            ignore_permission_denied=True,
        )

    def _watchable(self) -> tuple[str, ...]:
        """The folders whose changes the operating system tells; none on a network file system."""
        try:
            if self._detect_network(self._root) is not None:
                return ()
            organizations = _folders_in(self._root)
            datasets = [folder for organization in organizations for folder in _folders_in(organization)]
        except OSError:
            return ()
        watched = [str(self._root), *organizations]
        if self._can_watch_datasets and len(watched) + len(datasets) <= _MOST_WATCHED:
            watched += datasets
        return tuple(watched)

    def _look_once(self) -> None:
        started = time.monotonic()
        try:
            self._look()
        except (VoxshelfError, OSError) as error:
            self._complain(str(error))
        except Exception as error:  # a mistake in looking at one thing must not end the looking
            logger.exception("The store could not be refreshed.")
            self._complain(f"{type(error).__name__}: {error}")
        else:
            self._complain("")
        took = time.monotonic() - started
        self._stop.wait(max(_PAUSE_SECONDS, _PAUSE_SHARE * took))

    def _say_that_it_is_slow(self, error: Exception) -> None:
        """Say once that the operating system tells of no changes; in the log only, because nothing goes missing."""
        if not self._is_known_slow:
            self._is_known_slow = True
            logger.warning(
                "New datasets in %s are only seen every %g s. %s", self._root, self._seconds, error
            )

    def _complain(self, problem: str) -> None:
        """Say once what is wrong, not at every look."""
        if self._problem != problem:
            self._problem = problem
            self._voice.say(problem)


def _folders_in(folder: Path | str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(
                entry.path for entry in entries if not is_staging_name(entry.name) and entry.is_dir()
            )
    except (FileNotFoundError, PermissionError, NotADirectoryError):
        return []


def _concerns_datasets(_change: Change, path: str) -> bool:
    return not is_staging_name(path.rpartition("/")[2])
