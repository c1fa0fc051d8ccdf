"""What may be done in an organization and its folders."""

from __future__ import annotations

import pytest

from voxshelf.model import Actor, Folder, User
from voxshelf.sharing import Action, FolderAccess, may_in_folder, may_in_organization

ORGANIZATION = "springfield"


def _actor(**more: object) -> Actor:
    return Actor.of(User(id="x", organization=ORGANIZATION, **more))


ACTORS = {
    "anonymous": Actor.anonymous(),
    "outsider": Actor.of(
        User(id="x", organization="shelbyville", is_admin=True, memberships={"Retina": True})
    ),
    "member": _actor(memberships={"Retina": False}),
    "team manager": _actor(memberships={"Retina": True}),
    "other manager": _actor(memberships={"Cortex": True}),
    "dataset manager": _actor(is_dataset_manager=True),
    "admin": _actor(is_admin=True),
    "dataset manager and admin": _actor(is_admin=True, is_dataset_manager=True),
    "operator": Actor.operator(),
}
ALL = {"dataset manager", "admin", "dataset manager and admin", "operator"}
FOLDERS = (
    Folder(path="Datasets", organization=ORGANIZATION, allowed_teams=("Retina",)),
    Folder(path="Datasets/2026", organization=ORGANIZATION),
)


def _allowed(decide: object) -> set[str]:
    return {name for name, actor in ACTORS.items() if decide(actor)}


def test_managers_and_admins_upload() -> None:
    allowed = _allowed(lambda actor: may_in_organization(actor, Action.CREATE, ORGANIZATION))
    assert allowed == ALL | {"team manager", "other manager"}


def test_only_admins_manage_people() -> None:
    allowed = _allowed(lambda actor: may_in_organization(actor, Action.MANAGE_PEOPLE, ORGANIZATION))
    assert allowed == {"admin", "dataset manager and admin", "operator"}


def test_a_folder_is_managed_by_managers_of_a_team_of_any_folder_above() -> None:
    folder = FolderAccess(organization=ORGANIZATION, folders=FOLDERS)
    assert _allowed(lambda actor: may_in_folder(actor, folder)) == ALL | {"team manager"}


def test_the_place_above_all_folders_belongs_to_those_responsible_for_all_datasets() -> None:
    assert _allowed(lambda actor: may_in_folder(actor, FolderAccess(organization=ORGANIZATION))) == ALL


def test_a_folder_decision_names_the_team_and_the_folder_that_allows_it() -> None:
    decision = may_in_folder(ACTORS["team manager"], FolderAccess(organization=ORGANIZATION, folders=FOLDERS))
    assert decision.reason == (
        "x may manage folder 'Datasets/2026': manager of team 'Retina', which folder 'Datasets' allows."
    )


@pytest.mark.parametrize("name", ["anonymous", "outsider", "member"])
def test_every_refusal_has_a_hint(name: str) -> None:
    refusals = [may_in_organization(ACTORS[name], action, ORGANIZATION) for action in (Action.CREATE, Action.MANAGE_PEOPLE)]  # fmt: skip
    refusals.append(may_in_folder(ACTORS[name], FolderAccess(organization=ORGANIZATION)))
    assert all(refusal.hint for refusal in refusals)


def test_asking_about_a_dataset_here_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="does not concern an organization"):
        may_in_organization(ACTORS["admin"], Action.EDIT, ORGANIZATION)
