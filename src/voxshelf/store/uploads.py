"""``store.uploads``: ZIP files on their way into the store, piece by piece.

Whoever began an upload goes on with it, and so may an admin of its organization; for others there is no such
upload. Nothing of it is a dataset before it is finished: the catalog has no row of it until its folder is in its
place. What a crash leaves in between is settled with the next refresh (:func:`settle_uploads`).
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from voxshelf.catalog import DatasetRow, OrganizationRow, has_dataset
from voxshelf.errors import (
    DamagedDataError,
    DatasetNotFoundError,
    InvalidDataSourceError,
    NameTakenError,
    NotAllowedError,
    UploadNotFoundError,
    VoxshelfError,
)
from voxshelf.intake.uploads import UploadInfo, UploadStaging
from voxshelf.sharing import Action
from voxshelf.store.arrivals import Arrival, record_arrival
from voxshelf.store.intake_desk import IntakeDesk
from voxshelf.store.keys import is_valid_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voxshelf.intake.archives import ArchiveContents
    from voxshelf.model import DatasetRecord
    from voxshelf.store.gate import Gate
    from voxshelf.store.premises import Premises

__all__ = ["UploadInfo", "Uploads", "settle_uploads"]

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Uploads(IntakeDesk):
    """The uploads under way; see :class:`~voxshelf.store.intake_protocol.UploadDesk` for what each method does."""

    def __init__(self, premises: Premises, gate: Gate) -> None:
        super().__init__(premises, gate)
        self._staging = UploadStaging(premises.root)

    def begin(
        self,
        name: str,
        size: int,
        *,
        organization: str | None = None,
        sha256: str | None = None,
        file_key: str = "",
    ) -> UploadInfo:
        """Begin an upload, or find the unfinished one of the same file to go on with."""
        home = self._home_of_new(organization)
        self._require_place(home, name)
        digest = None if sha256 is None else sha256.lower()
        if size < 1 or (digest is not None and not _SHA256.fullmatch(digest)):
            raise VoxshelfError(
                "An upload needs the number of bytes of its file, at least 1, and a SHA-256 checksum has 64 "
                "hexadecimal digits.",
                hint="Choose the file again.",
            )

        def approve(under_way: Sequence[UploadInfo]) -> None:
            self._require_free_name(home, name)
            self._require_quota(home, size, under_way)

        with self._premises.catalog.exclusively(f"uploads {home}"):
            return self._staging.begin(
                home,
                name,
                size,
                sha256=digest,
                file_key=file_key,
                created_by=self._gate.name,
                approve=approve,
            )

    def append(self, upload_id: str, offset: int, data: bytes | memoryview) -> UploadInfo:
        """Store bytes at ``offset``."""
        self._own(upload_id, Action.CREATE)
        return self._staging.append(upload_id, offset, data)

    def finish(
        self,
        upload_id: str,
        *,
        progress: Callable[[float], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> DatasetRecord:
        """Check and unpack what arrived, show the dataset, and import it if it carries its JSON."""
        info = self._own(upload_id, Action.CREATE)
        if not self._staging.is_published(info):
            try:
                self._staging.unpack(upload_id, approve=self._approve, progress=progress, cancel=cancel)
            except (InvalidDataSourceError, DamagedDataError):
                # The same bytes would be refused again.
                self._forget(upload_id)
                raise
            except NameTakenError:
                # Perhaps taken by this very upload: somebody else finished it at the same moment.
                if not self._staging.is_published(self._staging.get(upload_id)):
                    raise
            else:
                self._staging.publish(upload_id)
        _record(self._premises, self._staging.get(upload_id), by=self._gate.name)
        self._forget(upload_id)
        return self._told(info.key)

    def cancel(self, upload_id: str) -> None:
        """Forget an upload and everything received of it."""
        self._own(upload_id)
        self._staging.cancel(upload_id)

    def get(self, upload_id: str) -> UploadInfo:
        """How far an upload is."""
        return self._own(upload_id)

    def list(self, organization: str | None = None) -> tuple[UploadInfo, ...]:
        """The uploads that the actor may go on with, oldest first."""
        if organization is not None and not is_valid_name(organization):
            return ()
        return tuple(info for info in self._staging.list(organization) if self._may_go_on(info))

    def expire(self) -> tuple[str, ...]:
        """Forget uploads that nobody touched for two weeks; returns their ids."""
        if not self._gate.is_operator:
            raise NotAllowedError(
                f"{self._gate.actor.title} may not tidy up after everybody.",
                hint="Cancel your own uploads, or ask whoever runs the store.",
            )
        settle_uploads(self._premises)
        return self._staging.expire(now=self._gate.moment)

    def _own(self, upload_id: str, action: Action | None = None) -> UploadInfo:
        """An upload that the actor may go on with, if they (still) have the right to."""
        info = self._staging.get(upload_id)
        if not self._may_go_on(info):
            raise UploadNotFoundError(
                f"There is no upload {upload_id!r}.",
                hint="It was finished, cancelled or has expired: begin it again.",
            )
        if action is not None:
            self._gate.require_in_organization(action, info.organization)
        return info

    def _may_go_on(self, info: UploadInfo) -> bool:
        actor = self._gate.actor
        if actor.is_operator:
            return True
        user = actor.user
        if user is None or user.organization != info.organization:
            return False
        return user.is_admin or user.id == info.created_by

    def _require_free_name(self, home: str, name: str) -> None:
        """Refuse a name that the catalog knows, also if its folder is gone: its links and teams would come with it."""
        with self._reading() as session:
            if has_dataset(session, f"{home}/{name}"):
                raise NameTakenError(
                    f"There is already a dataset {home}/{name}.", hint="Choose another name."
                )

    def _require_quota(self, home: str, wanted: int, others: Sequence[UploadInfo]) -> None:
        with self._reading() as session:
            quota = session.scalar(select(OrganizationRow.upload_quota).where(OrganizationRow.name == home))
            used = select(func.sum(DatasetRow.uploaded_bytes)).join(DatasetRow.organization)
            taken = int(session.scalar(used.where(OrganizationRow.name == home)) or 0)
        taken += sum(max(info.size, info.expanded) for info in others)
        if quota is not None and taken + wanted > quota:
            raise NotAllowedError(
                f"{home} may upload {quota:,} bytes in all ({_megabytes(quota)}): {_megabytes(taken)} are taken, and "
                f"{_megabytes(wanted)} more are needed.",
                hint="Delete uploaded datasets and purge them from the trash, or ask whoever runs the store for more.",
            )

    def _approve(self, info: UploadInfo, contents: ArchiveContents) -> None:
        """What is asked again when it is known what the archive holds."""
        self._require_free_name(info.organization, info.name)
        others = [other for other in self._staging.list(info.organization) if other.id != info.id]
        self._require_quota(info.organization, contents.expanded_bytes, others)

    def _forget(self, upload_id: str) -> None:
        with suppress(UploadNotFoundError):  # finished by somebody else at the same moment
            self._staging.forget(upload_id)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def settle_uploads(premises: Premises) -> None:
    """Complete uploads whose process died between showing the dataset and recording it."""
    staging = UploadStaging(premises.root)
    for info in staging.list():
        if staging.is_published(info):
            with suppress(DatasetNotFoundError, UploadNotFoundError):
                _record(premises, info, by=info.created_by)
                staging.forget(info.id)


def _record(premises: Premises, info: UploadInfo, *, by: str) -> None:
    arrival = Arrival(info.key, info.created_by, uploaded_bytes=info.expanded)
    record_arrival(premises, arrival, by=by)
