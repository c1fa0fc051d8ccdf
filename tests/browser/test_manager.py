"""The whole store on one page: folders, details, editing, deleting, sections; faults; narrow and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

GRID = ".lm-DataGrid"
MANAGER = ".vx-root:has(.vx-manager)"
ROW_HEIGHT = 54
FIRST_ROW = 26 + ROW_HEIGHT // 2
NAME = 160


@pytest.fixture
def manager(notebook: Any, shelf: Path) -> Page:
    page: Page = notebook(
        f"import voxshelf as vx\nstore = vx.open_store({str(shelf)!r})\nstore.refresh()\n"
        "store.update_details('lab/mouse_retina', tags=['em', 'retina'], folder='Retina')\n"
        "store.update_details('lab/mouse_cortex_2026', tags=['em', 'cortex'], folder='Cortex/2026')\n"
        "store.update_details('lab/striatum', tags=['em'], folder='Cortex')\n"
        "manager = vx.show(store)\nmanager",
        ready="text=7 datasets",
    )
    page.wait_for_selector(GRID)
    return page


def choose(page: Page, row: int) -> None:
    page.locator(GRID).click(position={"x": NAME, "y": FIRST_ROW + ROW_HEIGHT * row})


def press(page: Page, name: str) -> None:
    page.locator(f".vx-root button:text-is('{name}'):visible").last.click()


def wait_for_slice(page: Page) -> None:
    # The first slice of all may wait for kernels that are compiled once per installation.
    page.wait_for_selector(".vxs-figure[data-shown]:visible", timeout=90_000)


def test_folders_and_tags_narrow_the_table(manager: Page, photograph: Callable[..., Path]) -> None:
    manager.set_viewport_size({"width": 1280, "height": 1900})
    press(manager, "Cortex")
    manager.wait_for_selector("text=2 datasets")
    press(manager, "cortex")
    manager.wait_for_selector("text=1 dataset")
    press(manager, "cortex")
    press(manager, "All datasets")
    manager.wait_for_selector("text=7 datasets")
    choose(manager, 2)
    wait_for_slice(manager)
    manager.wait_for_selector(".vx-facts:has-text('Voxel size'):visible")
    photograph("manager-datasets", MANAGER, until=".vx-facts:visible")


def test_the_editor_opens_and_the_viewer_comes_back(manager: Page, photograph: Callable[..., Path]) -> None:
    manager.set_viewport_size({"width": 1280, "height": 900})
    choose(manager, 2)
    wait_for_slice(manager)
    manager.locator(".vx-details-mode:has-text('Edit')").click()
    manager.wait_for_selector(".vx-edit-tabs:visible")
    manager.locator(".vx-voxel-x input:visible").wait_for()
    photograph("manager-edit")
    manager.locator(".vx-details-mode:has-text('View')").click()
    wait_for_slice(manager)
    assert not manager.locator(".vx-edit-tabs").is_visible()


def test_a_deleted_dataset_lies_in_the_trash_and_comes_back(
    manager: Page, py: Callable[[str], str], photograph: Callable[..., Path]
) -> None:
    choose(manager, 2)
    manager.wait_for_selector(".vx-title:has-text('mouse_cortex_2026')")
    manager.locator("button:has-text('Delete …'):visible").click()
    manager.wait_for_selector("code:text-is('store.delete(\"lab/mouse_cortex_2026\")'):visible")
    press(manager, "Move to the trash")
    manager.wait_for_selector("text=6 datasets")
    press(manager, "Trash")
    manager.wait_for_selector("b:text-is('lab/mouse_cortex_2026'):visible")
    photograph("manager-trash", MANAGER)
    press(manager, "Restore")
    manager.wait_for_selector("text=7 datasets")
    assert py("print(manager.selected)") == "lab/mouse_cortex_2026"


@pytest.mark.parametrize(
    ("section", "shows"),
    [("Upload", "Drop ZIP files here"), ("Samples", "Brain tissue"), ("Gallery", "No public datasets yet")],
)
def test_the_other_sections_open(manager: Page, section: str, shows: str) -> None:
    press(manager, section)
    manager.wait_for_selector(f".vx-root >> text={shows} >> visible=true")
    manager.wait_for_selector(GRID, state="hidden")
    press(manager, "Datasets")
    manager.wait_for_selector(f"{GRID} >> visible=true")


def test_a_folder_that_is_gone_is_said_and_comes_back_without_a_reload(manager: Page, shelf: Path) -> None:
    away = shelf.with_name("away")
    (shelf / "lab").rename(away)
    manager.wait_for_selector(".vx-error:has-text('gone') >> visible=true")
    away.rename(shelf / "lab")
    manager.wait_for_selector(".vx-message:has-text('The disk is there again') >> visible=true")
    press(manager, "Refresh")
    manager.wait_for_selector(".vx-message:has-text('Looked at the disk') >> visible=true")
    choose(manager, 2)
    wait_for_slice(manager)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_it_fits_480_pixels(
    manager: Page,
    theme: str,
    in_theme: Callable[[str], None],
    cut_off: Callable[[str], list[str]],
    photograph: Callable[..., Path],
) -> None:
    in_theme(theme)
    manager.set_viewport_size({"width": 600, "height": 1300})
    choose(manager, 2)
    wait_for_slice(manager)
    assert manager.locator(MANAGER).first.bounding_box()["width"] <= 490
    assert not manager.locator(".vx-manager-side").is_visible()
    manager.locator(".vx-sections .fa-bars").click()
    manager.wait_for_selector(".vx-manager-side >> visible=true")
    assert cut_off(MANAGER) == []
    if theme.endswith("Dark"):
        photograph("manager-narrow-dark")


def in_frame(page: Page, selector: str) -> bool:
    """Whether the upper edge of a part of the page can be seen, and does not begin at the very end of what can."""
    seen: bool = page.evaluate(
        """selector => {
            const part = [...document.querySelectorAll(selector)].find(node => node.offsetParent)
            const frame = document.querySelector('.jp-WindowedPanel-outer').getBoundingClientRect()
            const top = part.getBoundingClientRect().top
            return top >= frame.top - 1 && top <= frame.top + frame.height * 0.6
        }""",
        selector,
    )
    return seen


def wait_in_frame(page: Page, selector: str) -> None:
    page.wait_for_function(
        """selector => {
            const part = [...document.querySelectorAll(selector)].find(node => node.offsetParent)
            const frame = document.querySelector('.jp-WindowedPanel-outer').getBoundingClientRect()
            const top = part?.getBoundingClientRect().top
            return top >= frame.top - 1 && top <= frame.top + frame.height * 0.6
        }""",
        arg=selector,
    )


def test_what_is_chosen_comes_into_view_below_the_table_and_the_table_again(manager: Page) -> None:
    manager.set_viewport_size({"width": 1000, "height": 900})
    manager.locator(GRID).scroll_into_view_if_needed()
    assert not in_frame(manager, ".vx-manager-details")
    choose(manager, 2)
    wait_in_frame(manager, ".vx-manager-details")
    wait_for_slice(manager)
    assert in_frame(manager, ".vx-manager-details")
    manager.locator(".vx-back:visible").click()
    wait_in_frame(manager, ".vx-sections")


def test_what_a_program_chooses_moves_nobodys_page(manager: Page, py: Callable[[str], str]) -> None:
    manager.set_viewport_size({"width": 1000, "height": 900})
    manager.locator(GRID).scroll_into_view_if_needed()
    py("manager.selected = 'lab/striatum'")
    wait_for_slice(manager)
    assert not in_frame(manager, ".vx-manager-details")


def test_after_an_import_its_outcome_is_in_view(manager: Page) -> None:
    manager.set_viewport_size({"width": 1000, "height": 900})
    manager.locator(GRID).scroll_into_view_if_needed()
    choose(manager, 0)
    wait_in_frame(manager, ".vx-manager-details")
    for axis, edge in zip("xyz", ("11.24", "11.24", "28"), strict=True):
        manager.locator(f".vx-voxel-{axis} input").fill(edge)
    manager.locator("button:text-is('Import'):not([disabled])").click()
    manager.wait_for_selector(".vx-success:has-text('has been imported') >> visible=true")
    wait_in_frame(manager, ".vx-manager-details .vx-success")
    wait_for_slice(manager)
    wait_in_frame(manager, ".vx-manager-details .vx-success")


def test_on_a_wide_page_the_details_stand_at_the_right(manager: Page) -> None:
    manager.set_viewport_size({"width": 1400, "height": 900})
    choose(manager, 2)
    wait_for_slice(manager)
    table = manager.locator(".vx-manager-table").bounding_box()
    details = manager.locator(".vx-manager-details").bounding_box()
    assert details["x"] >= table["x"] + table["width"]
    assert abs(details["y"] - table["y"]) < 10
    assert not manager.locator(".vx-back").is_visible()


def test_delete_stands_apart_from_import(manager: Page) -> None:
    choose(manager, 0)
    imports = manager.locator("button:text-is('Import'):visible")
    imports.wait_for()
    delete = manager.locator("button:has-text('Delete …'):visible")
    assert delete.bounding_box()["y"] > imports.bounding_box()["y"] + 30
    delete.click()
    manager.wait_for_selector("code:text-is('store.delete(\"lab/fresh_from_the_microscope\")'):visible")
