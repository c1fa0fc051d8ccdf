"""Who has access, and whom to ask."""

from __future__ import annotations

from voxshelf.model import Actor, DatasetStatus, Role, User
from voxshelf.sharing import Action, DatasetAccess, explain_access, who_can, who_has_access

DATASET = DatasetAccess(key="springfield/retina", owner="olga", allowed_teams=("Retina",))


def _user(name: str, **more: object) -> User:
    return User(id=name, organization="springfield", name=name.title(), **more)


AMY = _user("amy", is_admin=True)
DORA = _user("dora", is_dataset_manager=True)
CARL = _user("carl", memberships={"Retina": True}, email="carl@example.org")
ADA = _user("ada", memberships={"Retina": False})
OLGA = _user("olga")
RALPH = _user("ralph", memberships={"Cortex": True})
EVERYBODY = (RALPH, OLGA, ADA, CARL, DORA, AMY)


def test_the_list_names_each_person_once_with_the_strongest_role_and_the_reason() -> None:
    listed = who_has_access(DATASET, EVERYBODY)
    assert [(access.user.id, access.role) for access in listed] == [
        ("amy", Role.ADMIN),
        ("dora", Role.DATASET_MANAGER),
        ("olga", Role.OWNER),
        ("carl", Role.TEAM_MANAGER),
        ("ada", Role.MEMBER),
    ]
    assert listed[3].reason == "manager of team 'Retina', which is allowed on it."


def test_people_who_could_look_only_because_it_is_public_are_not_listed() -> None:
    public = DATASET.model_copy(update={"is_public": True})
    assert RALPH not in [access.user for access in who_has_access(public, EVERYBODY)]


def test_in_the_trash_only_those_who_may_restore_it_are_left() -> None:
    deleted = DATASET.model_copy(update={"status": DatasetStatus.DELETED})
    assert [access.user for access in who_has_access(deleted, EVERYBODY)] == [AMY, DORA, OLGA]


def test_the_nearest_people_are_asked_first() -> None:
    assert who_can(Action.EDIT, DATASET, EVERYBODY) == (OLGA, CARL, DORA, AMY)


def test_only_those_who_may_delete_are_asked_to_delete() -> None:
    assert who_can(Action.DELETE, DATASET, EVERYBODY) == (OLGA, DORA, AMY)


def test_a_refused_colleague_is_told_names() -> None:
    decision = explain_access(Actor.of(RALPH), Action.READ, DATASET, EVERYBODY)
    assert decision.hint == "Ask one of Olga, Carl (carl@example.org), Dora, or 1 more."


def test_a_single_person_is_simply_asked() -> None:
    assert (
        explain_access(Actor.of(ADA), Action.EDIT, DATASET, [ADA, CARL]).hint
        == "Ask Carl (carl@example.org)."
    )


def test_without_anybody_to_name_roles_are_named() -> None:
    assert "dataset manager of springfield" in explain_access(Actor.of(ADA), Action.EDIT, DATASET, [ADA]).hint


def test_strangers_are_not_told_names() -> None:
    stranger = User(id="nelson", organization="shelbyville")
    for actor in (Actor.anonymous(), Actor.of(stranger)):
        assert "Olga" not in str(explain_access(actor, Action.READ, DATASET, EVERYBODY))


def test_what_is_allowed_is_explained_as_ever() -> None:
    assert explain_access(Actor.of(ADA), Action.READ, DATASET, EVERYBODY).reason.startswith("Ada may read")
