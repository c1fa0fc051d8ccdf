"""The table of datasets on screen: pictures, filters, columns, several at once, the keyboard, narrow and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

GRID = ".lm-DataGrid"
TABLE = ".vx-root:has(.lm-DataGrid)"
ROW_HEIGHT = 54
FIRST_ROW = 26 + ROW_HEIGHT // 2
BOX, PICTURE, NAME, STATUS = 20, 75, 160, 340  # where the columns are, in pixels
NAME_FUNNEL = 46 + 58 + 200 - 9
HEADER = 13
SPREAD = """
([x, y]) => {
  const canvas = document.querySelector('.lm-DataGrid canvas'), scale = canvas.width / canvas.clientWidth
  const {data} = canvas.getContext('2d').getImageData((x - 15) * scale, (y - 15) * scale, 30 * scale, 30 * scale)
  const greys = [...data].filter((_, index) => index % 4 === 0)
  const mean = greys.reduce((sum, grey) => sum + grey, 0) / greys.length
  return Math.sqrt(greys.reduce((sum, grey) => sum + (grey - mean) ** 2, 0) / greys.length)
}
"""


@pytest.fixture
def table(notebook: Any, shelf: Path) -> Page:
    page: Page = notebook(
        f"import voxshelf as vx\nstore = vx.open_store({str(shelf)!r})\nstore.refresh()\n"
        "store.update_details('lab/mouse_retina', tags=['em', 'retina'], folder='Retina')\n"
        "store.update_details('lab/mouse_cortex_2026', tags=['em', 'cortex'], folder='Cortex/2026')\n"
        "store.update_details('lab/striatum', tags=['em'], folder='Cortex')\n"
        "table = vx.DatasetTable(store)\ntable",
        ready="text=7 datasets",
    )
    page.wait_for_selector(GRID)
    return page


def click(page: Page, column: int, row: int, *modifiers: Any) -> None:
    """Click a cell: the grid is a canvas, whose rows are found by where they are painted."""
    position = {"x": column, "y": FIRST_ROW + ROW_HEIGHT * row}
    page.locator(GRID).click(position=position, modifiers=list(modifiers))


def wait_for_picture(page: Page, row: int) -> None:
    y = FIRST_ROW + ROW_HEIGHT * row
    page.wait_for_function(f"place => ({SPREAD})(place) > 20", arg=[PICTURE, y])


def press(page: Page, name: str) -> None:
    page.locator(f".vx-root button:text-is('{name}'):visible").click()


def wait_in_kernel(py: Callable[[str], str], condition: str) -> None:
    said = py(
        f"import time\nend = time.time() + 10\nwhile not ({condition}) and time.time() < end: time.sleep(0.01)\n"
        f"print(bool({condition}))"
    )
    assert said == "True", condition


def test_rows_have_pictures_and_say_what_is_wrong(
    table: Page, py: Callable[[str], str], photograph: Callable[..., Path]
) -> None:
    for row in range(1, 5):
        wait_for_picture(table, row)
    statuses = py("print(*table._grid.widget._data['data']['Status'], sep='|')").split("|")
    assert statuses[0] == "not imported yet › Import"
    assert statuses[-2].startswith("broken: Line ")
    assert statuses[1] == "ready"
    photograph("table-datasets", TABLE)


def test_filters_narrow_the_list_and_say_so(
    table: Page, py: Callable[[str], str], photograph: Callable[..., Path]
) -> None:
    table.locator(".vx-root button:has-text('Filter')").click()
    table.locator("select:has-text('Any folder')").select_option(label="Cortex")
    table.wait_for_selector("text=2 datasets")
    table.get_by_placeholder("Tag …").fill("cortex")
    table.get_by_placeholder("Tag …").press("Enter")
    table.wait_for_selector("text=1 dataset")
    table.wait_for_selector("button:has-text('Filter (2)')")
    photograph("table-filters", TABLE)
    press(table, "Clear")
    table.wait_for_selector("text=7 datasets")
    table.locator("select:has-text('Any status')").select_option(label="Broken")
    table.wait_for_selector("text=1 dataset")
    assert py("print(*[record.key for record in table.state.rows])") == "lab/torn"


COUNT_PAINTS = """
() => {
  const find = widget => widget.grid?.viewport ? [widget.grid]
    : [...(widget.widgets ?? []), ...(widget.layout ?? [])].flatMap(find)
  const grid = find(window.nb)[0], draw = grid._drawVoidRegion
  window.painted = 0
  grid._drawVoidRegion = (...region) => { window.painted += 1; draw.apply(grid, region) }
}
"""


def test_a_page_of_boxes_is_painted_at_once(table: Page, py: Callable[[str], str]) -> None:
    for row in range(1, 5):
        wait_for_picture(table, row)
    table.evaluate(COUNT_PAINTS)
    table.locator(GRID).click(position={"x": BOX, "y": HEADER})
    table.wait_for_selector("text=7 checked")
    wait_in_kernel(py, "len(table.checked) == 7")
    table.wait_for_function("() => window.painted > 0")
    table.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    # Once for the click, once for the boxes; ipydatagrid alone paints once per box at least.
    assert table.evaluate("() => window.painted") < 7


def test_a_table_that_finds_nothing_stays_as_high_as_it_was(table: Page) -> None:
    below = table.locator(".vx-root button:text-is('Uncheck all')").locator("xpath=..")
    before = below.bounding_box()
    table.get_by_placeholder("Search name").fill("nothing of the kind")
    table.wait_for_selector("text=Nothing found")
    assert below.bounding_box()["y"] == pytest.approx(before["y"], abs=2)
    table.get_by_placeholder("Search name").fill("")
    table.wait_for_selector("text=7 datasets")
    assert below.bounding_box()["y"] == pytest.approx(before["y"], abs=2)
    wait_for_picture(table, 1)


def test_rows_that_come_while_the_table_is_hidden_are_there_when_it_is_shown(
    table: Page, py: Callable[[str], str]
) -> None:
    wait_for_picture(table, 1)
    assert table.evaluate(f"({SPREAD})([{PICTURE}, {FIRST_ROW}])") < 20
    py("table.layout.display = 'none'; table.state.search = 'striatum'; table.state.wait()")
    table.wait_for_selector("text=1 dataset", state="attached")
    table.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    py("table.layout.display = None")
    wait_for_picture(table, 0)


def test_the_menu_of_a_header_sorts_all_pages_and_hides_no_rows(
    table: Page, py: Callable[[str], str]
) -> None:
    table.locator(GRID).click(position={"x": NAME_FUNNEL, "y": HEADER + 4})
    table.wait_for_selector(".ipydatagrid-context-menu >> text=Sort Descending")
    offered = table.locator(".ipydatagrid-context-menu .lm-Menu-itemLabel").all_inner_texts()
    assert [text for text in offered if text] == ["Sort Ascending", "Sort Descending"]
    table.locator(".ipydatagrid-context-menu >> text=Sort Descending").click()
    wait_in_kernel(py, "table.state.descending and table.state.rows[0].name == 'zebrafish_hindbrain'")


def test_columns_come_and_go(table: Page, py: Callable[[str], str]) -> None:
    table.locator(".vx-root button:has-text('Columns')").click()
    table.get_by_label("Tags", exact=True).uncheck()
    table.get_by_label("Visibility", exact=True).check()
    wait_in_kernel(py, "'visibility' in table.state.columns and 'tags' not in table.state.columns")
    wait_in_kernel(py, "'Visibility' in table._grid.widget._data['data']")


def test_several_are_tagged_deleted_and_brought_back(
    table: Page, py: Callable[[str], str], photograph: Callable[..., Path]
) -> None:
    click(table, BOX, 1)
    click(table, BOX, 3)
    table.wait_for_selector("text=2 checked")
    assert py("print(table.selected)") == "None"
    press(table, "Tag")
    table.get_by_placeholder("Tags to add").fill("mouse, 2026")
    press(table, "Apply")
    table.wait_for_selector("text=Tagged 2 datasets.")
    table.wait_for_selector(".vx-python:has-text('store.update_details(key, tags=')")
    assert py("print(*store.record('lab/hippocampus_ca1').tags)") == "2026 mouse"

    press(table, "Delete")
    table.wait_for_selector("text=to the trash? They can be restored")
    photograph("table-bulk", TABLE)
    press(table, "Move to the trash")
    table.wait_for_selector("text=5 datasets")
    press(table, "Undo")
    table.wait_for_selector("text=7 datasets")


def test_the_keyboard_walks_through_rows_and_checks_them(table: Page, py: Callable[[str], str]) -> None:
    click(table, NAME, 1)
    wait_in_kernel(py, "table.selected == 'lab/hippocampus_ca1'")
    table.keyboard.press("ArrowDown")
    wait_in_kernel(py, "table.selected == 'lab/mouse_cortex_2026'")
    table.keyboard.press("Shift+ArrowDown")
    table.wait_for_selector("text=2 checked")
    wait_in_kernel(py, "table.checked == ('lab/mouse_cortex_2026', 'lab/mouse_retina')")


def test_one_click_in_a_row_opens_its_import(table: Page) -> None:
    click(table, STATUS, 0)
    table.wait_for_selector("text=Needs you")
    table.wait_for_selector(".vx-key:has-text('lab/fresh_from_the_microscope')")


def test_it_fits_480_pixels_in_the_dark(
    table: Page,
    in_theme: Callable[[str], None],
    cut_off: Callable[[str], list[str]],
    photograph: Callable[..., Path],
) -> None:
    in_theme("JupyterLab Dark")
    table.set_viewport_size({"width": 600, "height": 900})
    click(table, BOX, 1)
    click(table, NAME, 1)
    table.wait_for_selector("text=1 checked")
    table.locator(".vx-root button:has-text('Filter')").click()
    press(table, "Share")
    assert table.locator(TABLE).first.bounding_box()["width"] <= 490
    assert cut_off(TABLE) == []
    wait_for_picture(table, 2)
    photograph("table-narrow-dark", TABLE)
