"""What the desks of a store have in common: a *desk* is an object that is asked about one concern, ``store.people``."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from voxshelf.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from voxshelf.catalog import Writing
    from voxshelf.store.gate import Gate
    from voxshelf.store.premises import Premises


class Desk:
    """One concern of a store, for one actor.

    Parameters
    ----------
    premises : Premises
        What all views of the store share.
    gate : Gate
        Who asks.
    """

    def __init__(self, premises: Premises, gate: Gate) -> None:
        self._premises = premises
        self._gate = gate

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with self._premises.catalog.reading() as session:
            yield session

    @contextmanager
    def _changing(self) -> Iterator[Writing]:
        """A transaction in the actor's name; what it logged is told when it is over."""
        with self._premises.catalog.writing(self._gate.name) as writing:
            yield writing
        self._premises.watch.tell(writing.events)

    def _home(self, organization: str | None) -> str:
        """The organization that is meant: the actor's own where none is named.

        Raises
        ------
        NotFoundError
            If none is named and it is not clear which one is meant.
        """
        if organization is not None:
            return organization
        user = self._gate.actor.user
        if user is not None and user.organization:
            return user.organization
        with self._reading() as session:
            names = self._gate.organizations(session)
        if len(names) == 1:
            return names[0]
        known = f" The organizations are: {', '.join(names)}." if names else ""
        raise NotFoundError("It is not clear which organization is meant.", hint=f"Name it.{known}")

    def _insider_home(self, organization: str | None) -> str:
        """The organization that is meant, if the actor belongs to it; otherwise it is as if there were none.

        Raises
        ------
        NotFoundError
            If there is none, or the actor does not belong to it.
        """
        home = self._home(organization)
        user = self._gate.actor.user
        if self._gate.is_operator or (user is not None and user.organization == home):
            return home
        raise NotFoundError(f"There is no organization {home!r}.", hint="Name your own one, or sign in.")
