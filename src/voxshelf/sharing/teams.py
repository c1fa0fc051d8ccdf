"""Which teams somebody may put on a dataset or take off it.

Admins and dataset managers: any. Team managers: those that they manage; others stay as they are. The owner
also those that they belong to: they gave it to colleagues, and may take it back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.sharing.actions import Action, Decision
from voxshelf.sharing.policy import may

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voxshelf.model import Actor
    from voxshelf.sharing.actions import DatasetAccess


def assignable_teams(actor: Actor, dataset: DatasetAccess, among: Iterable[str]) -> frozenset[str]:
    """Those teams ``among`` the organization's that ``actor`` may add to or remove from ``dataset``."""
    known = frozenset(among)
    if not may(actor, Action.SHARE, dataset):
        return frozenset()
    user = actor.user
    # Nobody but the operator gets past SHARE without a user of this organization.
    if actor.is_operator or user is None or user.is_admin or user.is_dataset_manager:
        return known
    return known & (user.teams if dataset.owner == user.id else user.managed_teams)


def allowed_team_change(actor: Actor, dataset: DatasetAccess, after: Iterable[str]) -> Decision:
    """Whether ``actor`` may replace ``dataset.allowed_teams`` by ``after``; names the teams that offend.

    Teams that a folder allows are not concerned: they are changed at the folder.
    """
    permission = may(actor, Action.SHARE, dataset)
    if not permission:
        return permission
    before, wanted = frozenset(dataset.allowed_teams), frozenset(after)
    offending = (before ^ wanted) - assignable_teams(actor, dataset, before ^ wanted)
    if not offending:
        return Decision(allowed=True, reason=f"{actor.title} may set these teams on {dataset.key}.")
    parts = [
        f"{verb} {', '.join(repr(team) for team in sorted(teams))}"
        for verb, teams in (("add", offending & wanted), ("remove", offending & before))
        if teams
    ]
    managers = " and ".join(repr(team) for team in sorted(offending))
    return Decision(
        allowed=False,
        reason=f"{actor.title} may not {' or '.join(parts)} on {dataset.key}: not a manager of that team.",
        hint=f"Leave {managers} as it is, or ask a manager of it, an admin or a dataset manager.",
    )
