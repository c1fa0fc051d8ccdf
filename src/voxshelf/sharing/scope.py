"""Which datasets of a long list an actor may see, as plain values that a query can be made of.

:func:`voxshelf.sharing.policy.may` decides about one dataset; a list of 100,000 cannot ask it for each. The
catalog turns a :class:`ListScope` into SQL; :meth:`ListScope.covers` says the same in Python and is tested
against ``may``, so a query can be tested against ``covers``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from voxshelf.model import Actor, DatasetStatus, LinkState

if TYPE_CHECKING:
    from voxshelf.sharing.actions import DatasetAccess

_HIDDEN = (DatasetStatus.NOT_IMPORTED, DatasetStatus.UPLOADING)


class ListScope(BaseModel):
    """What of a store an actor may see.

    Parameters
    ----------
    everything : bool
        The operator: no filter at all.
    organization : str, optional
        Where the user belongs; all but public datasets and links is limited to it.
    whole_organization : bool
        Admin or dataset manager: everything in that organization.
    user : str, optional
        The user's id, to be compared with the owner of datasets in ``organization``.
    teams, managed_teams : frozenset of str
        Teams of the user; the second are part of the first.
    linked : frozenset of str
        Keys of datasets that an active link opens.
    """

    model_config = ConfigDict(frozen=True)

    everything: bool = False
    organization: str | None = None
    whole_organization: bool = False
    user: str | None = None
    teams: frozenset[str] = frozenset()
    managed_teams: frozenset[str] = frozenset()
    linked: frozenset[str] = frozenset()

    def covers(self, dataset: DatasetAccess) -> bool:
        """Whether the dataset belongs on the actor's list; the same as ``may(actor, SEE, dataset)``."""
        inside = self.organization is not None and dataset.organization == self.organization
        allowed = frozenset(dataset.cumulative_teams)
        may_delete = self.everything or (inside and (self.whole_organization or dataset.owner == self.user))
        if dataset.status is DatasetStatus.DELETED:
            return may_delete
        manages = self.managed_teams & allowed if allowed else self.managed_teams
        if may_delete or (inside and manages):
            return True
        if dataset.status in _HIDDEN:
            return False
        return dataset.is_public or dataset.key in self.linked or (inside and bool(self.teams & allowed))


def list_scope(actor: Actor, *, now: datetime | None = None) -> ListScope:
    """What ``actor`` may see; links count if they are active at ``now`` (default: this moment)."""
    moment = now or datetime.now(UTC)
    linked = frozenset(link.dataset for link in actor.links if link.state(moment) is LinkState.ACTIVE)
    user = actor.user
    if user is None:
        return ListScope(everything=actor.is_operator, linked=linked)
    return ListScope(
        everything=actor.is_operator,
        organization=user.organization,
        whole_organization=user.is_admin or user.is_dataset_manager,
        user=user.id,
        teams=user.teams,
        managed_teams=user.managed_teams,
        linked=linked,
    )
