"""What every store offers about datasets that come into it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from voxshelf.intake.sample_list import SampleInfo
    from voxshelf.intake.uploads import UploadInfo
    from voxshelf.model import DatasetRecord

__all__ = ["ArrivingStore", "KeptRefreshed", "SampleDesk", "UploadDesk"]


class ArrivingStore(Protocol):
    """Uploads, samples, and folders that somebody copies to the disk."""

    @property
    def uploads(self) -> UploadDesk:
        """ZIP files on their way in."""

    @property
    def samples(self) -> SampleDesk:
        """Datasets to begin with."""

    def keep_refreshed(
        self, every: timedelta = timedelta(minutes=10), *, on_problem: Callable[[str], None] | None = None
    ) -> KeptRefreshed:
        """Look at the disk by itself from now on.

        A new folder on a local disk is found within a second or two; on a network file system, and whatever else
        goes unnoticed, with the interval. What is found is told as :attr:`DatasetStore.changed`. An unmounted
        disk is told, and looked at again.

        Parameters
        ----------
        every : timedelta
            How often at least; a second or more. Where several want it, the shortest counts.
        on_problem : callable, optional
            Told in plain words, from a thread of the store's, why it cannot look; an empty text when it can again.
            Without it the problem is logged.

        Returns
        -------
        KeptRefreshed
            Stop it, or use it in a ``with`` statement; it also ends with the store.

        Raises
        ------
        NotAllowedError
            If the actor may not look for new datasets.
        VoxshelfError
            If that is too often.
        """


class KeptRefreshed(Protocol):
    """A store that looks at the disk by itself, until it is stopped."""

    def stop(self) -> None:
        """Do not look any more; may be called more than once."""

    def __enter__(self) -> Self:
        """Itself."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop."""


class UploadDesk(Protocol):
    """ZIP files on their way in, piece by piece; they survive the end of the process.

    Whoever began an upload goes on with it, and so may an admin of its organization. For others there is no such
    upload. Every method raises :class:`~voxshelf.errors.UploadNotFoundError` for an upload that is not there.
    """

    def begin(
        self,
        name: str,
        size: int,
        *,
        organization: str | None = None,
        sha256: str | None = None,
        file_key: str = "",
    ) -> UploadInfo:
        """Begin an upload, or find the unfinished one of the same file to go on with.

        Parameters
        ----------
        name : str
            Of the dataset.
        size : int
            Bytes of the ZIP file. Above 1 GB the answer carries a ``warning``; nothing is refused for that.
        organization : str, optional
            Where the dataset goes; default the actor's own.
        sha256 : str, optional
            The file's checksum in hexadecimal; checked at the end.
        file_key : str
            Recognises the file when it is chosen again: its name, size and time, say.

        Returns
        -------
        UploadInfo
            Send the bytes from its ``offset`` on.

        Raises
        ------
        NotAllowedError
            If the actor may not upload there, or the organization's quota would be exceeded (what other uploads
            under way will take counts too).
        NameTakenError
            If there is a dataset of that name, be it one whose folder is missing.
        StoreUnavailableError
            If the disk has no room for it.
        VoxshelfError
            If the name, size or checksum cannot be one.
        """

    def append(self, upload_id: str, offset: int, data: bytes | memoryview) -> UploadInfo:
        """Store bytes at ``offset``. Those that are there already are skipped, so a piece may be sent again.

        Raises
        ------
        UploadOffsetError
            If there would be a gap, or more bytes than announced; it carries the offset to go on at.
        StoreUnavailableError
            If the disk is full; what is stored stays.
        """

    def finish(
        self,
        upload_id: str,
        *,
        progress: Callable[[float], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> DatasetRecord:
        """Check what arrived, unpack it aside, and show the dataset with one rename.

        It belongs to whoever began the upload. With a valid ``datasource-properties.json`` in it, it is ready;
        otherwise it is not imported yet.

        Parameters
        ----------
        upload_id : str
            Which one.
        progress : callable, optional
            Called with the finished share, from 0 to 1.
        cancel : callable, optional
            Asked again and again; True stops. The bytes are kept.

        Raises
        ------
        InvalidDataSourceError, DamagedDataError
            If the archive is refused, with everything that is wrong with it. The upload is removed.
        UploadOffsetError
            If bytes are still missing.
        NameTakenError, NotAllowedError, StoreUnavailableError
            As :meth:`begin`, for what the archive holds; the bytes are kept for another try.
        OperationCancelledError
            If it was cancelled.
        """

    def cancel(self, upload_id: str) -> None:
        """Forget an upload and everything received of it; one that is being unpacked is stopped."""

    def get(self, upload_id: str) -> UploadInfo:
        """How far an upload is."""

    def list(self, organization: str | None = None) -> tuple[UploadInfo, ...]:
        """The uploads that the actor may go on with, oldest first; of one organization or of all."""

    def expire(self) -> tuple[str, ...]:
        """Forget uploads that nobody touched for two weeks; returns their ids.

        Raises
        ------
        NotAllowedError
            If the actor is not the operator.
        """


class SampleDesk(Protocol):
    """Datasets to begin with: published ones, to download, and built-in ones that need no network."""

    def available(self, organization: str | None = None) -> tuple[SampleInfo, ...]:
        """All samples, each with its state; that is the same for every process.

        Parameters
        ----------
        organization : str, optional
            Where they would be added, and where those present are looked for; default the actor's own, and all
            that they know.
        """

    def add(
        self,
        name: str,
        *,
        organization: str | None = None,
        progress: Callable[[float], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> DatasetRecord:
        """Bring a sample into the store and import it; one that is there already is left alone.

        Parameters
        ----------
        name : str
            One of those available.
        organization : str, optional
            Where it goes; default the actor's own.
        progress : callable, optional
            Called with the finished share, from 0 to 1.
        cancel : callable, optional
            Asked again and again; True stops. What was downloaded is kept for the next try.

        Raises
        ------
        NotFoundError
            If there is no such sample.
        NotAllowedError
            If the actor may not add datasets there.
        NameTakenError
            If there is a dataset of that name that the actor may not see.
        DownloadError
            If it cannot be fetched; the next try goes on where it broke off.
        InvalidDataSourceError, DamagedDataError
            If what was fetched is not sound; the next try fetches it anew.
        StoreUnavailableError
            If it is being added at the moment, or the disk has no room for it.
        OperationCancelledError
            If it was cancelled.
        """
