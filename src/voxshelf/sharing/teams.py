"""Which teams somebody may put on a dataset or take off it.

Admins and dataset managers: any. Team managers: those that they manage; others stay as they are. The owner
also those that they belong to: they gave it to colleagues, and may take it back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.sharing.actions import Action, Decision
from voxshelf.sharing.policy import may
from voxshelf.sharing.surroundings import may_in_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voxshelf.model import Actor
    from voxshelf.sharing.actions import DatasetAccess, FolderAccess


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
    return _refused(actor, dataset.key, before, wanted, offending)


def allowed_folder_team_change(
    actor: Actor, folder: FolderAccess, before: Iterable[str], after: Iterable[str]
) -> Decision:
    """Whether ``actor`` may let a folder allow ``after`` instead of ``before``; names the teams that offend.

    Parameters
    ----------
    actor : Actor
        Whoever asks.
    folder : FolderAccess
        The folder, or the nearest one above if it is not there yet.
    before, after : iterable of str
        The teams that it allows itself. Teams that a folder above allows are changed there.
    """
    permission = may_in_folder(actor, folder)
    if not permission:
        return permission
    old, wanted = frozenset(before), frozenset(after)
    user = actor.user
    leads = actor.is_operator or user is None or user.is_admin or user.is_dataset_manager
    offending = frozenset() if leads or user is None else (old ^ wanted) - user.managed_teams
    if not offending:
        return Decision(allowed=True, reason=f"{actor.title} may set these teams on this folder.")
    where = repr(folder.folders[-1].path) if folder.folders else folder.organization
    return _refused(actor, f"folder {where}", old, wanted, offending)


def _refused(
    actor: Actor, where: str, before: frozenset[str], wanted: frozenset[str], offending: frozenset[str]
) -> Decision:
    parts = [
        f"{verb} {', '.join(repr(team) for team in sorted(teams))}"
        for verb, teams in (("add", offending & wanted), ("remove", offending & before))
        if teams
    ]
    managers = " and ".join(repr(team) for team in sorted(offending))
    return Decision(
        allowed=False,
        reason=f"{actor.title} may not {' or '.join(parts)} on {where}: not a manager of that team.",
        hint=f"Leave {managers} as it is, or ask a manager of it, an admin or a dataset manager.",
    )
