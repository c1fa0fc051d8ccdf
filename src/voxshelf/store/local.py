"""``LocalDatasetStore``: datasets in folders of this computer (or of a disk that it has mounted).

It lies at ``<root>/<organization>/<dataset>``; what it remembers is in ``<root>/.voxshelf/``. The person who
opens it owns the files and is its admin: nothing is checked here that the operating system does not check.
"""

from __future__ import annotations

import getpass
import logging
import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sqlalchemy import select, update
from sqlalchemy.engine import URL

from voxshelf.catalog import (
    Catalog,
    DatasetQuery,
    DatasetRow,
    dataset_row,
    find_datasets,
    now,
    organization_names,
    record_of,
)
from voxshelf.errors import DatasetNotFoundError, StoreUnavailableError, VoxshelfError
from voxshelf.model import DatasetStatus, Page
from voxshelf.store.capabilities import Capabilities, Capability
from voxshelf.store.examining import Places
from voxshelf.store.handles import StoredDataset, open_stored
from voxshelf.store.importing import Importer
from voxshelf.store.keys import split_key
from voxshelf.store.scanning import Scanner
from voxshelf.store.watching import Watch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import TracebackType

    from psygnal import SignalInstance

    from voxshelf.catalog import SortKey
    from voxshelf.model import DatasetRecord, DataSource, Proposal, ScanReport

__all__ = ["LocalDatasetStore"]

logger = logging.getLogger(__name__)

STATE_FOLDER = ".voxshelf"
CATALOG_NAME = "catalog.db"
USED_PRECISION = timedelta(minutes=1)
"""A dataset opened again within this time is not noted as used again."""


class LocalDatasetStore:
    """A store over a folder; see :class:`~voxshelf.store.DatasetStore` for what each method does.

    Parameters
    ----------
    root : path
        The folder that holds one folder per organization. It is made if only its last part is missing.
    catalog_url : str, optional
        Where to remember things: ``sqlite:////folder/catalog.db`` or ``postgresql://user@host/database``.
        Default: in ``<root>/.voxshelf/``. A local disk is better than a network file system.
    user : str, optional
        Who is named in the log of changes; default the name of the operating system's user.
    allowed_roots : sequence of paths, optional
        Folders outside of ``root`` that symbolic links may lead into; default any, as the user's own choice.

    Raises
    ------
    StoreUnavailableError
        If the root is not there, or the catalog cannot be used.
    ReadOnlyError
        If the catalog cannot be written at its place.
    MissingExtraError
        If the catalog is in PostgreSQL and its driver is not installed.

    Examples
    --------
    >>> store = LocalDatasetStore("~/voxshelf-data")  # doctest: +SKIP
    >>> store.refresh()  # doctest: +SKIP
    >>> store["lab/mouse_cortex"]["color"][0:512, 0:512, 40]  # doctest: +SKIP
    """

    def __init__(
        self,
        root: Path | str,
        *,
        catalog_url: str | URL | None = None,
        user: str | None = None,
        allowed_roots: Sequence[Path | str] | None = None,
    ) -> None:
        self.root = _made_root(Path(root).expanduser().absolute())
        own_place = URL.create("sqlite", database=str(self.root / STATE_FOLDER / CATALOG_NAME))
        self._catalog = Catalog(catalog_url or own_place, user=_user_name() if user is None else user)
        allowed = None if allowed_roots is None else [Path(path).expanduser() for path in allowed_roots]
        places = Places(self.root, allowed)
        self._places = places
        self._watch = Watch(self._catalog)
        self._scanner = Scanner(self._catalog, places, self._watch.tell)
        self._importer = Importer(self._catalog, places, self._watch.tell)

    @property
    def changed(self) -> SignalInstance:
        """Fires a ``ChangeEvent`` per change."""
        return self._watch.changed

    @property
    def capabilities(self) -> Capabilities:
        """What this store can do here."""
        if os.access(self.root, os.W_OK):
            return Capabilities()
        return Capabilities(
            {
                Capability.IMPORT: f"{self.root} may not be written by this user. "
                "Ask its owner for the right to write there."
            }
        )

    def refresh(self, *, accept_loss: bool = False) -> ScanReport:
        """Look at the disk now."""
        return self._scanner.scan(accept_loss=accept_loss)

    def list(  # noqa: PLR0913 - each narrows the list in its own way, by name
        self,
        *,
        search: str = "",
        organization: str | None = None,
        tags: Iterable[str] = (),
        status: DatasetStatus | Iterable[DatasetStatus] | None = None,
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
            sort=sort,
            descending=descending,
            limit=limit,
            offset=offset,
            after=after,
        )
        with self._catalog.reading() as session:
            rows, total = find_datasets(session, query)
            items = tuple(record_of(row, self.root) for row in rows)
        return Page(items=items, total=total, offset=offset)

    def record(self, key: str) -> DatasetRecord:
        """What is known about one dataset."""
        split_key(key)
        with self._catalog.reading() as session:
            return record_of(dataset_row(session, key), self.root)

    def get(self, key: str) -> DatasetRecord | None:
        """What is known about one dataset, or None."""
        try:
            return self.record(key)
        except DatasetNotFoundError:
            return None

    def organizations(self) -> tuple[str, ...]:
        """The names of all organizations."""
        with self._catalog.reading() as session:
            return organization_names(session)

    def __getitem__(self, key: str) -> StoredDataset:
        """Open a dataset."""
        record = self.record(key)
        dataset = open_stored(record, self._places)
        self._note_use(record)
        return dataset

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        keys = select(DatasetRow.key).where(DatasetRow.status != DatasetStatus.DELETED)
        with self._catalog.reading() as session:
            return iter(session.scalars(keys.order_by(DatasetRow.sort_name, DatasetRow.key)).all())

    def propose_import(self, key: str) -> Proposal:
        """Find out what a dataset's folder holds."""
        return self._importer.propose(key)

    def import_dataset(self, key: str, data_source: DataSource | None = None) -> DatasetRecord:
        """Make a dataset ready to use."""
        self._importer.import_dataset(key, data_source)
        return self.record(key)

    def close(self) -> None:
        """Stop following changes and close all connections."""
        self._watch.close()
        self._catalog.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"LocalDatasetStore({str(self.root)!r})"

    def _note_use(self, record: DatasetRecord) -> None:
        moment = now()
        if record.last_used is not None and moment - record.last_used < USED_PRECISION:
            return
        used = update(DatasetRow).where(DatasetRow.key == record.key).values(last_used=moment)
        try:
            with self._catalog.writing() as writing:
                writing.session.execute(used)
        except VoxshelfError as error:  # no reason to keep anybody from the voxels
            logger.warning("It is not noted that %s was used. %s", record.key, error)


def _statuses(status: DatasetStatus | Iterable[DatasetStatus] | None) -> tuple[DatasetStatus, ...]:
    if status is None:
        return ()
    return (DatasetStatus(status),) if isinstance(status, str) else tuple(map(DatasetStatus, status))


def _made_root(root: Path) -> Path:
    """The root, which exists afterwards."""
    try:
        root.mkdir(exist_ok=True)
    except OSError as error:
        raise StoreUnavailableError(
            f"The store's folder {root} is not there and cannot be made: {error.strerror}.",
            hint="Check that its disk is mounted, or name another folder.",
        ) from error
    return root


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return ""
