"""Samples on their way in: ``<root>/<organization>/.samples/<name>/``, on the dataset's own file system.

A lock file says that somebody is at it (the operating system frees it when they die), the unfinished download how
far it is, and a note why the last try failed: so that every process sees the same, also after a crash.
"""

from __future__ import annotations

import json
import shutil
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from filelock import FileLock, Timeout

from voxshelf.errors import (
    DamagedDataError,
    InvalidDataSourceError,
    NameTakenError,
    OperationCancelledError,
    StoreUnavailableError,
    VoxshelfError,
)
from voxshelf.intake.archives import extract_archive, inspect_archive, require_free_space
from voxshelf.intake.disk_faults import disk_faults_explained
from voxshelf.intake.downloads import download
from voxshelf.intake.publishing import publish
from voxshelf.intake.sample_list import SampleSource, SampleState
from voxshelf.intake.samples import make_sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from voxshelf.intake.downloads import Progress
    from voxshelf.intake.sample_list import SampleDescription

__all__ = ["KEPT_FOR", "STAGING_NAME", "SampleStaging", "Standing"]

STAGING_NAME = ".samples"
KEPT_FOR = timedelta(days=14)

_LOCK = "adding.lock"
_FAILURE = "failed.json"
_ARCHIVE = "sample.zip"
_UNPACKED = "unpacked"
_DOWNLOADED = 0.8
"""The share of the work that a download is; the rest is unpacking."""
_LARGEST = 4
"""Times the announced size that a download may have: an address may lead to anything."""
_SMALL = 256 << 20
"""Bytes that any download may have."""
_WINK = 0.1
"""Seconds between two questions whether to stop."""
_PATIENCE = 1.0
"""Seconds: others hold the lock for a moment when they only look who holds it."""


class Standing(NamedTuple):
    """How far a sample is that is not a dataset yet."""

    state: SampleState
    message: str = ""
    share: float = 0.0


