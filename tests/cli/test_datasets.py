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


def test_scan_tells_what_is_new_once(run: Run) -> None:
    first, second = run("scan"), run("scan")
    assert "new: lab/new" in first.stdout
    assert "new: lab/new" not in second.stdout


def test_scan_as_json(run: Run) -> None:
    assert json.loads(run("scan", "--json").stdout)["found"] == ["lab/new"]


def test_scan_tells_why_something_is_broken(run: Run, root: Path) -> None:
    (root / "lab" / "gone").symlink_to("/cluster/gone")
    assert "/cluster/gone" in run("scan").stderr


def test_info_of_a_folder_needs_no_store(run: Run, root: Path) -> None:
    assert "segmentation" in run("info", str(root / "lab" / "new")).stdout
    assert not (root / ".voxshelf").exists()


def test_info_of_a_key(run: Run) -> None:
    assert "segmentation" in run("info", "lab/new").stdout


def test_info_as_json(run: Run) -> None:
    described = json.loads(run("info", "lab/new", "--json").stdout)
    assert [layer["name"] for layer in described["layers"]] == ["color", "segmentation"]


def test_info_of_nothing_is_a_problem_with_a_hint(run: Run) -> None:
    result = run("info", "lab/nothing", code=1)
    assert result.stdout == ""
    assert "lab/nothing" in result.stderr


def test_info_of_a_broken_json_tells_every_problem(run: Run, root: Path) -> None:
    text = '{"id": {"name": "a", "team": "b"}, "scale": [0, 1, 1], "dataLayers": []}'
    (root / "lab" / "new" / "datasource-properties.json").write_text(text)
    result = run("info", "lab/new", code=1)
    assert "scale" in result.stderr
    assert "Traceback" not in result.output
