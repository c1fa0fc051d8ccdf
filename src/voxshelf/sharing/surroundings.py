"""What may be done around datasets: in an organization (create, people) and in its folders.

Admins do everything in their organization; dataset managers everything but people; managers of any team upload.
A folder is managed by the managers of a team that it, or a folder above it, allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.sharing.actions import Action, Decision, FolderAccess

if TYPE_CHECKING:
    from voxshelf.model import Actor, User


def may_in_organization(actor: Actor, action: Action, organization: str) -> Decision:
    """Whether ``actor`` may upload or scan (``CREATE``), or ``MANAGE_PEOPLE``, in ``organization``.

    Raises
    ------
    ValueError
        If ``action`` does not concern an organization.
    """
    if action not in (Action.CREATE, Action.MANAGE_PEOPLE):
        raise ValueError(f"{action!r} does not concern an organization: ask may or may_in_folder.")
    what = f"{action} in {organization}" if action is Action.CREATE else f"{action} of {organization}"
    if because := _as_leader(actor, organization):
        if action is Action.CREATE or not because.startswith("dataset manager"):
            return _yes(actor, what, because)
    elif action is Action.CREATE and (user := _insider(actor, organization)) and user.managed_teams:
        return _yes(actor, what, f"manager of team {min(user.managed_teams)!r}")
    if _insider(actor, organization) is None:
        return _no(actor, what, "not one of its users", "Sign in with an account of that organization.")
    if action is Action.MANAGE_PEOPLE:
        return _no(actor, what, "that is for admins", f"Ask an admin of {organization}.")
    why = "that is for admins, dataset managers and team managers"
    return _no(actor, what, why, f"Ask an admin of {organization} for one of these roles.")


def may_in_folder(actor: Actor, folder: FolderAccess) -> Decision:
    """Whether ``actor`` may manage a folder: rename, move or remove it, set its teams, put things into it."""
    path = folder.folders[-1].path if folder.folders else f"the topmost folders of {folder.organization}"
    what = f"manage {path if not folder.folders else f'folder {path!r}'}"
    if because := _as_leader(actor, folder.organization):
        return _yes(actor, what, because)
    user = _insider(actor, folder.organization)
    if user is None:
        return _no(
            actor, what, "it belongs to another organization", "Sign in with an account of that organization."
        )
    for allowing in folder.folders:
        for team in sorted(user.managed_teams & set(allowing.allowed_teams)):
            return _yes(actor, what, f"manager of team {team!r}, which folder {allowing.path!r} allows")
    why = "that is for admins, dataset managers and managers of a team that it allows"
    return _no(actor, what, why, f"Ask an admin or dataset manager of {folder.organization}.")


def _insider(actor: Actor, organization: str) -> User | None:
    user = actor.user
    return user if user is not None and user.organization == organization else None


def _as_leader(actor: Actor, organization: str) -> str:
    if actor.is_operator:
        return "the store is theirs"
    user = _insider(actor, organization)
    if user is not None and user.is_admin:
        return f"admin of {organization}"
    return f"dataset manager of {organization}" if user is not None and user.is_dataset_manager else ""


def _yes(actor: Actor, what: str, because: str) -> Decision:
    return Decision(allowed=True, reason=f"{actor.title} may {what}: {because}.")


def _no(actor: Actor, what: str, why: str, hint: str) -> Decision:
    return Decision(allowed=False, reason=f"{actor.title} may not {what}: {why}.", hint=hint)
