from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]


@pytest.fixture
def staffed(run: Run, ready: Path) -> None:
    """``lab`` has the team ``mice`` with its manager ann, and bob."""
    run("people", "teams", "add", "mice")
    run(
        "people",
        "users",
        "add",
        "ann",
        "--title",
        "Ann A.",
        "--email",
        "ann@lab.org",
        "--team",
        "mice:manager",
    )
    run("people", "users", "add", "bob")


def test_organizations_are_added_changed_and_listed(run: Run, run_json: Run) -> None:
    run("people", "organizations", "add", "zoo", "--display-name", "The Zoo", "--upload-quota", "1000")
    run("people", "organizations", "edit", "zoo", "--upload-quota", "")
    found = {one["name"]: one for one in run_json("people", "organizations", "list")}
    assert (found["zoo"]["display_name"], found["zoo"]["upload_quota"]) == ("The Zoo", None)
    assert "The Zoo" in run("people", "organizations", "list").stdout


def test_users_are_listed_with_role_and_teams(run: Run, staffed: None) -> None:
    lines = run("people", "users", "list").stdout.splitlines()
    assert "team manager" in lines[1]
    assert "mice (manager)" in lines[1]
    assert lines[2].split()[0] == "bob"


def test_users_are_changed_and_removed(run: Run, run_json: Run, staffed: None) -> None:
    run("people", "users", "edit", "bob", "--admin", "--title", "Bob")
    found = {user["id"]: user for user in run_json("people", "users", "list")}
    assert (found["bob"]["is_admin"], found["bob"]["name"]) == (True, "Bob")
    run("people", "users", "remove", "bob")
    assert [user["id"] for user in run_json("people", "users", "list")] == ["ann"]


def test_teams_are_joined_and_left(run: Run, run_json: Run, staffed: None) -> None:
    def members() -> dict[str, bool]:
        teams = {team["name"]: team["members"] for team in run_json("people", "teams", "list")}
        found: dict[str, bool] = teams["mice"]
        return found

    run("people", "teams", "join", "mice", "bob", "--manager")
    assert members() == {"ann": True, "bob": True}
    run("people", "teams", "leave", "mice", "bob")
    assert members() == {"ann": True}
    assert "ann (manager)" in run("people", "teams", "list").stdout


def test_teams_are_renamed_and_removed(run: Run, run_json: Run, staffed: None) -> None:
    run("people", "teams", "rename", "mice", "rats")
    assert [team["name"] for team in run_json("people", "teams", "list")] == ["lab", "rats"]
    run("people", "teams", "remove", "rats")
    assert [team["name"] for team in run_json("people", "teams", "list")] == ["lab"]


def test_folders_are_made_moved_and_removed(run: Run, run_json: Run, staffed: None) -> None:
    run("people", "folders", "add", "Datasets/2026", "--team", "mice")
    run("people", "folders", "move", "Datasets/2026", "Archive")
    run("people", "folders", "edit", "Archive", "--no-team")
    assert [(one["path"], one["allowed_teams"]) for one in run_json("people", "folders", "list")] == [
        ("Archive", []),
        ("Datasets", []),
    ]
    run("people", "folders", "remove", "Archive")
    assert "Archive" not in run("people", "folders", "list").stdout


def test_a_folder_lends_its_teams_to_its_datasets(run: Run, run_json: Run, staffed: None) -> None:
    run("people", "folders", "add", "Datasets", "--team", "mice")
    run("edit", "new", "--folder", "Datasets")
    assert run_json("info", "new")["record"]["inherited_teams"] == ["mice"]


def test_where_there_are_several_organizations_one_must_be_named(run: Run, staffed: None) -> None:
    run("people", "organizations", "add", "zoo")
    assert "lab, zoo" in run("people", "users", "list", code=1).stderr
    assert "ann" in run("people", "users", "list", "--organization", "lab").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("users", "edit", "bob"),
        ("users", "add", "carl", "--team", "mice:boss"),
        ("organizations", "edit", "lab"),
        ("organizations", "edit", "lab", "--upload-quota", "much"),
        ("folders", "edit", "Datasets"),
    ],
)
def test_wrong_usage_has_exit_code_2(run: Run, staffed: None, arguments: tuple[str, ...]) -> None:
    run("people", *arguments, code=2)


# -- access --------------------------------------------------------------------------------------


def test_access_is_explained(run: Run, staffed: None) -> None:
    assert "Ann A. may edit lab/new" in run("access", "explain", "ann", "new", "edit").stdout


def test_somebody_who_may_not_is_told_whom_to_ask_with_exit_code_1(run: Run, staffed: None) -> None:
    assert "Ask Ann A. (ann@lab.org)." in run("access", "explain", "bob", "new", code=1).stdout


def test_a_visitor_may_look_at_what_is_public(run: Run, run_json: Run, staffed: None) -> None:
    assert run_json("access", "explain", "visitor", "new", code=1)["allowed"] is False
    run("edit", "new", "--public")
    assert run_json("access", "explain", "visitor", "new")["allowed"] is True


def test_everybody_with_rights_is_listed(run: Run, run_json: Run, staffed: None) -> None:
    assert run("access", "who", "new").stdout.splitlines()[1].startswith("ann   Ann A.  team manager")
    assert [one["user"]["id"] for one in run_json("access", "who", "new")["people"]] == ["ann"]


def test_an_unknown_user_or_action_is_refused(run: Run, staffed: None) -> None:
    assert "no user 'carl'" in run("access", "explain", "carl", "new", code=1).stderr
    run("access", "explain", "ann", "new", "eat", code=2)
