"""An open viewer in JupyterLab follows what another process does with its dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

SHOWN = ".vxs-figure[data-sharp=yes]"
ELSEWHERE = """
import subprocess, sys
code = '''from voxshelf.store import LocalDatasetStore
store = LocalDatasetStore({root!r}, user="ada")
{line}'''
subprocess.run([sys.executable, "-c", code], check=True)
"""


@pytest.fixture
def root(tmp_path: Path, written: Any) -> Path:
    lab = tmp_path / "shelf" / "lab"
    lab.mkdir(parents=True)
    (lab / "tissue").symlink_to(written.path)
    return tmp_path / "shelf"


@pytest.fixture
def viewer(notebook: Any, root: Path) -> Page:
    setup = f"import voxshelf as vx\nstore = vx.open_store({str(root)!r})\nstore.refresh()"
    page: Page = notebook(setup, "viewer = vx.SliceViewer(store['lab/tissue'])\nviewer", ready=SHOWN)
    return page


@pytest.fixture
def elsewhere(py: Callable[[str], str], root: Path) -> Callable[[str], None]:
    """Runs a line of Python in another process."""

    def run(line: str) -> None:
        assert py(ELSEWHERE.format(root=str(root), line=line)) == ""

    return run


def test_a_new_default_is_painted_and_moves_nobody(
    viewer: Page, elsewhere: Callable[[str], None], pixels: Any, py: Callable[[str], str], at: Any
) -> None:
    viewer.locator(".vxs-slot-0").press("f")
    at("XY 33")
    assert (pixels()[..., 0] == pixels()[..., 1]).mean() < 1  # segments are coloured
    elsewhere(
        "store.update_view_configuration('lab/tissue', {'position': [1, 2, 3], 'layers': "
        "{'segmentation': {'isDisabled': True}, 'color': {'color': [255, 0, 0]}}})"
    )
    viewer.wait_for_function(
        """() => {
            const canvas = document.querySelector('.vxs-slot-0 .vxs-canvas')
            const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
            let others = 0, red = 0
            for (let i = 0; i < data.length; i += 4) { red += data[i]; others += data[i + 1] + data[i + 2] }
            return red > 0 && others === 0
        }"""
    )
    at("XY 33")
    assert py("print(viewer.edits, viewer.layers['segmentation'].visible)").endswith(" False")


def test_what_one_drags_wins_over_a_new_default(
    viewer: Page,
    elsewhere: Callable[[str], None],
    eventually: Callable[[str], None],
    py: Callable[[str], str],
) -> None:
    slider = viewer.locator(".vxs-layer:has-text('color') .noUi-handle").first
    slider.focus()
    slider.press("ArrowLeft")
    eventually("viewer.layers['color'].alpha == 99.0")
    elsewhere(
        "store.update_view_configuration('lab/tissue', {'interpolation': True, 'layers': {'color': {'alpha': 5}}})"
    )
    eventually("viewer.interpolation")
    assert py("print(viewer.layers['color'].alpha)") == "99.0"
    eventually("store.view_levels('lab/tissue').user.get('layers') == {'color': {'alpha': 99}}")


def test_a_voxel_size_changed_elsewhere_is_told_and_shown(
    viewer: Page,
    elsewhere: Callable[[str], None],
    at: Any,
    in_theme: Callable[[str], None],
    photograph: Callable[..., Path],
    eventually: Callable[[str], None],
) -> None:
    viewer.locator(".vxs-slot-0").press("f")
    at("XY 33")
    elsewhere(
        "store.update_data_source('lab/tissue', store.data_source('lab/tissue').with_voxel_size((5, 5, 50)))"
    )
    viewer.wait_for_selector(".vxs-news:has-text('The dataset has changed; taken over: voxel size.')")
    at("XY 33")
    eventually("viewer.driver.source['voxelSize'] == [5.0, 5.0, 50.0]")
    photograph("viewer-news", ".vx-slice-viewer")
    in_theme("JupyterLab Dark")
    viewer.set_viewport_size({"width": 600, "height": 1300})
    at("XY 33")
    photograph("viewer-news-dark", ".vx-slice-viewer")
    viewer.locator(".vxs-news button").click()
    viewer.wait_for_selector(".vxs-news", state="hidden")
    viewer.locator(".vxs-slot-0").press("f")
    at("XY 34")


def test_one_goes_back_to_the_default(
    viewer: Page, at: Any, eventually: Callable[[str], None], elsewhere: Callable[[str], None]
) -> None:
    elsewhere("store.update_view_configuration('lab/tissue', {'position': [80, 64, 10], 'zoom': 0.5})")
    viewer.locator(".vxs-slot-0").press("f")
    at("XY 33")
    viewer.get_by_role("button", name="Go to default").click()
    at("XY 10")
    eventually("store.view_levels('lab/tissue').user == {}")
