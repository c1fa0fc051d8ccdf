from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]


def test_scan_tells_what_is_new_once(run: Run) -> None:
    first, second = run("scan"), run("scan")
    assert "new: lab/new" in first.stdout
    assert "new: lab/new" not in second.stdout


def test_scan_as_json(run: Run) -> None:
    assert json.loads(run("scan", "--json").stdout)["found"] == ["lab/new"]


def test_scan_tells_why_something_is_broken(run: Run, root: Path) -> None:
    (root / "lab" / "gone").symlink_to("/cluster/gone")
    assert "/cluster/gone" in run("scan").stderr
