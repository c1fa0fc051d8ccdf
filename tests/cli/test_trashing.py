from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]


KEY = "lab/new"


def ids(run_json: Run) -> list[str]:
    return [entry["id"] for entry in run_json("trash", "list")]


def test_a_deleted_dataset_is_gone_from_its_place_and_comes_back(run: Run, ready: Path) -> None:
    assert "trash restore lab/new" in run("delete", KEY).stdout
    assert not ready.exists()
    assert "lab/new is back: ready." in run("trash", "restore", KEY).stdout
    assert (ready / "datasource-properties.json").exists()


def test_put_is_the_same_as_delete(run: Run, ready: Path) -> None:
    run("trash", "put", KEY)
    assert not ready.exists()


def test_what_belonged_to_it_comes_back_too(run: Run, run_json: Run, ready: Path) -> None:
    run("tag", "add", KEY, "em")
    run("delete", KEY)
    run("trash", "restore", "new")
    assert run_json("info", KEY)["record"]["tags"] == ["em"]


def test_all_are_deleted_or_none(run: Run, ready: Path) -> None:
    run("delete", KEY, "lab/nothing", code=1)
    assert ready.exists()


def test_of_a_link_only_the_link_goes(run: Run, ready: Path, root: Path, tmp_path: Path) -> None:
    target = ready.rename(tmp_path / "elsewhere")
    (root / "lab" / "linked").symlink_to(target)
    run("delete", "linked")
    run("trash", "purge", "--all", "--yes")
    assert (target / "datasource-properties.json").exists()


def test_the_trash_is_listed(run: Run, run_json: Run, ready: Path) -> None:
    assert "The trash is empty." in run("trash", "list").stdout
    run("delete", KEY)
    assert run("trash", "list").stdout.splitlines()[1].split()[1] == KEY
    assert [entry["key"] for entry in run_json("trash", "list")] == [KEY]


def test_of_several_of_a_name_the_newest_is_restored(
    run: Run, run_json: Run, ready: Path, tmp_path: Path
) -> None:
    run("delete", KEY)
    first = ids(run_json)
    (ready / "color").mkdir(parents=True)
    run("delete", KEY)
    run("trash", "restore", KEY)
    assert ids(run_json) == first


def test_an_entry_is_restored_by_its_id(run: Run, run_json: Run, ready: Path) -> None:
    run("delete", KEY)
    (entry,) = ids(run_json)
    assert run_json("trash", "restore", entry)[0]["name"] == "new"


def test_a_name_that_is_taken_by_now_is_a_problem(run: Run, ready: Path) -> None:
    run("delete", KEY)
    ready.mkdir()
    assert "by now" in run("trash", "restore", KEY, code=1).stderr


def test_what_is_not_in_the_trash_is_a_problem(run: Run) -> None:
    assert "trash list" in run("trash", "restore", "nothing", code=1).stderr


def test_purging_needs_a_yes_where_nobody_can_be_asked(run: Run, run_json: Run, ready: Path) -> None:
    run("delete", KEY)
    assert "--yes" in run("trash", "purge", KEY, code=2).stderr
    assert len(ids(run_json)) == 1
    assert "1 dataset removed for good." in run("trash", "purge", KEY, "--yes").stdout
    assert ids(run_json) == []


def test_purging_takes_only_what_is_old_enough(run: Run, run_json: Run, ready: Path) -> None:
    run("delete", KEY)
    assert run_json("trash", "purge", "--yes") == []
    assert run_json("trash", "purge", "--older-than", "1 hour", "--yes") == []
    assert [entry["key"] for entry in run_json("trash", "purge", "--all", "--yes")] == [KEY]


@pytest.mark.parametrize(
    "options", [("--older-than", "soon"), ("--all", "--older-than", "1 day"), ("x", "--all")]
)
def test_wrong_usage_has_exit_code_2(run: Run, options: tuple[str, ...]) -> None:
    run("trash", "purge", *options, code=2)
