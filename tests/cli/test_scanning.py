from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


def test_everything_gone_at_once_is_taken_for_an_unmounted_disk(run: Run, root: Path) -> None:
    run("scan")
    shutil.rmtree(root / "lab")
    run("scan", code=1)
    assert "gone: lab/new" in run("scan", "--accept-loss").stdout


def test_watching_tells_what_comes_until_it_is_stopped(root: Path, watching: Callable[..., Any]) -> None:
    with watching() as process:
        report = json.loads(process.stdout.readline())
        assert report["found"] == ["lab/new"]
        (root / "lab" / "later").mkdir()
        event = json.loads(process.stdout.readline())
        assert (event["kind"], event["key"]) == ("found", "lab/later")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0


@pytest.fixture
def watching(root: Path) -> Callable[..., Any]:
    @contextmanager
    def start() -> Iterator[subprocess.Popen[str]]:
        command = [str(Path(sys.executable).parent / "voxshelf"), "scan", "--watch", "--json"]
        around = {**os.environ, "VOXSHELF_ROOT": str(root)}
        with subprocess.Popen(
            command, env=around, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    return start
