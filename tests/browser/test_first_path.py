"""From a folder on disk to a picture in JupyterLab: what a person does first, asserted on what she sees."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import wkw
from PIL import Image

from voxshelf.intake.samples import make_tissue_sample

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

SIZE = (128, 96, 32)
GRID = ".lm-DataGrid"
ROW_MIDDLE = 26 + 27
IN_NAME_COLUMN = 120


def _write_layer(folder: Path, voxels: np.ndarray) -> None:
    with wkw.Dataset.create(str(folder), wkw.Header(voxels.dtype.type, block_len=32, file_len=1)) as dataset:
        dataset.write((0, 0, 0), np.asfortranarray(voxels))


def _write_dataset(folder: Path) -> None:
    """Left dark and right bright in even sections, the other way round in odd ones; two segments in the upper half."""
    x, y, z = np.ogrid[: SIZE[0], : SIZE[1], : SIZE[2]]
    bright = ((x >= SIZE[0] // 2) ^ (z % 2 == 1)) & (y >= 0)
    _write_layer(folder / "color" / "1", np.where(bright, 250, 5).astype(np.uint8))
    ids = np.where(y < SIZE[1] // 2, 1000 + x // 64, 0) + 0 * z
    _write_layer(folder / "segmentation" / "1", ids.astype(np.uint32))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    _write_dataset(tmp_path / "lab" / "brain")
    return tmp_path


@pytest.fixture
def manager(notebook: Any, root: Path) -> Page:
    page: Page = notebook(
        f"import voxshelf as vx\nstore = vx.open_store({str(root)!r})\nmanager = vx.show(store)\nmanager",
        ready=GRID,
    )
    return page


@pytest.fixture
def form(manager: Page) -> Page:
    """The import form of the only dataset."""
    choose_row(manager)
    manager.wait_for_selector("text=Needs you")
    return manager


def refresh(page: Page, said: str) -> None:
    page.get_by_role("button", name="Refresh").click()
    page.wait_for_selector(f".vx-message:has-text('{said}')")


def choose_row(page: Page, row: int = 0) -> None:
    page.wait_for_selector(GRID)
    # The grid is a canvas: rows are found by where they are painted.
    page.locator(GRID).click(position={"x": IN_NAME_COLUMN, "y": ROW_MIDDLE + 54 * row})


def gray_at(page: Page, across: float, down: float) -> list[int]:
    """The picture's colour at a place given as fractions of its width and height."""
    color: list[int] = page.evaluate(
        """([across, down]) => {
            const canvas = document.querySelector('.vxs-canvas')
            const x = Math.floor(across * canvas.width), y = Math.floor(down * canvas.height)
            return [...canvas.getContext('2d').getImageData(x, y, 1, 1).data].slice(0, 3)
        }""",
        [across, down],
    )
    return color


def fill_voxel_size(page: Page, *edges: str) -> None:
    for axis, edge in zip("xyz", edges, strict=True):
        page.locator(f".vx-voxel-{axis} input").fill(edge)


def import_button(page: Page) -> Any:
    return page.locator("button:text-is('Import'):visible")


def test_a_folder_is_found_imported_and_its_slices_are_scrolled_through(
    manager: Page, root: Path, py: Callable[[str], str]
) -> None:
    manager.wait_for_selector(".vx-message:has-text('1 new')")
    choose_row(manager)
    manager.wait_for_selector("text=Needs you")
    boxes = manager.locator("input[placeholder^='x, y, z']")
    assert [boxes.nth(index).input_value() for index in range(2)] == ["0, 0, 0, 128, 96, 32"] * 2
    assert import_button(manager).is_disabled()

    fill_voxel_size(manager, "11,24", "11.24", "28")
    import_button(manager).click()
    manager.wait_for_selector(".vxs-figure[data-shown='XY 16']")
    document = json.loads((root / "lab/brain/datasource-properties.json").read_text(encoding="utf-8"))
    assert document["scale"]["factor"] == [11.24, 11.24, 28]
    assert py("print(manager.selected, manager.selected_record.status)") == "lab/brain ready"

    # Below there is no segment: pure grey. Above, the segments' colours lie on top.
    left, right = gray_at(manager, 0.25, 0.75), gray_at(manager, 0.75, 0.75)
    assert max(left) < 60
    assert min(right) > 200
    assert len(set(gray_at(manager, 0.25, 0.25))) > 1

    manager.locator(".vxs-figure").focus()
    manager.keyboard.press("f")
    manager.wait_for_selector(".vxs-figure[data-shown='XY 17']")
    left, right = gray_at(manager, 0.25, 0.75), gray_at(manager, 0.75, 0.75)
    assert min(left) > 200
    assert max(right) < 60


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """A store's root with datasets that are ready, and tissue as the `wkw` package leaves it: nothing but voxels."""
    sample = make_tissue_sample(tmp_path / "sample", size=(512, 512, 64))
    lab = tmp_path / "collection" / "lab"
    for name in ("color", "segmentation"):
        _write_layer(lab / "mouse_cortex" / name / "1", sample[name][...])
    for name in ("hippocampus_ca1", "retina_sbem", "striatum"):
        (lab / name).symlink_to(tmp_path / "sample")
    return lab.parent


