"""``LocalDatasetStore``: datasets in folders of this computer (or of a disk that it has mounted).

It lies at ``<root>/<organization>/<dataset>``; what it remembers is in ``<root>/.voxshelf/``. The person who
opens it owns the files and is its operator, who may do everything. For anybody else it gives *views* of itself
(:meth:`LocalDatasetStore.acting_as`), in which every method asks the policy first.
"""

from __future__ import annotations

import copy
import getpass
import logging
import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sqlalchemy import update
from sqlalchemy.engine import URL

from voxshelf.catalog import (
    Catalog,
    DatasetQuery,
    DatasetRow,
    dataset_keys,
    find_datasets,
    has_dataset,
    now,
    user_of,
    user_row,
)
from voxshelf.errors import DatasetNotFoundError, NotAllowedError, StoreUnavailableError, VoxshelfError
from voxshelf.model import Actor, DatasetStatus, Page, User
from voxshelf.sharing import Action
from voxshelf.store.capabilities import Capabilities, Capability
from voxshelf.store.examining import Places
from voxshelf.store.gate import Gate
from voxshelf.store.handles import StoredDataset, open_stored
from voxshelf.store.importing import Importer
from voxshelf.store.keys import split_key
from voxshelf.store.link_tokens import link_of, presented_row
from voxshelf.store.people import People
from voxshelf.store.premises import Premises
from voxshelf.store.seen_changes import SeenChanges
from voxshelf.store.seen_report import seen_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime
    from types import TracebackType

    from psygnal import SignalInstance

    from voxshelf.catalog import SortKey
    from voxshelf.model import DatasetRecord, DataSource, Proposal, ScanReport
    from voxshelf.sharing import Access, Decision

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
    actor : Actor, optional
        Who asks; default the operator, who may do everything. Whoever can open the folder can open it as its
        operator: rights protect only where people get views of a store that somebody else opened.
    clock : callable
        The present moment, aware; links expire by it.

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

    _is_view = False

    def __init__(
        self,
        root: Path | str,
        *,
        catalog_url: str | URL | None = None,
        user: str | None = None,
        allowed_roots: Sequence[Path | str] | None = None,
        actor: Actor | None = None,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.root = _made_root(Path(root).expanduser().absolute())
        own_place = URL.create("sqlite", database=str(self.root / STATE_FOLDER / CATALOG_NAME))
        name = _user_name() if user is None else user
        allowed = None if allowed_roots is None else [Path(path).expanduser() for path in allowed_roots]
        self._premises = Premises(
            Catalog(catalog_url or own_place, user=name), Places(self.root, allowed), clock
        )
        operator = Actor.operator(User(id=name, organization="") if name else None)
        self._open_for(operator if actor is None else actor)

    def _open_for(self, actor: Actor, *, is_registered: bool = False) -> None:
        """Make everything that depends on who asks."""
        premises = self._premises
        gate = Gate(premises.catalog, actor, premises.clock, is_registered=is_registered)
        self._gate = gate
        self._seen = None if gate.is_operator else SeenChanges(premises.watch, gate, premises.catalog)
        self._importer = Importer(premises.catalog, premises.places, premises.watch.tell)
        self._people = People(premises, gate)

    # -- who asks --------------------------------------------------------------------------------

    @property
    def actor(self) -> Actor:
        """Who asks, with the rights that they have now."""
        return self._gate.actor

    def acting_as(self, who: Actor | User | str) -> LocalDatasetStore:
        """The same store with somebody else's rights."""
        if not self._gate.is_operator:
            raise NotAllowedError(
                f"{self._gate.actor.title} may not act as somebody else.",
                hint="Only whoever runs the store may.",
            )
        if isinstance(who, str):
            with self._premises.catalog.reading() as session:
                user = user_of(user_row(session, who))
            return self._view(Actor.of(user), is_registered=True)
        return self._view(Actor.of(who) if isinstance(who, User) else who)

    def with_link(self, token: str) -> LocalDatasetStore:
        """The same store for whoever bears a link, in addition to their own rights."""
        with self._premises.catalog.reading() as session:
            link = link_of(presented_row(session, token, self._gate.moment))
        # The operator looks through the eyes of a visitor: with all rights there would be nothing to see.
        bearer = Actor.anonymous() if self._gate.is_operator else self._gate.actor
        return self._view(bearer.with_links(link))

    def _view(self, actor: Actor, *, is_registered: bool = False) -> LocalDatasetStore:
        view = copy.copy(self)
        view._is_view = True  # noqa: SLF001 - it is one of us
        view._open_for(actor, is_registered=is_registered)  # noqa: SLF001
        return view

    # -- finding ---------------------------------------------------------------------------------

    @property
    def changed(self) -> SignalInstance:
        """Fires a ``ChangeEvent`` per change."""
        return self._premises.watch.changed if self._seen is None else self._seen.changed

    @property
    def capabilities(self) -> Capabilities:
        """What this store can do here."""
        missing = {}
        if not os.access(self.root, os.W_OK):
            missing[Capability.IMPORT] = (
                f"{self.root} may not be written by this user. Ask its owner for the right to write there."
            )
        scanning = self._gate.may_scan()
        if not scanning:
            missing[Capability.SCAN] = str(scanning)
        return Capabilities(missing)

    def refresh(self, *, accept_loss: bool = False) -> ScanReport:
        """Look at the disk now."""
        self._gate.may_scan(accept_loss=accept_loss).enforce()
        report = self._premises.scanner.scan(accept_loss=accept_loss, by=self._gate.name)
        with self._premises.catalog.reading() as session:
            return seen_report(session, report, self._gate.scope(session))

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
        with self._premises.catalog.reading() as session:
            rows, total = find_datasets(session, query, self._gate.scope(session))
            items = self._gate.records(session, rows, self.root)
        return Page(items=items, total=total, offset=offset)

    def record(self, key: str) -> DatasetRecord:
        """What is known about one dataset."""
        split_key(key)
        with self._premises.catalog.reading() as session:
            return self._gate.record(session, self._gate.row(session, Action.SEE, key), self.root)

    def get(self, key: str) -> DatasetRecord | None:
        """What is known about one dataset, or None."""
        try:
            return self.record(key)
        except DatasetNotFoundError:
            return None

    def organizations(self) -> tuple[str, ...]:
        """The names of all organizations."""
        with self._premises.catalog.reading() as session:
            return self._gate.organizations(session)

    def __getitem__(self, key: str) -> StoredDataset:
        """Open a dataset."""
        split_key(key)
        with self._premises.catalog.reading() as session:
            record = self._gate.record(session, self._gate.row(session, Action.READ, key), self.root)
        dataset = open_stored(record, self._premises.places)
        self._note_use(record)
        return dataset

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        with self._premises.catalog.reading() as session:
            return iter(dataset_keys(session, self._gate.scope(session)))

    # -- importing -------------------------------------------------------------------------------

    def propose_import(self, key: str) -> Proposal:
        """Find out what a dataset's folder holds."""
        self._require_import(key)
        return self._importer.propose(key)

    def import_dataset(self, key: str, data_source: DataSource | None = None) -> DatasetRecord:
        """Make a dataset ready to use."""
        self._require_import(key)
        self._importer.import_dataset(key, data_source, by=self._gate.name)
        return self.record(key)

    def _require_import(self, key: str) -> None:
        """Refuse unless whoever asks may import it: a folder that no scan found yet is new."""
        split_key(key)
        with self._premises.catalog.reading() as session:
            is_known = has_dataset(session, key)
        if is_known:
            self._gate.require(Action.EDIT, key)
        else:
            self._gate.require_new(key)

    # -- sharing ---------------------------------------------------------------------------------

    @property
    def people(self) -> People:
        """Users, teams and folders, and who of them may do what."""
        return self._people

    def explain_access(self, who: Actor | User | str, key: str, action: str = "read") -> Decision:
        """Why somebody may do something with a dataset, or why not."""
        return self._people.explain_access(who, key, action)

    def who_has_access(self, key: str) -> tuple[Access, ...]:
        """Everybody with rights of their own on a dataset."""
        return self._people.who_has_access(key)

    # -- the end ---------------------------------------------------------------------------------

    def close(self) -> None:
        """Stop following changes and close all connections; a view only stops following."""
        if self._seen is not None:
            self._seen.close()
        if not self._is_view:
            self._premises.close()

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
            with self._premises.catalog.writing(self._gate.name) as writing:
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
