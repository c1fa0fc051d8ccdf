"""Sentences of the requirement that no single component shows: symbolic links, and who decides how data first appear."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

GRID = ".lm-DataGrid"
FIRST_ROW = {"x": 160, "y": 26 + 27}


def show(notebook: Any, root: Path, *more: str) -> Page:
    lines = ["import voxshelf as vx", f"store = vx.open_store({str(root)!r})", "store.refresh()", *more]
    page: Page = notebook("\n".join([*lines, "manager = vx.show(store)", "manager"]), ready=GRID)
    page.wait_for_selector("text=1 dataset")
    return page


@pytest.fixture
def cluster(tmp_path: Path, tissue: Path) -> Path:
    """Tissue that lies elsewhere than in the store, without its JSON."""
    folder = tmp_path / "cluster" / "dataset123"
    shutil.copytree(tissue, folder)
    (folder / "datasource-properties.json").unlink()
    return folder


@pytest.fixture
def linked(tmp_path: Path, cluster: Path) -> Path:
    """A store's root in which the only dataset is a symbolic link."""
    lab = tmp_path / "data" / "lab"
    lab.mkdir(parents=True)
    (lab / "awesome_dataset").symlink_to(cluster)
    return lab.parent


def test_a_symbolic_link_is_imported_like_a_folder_and_a_broken_one_says_so(
    notebook: Any, linked: Path, cluster: Path
) -> None:
    page = show(notebook, linked)
    page.locator(GRID).click(position=FIRST_ROW)
    page.wait_for_selector("text=Needs you")
    for axis, edge in zip("xyz", ("11.24", "11.24", "28"), strict=True):
        page.locator(f".vx-voxel-{axis} input").fill(edge)
    page.locator("button:text-is('Import'):visible").click()
    page.wait_for_selector(".vxs-figure[data-shown]:visible", timeout=90_000)
    document = json.loads((cluster / "datasource-properties.json").read_text(encoding="utf-8"))
    assert document["scale"]["factor"] == [11.24, 11.24, 28]

    cluster.rename(cluster.with_name("moved"))
    page.get_by_role("button", name="Refresh").click()
    page.wait_for_selector(".vx-root >> text=The symbolic link leads nowhere >> visible=true")


def test_edit_view_decides_over_the_json_and_a_person_over_both(
    notebook: Any, tmp_path: Path, tissue: Path, py: Callable[[str], str]
) -> None:
    folder = tmp_path / "data" / "lab" / "brain"
    shutil.copytree(tissue, folder)
    path = folder / "datasource-properties.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["defaultViewConfiguration"] = {"position": [100, 90, 5], "zoom": 2, "interpolation": True}
    path.write_text(json.dumps(document), encoding="utf-8")
    page = show(
        notebook,
        tmp_path / "data",
        "store.update_view_configuration('lab/brain', {'position': [60, 50, 9]}, level='dataset')",
        "store.update_view_configuration('lab/brain', {'zoom': 0.5}, level='user')",
    )
    page.locator(GRID).click(position=FIRST_ROW)
    page.wait_for_selector(".vxs-figure[data-shown='XY 9']", timeout=90_000)
    looks = "[tuple(map(int, v.position)), v.zoom, v.interpolation, v.segmentation_pattern_opacity]"
    # Edit View's position, the person's zoom, the file's smoothing, and a sensible default for what nobody set.
    assert py(f"v = manager.viewer; print({looks})") == "[(60, 50, 9), 0.5, True, 40.0]"
