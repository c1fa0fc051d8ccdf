"""What ends up in the wheel."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = target.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_source_file_with_its_scripts_styles_and_migrations(wheel: set[str]) -> None:
    sources = {
        str(path.relative_to(ROOT / "src"))
        for path in (ROOT / "src").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert sources - wheel == set()
    assert any(name.endswith(".js") for name in wheel)
    assert any("/migrations/versions/" in name for name in wheel)


def test_the_wheel_declares_its_types(wheel: set[str]) -> None:
    assert "voxshelf/py.typed" in wheel


def test_the_wheel_installs_nothing_beside_voxshelf(wheel: set[str]) -> None:
    tops = {name.partition("/")[0] for name in wheel}
    assert {name for name in tops if not name.endswith((".dist-info", ".data"))} == {"voxshelf"}
    data = {name for name in wheel if name.partition("/")[0].endswith(".data")}
    assert {name.partition("/")[2].rpartition("voxshelf/")[0] for name in data} == {
        "data/share/jupyter/labextensions/"
    }


def test_the_wheel_brings_jupyterlab_its_launcher_entry(wheel: set[str]) -> None:
    (launcher,) = [name for name in wheel if name.endswith("labextensions/voxshelf/static/remoteEntry.js")]
    assert ".data/data/share/jupyter/" in launcher
