"""What every store offers about links and deleted datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from voxshelf.model import UNSET
from voxshelf.store.trash import KEPT_FOR

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import timedelta

    from voxshelf.model import Actor, DatasetRecord, Expiry, Link, NewLink, Unset, User, ViewState
    from voxshelf.sharing import Access, Decision
    from voxshelf.store.people import People
    from voxshelf.store.trash import TrashEntry


class SharingStore(Protocol):
    """Who else may see a dataset: people, links; and what was deleted."""

    @property
    def actor(self) -> Actor:
        """Who asks, with the rights that they have now."""

    @property
    def people(self) -> People:
        """Organizations, users, teams and folders."""

    def explain_access(self, who: Actor | User | str, key: str, action: str = "read") -> Decision:
        """Why somebody may do something with a dataset, or why not and whom to ask."""

    def who_has_access(self, key: str) -> tuple[Access, ...]:
        """Everybody with rights of their own on a dataset, the most powerful first, each with the reason."""

    # -- links: all but opening one takes the right to share the dataset ---------------------------

    def create_link(
        self,
        key: str,
        *,
        label: str = "",
        expires: Expiry = None,
        view: ViewState | Mapping[str, Any] | None = None,
    ) -> NewLink:
        """Make a link that lets whoever bears it look at one dataset, without an account.

        Parameters
        ----------
        key : str
            ``organization/name``.
        label : str
            Whom or what it is for.
        expires : datetime, date, timedelta or str, optional
            ``"7 days"``, ``"Friday"``, ``"2026-12-01"`` …; default never.
        view : ViewState or mapping, optional
            What the viewer shows first.

        Returns
        -------
        NewLink
            With ``token`` and ``url``, which are shown this once: only a hash is kept. The URL is empty where the
            store is not served under an address (see ``capabilities``).

        Raises
        ------
        InvalidExpiryError
            If ``expires`` is no time, or has passed.
        InvalidDataSourceError
            If the view cannot be used; with every problem.
        """

    def links(self, key: str) -> tuple[Link, ...]:
        """The links to a dataset, also expired and revoked ones, the newest first."""

    def update_link(
        self,
        link: str,
        *,
        label: str | Unset = UNSET,
        expires: Expiry | Unset = UNSET,
        view: ViewState | Mapping[str, Any] | Unset | None = UNSET,
    ) -> Link:
        """Change a link's label, end or view; ``link`` is its id.

        Raises
        ------
        NotFoundError
            If there is no such link, or the actor may not know of it.
        """

    def revoke_link(self, link: str) -> Link:
        """Take a link back: it stops to work at once. Revoking twice changes nothing."""

    def renew_link(self, link: str, *, expires: Expiry | Unset = UNSET) -> NewLink:
        """Revoke a link and make another one of the same label and view.

        ``expires`` is by default as long from now as the old one was made for.
        """

    # -- the trash -------------------------------------------------------------------------------

    def delete(self, keys: str | Iterable[str]) -> tuple[TrashEntry, ...]:
        """Move datasets to the trash on their own file system. A symbolic link is moved, never its target.

        All are checked first: if one may not be deleted, none is.

        Raises
        ------
        ReadOnlyError
            If a folder cannot be moved.
        """

    def trash(self) -> tuple[TrashEntry, ...]:
        """What the actor may restore, newest first."""

    def restore(self, entry: str) -> DatasetRecord:
        """Put a deleted dataset back, with everything that belonged to it; ``entry`` is the id in the trash.

        Raises
        ------
        DatasetNotFoundError
            If the trash has no such entry, or the actor may not know of it.
        NameTakenError
            If there is a dataset of its name by now.
        """

    def purge(
        self, entries: Iterable[str] | None = None, *, older_than: timedelta = KEPT_FOR
    ) -> tuple[TrashEntry, ...]:
        """Remove deleted datasets for good.

        Parameters
        ----------
        entries : iterable of str, optional
            Ids in the trash; default: all that were deleted longer ago than ``older_than`` and that the actor
            may delete.
        older_than : timedelta
            Not asked where entries are named.
        """
