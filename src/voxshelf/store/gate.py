"""The gate: every method of a store asks it before it acts.

It knows who asks (the *actor*), looks up what the policy must know of a dataset, and lets the policy decide. A
dataset that the actor may not see is reported in the same words as one that does not exist. Rights are looked up
each time: a link that was revoked, or a user who left a team, has lost them with the next call.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from voxshelf.catalog import (
    FolderRow,
    dataset_row,
    folder_of,
    folder_rows,
    lineages,
    organization_names,
    organization_row,
    record_of,
    unknown_dataset,
    user_of,
    user_rows,
)
from voxshelf.errors import NotFoundError
from voxshelf.model import Actor, folder_lineage
from voxshelf.sharing import (
    DATASET_ACTIONS,
    Action,
    DatasetAccess,
    Decision,
    FolderAccess,
    grants,
    list_scope,
    may,
    may_in_folder,
    may_in_organization,
)
from voxshelf.store.discretion import for_outsiders, vaguely
from voxshelf.store.link_tokens import links_by_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from voxshelf.catalog import Catalog, DatasetRow
    from voxshelf.model import DatasetRecord, Folder
    from voxshelf.sharing import ListScope

_IN_ORDER = tuple(action for action in Action if action in DATASET_ACTIONS)


class Gate:
    """Who asks, and what they may do.

    Parameters
    ----------
    catalog : Catalog
        Where people, teams and datasets are looked up.
    actor : Actor
        Whoever stands behind the calls. A user that the catalog knows has the rights that it says.
    clock : callable
        The present moment, aware.
    is_registered : bool
        The user is one of the catalog's, and nobody once they are removed from it. Otherwise a user that it does
        not know is taken as given.
    """

    def __init__(
        self, catalog: Catalog, actor: Actor, clock: Callable[[], datetime], *, is_registered: bool = False
    ) -> None:
        self._catalog = catalog
        self._actor = actor
        self._clock = clock
        self._is_registered = is_registered

    @property
    def actor(self) -> Actor:
        """Who asks, with the rights that they have now."""
        if self._actor.is_operator:
            return self._actor
        with self._catalog.reading() as session:
            return self.present_actor(session)

    def present_actor(self, session: Session) -> Actor:
        """Who asks, with the rights that they have at the moment that the session sees."""
        actor = self._actor
        if actor.is_operator:
            return actor
        user = actor.user
        if user is not None:
            known = user_rows(session, organization=user.organization, login=user.id)
            user = user_of(known[0]) if known else None if self._is_registered else user
        links = links_by_id(session, [link.id for link in actor.links]) if actor.links else ()
        return Actor(user=user, links=links)

    @property
    def is_operator(self) -> bool:
        """Whether nothing is hidden or forbidden."""
        return self._actor.is_operator

    @property
    def name(self) -> str:
        """Who is named in logs and histories."""
        return "" if self._actor.user is None else self._actor.user.id

    @property
    def person(self) -> str:
        """``organization/login``: whose view configurations are meant; empty for a visitor."""
        user = self._actor.user
        return "" if user is None else f"{user.organization}/{user.id}"

    @property
    def moment(self) -> datetime:
        """Now."""
        return self._clock()

    # -- one dataset -----------------------------------------------------------------------------

    def row(self, session: Session, action: Action, key: str) -> DatasetRow:
        """The row of a dataset, with its parts, if the actor may do ``action`` with it.

        Raises
        ------
        DatasetNotFoundError
            If there is none, or the actor may not even see it.
        NotAllowedError
            If they may see it, but not this; with the reason and whom to ask.
        """
        row = dataset_row(session, key)
        self.allow(session, action, row)
        return row

    def allow(self, session: Session, action: Action, row: DatasetRow) -> None:
        """Refuse, as :meth:`row` does, unless the actor may do ``action`` with a dataset that comes with its parts."""
        self._enforce(self.present_actor(session), action, self.access(session, row))

    def require(self, action: Action, key: str) -> DatasetAccess:
        """What the policy knows of a dataset, if the actor may do ``action`` with it; raises as :meth:`row` does."""
        with self._catalog.reading() as session:
            row = dataset_row(session, key)
            access = self.access(session, row)
            self._enforce(self.present_actor(session), action, access)
            return access

    def access(self, session: Session, row: DatasetRow) -> DatasetAccess:
        """What the policy knows of a dataset; the row comes with its parts."""
        return self._accesses([row], lineages(session, [row]))[0]

    def record(self, session: Session, row: DatasetRow, root: Path) -> DatasetRecord:
        """What the actor is told about a dataset."""
        return self.records(session, [row], root)[0]

    def records(self, session: Session, rows: Sequence[DatasetRow], root: Path) -> tuple[DatasetRecord, ...]:
        """What the actor is told about datasets, with their rights on each."""
        actor = self.present_actor(session)
        moment = self.moment
        told = []
        # The operator's rights do not depend on folders, so these are not looked up.
        above = {} if self.is_operator else lineages(session, rows)
        for row, access in zip(rows, self._accesses(rows, above), strict=True):
            held = {action for grant in grants(actor, access, now=moment) for action in grant.actions}
            record = record_of(row, root, [action.value for action in _IN_ORDER if action in held])
            told.append(record if _is_insider(actor, row.key) else for_outsiders(record))
        return tuple(told)

    @property
    def folders_known_of(self) -> str | None:
        """The organization whose folders they know, empty for none; None: all of them."""
        if self.is_operator:
            return None
        return "" if self._actor.user is None else self._actor.user.organization

    def may_point_anywhere(self, key: str) -> bool:
        """Whether they may send mags of a dataset to wherever the store may read: its admins and the operator may."""
        user = self.actor.user
        return self.is_operator or (_is_insider(self.actor, key) and user is not None and user.is_admin)

    @contextmanager
    def discreetly(self, key: str) -> Iterator[None]:
        """Leave out of errors, for those outside of its organization, where a dataset that they may see lies."""
        with nullcontext() if _is_insider(self.actor, key) else vaguely(key):
            yield

    def _accesses(
        self, rows: Sequence[DatasetRow], above: Mapping[int, tuple[Folder, ...]]
    ) -> list[DatasetAccess]:
        return [
            DatasetAccess(
                key=row.key,
                owner=row.owner or None,
                is_public=row.is_public,
                allowed_teams=tuple(team.name for team in row.teams),
                folders=() if row.folder is None else above.get(row.folder.id, ()),
                status=row.status,
            )
            for row in rows
        ]

    def _enforce(self, actor: Actor, action: Action, access: DatasetAccess) -> None:
        moment = self.moment
        decision = may(actor, action, access, now=moment)
        if not decision and not may(actor, Action.SEE, access, now=moment):
            raise unknown_dataset(access.key)
        decision.enforce()

    # -- lists -----------------------------------------------------------------------------------

    def scope(self, session: Session) -> ListScope | None:
        """What a list may hold; None if it may hold everything."""
        if self.is_operator:
            return None
        return list_scope(self.present_actor(session), now=self.moment)

    def organizations(self, session: Session) -> tuple[str, ...]:
        """The organizations that the actor may know of."""
        return organization_names(session, self.scope(session))

    # -- around datasets -------------------------------------------------------------------------

    def require_new(self, key: str) -> None:
        """Refuse unless the actor may put a dataset of this key into its organization.

        Raises
        ------
        DatasetNotFoundError
            If they may not: whether there is a folder of that name is not told.
        """
        decision = may_in_organization(self.actor, Action.CREATE, key.partition("/")[0])
        if not decision:
            raise unknown_dataset(key)

    def may_scan(self, *, accept_loss: bool = False) -> Decision:
        """Whether the actor may look for new datasets; only the operator may accept that all are gone."""
        actor = self.actor
        if actor.is_operator:
            return Decision(allowed=True, reason=f"{actor.title} may: the store is theirs.")
        if accept_loss:
            return Decision(
                allowed=False,
                reason=f"{actor.title} may not decide for everybody that all datasets are gone.",
                hint="Ask whoever runs the store.",
            )
        if actor.user is None:
            return Decision(
                allowed=False, reason=f"{actor.title} may not look for new datasets.", hint="Sign in first."
            )
        return may_in_organization(actor, Action.CREATE, actor.user.organization)

    def require_in_organization(self, action: Action, organization: str) -> None:
        """Refuse unless the actor may ``CREATE`` or ``MANAGE_PEOPLE`` there.

        Raises
        ------
        NotAllowedError
            With the reason.
        """
        may_in_organization(self.actor, action, organization).enforce()

    def folder_access(self, session: Session, organization: str, path: str) -> FolderAccess:
        """What the policy knows of a folder, or of the place where it would be made."""
        try:
            home = organization_row(session, organization)
        except NotFoundError:  # nobody is told so who has no rights there
            return FolderAccess(organization=organization)
        # A folder that is not there yet is judged by the ones above it.
        rows = folder_rows(session, home.id, FolderRow.path.in_(folder_lineage(path)))
        return FolderAccess(
            organization=organization, folders=tuple(folder_of(row, organization) for row in rows)
        )

    def require_folder(self, session: Session, organization: str, path: str) -> FolderAccess:
        """Refuse unless the actor may manage a folder, or make it; what the policy knows of it.

        Raises
        ------
        NotAllowedError
            With the reason.
        """
        access = self.folder_access(session, organization, path)
        may_in_folder(self.present_actor(session), access).enforce()
        return access


def _is_insider(actor: Actor, key: str) -> bool:
    """Whether they belong to the organization of a dataset, or run the store."""
    user = actor.user
    return actor.is_operator or (user is not None and user.organization == key.partition("/")[0])
