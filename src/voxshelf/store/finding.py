"""Finding datasets and opening them: lists, records, handles, and looking at the disk.

What each method means is written in :class:`~voxshelf.store.protocol.DatasetStore`.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from sqlalchemy import update

from voxshelf.catalog import DatasetQuery, DatasetRow, dataset_keys, find_datasets, now, tag_counts
from voxshelf.errors import DatasetNotFoundError, NotFoundError, VoxshelfError
from voxshelf.model import Category, DatasetStatus, Page, tidy_folder_path
from voxshelf.sharing import Action
from voxshelf.store.desk import Desk
from voxshelf.store.handles import StoredDataset, open_stored
from voxshelf.store.keys import split_key
from voxshelf.store.seen_report import seen_report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from voxshelf.catalog import SortKey
    from voxshelf.model import DatasetRecord, ScanReport
    from voxshelf.store.protocol import DatasetStore

logger = logging.getLogger(__name__)

USED_PRECISION = timedelta(minutes=1)
"""A dataset opened again within this time is not noted as used again."""


class Finding(Desk):
    """What there is."""

    def refresh(self, *, accept_loss: bool = False) -> ScanReport:
        """Look at the disk now."""
        self._gate.may_scan(accept_loss=accept_loss).enforce()
        self._premises.put_in_order()
        report = self._premises.scanner.scan(accept_loss=accept_loss, by=self._gate.name)
        with self._reading() as session:
            return seen_report(session, report, self._gate.scope(session))

    def list(  # noqa: PLR0913 - each narrows the list in its own way, by name
        self,
        *,
        search: str = "",
        organization: str | None = None,
        tags: Iterable[str] = (),
        status: DatasetStatus | Iterable[DatasetStatus] | None = None,
        folder: str | None = None,
        category: Category | str | None = None,
        is_public: bool | None = None,
        sort: SortKey = "name",
        descending: bool = False,
        limit: int | None = 50,
        offset: int = 0,
        after: DatasetRecord | None = None,
    ) -> Page[DatasetRecord]:
        """A page of the list of datasets."""
        query = DatasetQuery(
            search=search,
            organization=organization,
            tags=(tags,) if isinstance(tags, str) else tuple(tags),
            statuses=_statuses(status),
            folder=_folder(folder),
            folders_of=None if folder is None else self._gate.folders_known_of,
            category=None if category is None else _category(category),
            is_public=is_public,
            sort=sort,
            descending=descending,
            limit=limit,
            offset=offset,
            after=after,
        )
        with self._reading() as session:
            rows, total = find_datasets(session, query, self._gate.scope(session))
            items = self._gate.records(session, rows, self._premises.root)
        return Page(items=items, total=total, offset=offset)

    def tags(self) -> dict[str, int]:
        """How many datasets carry each tag."""
        with self._reading() as session:
            return tag_counts(session, self._gate.scope(session))

    def record(self, key: str) -> DatasetRecord:
        """What is known about one dataset."""
        split_key(key)
        with self._reading() as session:
            return self._gate.record(session, self._gate.row(session, Action.SEE, key), self._premises.root)

    def get(self, key: str) -> DatasetRecord | None:
        """What is known about one dataset, or None."""
        try:
            return self.record(key)
        except DatasetNotFoundError:
            return None

    def organizations(self) -> tuple[str, ...]:
        """The names of all organizations."""
        with self._reading() as session:
            return self._gate.organizations(session)

    def __getitem__(self, key: str) -> StoredDataset:
        """Open a dataset."""
        split_key(key)
        with self._reading() as session:
            row = self._gate.row(session, Action.READ, key)
            record = self._gate.record(session, row, self._premises.root)
        with self._gate.discreetly(key):
            path = self._premises.root / row.path
            dataset = open_stored(record, path, self._premises.places, cast("DatasetStore", self))
        self._note_use(record)
        return dataset

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        with self._reading() as session:
            return iter(dataset_keys(session, self._gate.scope(session)))

    def _note_use(self, record: DatasetRecord) -> None:
        moment = now()
        if record.last_used is not None and moment - record.last_used < USED_PRECISION:
            return
        used = update(DatasetRow).where(DatasetRow.key == record.key).values(last_used=moment)
        try:
            with self._premises.catalog.writing(self._gate.name) as writing:
                writing.session.execute(used)
        except VoxshelfError as error:  # no reason to keep anybody from the voxels
            logger.warning("It is not noted that %s was used. %s", record.key, error)


def _statuses(status: DatasetStatus | Iterable[DatasetStatus] | None) -> tuple[DatasetStatus, ...]:
    if status is None:
        return ()
    try:
        return (DatasetStatus(status),) if isinstance(status, str) else tuple(map(DatasetStatus, status))
    except ValueError as error:
        known = ", ".join(repr(each.value) for each in DatasetStatus)
        raise VoxshelfError(
            f"A dataset has no such status: {error}.", hint=f"Write one of {known}."
        ) from error


def _category(category: Category | str) -> Category:
    try:
        return Category(category)
    except ValueError as error:
        raise VoxshelfError(
            f"A layer has no such category: {category!r}.", hint="Write 'color' or 'segmentation'."
        ) from error


def _folder(path: str | None) -> str | None:
    if path is None or not path.strip("/"):
        return None if path is None else ""
    try:
        return tidy_folder_path(path)
    except ValueError as error:
        raise NotFoundError(str(error), hint="Correct the path.") from error
