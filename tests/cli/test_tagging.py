from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.store import LocalDatasetStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]


def tags(run_json: Run, key: str = "lab/new") -> list[str]:
    found: list[str] = run_json("info", key)["record"]["tags"]
    return found


@pytest.fixture
def other(root: Path) -> str:
    (root / "lab" / "other").mkdir()
    return "lab/other"


def test_tags_are_added_and_removed(run: Run, run_json: Run) -> None:
    run("tag", "add", "new", "em", "2026")
    assert tags(run_json) == ["2026", "em"]
    run("tag", "remove", "new", "em")
    assert tags(run_json) == ["2026"]


def test_several_datasets_are_tagged_at_once(run_json: Run, other: str) -> None:
    assert run_json("tag", "add", "lab/new", other, "em") == {"lab/new": ["em"], other: ["em"]}


def test_a_tag_may_have_a_slash(run: Run, run_json: Run) -> None:
    run("tag", "add", "new", "species/mouse", "em")
    assert tags(run_json) == ["em", "species/mouse"]


def test_a_mistyped_dataset_is_no_tag(run: Run, run_json: Run) -> None:
    refused = run("tag", "add", "lab/new", "lab/nwe", "em", code=1).stderr
    assert "There is no dataset 'lab/nwe'" in refused
    assert "Did you mean lab/new?" in refused
    assert tags(run_json) == []


def test_a_tag_in_use_that_looks_like_a_dataset_can_be_taken_off(run: Run, run_json: Run, root: Path) -> None:
    with LocalDatasetStore(root) as store:
        store.refresh()
        store.update_details("lab/new", tags=["lab/gone", "em"])
    run("tag", "remove", "lab/new", "lab/gone")
    assert tags(run_json) == ["em"]


def test_a_dataset_behind_a_tag_is_wrong_usage(run: Run, run_json: Run, other: str) -> None:
    assert "before the first tag" in run("tag", "add", "lab/new", "em", other, code=2).stderr
    assert tags(run_json) == []


def test_tags_that_are_there_are_no_edit(run: Run, run_json: Run) -> None:
    run("tag", "add", "new", "em")
    assert "(as before)" in run("tag", "add", "new", "em").stdout
    assert len(run_json("history", "new")) == 1


def test_datasets_without_a_tag_are_wrong_usage(run: Run, other: str) -> None:
    run("tag", "add", "lab/new", other, code=2)


def test_the_list_counts_datasets_per_tag(run: Run, run_json: Run, other: str) -> None:
    assert "no dataset has a tag" in run("tag", "list").stdout.lower()
    run("tag", "add", "lab/new", other, "em")
    run("tag", "add", "lab/new", "mouse")
    assert run_json("tag", "list") == {"em": 2, "mouse": 1}
    assert run("tag", "list").stdout.splitlines()[1].split() == ["em", "2"]
