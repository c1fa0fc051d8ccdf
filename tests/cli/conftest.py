"""A root with datasets made by the `wkw` package, and ways to run the command line on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import wkw
from click.testing import Result
from typer.testing import CliRunner

from voxshelf.cli import app

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("VOXSHELF_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")


def write_mag(folder: Path, voxels: np.ndarray[Any, Any]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with wkw.Dataset.create(str(folder), wkw.Header(voxels.dtype, file_len=2)) as dataset:
        dataset.write((0, 0, 0), voxels)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Holds ``lab/new``: an image and a segmentation with ids up to 77, not imported."""
    voxels = (np.random.default_rng(1).random((50, 40, 30)) * 77).astype("uint8") + 1
    write_mag(tmp_path / "shelf" / "lab" / "new" / "color" / "1", voxels)
    write_mag(tmp_path / "shelf" / "lab" / "new" / "segmentation" / "1", voxels.astype("uint32"))
    return tmp_path / "shelf"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, root: Path) -> Run:
    """Runs a command in this process, on ``root``."""
    monkeypatch.setenv("VOXSHELF_ROOT", str(root))

    def call(*arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(app, list(arguments))
        assert result.exit_code == code, (result.output, result.exception)
        return result

    return call


@pytest.fixture
def ready(run: Run, root: Path) -> Path:
    """The folder of ``lab/new``, imported with a largest id of 77 and a voxel size of 4 × 4 × 35 nm."""
    run("import", "lab/new", "--voxel-size", "4,4,35", "--largest-segment-id", "segmentation=77")
    return root / "lab" / "new"


@pytest.fixture
def run_json(run: Run) -> Callable[..., Any]:
    """Runs a command with ``--json`` and gives what it printed."""

    def call(*arguments: str, code: int = 0) -> Any:
        return json.loads(run(*arguments, "--json", code=code).stdout)

    return call


@pytest.fixture
def run_process(root: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs ``voxshelf`` as people do, in a process of its own."""

    def call(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).parent / "voxshelf"), *arguments]
        around = {**os.environ, "VOXSHELF_ROOT": str(root), **environment}
        return subprocess.run(command, env=around, capture_output=True, text=True, check=False)

    return call
