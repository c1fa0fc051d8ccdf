from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    Run = Callable[..., Any]


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


def test_info_tells_what_the_store_knows(run: Run, ready: Path) -> None:
    run("edit", "new", "--display-name", "Mouse", "--description", "two\nlines", "--metadata", "age=12")
    text = run("info", "new").stdout
    assert "  called      Mouse\n" in text
    assert "  about       two\n              lines\n" in text
    assert "  metadata    age = 12\n" in text
    assert "  seen by     no team\n" in text


def test_info_shows_each_value_of_the_view_with_its_origin(run: Run, ready: Path) -> None:
    run("edit", "new", "--view", "layers.color.alpha=40")
    assert (
        "layers.color.alpha 40: from Edit View; overrides the built-in 100"
        in run("info", "new", "--view").stdout
    )


def test_info_gives_the_document_as_it_stands_in_the_file(run: Run, ready: Path) -> None:
    text = (ready / "datasource-properties.json").read_text()
    assert run("info", "new", "--document").stdout == text


def test_a_dataset_without_a_document_is_a_problem_where_one_is_asked_for(run: Run) -> None:
    assert "voxshelf import" in run("info", "new", "--document", code=1).stderr


def test_info_of_a_dataset_that_vanished_tells_what_is_remembered(
    run: Run, ready: Path, tmp_path: Path
) -> None:
    (tmp_path / "shelf" / "lab" / "stays").mkdir()
    run("tag", "add", "new", "em")
    ready.rename(tmp_path / "gone")
    text = run("info", "new").stdout
    assert "no longer on disk" in text
    assert "  tags        em\n" in text


def test_a_relative_folder_outside_of_the_root_needs_no_store(
    run: Run, ready: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready.rename(tmp_path / "loose")
    monkeypatch.chdir(tmp_path)
    assert json.loads(run("info", "loose", "--json").stdout)["record"] is None
