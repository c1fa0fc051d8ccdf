from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.store import LocalDatasetStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]


KEY = "lab/new"


def test_the_token_opens_the_dataset(run_json: Run, ready: Path, root: Path) -> None:
    token = run_json("link", "create", KEY)["token"]
    with LocalDatasetStore(root) as store:
        assert store.with_link(token).record(KEY).name == "new"


def test_the_token_is_shown_once_and_never_again(run: Run, run_json: Run, ready: Path) -> None:
    text = run("link", "create", KEY, "--label", "reviewer 2").stdout
    token = next(word for word in text.split() if word.startswith("vxs_"))
    secret = token.rpartition("_")[2]
    assert text.count(secret) == 1
    link = run_json("link", "list", KEY)[0]["id"]
    later = [run("link", "list", KEY), run("link", "list", KEY, "--json"), run("info", KEY, "--json")]
    later += [run("history", KEY), run("link", "revoke", link), run("link", "list", KEY)]
    assert [result for result in later if secret in result.output] == []


def test_a_store_that_nobody_serves_says_how_the_token_is_used(run: Run, ready: Path) -> None:
    assert 'store.with_link("…")["lab/new"]' in run("link", "create", KEY).stdout


def test_a_link_has_label_end_and_view(run: Run, run_json: Run, ready: Path) -> None:
    run(
        "link",
        "create",
        KEY,
        "--label",
        "reviewer 2",
        "--expires",
        "7 days",
        "--position",
        "1,2,3",
        "--zoom",
        "2",
    )
    (link,) = run_json("link", "list", KEY)
    assert (link["label"], link["state"]) == ("reviewer 2", "active")
    assert link["expires"] is not None
    assert (link["view"]["position"], link["view"]["zoom"]) == ([1, 2, 3], 2)


def test_links_are_listed_for_people(run: Run, ready: Path) -> None:
    assert "There is no link" in run("link", "list", KEY).stdout
    run("link", "create", KEY, "--label", "reviewer 2")
    lines = run("link", "list", KEY).stdout.splitlines()
    assert lines[1].split()[1:] == ["active", "never", "0", "never", "reviewer", "2"]


def test_a_revoked_link_stays_in_the_list(run: Run, run_json: Run, ready: Path) -> None:
    link = run_json("link", "create", KEY)["id"]
    assert "no longer works" in run("link", "revoke", link).stdout
    assert [one["state"] for one in run_json("link", "list", KEY)] == ["revoked"]


def test_renewing_makes_another_one_of_the_same_label(run_json: Run, ready: Path) -> None:
    old = run_json("link", "create", KEY, "--label", "reviewer 2")
    new = run_json("link", "renew", old["id"], "--expires", "2 days")
    assert (new["label"], new["token"] == old["token"]) == ("reviewer 2", False)
    assert {one["id"]: one["state"] for one in run_json("link", "list", KEY)} == {
        old["id"]: "revoked",
        new["id"]: "active",
    }


@pytest.mark.parametrize(
    ("options", "code"), [(("--expires", "yesterday"), 1), (("--zoom", "0"), 1), (("--position", "1,2"), 2)]
)
def test_what_cannot_be_is_refused(
    run: Run, run_json: Run, ready: Path, options: tuple[str, ...], code: int
) -> None:
    run("link", "create", KEY, *options, code=code)
    assert run_json("link", "list", KEY) == []


def test_an_unknown_link_is_a_problem(run: Run, ready: Path) -> None:
    assert "no link 'nope'" in run("link", "revoke", "nope", code=1).stderr
