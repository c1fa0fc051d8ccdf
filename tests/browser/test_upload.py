"""Uploading ZIP files in JupyterLab: dropped or chosen, asserted on the list and on the bytes in the store."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import wkw

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

SIZE = (256, 256, 32)
ROW = ".vxu-row"
ZONE = ".vxu-drop"


def _noise() -> np.ndarray:
    return np.random.default_rng(5).integers(0, 256, SIZE, np.uint8)


def _write_dataset(folder: Path, *, with_json: bool) -> None:
    with wkw.Dataset.create(str(folder / "color" / "1"), wkw.Header(np.uint8, file_len=8)) as dataset:
        dataset.write((0, 0, 0), np.asfortranarray(_noise()))
    if with_json:
        box = {"topLeft": [0, 0, 0], "width": SIZE[0], "height": SIZE[1], "depth": SIZE[2]}
        layer = {
            "name": "color",
            "category": "color",
            "elementClass": "uint8",
            "dataFormat": "wkw",
            "boundingBox": box,
            "wkwResolutions": [{"resolution": 1, "cubeLength": 256}],
        }
        document = {"id": {"name": "x", "team": ""}, "scale": [11, 11, 24], "dataLayers": [layer]}
        (folder / "datasource-properties.json").write_text(json.dumps(document), encoding="utf-8")


def make_zip(path: Path, *, with_json: bool = True, padding: int = 0) -> Path:
    """A dataset as a ZIP file; ``padding`` adds that many megabytes of a file that is left alone."""
    folder = path.with_suffix("")
    _write_dataset(folder, with_json=with_json)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, str(file.relative_to(folder.parent)))
        if padding:
            archive.writestr(f"{folder.name}/notes.bin", np.random.default_rng(1).bytes(padding * 1_000_000))
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "data" / "lab").mkdir(parents=True)
    _write_dataset(tmp_path / "data" / "lab" / "taken", with_json=True)
    return tmp_path / "data"


@pytest.fixture
def panel(notebook: Any, root: Path) -> Page:
    page: Page = notebook(
        f"import voxshelf as vx\nstore = vx.open_store({str(root)!r})\nstore.refresh()\n"
        "panel = vx.UploadPanel(store)\npanel",
        ready=ZONE,
    )
    return page


def choose(page: Page, *files: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files…").click()
    chooser.value.set_files([str(file) for file in files])


def stored_voxels(folder: Path) -> np.ndarray:
    with wkw.Dataset.open(str(folder / "color" / "1")) as dataset:
        return dataset.read((0, 0, 0), SIZE)[0]


def test_a_zip_with_its_json_is_uploaded_and_ready(
    panel: Page, root: Path, tmp_path: Path, py: Callable[[str], str]
) -> None:
    choose(panel, make_zip(tmp_path / "brain.zip"))
    panel.wait_for_selector(f"{ROW}[data-stage=ready]")
    np.testing.assert_array_equal(stored_voxels(root / "lab" / "brain"), _noise())
    assert py("print(panel.uploaded, store.record('lab/brain').status)") == "lab/brain ready"
