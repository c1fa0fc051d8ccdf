"""Who has access to a dataset, person by person, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from voxshelf.model import Actor, Role, User
from voxshelf.sharing.actions import Action, DatasetAccess, Decision
from voxshelf.sharing.policy import grants, may

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_NAMED = 3
_STRENGTH = {role: strength for strength, role in enumerate(Role)}


class Access(NamedTuple):
    """One line of the list: a person, their strongest role on the dataset, and why."""

    user: User
    role: Role
    reason: str


def who_has_access(dataset: DatasetAccess, users: Iterable[User]) -> tuple[Access, ...]:
    """Those of ``users`` with rights of their own on ``dataset``, the most powerful first.

    People who may look at it only because it is public, or through a link, are not listed: that is everybody.
    """
    found = []
    for user in users:
        own = [grant for grant in grants(Actor.of(user), dataset) if grant.role is not Role.VISITOR]
        if own:
            found.append(Access(user, own[0].role, f"{own[0].because}."))
    return tuple(sorted(found, key=lambda access: (_STRENGTH[access.role], access.user.title.casefold())))


def who_can(action: Action, dataset: DatasetAccess, users: Iterable[User]) -> tuple[User, ...]:
    """Those with rights of their own who may do ``action``: whom to ask, the nearest to the dataset first.

    Owner and team managers come before dataset managers and admins, who have much else to do.
    """
    listed = who_has_access(dataset, users)
    able = [access for access in listed if may(Actor.of(access.user), action, dataset)]
    nearest = (Role.OWNER, Role.TEAM_MANAGER, Role.DATASET_MANAGER, Role.ADMIN, Role.MEMBER)
    return tuple(access.user for access in sorted(able, key=lambda access: nearest.index(access.role)))


def explain_access(
    actor: Actor,
    action: Action,
    dataset: DatasetAccess,
    users: Iterable[User],
    *,
    now: datetime | None = None,
) -> Decision:
    """The same decision as :func:`may`, whose hint names people to ask instead of roles.

    Only somebody of the dataset's organization is told names. Whoever is refused a look is sent to those who may
    share it; whoever is refused a change, to those who may make it.
    """
    decision = may(actor, action, dataset, now=now)
    if decision or actor.user is None or actor.user.organization != dataset.organization:
        return decision
    remedy = Action.SHARE if action in (Action.SEE, Action.READ) else action
    people = [user for user in who_can(remedy, dataset, users) if user.id != actor.user.id]
    if not people:
        return decision
    names = [f"{user.title} ({user.email})" if user.email else user.title for user in people[:_NAMED]]
    more = f", or {len(people) - _NAMED} more" if len(people) > _NAMED else ""
    words = "Ask" if len(people) == 1 else "Ask one of"
    return decision.model_copy(update={"hint": f"{words} {', '.join(names)}{more}."})