class SampleStaging:
    """The samples under way below one root folder.

    Parameters
    ----------
    root : Path
        The folder that holds the organizations.
    base_url : str
        Where published samples are downloaded from.
    """

    def __init__(self, root: Path, base_url: str) -> None:
        self.root = root
        self.base_url = base_url

    def standing(self, organization: str, sample: SampleDescription) -> Standing:
        """How far a sample is."""
        folder = self._folder(organization, sample)
        if not folder.is_dir():
            return Standing(SampleState.AVAILABLE)
        received = _size(folder / f"{_ARCHIVE}.part") or _size(folder / _ARCHIVE)
        share = min(received / sample.size, 1.0) if sample.size else 0.0
        if _is_held(folder / _LOCK):
            message = f"{received / 1e6:,.0f} MB have arrived." if received else "It is being made."
            return Standing(SampleState.DOWNLOADING, message, share)
        with suppress(OSError, ValueError, KeyError):
            return Standing(SampleState.FAILED, str(json.loads((folder / _FAILURE).read_bytes())["message"]))
        if received:
            message = (
                f"{received / 1e6:,.0f} MB are there from an interrupted download, which goes on from there."
            )
            return Standing(SampleState.AVAILABLE, message, share)
        return Standing(SampleState.AVAILABLE)

    def add(
        self,
        organization: str,
        sample: SampleDescription,
        *,
        progress: Callable[[float], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> Path:
        """Fetch or make a sample and move it to its place; returns its folder.

        Parameters
        ----------
        organization : str
            Where the dataset will lie.
        sample : SampleDescription
            Which one.
        progress : callable, optional
            Called with the finished share, from 0 to 1.
        cancel : callable, optional
            Asked again and again; True stops. What has arrived is kept for the next try.

        Raises
        ------
        StoreUnavailableError
            If somebody is adding it at the moment, or the disk is full.
        DownloadError, DamagedDataError, InvalidDataSourceError
            If it cannot be fetched or is not sound.
        NameTakenError
            If a dataset of its name is there.
        OperationCancelledError
            If ``cancel`` said so.
        """
        folder, target = self._folder(organization, sample), self.root / organization / sample.name
        tell = progress or _ignore
        with self._adding(folder, sample):
            unpacked = folder / _UNPACKED
            shutil.rmtree(unpacked, ignore_errors=True)
            if sample.source is SampleSource.GENERATED:
                make_sample(sample.name, unpacked, progress=_checking(tell, cancel))
            else:
                self._fetch(sample, folder, tell, cancel)
            publish(unpacked, target)
            shutil.rmtree(folder, ignore_errors=True)
        tell(1.0)
        return target

    def expire(self, *, now: datetime | None = None) -> tuple[str, ...]:
        """Remove what is left of samples that nobody went on with for :data:`KEPT_FOR`; returns their names."""
        oldest = ((now or datetime.now(UTC)) - KEPT_FOR).timestamp()
        gone = []
        for folder in self.root.glob(f"*/{STAGING_NAME}/*"):
            with suppress(OSError):  # added at this very moment
                touched = max(path.stat().st_mtime for path in (folder, *folder.iterdir()))
                if touched < oldest and not _is_held(folder / _LOCK):
                    shutil.rmtree(folder, ignore_errors=True)
                    gone.append(folder.name)
        return tuple(gone)

    def _fetch(
        self,
        sample: SampleDescription,
        folder: Path,
        tell: Callable[[float], None],
        cancel: Callable[[], bool] | None,
    ) -> None:
        """Download and unpack; what is kept of a broken file would be broken next time too."""
        archive = folder / _ARCHIVE

        def told(progress: Progress) -> None:
            tell(_DOWNLOADED * min(progress.received / (progress.total or sample.size or 1), 1.0))

        if not archive.exists():
            require_free_space(folder, sample.size - _size(folder / f"{_ARCHIVE}.part"))
            most = max(_LARGEST * sample.size, _SMALL)
            download(
                sample.url(self.base_url),
                archive,
                progress=told,
                cancel=cancel,
                most=most,
                wait=_waiting(cancel),
            )
        try:
            contents = inspect_archive(archive)
            written = 0

            def unpacked(count: int) -> None:
                nonlocal written
                written += count
                tell(_DOWNLOADED + (1 - _DOWNLOADED) * written / max(contents.expanded_bytes, 1))

            extract_archive(contents, folder / _UNPACKED, progress=unpacked, cancel=cancel)
        except (DamagedDataError, InvalidDataSourceError):
            archive.unlink(missing_ok=True)
            raise

    @contextmanager
    def _adding(self, folder: Path, sample: SampleDescription) -> Iterator[None]:
        """Nobody else adds this sample meanwhile; why it failed is noted."""
        with disk_faults_explained(folder):
            folder.mkdir(parents=True, exist_ok=True)
            try:
                lock = FileLock(folder / _LOCK).acquire(timeout=_PATIENCE)
            except Timeout as error:
                raise StoreUnavailableError(
                    f"The sample {sample.name} is being added at the moment.", hint="Wait until it is there."
                ) from error
        with lock:
            (folder / _FAILURE).unlink(missing_ok=True)
            try:
                with disk_faults_explained(folder):
                    yield
            except (OperationCancelledError, NameTakenError):
                raise
            except VoxshelfError as error:
                with suppress(OSError):  # a disk that is full may take no note either
                    (folder / _FAILURE).write_text(
                        json.dumps({"message": _in_short(error)}), encoding="utf-8"
                    )
                raise

    def _folder(self, organization: str, sample: SampleDescription) -> Path:
        return self.root / organization / STAGING_NAME / sample.name


def _is_held(lock: Path) -> bool:
    if not lock.exists():
        return False
    try:
        with FileLock(lock).acquire(timeout=0):
            return False
    except Timeout:
        return True
    except OSError:  # taken away at this very moment: it is finished
        return False


def _checking(tell: Callable[[float], None], cancel: Callable[[], bool] | None) -> Callable[[float], None]:
    """Progress that also asks whether to stop."""

    def told(share: float) -> None:
        tell(share)
        if cancel is not None and cancel():
            raise OperationCancelledError("Making the sample was cancelled.", hint="Nothing was stored.")

    return told


def _waiting(cancel: Callable[[], bool] | None) -> Callable[[float], None]:
    """Waits between tries, but not for somebody who does not want it any more."""

    def wait(seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if cancel is not None and cancel():
                raise OperationCancelledError(
                    "The download was cancelled.", hint="It goes on from here next time."
                )
            time.sleep(_WINK)

    return wait


def _in_short(error: VoxshelfError) -> str:
    problems = getattr(error, "problems", ())
    return " ".join([error.what, *(str(problem) for problem in problems[:3]), error.hint]).strip()


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0


def _ignore(_share: float) -> None:
    """Nobody wants to know how far it is."""
