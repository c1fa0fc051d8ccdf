"""Why something is refused, and what the person can do about it.

Words for those outside the organization say nothing about what is inside: no team, folder or person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.model import Actor, DatasetStatus, Link, LinkState, Role
from voxshelf.sharing.actions import Action, DatasetAccess, Grant

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_LOOK = (Action.SEE, Action.READ)


def explain_refusal(
    actor: Actor, action: Action, dataset: DatasetAccess, unhindered: Sequence[Grant], *, now: datetime
) -> tuple[str, str]:
    """The reason ("… may not read it: *reason*") and a hint, for something that was refused.

    Parameters
    ----------
    actor, action, dataset
        As in :func:`voxshelf.sharing.policy.may`.
    unhindered : sequence of Grant
        What the actor would hold if the dataset's status stood in nobody's way, the most powerful first.
    now : datetime
        Against which links expire.
    """
    if any(action in grant.actions for grant in unhindered):
        return _hidden_by_status(dataset)
    if unhindered:
        return _too_little(action, dataset, unhindered[0])
    if spent := _spent_link(actor, dataset, now):
        state = spent.state(now)
        when = f" on {spent.expires:%Y-%m-%d}" if state is LinkState.EXPIRED and spent.expires else ""
        verb = "expired" if state is LinkState.EXPIRED else "was revoked"
        return f"the link {spent.title!r} {verb}{when}", "Ask whoever sent you the link for a new one."
    if actor.user is None:
        why = "the link opens another dataset" if actor.links else "it is not public, and nobody is signed in"
        return why, "Sign in, or ask whoever told you about it for a link."
    if actor.user.organization != dataset.organization:
        return "it belongs to another organization", "Ask whoever told you about it for a link."
    return _outside_its_teams(action, dataset)


def _hidden_by_status(dataset: DatasetAccess) -> tuple[str, str]:
    if dataset.status is DatasetStatus.DELETED:
        return "it is in the trash", f"Restore it first, or ask {_deciders(dataset)} to."
    hint = f"Ask {_deciders(dataset)} to import it."
    return f"it is {dataset.status}, and until it is imported only those who may edit it see it", hint


def _too_little(action: Action, dataset: DatasetAccess, strongest: Grant) -> tuple[str, str]:
    if strongest.role is Role.TEAM_MANAGER:
        why = "team managers edit and share, but delete only what they put there themselves"
        return why, f"Ask {_deciders(dataset)}."
    if strongest.role is Role.MEMBER:
        why = f"{strongest.because}, and members only read"
        return why, f"Ask {_deciders(dataset, action)}."
    return f"{strongest.because}, but only for looking", "Sign in with an account that has more rights."


def _outside_its_teams(action: Action, dataset: DatasetAccess) -> tuple[str, str]:
    hint = f"Ask {_deciders(dataset, action)}{' for access' if action in _LOOK else ''}."
    allowed = dataset.cumulative_teams
    if not allowed:
        return "no team has been given access, and it is not public", hint
    names = ", ".join(repr(team) for team in allowed)
    return f"only {'team' if len(allowed) == 1 else 'teams'} {names} may", hint


def _deciders(dataset: DatasetAccess, action: Action = Action.DELETE) -> str:
    """Those who can help, in words: without a list of people no names are known."""
    who = [f"an admin or dataset manager of {dataset.organization}"]
    if dataset.owner is not None:
        who.insert(0, "the owner")
    if action is not Action.DELETE:
        who[:0] = [f"a manager of team {team!r}" for team in dataset.cumulative_teams]
    return ", ".join(who[:-1]) + " or " + who[-1] if len(who) > 1 else who[0]


def _spent_link(actor: Actor, dataset: DatasetAccess, now: datetime) -> Link | None:
    own = (link for link in actor.links if link.dataset == dataset.key)
    return next((link for link in own if link.state(now) is not LinkState.ACTIVE), None)
