from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

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