def test_tissue_is_imported_and_seen_with_its_segments(
    notebook: Any, collection: Path, photograph: Callable[..., Path]
) -> None:
    page: Page = notebook(
        f"import voxshelf as vx\nstore = vx.open_store({str(collection)!r})\nstore.refresh()\n"
        "store.update_details('lab/hippocampus_ca1', tags=['em', 'hippocampus'], folder='Atlas')\n"
        "store.update_details('lab/retina_sbem', tags=['em', 'retina'], folder='Retina/2026')\n"
        "manager = vx.show(store)\nmanager",
        ready="text=4 datasets",
    )
    page.set_viewport_size({"width": 1280, "height": 1500})
    choose_row(page, 1)
    page.wait_for_selector("text=Needs you")
    fill_voxel_size(page, "11.24", "11.24", "28")
    import_button(page).click()
    page.wait_for_selector(".vxs-figure[data-shown='XY 32']")
    page.locator(".vxs-figure").focus()
    page.keyboard.press("f")
    page.wait_for_selector(".vxs-figure[data-shown='XY 33']")
    page.keyboard.press("Tab")  # away from the figure, whose frame says that it has the keyboard
    picture = photograph("first-path", ".vx-root:has(.vx-manager)", until=".vx-slice-viewer")
    colors = np.asarray(Image.open(picture).convert("RGB").resize((160, 160))).reshape(-1, 3).astype(int)
    is_colored = np.ptp(colors, axis=1) > 24
    assert is_colored.mean() > 0.05, "no segments lie on top"
    assert len(np.unique(colors[is_colored], axis=0)) > 50, "what lies on top has no texture"


def test_a_wrong_value_is_said_at_its_field_and_survives_the_json(form: Page) -> None:
    fill_voxel_size(form, "11.24", "zero", "")
    form.wait_for_selector("text=y is not a number (zero), z is missing.")
    assert import_button(form).is_disabled()

    form.get_by_role("button", name="Advanced").click()
    form.wait_for_function(
        "() => document.querySelector('.vx-json textarea').value.includes('\"scale\": null')"
    )
    editor = form.locator(".vx-json textarea")
    text = editor.input_value()
    editor.fill(text[:-3])
    form.wait_for_selector("text=this is not JSON")
    assert form.get_by_role("button", name="Simple").is_disabled()
    editor.fill(text.replace('"scale": null', '"scale": [1, 2, 3]'))
    form.wait_for_selector("button:has-text('Simple'):not([disabled])")
    form.get_by_role("button", name="Simple").click()
    form.wait_for_function("() => document.querySelector('.vx-voxel-y input').value === '2'")
    form.wait_for_selector("button:text-is('Import'):not([disabled]):visible")


def test_compute_finds_the_largest_segment_id(form: Page) -> None:
    form.locator("button:has-text('Compute'):visible").click()
    field = form.locator("input[placeholder='unknown']:visible")
    form.wait_for_function(
        "() => [...document.querySelectorAll(\"input[placeholder='unknown']\")].some(i => i.value === '1001')"
    )
    assert field.input_value() == "1001"


def test_the_table_follows_changes_made_elsewhere_and_keeps_the_choice(
    manager: Page, root: Path, py: Callable[[str], str]
) -> None:
    choose_row(manager)
    manager.wait_for_selector("text=Needs you")
    _write_dataset(root / "lab" / "another")
    # Another process of the same person: her own script.
    py(
        "import subprocess, sys\n"
        f'code = "import voxshelf as vx; vx.open_store({str(root)!r}).refresh()"\n'
        "subprocess.run([sys.executable, '-c', code], check=True)"
    )
    manager.wait_for_selector("text=2 datasets")
    assert py("print(manager.selected)") == "lab/brain"
    py("import time\nwhile [m['r1'] for m in manager.table._grid.widget.selections] != [1]: time.sleep(0.01)")


def test_searching_as_one_types_narrows_the_table_and_an_empty_result_says_so(
    manager: Page, root: Path
) -> None:
    for name in ("retina", "cortex"):
        _write_dataset(root / "lab" / name)
    manager.wait_for_selector("text=3 datasets")  # waiting is enough
    refresh(manager, "nothing new, 3 unchanged")
    search = manager.get_by_placeholder("Search name")
    search.press_sequentially("ret")
    manager.wait_for_selector("text=1 dataset")
    search.press_sequentially("xyz")
    manager.wait_for_selector("text=Nothing found")
    search.fill("")
    manager.wait_for_selector("text=3 datasets")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_the_manager_fits_a_narrow_cell_in_both_themes(manager: Page, theme: str) -> None:
    manager.evaluate(
        f"() => window.jupyterapp.commands.execute('apputils:change-theme', {{theme: '{theme}'}})"
    )
    try:
        manager.set_viewport_size({"width": 600, "height": 900})
        choose_row(manager)
        manager.wait_for_selector("text=Needs you")
        overflow = manager.evaluate(
            """() => {
                const root = document.querySelector('.vx-manager').parentElement
                const wide = root.getBoundingClientRect().right + 1
                return [...root.querySelectorAll('.vx-field, .vx-bar, .vx-panel, .vx-message, button')]
                    .filter(node => node.offsetParent && node.getBoundingClientRect().right > wide).length
            }"""
        )
        assert overflow == 0
    finally:
        manager.evaluate(
            "() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'})"
        )
