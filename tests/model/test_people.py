"""People, folders and actors."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from voxshelf.model import Actor, Folder, Link, Role, Team, User, folder_lineage, tidy_folder_path


def _user(**more: object) -> User:
    return User(id="ada", organization="springfield", **more)


@pytest.mark.parametrize(
    ("values", "role"),
    [
        ({"is_admin": True, "is_dataset_manager": True}, Role.ADMIN),
        ({"is_dataset_manager": True, "memberships": {"Retina": True}}, Role.DATASET_MANAGER),
        ({"memberships": {"Retina": True, "Cortex": False}}, Role.TEAM_MANAGER),
        ({"memberships": {"Retina": False}}, Role.MEMBER),
        ({}, Role.MEMBER),
    ],
)
def test_a_user_has_their_most_powerful_role(values: dict[str, object], role: Role) -> None:
    assert _user(**values).role is role


def test_a_user_knows_the_teams_they_manage() -> None:
    user = _user(memberships={"Retina": True, "Cortex": False})
    assert (user.teams, user.managed_teams) == ({"Retina", "Cortex"}, {"Retina"})


def test_a_user_without_a_name_is_called_by_id() -> None:
    assert (_user().title, _user(name="Ada").title) == ("ada", "Ada")


def test_people_cannot_be_altered() -> None:
    with pytest.raises(ValidationError):
        _user().is_admin = True


def test_a_team_needs_a_name() -> None:
    with pytest.raises(ValidationError):
        Team(organization="springfield", name="")


@pytest.mark.parametrize("path", ["Datasets/2026/retina", "/Datasets/2026/retina/"])
def test_a_folder_knows_its_place(path: str) -> None:
    folder = Folder(path=path)
    assert (folder.path, folder.name, folder.parent) == ("Datasets/2026/retina", "retina", "Datasets/2026")
    assert folder.lineage == ("Datasets", "Datasets/2026", "Datasets/2026/retina")


def test_a_topmost_folder_has_no_parent() -> None:
    assert Folder(path="Datasets").parent is None


def test_outside_of_all_folders_there_is_no_lineage() -> None:
    assert folder_lineage("") == folder_lineage("/") == ()


@pytest.mark.parametrize("path", ["", "/", "a//b", "a/../b", ".", " a/b", "a\0b"])
def test_what_cannot_be_a_folder_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="is not a folder"):
        tidy_folder_path(path)


def test_actors_are_called_by_what_is_known_of_them() -> None:
    link = Link(id="abcd1234", dataset="a/b", created=datetime(2026, 1, 1, tzinfo=UTC))
    actors = [Actor.anonymous(), Actor.anonymous(link), Actor.of(_user(name="Ada"), link), Actor.operator()]
    assert [actor.title for actor in actors] == ["A visitor", "A visitor with a link", "Ada", "The operator"]


def test_links_are_added_to_what_an_actor_bears_already() -> None:
    first, second = (
        Link(id=name, dataset="a/b", created=datetime(2026, 1, 1, tzinfo=UTC)) for name in ("first", "second")
    )
    assert Actor.anonymous(first).with_links(second).links == (first, second)
