"""The rules: :func:`may` says whether an actor may do something with a dataset, and why.

Rights only add up; nothing subtracts. What gives rights (each is a :class:`Grant`):

=================================================  ====  ====  ====  =====  ======
who                                                see   read  edit  share  delete
=================================================  ====  ====  ====  =====  ======
operator of the store                              yes   yes   yes   yes    yes
admin or dataset manager of its organization       yes   yes   yes   yes    yes
owner: the user who put it there                   yes   yes   yes   yes    yes
manager of an allowed team                         yes   yes   yes   yes
manager of any team, while no team is allowed      yes   yes   yes   yes
member of an allowed team                          yes   yes
everybody, if it is public                         yes   yes
bearer of an active link to it                     yes   yes
=================================================  ====  ====  ====  =====  ======

*Allowed* are the teams of the dataset, of its folder and of every folder above.

Choices that the requirement leaves open
    - *Team managers and datasets without a team.* "By default no team has access but admins and team managers
      can see and edit": while no team is allowed, every team manager **of the organization** may see, edit and
      share it, so that what appears on the disk can be imported and claimed. The first allowed team ends
      this: from then on only managers of allowed teams (and admins, dataset managers, the owner) may.
    - *Sharing* needs the right to edit: whoever may only read cannot make a link.
    - *Team managers do not delete* what is not theirs: other teams, perhaps through a folder, may rely on it.
    - *Not imported yet*, or still being uploaded: only those who may edit it see it, also if it is public or
      has links. *In the trash*: only those who may delete it, and they see and restore it only. A *broken*
      or *missing* dataset keeps its audience, so that they learn what is wrong with it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from voxshelf.model import Actor, DatasetStatus, Link, LinkState, Role, User
from voxshelf.sharing.actions import DATASET_ACTIONS, Action, DatasetAccess, Decision, Grant
from voxshelf.sharing.refusals import explain_refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOOK = frozenset({Action.SEE, Action.READ})
_CHANGE = _LOOK | {Action.EDIT, Action.SHARE}
_IN_THE_TRASH = frozenset({Action.SEE, Action.DELETE})


def may(actor: Actor, action: Action, dataset: DatasetAccess, *, now: datetime | None = None) -> Decision:
    """Whether ``actor`` may do ``action`` with ``dataset``, with the reason as a sentence.

    Parameters
    ----------
    actor : Actor
        Whoever asks.
    action : Action
        One of :data:`DATASET_ACTIONS`.
    dataset : DatasetAccess
        The dataset as the policy sees it.
    now : datetime, optional
        An aware datetime against which links expire; default: this moment.

    Raises
    ------
    ValueError
        If ``action`` does not concern a dataset.
    """
    if action not in DATASET_ACTIONS:
        raise ValueError(
            f"{action!r} does not concern one dataset: ask may_in_organization or may_in_folder."
        )
    moment = now or datetime.now(UTC)
    held = grants(actor, dataset, now=moment)
    for grant in held:
        if action in grant.actions:
            return Decision(
                allowed=True, reason=f"{actor.title} may {action} {dataset.key}: {grant.because}."
            )
    unhindered = tuple(_all_grants(actor, dataset, moment))
    why, hint = explain_refusal(actor, action, dataset, unhindered, now=moment)
    return Decision(allowed=False, reason=f"{actor.title} may not {action} {dataset.key}: {why}.", hint=hint)


def grants(actor: Actor, dataset: DatasetAccess, *, now: datetime | None = None) -> tuple[Grant, ...]:
    """Everything that gives ``actor`` rights on ``dataset`` in its present status, the most powerful first."""
    found = _all_grants(actor, dataset, now or datetime.now(UTC))
    return tuple(left for grant in found if (left := _in_status(grant, dataset.status)).actions)


def _in_status(grant: Grant, status: DatasetStatus) -> Grant:
    if status is DatasetStatus.DELETED:
        kept = grant.actions & _IN_THE_TRASH if Action.DELETE in grant.actions else frozenset()
        return grant._replace(actions=kept)
    if status in (DatasetStatus.NOT_IMPORTED, DatasetStatus.UPLOADING) and Action.EDIT not in grant.actions:
        return grant._replace(actions=frozenset())
    return grant


def _all_grants(actor: Actor, dataset: DatasetAccess, now: datetime) -> Iterator[Grant]:
    if actor.is_operator:
        yield Grant(Role.OPERATOR, DATASET_ACTIONS, "the store is theirs")
    if actor.user is not None and actor.user.organization == dataset.organization:
        yield from _grants_of_user(actor.user, dataset)
    if dataset.is_public:
        yield Grant(Role.VISITOR, _LOOK, "it is public")
    for link in actor.links:
        if link.dataset == dataset.key and link.state(now) is LinkState.ACTIVE:
            yield Grant(Role.VISITOR, _LOOK, f"the link {link.title!r} works {_until(link)}")


def _grants_of_user(user: User, dataset: DatasetAccess) -> Iterator[Grant]:
    if user.is_admin:
        yield Grant(Role.ADMIN, DATASET_ACTIONS, f"admin of {dataset.organization}")
    if user.is_dataset_manager:
        yield Grant(Role.DATASET_MANAGER, DATASET_ACTIONS, f"dataset manager of {dataset.organization}")
    if dataset.owner == user.id:
        yield Grant(Role.OWNER, DATASET_ACTIONS, "the owner, who put it there")
    allowed = dataset.cumulative_teams
    if not allowed and user.managed_teams:
        names = " and ".join(repr(team) for team in sorted(user.managed_teams))
        because = f"manager of team {names}, and no team has been given access yet"
        yield Grant(Role.TEAM_MANAGER, _CHANGE, because)
    teams = sorted(user.teams & allowed.keys(), key=lambda team: (not user.memberships[team], team))
    for team in teams:
        folder = f", which folder {allowed[team]!r} allows" if allowed[team] else ", which is allowed on it"
        if user.memberships[team]:
            yield Grant(Role.TEAM_MANAGER, _CHANGE, f"manager of team {team!r}{folder}")
        else:
            yield Grant(Role.MEMBER, _LOOK, f"member of team {team!r}{folder}")


def _until(link: Link) -> str:
    if link.expires is None:
        return "until somebody revokes it"
    return f"until {link.expires:%Y-%m-%d %H:%M} UTC"
