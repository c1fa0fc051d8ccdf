"""``DatasetStore``: what every store offers, wherever its datasets lie.

Widgets, the command line and scripts speak to this protocol only. Implementations inherit the behaviour tests
:class:`voxshelf.testing.DatasetStoreTests`. Words used here: a *key* is ``organization/name``; a *record* is
what the store knows about a dataset, the *handle* reads its voxels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

from voxshelf.store.arriving_protocol import ArrivingStore
from voxshelf.store.editing_protocol import EditableStore
from voxshelf.store.sharing_protocol import SharingStore
from voxshelf.store.viewing_protocol import ViewableStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

    from psygnal import SignalInstance

    from voxshelf.catalog import SortKey
    from voxshelf.model import Category, DatasetRecord, DatasetStatus, DataSource, Page, Proposal, ScanReport
    from voxshelf.store.capabilities import Capabilities
    from voxshelf.store.handles import StoredDataset


class DatasetStore(ArrivingStore, EditableStore, ViewableStore, SharingStore, Protocol):
    """Datasets of several organizations, with what is remembered about them.

    Every method may be called from any thread. Every method may raise
    :class:`~voxshelf.errors.StoreUnavailableError` when the store cannot be reached at the moment.
    """

    @property
    def changed(self) -> SignalInstance:
        """Fires a :class:`~voxshelf.model.ChangeEvent` per change.

        Own changes are told before the method that made them returns, on its thread; those of other processes
        within a second, on a thread of the store. An error in a callback is logged and undoes nothing, but
        callbacks that were connected after it miss that one event. Methods of objects are held weakly.
        """

    @property
    def noted(self) -> SignalInstance:
        """Fires in the same way for what happens often and changes no record.

        The kinds are ``OWN_VIEW``, to the person themself; ``TOUCHED``; and ``LINK_USED``, to whoever may share the
        dataset: at the first use of a link in each span of :data:`~voxshelf.store.link_tokens.TOLD_EVERY`, so that
        a link in heavy use is no storm. Whoever shows uses looks again until that span is over.
        """

    @property
    def capabilities(self) -> Capabilities:
        """What this store can do here, and why it cannot do the rest."""

    def refresh(self, *, accept_loss: bool = False) -> ScanReport:
        """Look at the disk now.

        New folders get a record; a folder with a valid ``datasource-properties.json`` is ready at once. Records
        of vanished folders are kept, with everything that belongs to them, and come back with the folder.

        Parameters
        ----------
        accept_loss : bool
            Believe it if every dataset is gone at once, which otherwise is taken for a disk that is not mounted.

        Raises
        ------
        StoreUnavailableError
            If the datasets' folder cannot be read, or everything is gone at once. Nothing is recorded then.
        """

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
        """A page of the list of datasets.

        Parameters
        ----------
        search : str
            Words; each must occur in key, display name, tags or description, in whatever case.
        organization : str, optional
            Only this one's.
        tags : iterable of str
            Only those with all of these.
        status : DatasetStatus or several, optional
            Only those in one of these; default all but what is in the trash.
        folder : str, optional
            Only those in this folder of the organization or below it; empty: only those in none. Datasets of
            organizations that one does not belong to count as being in none.
        category : Category, optional
            Only those with a layer of this category, ``"color"`` or ``"segmentation"``.
        is_public : bool, optional
            Only those that everybody may see, or (False) only the others.
        sort : {"name", "created", "changed", "last_used", "status"}
            The order; names sort without case and with numbers by value, equal ones by key.
        descending : bool
            The other way round.
        limit, offset : int
            How many at most (None: all), and how many to leave out.
        after : DatasetRecord, optional
            Continue behind this one, in the same order: as fast far down a long list as at its head.

        Raises
        ------
        VoxshelfError
            If there is no such order, or a number is negative.
        """

    def tags(self) -> dict[str, int]:
        """How many datasets carry each tag, of those that a list would hold; sorted by tag."""

    def record(self, key: str) -> DatasetRecord:
        """What is known about one dataset: the live one of that key, or else the one that was deleted last.

        A deleted one has the status ``DELETED`` and lies in the trash; only those who may restore it get it. Those
        outside of the organization are not told, here and in lists, where a dataset lies, whose it is, in which
        folder, which teams are allowed on it, and what exactly is wrong with its files.

        Raises
        ------
        DatasetNotFoundError
            If the store does not know it, or whoever asks may not know of it.
        """

    def get(self, key: str) -> DatasetRecord | None:
        """What is known about one dataset; None if the store does not know it."""

    def organizations(self) -> tuple[str, ...]:
        """The names of all organizations, sorted."""

    def __getitem__(self, key: str) -> StoredDataset:
        """Open a dataset for reading (and, where the disk allows, writing) its voxels.

        Raises
        ------
        DatasetNotFoundError
            If the store does not know it, or its folder is not there now.
        """

    def __contains__(self, key: object) -> bool:
        """Whether the store knows a dataset of that key."""

    def __iter__(self) -> Iterator[str]:
        """All keys, in the order of the list."""

    def propose_import(self, key: str) -> Proposal:
        """Find out what a dataset's folder holds; each value says where it came from. Changes nothing.

        Raises
        ------
        DatasetNotFoundError
            If there is no such folder, or it cannot be entered.
        """

    def import_dataset(self, key: str, data_source: DataSource | None = None) -> DatasetRecord:
        """Make a dataset ready to use: write its ``datasource-properties.json`` and its record.

        Parameters
        ----------
        key : str
            ``organization/name``; the folder need not have been found by a refresh before.
        data_source : DataSource, optional
            Usually ``proposal.data_source()``. Default: what its JSON says, if it is valid, else what is found
            out about the folder.

        Returns
        -------
        DatasetRecord
            As it is now. Importing the same again changes nothing.

        Raises
        ------
        DatasetNotFoundError
            If there is no such folder, or it cannot be entered.
        InvalidDataSourceError
            If a value is missing or breaks a rule; with every problem. Nothing is written then.
        ReadOnlyError
            If the folder cannot be written.
        """

    def close(self) -> None:
        """Stop following changes and close all connections; may be called more than once."""

    def __enter__(self) -> Self:
        """The store itself."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it."""
