"""The README's commands, as a new user types them: in a shell, in a folder with something to bring in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import wkw

README = Path(__file__).parents[2] / "README.md"


def commands() -> str:
    section = README.read_text(encoding="utf-8").partition("## On the command line")[2]
    return section.partition("```sh\n")[2].partition("```")[0]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which every command of the README was run, one after the other; the first failure ends it."""
    home = tmp_path_factory.mktemp("home")
    prepare(home / "work")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VOXSHELF_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euc", commands()],
        cwd=home / "work",
        env={**environment, "HOME": str(home), "PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.returncode == 0, (done.stdout, done.stderr)
    (home / "printed.txt").write_text(done.stdout)
    return home


def prepare(work: Path) -> None:
    """What the README takes for granted: two folders, a ZIP file and a text."""
    voxels = np.full((40, 40, 40), 77, np.uint8)
    for folder in (work / "mouse", work / "cortex"):
        write_mag(folder / "color" / "1", voxels)
        write_mag(folder / "segmentation" / "1", voxels.astype(np.uint32))
    shutil.make_archive(str(work / "rat"), "zip", work / "mouse")
    (work / "notes.md").write_text("Layer 4, *P14*.\n")


def write_mag(folder: Path, voxels: np.ndarray[Any, Any]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with wkw.Dataset.create(str(folder), wkw.Header(voxels.dtype, file_len=2)) as dataset:
        dataset.write((0, 0, 0), voxels)


def test_every_dataset_is_ready_in_the_end(home: Path) -> None:
    printed = (home / "printed.txt").read_text()
    for key in ("samples/tissue", "lab/mouse", "lab/cortex", "lab/rat"):
        assert f"{key}: " in printed.rpartition("is back")[2]


def test_the_folder_has_its_json(home: Path) -> None:
    path = home / "voxshelf-data" / "lab" / "mouse" / "datasource-properties.json"
    assert json.loads(path.read_text())["scale"]["factor"] == [11.24, 11.24, 28.0]


def test_the_link_came_back_and_what_it_leads_to_was_left_alone(home: Path) -> None:
    assert (home / "voxshelf-data" / "lab" / "cortex").is_symlink()
    assert (home / "work" / "cortex" / "color" / "1" / "header.wkw").exists()


def test_the_zip_files_largest_segment_id_was_computed(home: Path) -> None:
    path = home / "voxshelf-data" / "lab" / "rat" / "datasource-properties.json"
    layers = {layer["name"]: layer for layer in json.loads(path.read_text())["dataLayers"]}
    assert layers["segmentation"]["largestSegmentId"] == 77
