from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.store import LocalDatasetStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]


def test_list_shows_what_lies_on_disk(run: Run) -> None:
    lines = run("list").stdout.splitlines()
    assert lines[0].split("  ")[0] == "DATASET"
    assert lines[1].startswith("lab/new  not imported yet")


def test_list_as_json_gives_the_records(run: Run) -> None:
    listed = json.loads(run("list", "--json").stdout)
    assert listed["total"] == 1
    assert (listed["items"][0]["organization"], listed["items"][0]["status"]) == ("lab", "not imported yet")


def test_list_finds_nothing_without_a_match(run: Run) -> None:
    assert "No dataset was found" in run("list", "--search", "xyz").stdout


def test_list_of_an_empty_root_says_what_to_do(run: Run, tmp_path: Path) -> None:
    assert "sample add" in run("list", "--root", str(tmp_path / "empty")).stdout


def test_list_can_be_limited(run: Run, root: Path) -> None:
    (root / "lab" / "other").mkdir()
    result = run("list", "--limit", "1")
    assert len(result.stdout.splitlines()) == 2
    assert "1 of 2" in result.stderr


def keys(run: Run, *options: str) -> list[str]:
    items = json.loads(run("list", "--json", *options).stdout)["items"]
    return [f"{item['organization']}/{item['name']}" for item in items]


@pytest.fixture
def three(run: Run, ready: Path, root: Path) -> None:
    """``lab/new`` is ready, tagged and in a folder; ``lab/raw`` and ``zoo/raw`` are not imported."""
    (root / "lab" / "raw").mkdir()
    (root / "zoo" / "raw").mkdir(parents=True)
    run("tag", "add", "lab/new", "em", "2026")
    run("tag", "add", "lab/raw", "em")
    run("edit", "lab/new", "--folder", "Datasets/2026", "--display-name", "Zebra")


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ((), ["lab/raw", "zoo/raw", "lab/new"]),
        (("--tag", "em"), ["lab/raw", "lab/new"]),
        (("--tag", "em", "--tag", "2026"), ["lab/new"]),
        (("--folder", "Datasets"), ["lab/new"]),
        (("--folder", ""), ["lab/raw", "zoo/raw"]),
        (("--category", "segmentation"), ["lab/new"]),
        (("--organization", "zoo"), ["zoo/raw"]),
        (("--status", "ready"), ["lab/new"]),
        (("--status", "ready", "--status", "not imported yet", "--limit", "2"), ["lab/raw", "zoo/raw"]),
        (("--search", "zebra"), ["lab/new"]),
        (("--public",), []),
        (("--not-public", "--organization", "lab"), ["lab/raw", "lab/new"]),
        (("--sort", "name", "--descending"), ["lab/new", "zoo/raw", "lab/raw"]),
        (("--sort", "changed", "--descending", "--limit", "1"), ["lab/new"]),
    ],
)
def test_the_list_is_narrowed_and_sorted(
    run: Run, three: None, options: tuple[str, ...], found: list[str]
) -> None:
    assert keys(run, *options) == found


def test_columns_that_would_be_empty_are_left_out(run: Run, three: None) -> None:
    assert run("list", "--organization", "zoo").stdout.splitlines()[0].split() == ["DATASET", "STATUS"]
    assert "CALLED" in run("list").stdout.splitlines()[0]


def test_the_list_shows_the_trash_only_when_asked(run: Run, three: None) -> None:
    run("delete", "zoo/raw")
    assert keys(run) == ["lab/raw", "lab/new"]
    assert keys(run, "--status", "in the trash") == ["zoo/raw"]


@pytest.mark.parametrize("options", [("--sort", "size"), ("--status", "fine"), ("--limit", "-1")])
def test_wrong_usage_has_exit_code_2(run: Run, options: tuple[str, ...]) -> None:
    run("list", *options, code=2)


def test_public_datasets_are_listed_alone(run: Run, run_json: Run, root: Path, three: None) -> None:
    with LocalDatasetStore(root) as store:
        store.update_permissions("lab/raw", is_public=True)
    assert [item["name"] for item in run_json("list", "--public")["items"]] == ["raw"]
    assert "No dataset was found" in run("list", "--public", "--organization", "zoo").stdout
