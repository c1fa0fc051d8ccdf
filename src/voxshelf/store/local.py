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
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sqlalchemy.engine import URL

from voxshelf.catalog import Catalog, has_dataset, now, user_of, user_row
from voxshelf.errors import NotAllowedError, StoreUnavailableError, VoxshelfError
from voxshelf.model import Actor, User
from voxshelf.sharing import Action
from voxshelf.store.arriving import Arriving, why_no_uploads
from voxshelf.store.capabilities import Capabilities, Capability
from voxshelf.store.examining import Places
from voxshelf.store.finding import Finding
from voxshelf.store.gate import Gate
from voxshelf.store.history import History
from voxshelf.store.importing import Importer
from voxshelf.store.intents import settle_intents
from voxshelf.store.keys import split_key
from voxshelf.store.link_tokens import count_use, link_of, presented_row
from voxshelf.store.linking import Linking
from voxshelf.store.people import People
from voxshelf.store.premises import Premises
from voxshelf.store.seen_changes import SeenChanges
from voxshelf.store.trashing import Trashing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from types import TracebackType

    from psygnal import SignalInstance

    from voxshelf.model import DatasetRecord, DataSource, Proposal
    from voxshelf.sharing import Access, Decision

__all__ = ["LocalDatasetStore"]

logger = logging.getLogger(__name__)

STATE_FOLDER = ".voxshelf"
CATALOG_NAME = "catalog.db"


class LocalDatasetStore(Arriving, Finding, History, Linking, Trashing):
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
    public_url : str
        The address under which a service shows links of this store; empty where none does.
    samples_url : str, optional
        Where published samples are downloaded from; default where they were published.
    organization : str
        Where the operator's new datasets go that name no organization, if there is not exactly one.

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

    def __init__(  # noqa: PLR0913 - each says one thing about the store, by name
        self,
        root: Path | str,
        *,
        catalog_url: str | URL | None = None,
        user: str | None = None,
        allowed_roots: Sequence[Path | str] | None = None,
        actor: Actor | None = None,
        clock: Callable[[], datetime] = now,
        public_url: str = "",
        samples_url: str | None = None,
        organization: str = "samples",
    ) -> None:
        self.root = _made_root(Path(root).expanduser().absolute())
        own_place = URL.create("sqlite", database=str(self.root / STATE_FOLDER / CATALOG_NAME))
        name = _user_name() if user is None else user
        allowed = None if allowed_roots is None else [Path(path).expanduser() for path in allowed_roots]
        catalog = Catalog(catalog_url or own_place, user=name)
        self._premises = Premises(catalog, Places(self.root, allowed), clock, public_url)
        self._premises.samples_url = samples_url or self._premises.samples_url
        self._premises.organization = organization
        operator = Actor.operator(User(id=name, organization="") if name else None)
        self._open_for(operator if actor is None else actor)
        settle_intents(catalog, self._premises.places, self._premises.watch.tell)

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
        self._note_use_of(link.id)
        # The operator looks through the eyes of a visitor: with all rights there would be nothing to see.
        bearer = Actor.anonymous() if self._gate.is_operator else self._gate.actor
        return self._view(bearer.with_links(link))

    def _note_use_of(self, link: str) -> None:
        try:
            with self._premises.catalog.writing(self._gate.name) as writing:
                count_use(writing, link, self._gate.moment)
            self._premises.watch.tell(writing.events)
        except VoxshelfError as error:  # no reason to keep anybody from the dataset
            logger.warning("It is not noted that link %s was used. %s", link, error)

    def _view(self, actor: Actor, *, is_registered: bool = False) -> LocalDatasetStore:
        view = copy.copy(self)
        view._is_view = True  # noqa: SLF001 - it is one of us
        view._open_for(actor, is_registered=is_registered)  # noqa: SLF001
        return view

    # -- what it can do --------------------------------------------------------------------------

    @property
    def changed(self) -> SignalInstance:
        """Fires a ``ChangeEvent`` per change."""
        return self._premises.watch.changed if self._seen is None else self._seen.changed

    @property
    def noted(self) -> SignalInstance:
        """Fires a ``ChangeEvent`` for what changes no record: somebody's own view, the use of a link."""
        return self._premises.watch.noted if self._seen is None else self._seen.noted

    @property
    def capabilities(self) -> Capabilities:
        """What this store can do here."""
        missing = {}
        if not os.access(self.root, os.W_OK):
            missing[Capability.IMPORT] = (
                f"{self.root} may not be written by this user. Ask its owner for the right to write there."
            )
        uploading = missing.get(Capability.IMPORT) or why_no_uploads(self._gate)
        if uploading:
            missing[Capability.UPLOAD] = uploading
        scanning = self._gate.may_scan()
        if not scanning:
            missing[Capability.SCAN] = str(scanning)
        if not self._premises.public_url:
            missing[Capability.SERVE_LINKS] = (
                "Whoever can open this folder can use a link, with the lines of Python that come with it. Whoever "
                "runs a service for the folder sets VOXSHELF_PUBLIC_URL: then links open in any browser."
            )
        return Capabilities(missing)

    # -- importing -------------------------------------------------------------------------------

    def propose_import(self, key: str) -> Proposal:
        """Find out what a dataset's folder holds."""
        self._require_import(key)
        return self._importer.propose(key)

    def import_dataset(self, key: str, data_source: DataSource | None = None) -> DatasetRecord:
        """Make a dataset ready to use."""
        self._require_import(key)
        free = self._gate.may_point_anywhere(key)
        self._importer.import_dataset(key, data_source, by=self._gate.name, may_point_anywhere=free)
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
