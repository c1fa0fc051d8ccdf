"""Uploads on their way in: ``<root>/<organization>/.uploading/<id>/``, on the dataset's own file system.

A *begun* upload takes bytes in order at a given *offset*, survives the end of the process (the next one goes on
at the stored offset), is *unpacked* beside them and *published* with one rename, so that a dataset is either not
there or whole. Everything can be repeated after a crash. Whether a person may upload is the store's question.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from filelock import FileLock

from voxshelf.errors import DamagedDataError, NameTakenError, UploadNotFoundError, UploadOffsetError
from voxshelf.intake.archives import extract_archive, inspect_archive, require_free_space
from voxshelf.intake.uploads.manifest import UploadInfo, folder_of, new_id, read_manifest, write_manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from voxshelf.intake.archives import ArchiveContents

STAGING_NAME = ".uploading"
KEPT_FOR = timedelta(days=14)
SOFT_LIMIT = 1_000_000_000
"""Bytes above which copying files is the better way; uploads go on, with a warning."""

_DATA = "data.zip"
_UNPACKED = "unpacked"
_GONE = ".gone-"
_CHUNK = 4 << 20


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

        Raises
        ------
        NameTakenError
            If there is a dataset of that name.
        StoreUnavailableError
            If the disk has no room for it.
        """
        self._require_free_name(organization, name)
        wanted = (organization, name, size, sha256, file_key, created_by)
        for known in self.list(organization):
            same = (
                known.organization,
                known.name,
                known.size,
                known.sha256,
                known.file_key,
                known.created_by,
            )
            if same == wanted:
                return known
        staging = self._staging(organization)
        staging.mkdir(parents=True, exist_ok=True)
        require_free_space(staging, size)
        now = datetime.now(UTC)
        info = UploadInfo(
            id=new_id(name, now),
            organization=organization,
            name=name,
            size=size,
            sha256=sha256,
            file_key=file_key,
            created=now,
            created_by=created_by,
        )
        folder = staging / info.id
        folder.mkdir()
        write_manifest(folder, info)
        return info

    def append(self, upload_id: str, offset: int, data: bytes | memoryview) -> UploadInfo:
        """Store bytes at ``offset``.

        Bytes that are there already (a sender that did not hear our answer) are skipped, not written twice.

        Raises
        ------
        UploadOffsetError
            If there would be a gap, or more bytes than announced; it carries the offset to go on at.
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
                with (folder / _DATA).open("ab") as sink:
                    sink.write(fresh)
            return info.model_copy(update={"offset": max(info.offset, end)})

    def unpack(
        self,
        upload_id: str,
        *,
        progress: Callable[[int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> ArchiveContents:
        """Check the received file and unpack it beside its bytes; begins anew after an interruption.

        Raises
        ------
        UploadOffsetError
            If bytes are still missing.
        DamagedDataError, InvalidDataSourceError
            If the checksum does not match or the archive is not sound; see :mod:`voxshelf.intake.archives`.
        """
        with self._locked(upload_id) as folder:
            info = read_manifest(folder, _DATA)
            if not info.is_complete:
                raise UploadOffsetError(
                    f"Only {info.offset:,} of {info.size:,} bytes have arrived.",
                    hint="Send the rest first.",
                    offset=info.offset,
                )
            _check_sum(folder / _DATA, info)
            contents = inspect_archive(folder / _DATA)
            shutil.rmtree(folder / _UNPACKED, ignore_errors=True)
            extract_archive(contents, folder / _UNPACKED, progress=progress, cancel=cancel)
            return contents

    def publish(self, upload_id: str) -> Path:
        """Move the unpacked dataset to its place with one rename, then clean up; returns its folder.

        Raises
        ------
        NameTakenError
            If something of that name came there meanwhile; the upload is kept.
        """
        with self._locked(upload_id) as folder:
            info = read_manifest(folder, _DATA)
            unpacked, target = folder / _UNPACKED, self.root / info.organization / info.name
            if unpacked.is_dir():
                stat = unpacked.stat()
                write_manifest(
                    folder, info.model_copy(update={"published_inode": (stat.st_dev, stat.st_ino)})
                )
                _rename(unpacked, target)
            elif not _is_inode(target, info.published_inode):
                raise UploadNotFoundError(f"Upload {upload_id!r} is not unpacked.", hint="Finish it again.")
        self._remove(folder)
        return target

    def cancel(self, upload_id: str) -> None:
        """Forget an upload and everything received of it."""
        with self._locked(upload_id) as folder:
            pass
        self._remove(folder)

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
        pattern = f"{organization or '*'}/{STAGING_NAME}/*"
        found = []
        for folder in self.root.glob(pattern):
            with suppress(UploadNotFoundError):
                found.append(read_manifest(folder, _DATA))
        return tuple(sorted(found, key=lambda info: info.created))

    def expire(self, *, now: datetime | None = None) -> tuple[str, ...]:
        """Forget uploads that nobody touched for :data:`KEPT_FOR`; returns their ids."""
        oldest = ((now or datetime.now(UTC)) - KEPT_FOR).timestamp()
        gone = []
        for folder in self.root.glob(f"*/{STAGING_NAME}/*"):
            touched = max(path.stat().st_mtime for path in (folder, *folder.glob(_DATA)))
            if folder.name.startswith(_GONE):
                shutil.rmtree(folder, ignore_errors=True)
            elif touched < oldest:
                self._remove(folder)
                gone.append(folder.name)
        return tuple(gone)

    def _staging(self, organization: str) -> Path:
        return self.root / organization / STAGING_NAME

    def _folder(self, upload_id: str) -> Path:
        for staging in self.root.glob(f"*/{STAGING_NAME}"):
            with suppress(UploadNotFoundError):
                return folder_of(staging, upload_id)
        return folder_of(self.root / STAGING_NAME, upload_id)

    def _require_free_name(self, organization: str, name: str) -> None:
        target = self.root / organization / name
        if os.path.lexists(target):
            raise _taken(target)

    @contextmanager
    def _locked(self, upload_id: str) -> Iterator[Path]:
        folder = self._folder(upload_id)
        with FileLock(folder / ".lock"):
            yield self._folder(upload_id)

    @staticmethod
    def _remove(folder: Path) -> None:
        # Renamed first: what cannot be removed at once (a busy network file) is no upload any more.
        gone = folder.with_name(_GONE + folder.name)
        with suppress(FileNotFoundError):
            folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def _check_sum(path: Path, info: UploadInfo) -> None:
    if info.sha256 is None:
        return
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
    if digest.hexdigest() != info.sha256:
        raise DamagedDataError(
            "The bytes that arrived are not those that were announced: the SHA-256 checksum differs.",
            hint="Cancel this upload and send the file again.",
            file=path,
        )


def _rename(unpacked: Path, target: Path) -> None:
    try:
        unpacked.rename(target)
    except OSError as error:
        if os.path.lexists(target):
            raise _taken(target) from error
        raise
    for folder in (target, target.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _is_inode(path: Path, inode: tuple[int, int] | None) -> bool:
    if inode is None or not path.is_dir():
        return False
    stat = path.stat()
    return (stat.st_dev, stat.st_ino) == inode


def _taken(target: Path) -> NameTakenError:
    return NameTakenError(
        f"There is already a dataset {target.parent.name}/{target.name}.", hint="Choose another name."
    )
