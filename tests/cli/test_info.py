from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
