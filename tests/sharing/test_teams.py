"""Which teams somebody may put on a dataset."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxshelf.model import Actor, User
from voxshelf.sharing import DatasetAccess, allowed_team_change, assignable_teams

TEAMS = ("Retina", "Cortex", "Spine")
DATASET = DatasetAccess(key="springfield/retina", owner="olga", allowed_teams=("Retina", "Cortex"))


def _actor(name: str = "carl", **more: object) -> Actor:
    return Actor.of(User(id=name, organization="springfield", name=name.title(), **more))


MANAGER = _actor(memberships={"Retina": True, "Spine": False})


@pytest.mark.parametrize(
    "actor",
    [_actor(is_admin=True), _actor(is_dataset_manager=True), Actor.operator()],
    ids=["admin", "dm", "op"],
)
def test_those_responsible_for_all_datasets_set_any_team(actor: Actor) -> None:
    assert allowed_team_change(actor, DATASET, ["Spine"])
    assert assignable_teams(actor, DATASET, TEAMS) == set(TEAMS)


def test_a_team_manager_removes_the_team_they_manage() -> None:
    assert allowed_team_change(MANAGER, DATASET, ["Cortex"])


def test_a_team_manager_leaves_other_teams_as_they_are() -> None:
    decision = allowed_team_change(MANAGER, DATASET, ["Retina", "Spine"])
    assert not decision
    assert decision.reason.startswith("Carl may not add 'Spine' or remove 'Cortex' on springfield/retina")


def test_membership_alone_does_not_let_a_team_manager_add_a_team() -> None:
    assert assignable_teams(MANAGER, DATASET, TEAMS) == {"Retina"}


def test_the_owner_gives_it_to_teams_they_belong_to() -> None:
    owner = _actor("olga", memberships={"Spine": False})
    assert allowed_team_change(owner, DATASET, ["Retina", "Cortex", "Spine"])
    assert not allowed_team_change(owner, DATASET, ["Retina"])


@pytest.mark.parametrize(
    "actor", [_actor(memberships={"Retina": False}), Actor.anonymous()], ids=["member", "nobody"]
)
def test_whoever_may_not_share_sets_no_team(actor: Actor) -> None:
    assert "may not share" in allowed_team_change(actor, DATASET, ["Retina", "Cortex"]).reason
    assert assignable_teams(actor, DATASET, TEAMS) == frozenset()


def test_setting_what_is_there_already_is_allowed_to_whoever_may_share() -> None:
    assert allowed_team_change(MANAGER, DATASET, ["Cortex", "Retina"])


@settings(deadline=None, max_examples=200, derandomize=True)
@given(
    st.dictionaries(st.sampled_from(TEAMS), st.booleans()),
    st.lists(st.sampled_from(TEAMS), unique=True),
    st.lists(st.sampled_from(TEAMS), unique=True),
)
def test_a_change_is_allowed_exactly_if_it_touches_assignable_teams_only(
    memberships: dict[str, bool], before: list[str], after: list[str]
) -> None:
    dataset = DatasetAccess(key="springfield/x", owner="olga", allowed_teams=tuple(before))
    for actor in (_actor(memberships=memberships), _actor("olga", memberships=memberships)):
        decision = allowed_team_change(actor, dataset, after)
        if "may not share" not in decision.reason:
            touched = set(before) ^ set(after)
            assert decision.allowed is (touched <= assignable_teams(actor, dataset, TEAMS))
