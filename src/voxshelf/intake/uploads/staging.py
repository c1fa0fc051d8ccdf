"""Uploads on their way in: ``<root>/<organization>/.uploading/<id>/``, on the dataset's own file system.

A *begun* upload takes bytes in order at a given *offset*, survives the end of the process (the next one goes on
at the stored offset), is *unpacked* beside them, *published* with one rename, so that a dataset is either not
there or whole, and *forgotten*. Everything can be repeated after a crash. Whether a person may upload, and how
much, is the store's question.
"""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from filelock import FileLock

from voxshelf.errors import UploadNotFoundError, UploadOffsetError
from voxshelf.intake.archives import extract_archive, inspect_archive, require_free_space
from voxshelf.intake.disk_faults import disk_faults_explained
from voxshelf.intake.publishing import inode_of, name_taken, publish
from voxshelf.intake.uploads.checksum import check_sum
from voxshelf.intake.uploads.manifest import (
    UploadInfo,
    folder_of,
    is_id,
    new_id,
    read_manifest,
    write_manifest,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from voxshelf.intake.archives import ArchiveContents

STAGING_NAME = ".uploading"
KEPT_FOR = timedelta(days=14)
_DATA = "data.zip"
_UNPACKED = "unpacked"
_CANCELLED = ".cancelled"
_GONE = ".gone-"


class UploadStaging:
    """The uploads under way below one root folder.

    Parameters
    ----------
    root : Path
        The folder that holds the organizations.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def begin(
        self,
        organization: str,
        name: str,
        size: int,
        *,
        sha256: str | None = None,
        file_key: str = "",
        created_by: str = "",
        approve: Callable[[Sequence[UploadInfo]], None] | None = None,
    ) -> UploadInfo:
        """Begin an upload, or find the unfinished one of the same file to go on with.

        Parameters
        ----------
        organization, name : str
            Where the dataset will lie; both already checked to be folder names.
        size : int
            Bytes of the ZIP file.
        sha256, file_key, created_by : str
            See :class:`UploadInfo`.
        approve : callable, optional
            Is given the uploads under way there before a new one is begun; raises what speaks against it.

        Raises
        ------
        NameTakenError
            If there is a dataset of that name.
        StoreUnavailableError
            If the disk has no room for it.
        """
        target = self.root / organization / name
        if os.path.lexists(target):
            raise name_taken(target)
        info = UploadInfo(
            id=new_id(name, now := datetime.now(UTC)),
            organization=organization,
            name=name,
            size=size,
            sha256=sha256,
            file_key=file_key,
            created=now,
            created_by=created_by,
        )
        under_way = self.list(organization)
        for known in under_way:
            if _is_same_file(known, info):
                return known
        if approve is not None:
            approve(under_way)
        staging = self._staging(organization)
        with disk_faults_explained(staging):
            staging.mkdir(parents=True, exist_ok=True)
            require_free_space(staging, size + sum(known.size - known.offset for known in under_way))
            (staging / info.id).mkdir()
            write_manifest(staging / info.id, info)
        return info

    def append(self, upload_id: str, offset: int, data: bytes | memoryview) -> UploadInfo:
        """Store bytes at ``offset``.

        Bytes that are there already (a sender that did not hear our answer) are skipped, not written twice.

        Raises
        ------
        UploadOffsetError
            If there would be a gap, or more bytes than announced; it carries the offset to go on at.
        StoreUnavailableError
            If the disk is full; what is stored stays.
        """
        view = memoryview(data).cast("B")
        with self._locked(upload_id) as folder:
            info = read_manifest(folder, _DATA)
            end = offset + len(view)
            if offset < 0 or offset > info.offset or end > info.size:
                raise UploadOffsetError(
                    f"Bytes {offset:,} to {end:,} do not follow the {info.offset:,} of {info.size:,} received so far.",
                    hint="Go on at the stored offset.",
                    offset=info.offset,
                )
            fresh = view[info.offset - offset :]
            if fresh:
                with disk_faults_explained(folder.parent), (folder / _DATA).open("ab") as sink:
                    sink.write(fresh)
            return info.model_copy(update={"offset": max(info.offset, end)})

    def unpack(
        self,
        upload_id: str,
        *,
        approve: Callable[[UploadInfo, ArchiveContents], None] | None = None,
        progress: Callable[[float], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> ArchiveContents:
        """Check the received file and unpack it beside its bytes; begins anew after an interruption.

        Parameters
        ----------
        upload_id : str
            Which one.
        approve : callable, optional
            Is shown what would be unpacked before anything is; raises what speaks against it.
        progress : callable, optional
            Called with the finished share, from 0 to 1.
        cancel : callable, optional
            Asked after every piece; True stops. So does :meth:`cancel`.

        Raises
        ------
        UploadOffsetError
            If bytes are still missing.
        DamagedDataError, InvalidDataSourceError
            If the checksum does not match or the archive is not sound; see :mod:`voxshelf.intake.archives`.
        OperationCancelledError
            If it was cancelled; the bytes are kept.
        """
        with self._locked(upload_id) as folder:
            info = read_manifest(folder, _DATA)
            if not info.is_complete:
                raise UploadOffsetError(
                    f"Only {info.offset:,} of {info.size:,} bytes have arrived.",
                    hint="Send the rest first.",
                    offset=info.offset,
                )

            def is_cancelled() -> bool:
                return (cancel is not None and cancel()) or (folder / _CANCELLED).exists()

            if info.sha256 is not None:
                check_sum(folder / _DATA, info.sha256, is_cancelled)
            contents = inspect_archive(folder / _DATA)
            if approve is not None:
                approve(info, contents)
            write_manifest(folder, info.model_copy(update={"expanded": contents.expanded_bytes}))
            shutil.rmtree(folder / _UNPACKED, ignore_errors=True)
            try:
                tell = _telling_share(progress, contents.expanded_bytes)
                extract_archive(contents, folder / _UNPACKED, progress=tell, cancel=is_cancelled)
            except BaseException:
                shutil.rmtree(folder / _UNPACKED, ignore_errors=True)
                raise
            return contents

    def publish(self, upload_id: str) -> Path:
        """Move the unpacked dataset to its place with one rename; returns its folder.

        Raises
        ------
        NameTakenError
            If something of that name came there meanwhile; the upload is kept.
        UploadNotFoundError
            If it is not unpacked.
        """
        with self._locked(upload_id) as folder:
            info = read_manifest(folder, _DATA)
            target = self.root / info.key
            if not self.is_published(info):
                unpacked = folder / _UNPACKED
                if not unpacked.is_dir():
                    raise UploadNotFoundError(
                        f"Upload {upload_id!r} is not unpacked.", hint="Finish it again."
                    )
                write_manifest(folder, info.model_copy(update={"published_inode": inode_of(unpacked)}))
                publish(unpacked, target)
            return target

    def is_published(self, info: UploadInfo) -> bool:
        """Whether the dataset is in its place already: only a crash leaves it with its upload not forgotten."""
        return info.published_inode is not None and inode_of(self.root / info.key) == info.published_inode

    def forget(self, upload_id: str) -> None:
        """Remove everything received of an upload; the published dataset stays."""
        with self._locked(upload_id) as folder:
            pass
        self._remove(folder)

    def cancel(self, upload_id: str) -> None:
        """Forget an upload; one that is being unpacked at the moment is stopped first."""
        folder = self._folder(upload_id)
        with disk_faults_explained(folder):
            (folder / _CANCELLED).touch()
        self.forget(upload_id)

    def get(self, upload_id: str) -> UploadInfo:
        """How far an upload is.

        Raises
        ------
        UploadNotFoundError
            If there is none.
        """
        return read_manifest(self._folder(upload_id), _DATA)

    def list(self, organization: str | None = None) -> tuple[UploadInfo, ...]:
        """The uploads under way, oldest first; of one organization or of all."""
        found = []
        for folder in self._folders(organization):
            if (folder / _CANCELLED).exists():
                continue
            with suppress(UploadNotFoundError):
                found.append(read_manifest(folder, _DATA))
        return tuple(sorted(found, key=lambda info: info.created))

    def expire(self, *, now: datetime | None = None) -> tuple[str, ...]:
        """Forget uploads that nobody touched for :data:`KEPT_FOR` and remains of cancelled ones; returns their ids."""
        oldest = ((now or datetime.now(UTC)) - KEPT_FOR).timestamp()
        gone = []
        for remains in self.root.glob(f"*/{STAGING_NAME}/{_GONE}*"):
            shutil.rmtree(remains, ignore_errors=True)
        for folder in self._folders():
            with suppress(OSError):  # finished at this very moment
                touched = max(path.stat().st_mtime for path in (folder, *folder.glob(_DATA)))
                if touched < oldest or (folder / _CANCELLED).exists():
                    self._remove(folder)
                    gone.append(folder.name)
        return tuple(gone)

    def _folders(self, organization: str | None = None) -> Iterator[Path]:
        """The folders of the uploads under way."""
        within = self.root.glob("*") if organization is None else (self.root / organization,)
        for home in within:
            yield from (folder for folder in (home / STAGING_NAME).glob("*") if is_id(folder.name))

    def _staging(self, organization: str) -> Path:
        return self.root / organization / STAGING_NAME

    def _folder(self, upload_id: str) -> Path:
        for staging in self.root.glob(f"*/{STAGING_NAME}"):
            with suppress(UploadNotFoundError):
                return folder_of(staging, upload_id)
        return folder_of(self.root / STAGING_NAME, upload_id)

    @contextmanager
    def _locked(self, upload_id: str) -> Iterator[Path]:
        folder = self._folder(upload_id)
        with ExitStack() as held:
            with suppress(FileNotFoundError):  # it is forgotten at this very moment: said by the next line
                held.enter_context(FileLock(folder / ".lock"))
            yield self._folder(upload_id)

    @staticmethod
    def _remove(folder: Path) -> None:
        # Renamed first: what cannot be removed at once (a busy network file) is no upload any more.
        gone = folder.with_name(_GONE + folder.name)
        with suppress(FileNotFoundError):
            folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def _is_same_file(known: UploadInfo, wanted: UploadInfo) -> bool:
    """Whether an upload under way is the same person's of the same file to the same place."""
    about = {"organization", "name", "size", "sha256", "file_key", "created_by"}
    return known.model_dump(include=about) == wanted.model_dump(include=about)


def _telling_share(progress: Callable[[float], None] | None, total: int) -> Callable[[int], None] | None:
    """From bytes just written to the share of all."""
    if progress is None:
        return None
    written = 0

    def tell(count: int) -> None:
        nonlocal written
        written += count
        progress(written / max(total, 1))

    return tell
