"""Filters, columns, bulk actions on screen: they follow the state, and the state follows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pytest

from voxshelf.model import Category, DatasetStatus
from voxshelf.widgets.dataset_table import DatasetTable, DatasetTableState
from voxshelf.widgets.dataset_table.bulk_panels import DeletePanel, MovePanel, SharePanel, TagPanel
from voxshelf.widgets.dataset_table.column_panel import ColumnPanel
from voxshelf.widgets.dataset_table.filter_panel import FilterPanel
from voxshelf.widgets.theme import PythonLine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def table(store: Any, at_once: Any) -> Iterator[DatasetTable]:
    table = DatasetTable(store, state=DatasetTableState(store, aside=at_once))
    yield table
    table.close()


_OPENED_BY: dict[type, str] = {FilterPanel: "Filter", ColumnPanel: "Columns"}


@pytest.fixture
def panel(table: DatasetTable, parts: Callable[..., list[Any]]) -> Callable[[type], Any]:
    """A panel, opened as a person does it."""

    def opened(kind: type) -> Any:
        if kind in _OPENED_BY:
            toggles = parts(table, widgets.ToggleButton)
            next(b for b in toggles if b.description.startswith(_OPENED_BY[kind])).value = True
        else:
            parts(table, widgets.ToggleButtons)[0].value = kind.__name__.removesuffix("Panel")
        (found,) = parts(table, kind)
        return found

    return opened


@pytest.fixture
def part(panel: Callable[[type], Any], parts: Callable[..., list[Any]]) -> Callable[..., Any]:
    """The first widget of a kind (and with a description) in a panel of the table."""

    def find(room: type, kind: type, description: str = "") -> Any:
        place = panel(room)
        return next(w for w in parts(place, kind) if description in (w.description, ""))

    return find


@pytest.fixture
def press(table: DatasetTable, parts: Callable[..., list[Any]]) -> Callable[[str], None]:
    def click(description: str) -> None:
        next(b for b in parts(table, widgets.Button) if b.description == description).click()

    return click


@pytest.mark.parametrize("kind", [FilterPanel, ColumnPanel])
def test_panels_open_from_the_bar_and_close(
    table: DatasetTable, parts: Callable[..., list[Any]], kind: type
) -> None:
    toggle = next(b for b in parts(table, widgets.ToggleButton) if b.description == _OPENED_BY[kind])
    assert parts(table, kind) == []
    toggle.value = True
    (panel,) = parts(table, kind)
    assert panel.layout.display is None
    toggle.value = False
    assert panel.layout.display == "none"
    toggle.value = True
    assert (parts(table, kind), panel.layout.display) == ([panel], None)


def test_a_panel_that_opens_late_shows_what_narrows_already(
    table: DatasetTable, panel: Callable[[type], Any], parts: Callable[..., list[Any]]
) -> None:
    table.state.status, table.state.tags = DatasetStatus.READY, ("em",)
    filters = panel(FilterPanel)
    assert parts(filters, widgets.Dropdown)[0].value == "ready"
    assert any(button.description == "em ×" for button in parts(filters, widgets.Button))


def test_one_action_on_several_is_open_at_a_time(
    table: DatasetTable, panel: Callable[[type], Any], press: Callable[[str], None]
) -> None:
    table.checked = ("lab/brain",)
    tags, move = panel(TagPanel), panel(MovePanel)
    assert (tags.layout.display, move.layout.display) == ("none", None)
    press("Close")
    assert (tags.layout.display, move.layout.display) == ("none", "none")


def test_the_filter_button_counts_what_narrows(table: DatasetTable, parts: Callable[..., list[Any]]) -> None:
    button = parts(table, widgets.ToggleButton)[0]
    table.state.status, table.state.tags = DatasetStatus.READY, ("em",)
    assert (button.description, button.button_style) == ("Filter (2)", "primary")


def test_choices_filter(
    table: DatasetTable, panel: Callable[[type], Any], parts: Callable[..., list[Any]]
) -> None:
    status, folder, kind = parts(panel(FilterPanel), widgets.Dropdown)
    status.value, folder.value, kind.value = "ready", "Cortex/2026", "segmentation"
    state = table.state
    assert (state.status, state.folder, state.category) == (
        DatasetStatus.READY,
        "Cortex/2026",
        Category.SEGMENTATION,
    )
    state.clear()
    assert (status.value, folder.value, kind.value) == ("", "", "")


def test_clear_takes_off_the_filters_and_leaves_the_search(
    table: DatasetTable, part: Callable[..., Any]
) -> None:
    table.state.search, table.state.status = "retina", DatasetStatus.BROKEN
    part(FilterPanel, widgets.Button, "Clear").click()
    assert (table.state.search, table.state.status) == ("retina", None)


def test_the_python_of_the_filters_says_all_of_them(
    table: DatasetTable, panel: Callable[[type], Any], parts: Callable[..., list[Any]]
) -> None:
    (line,) = parts(panel(FilterPanel), PythonLine)
    table.state.folder = "Cortex"
    assert 'folder="Cortex"' in line.code
    table.state.category = Category.COLOR
    assert 'category="color"' in line.code


def test_a_tag_becomes_a_chip_that_takes_it_off_again(
    table: DatasetTable, part: Callable[..., Any], press: Callable[[str], None]
) -> None:
    box = part(FilterPanel, widgets.Combobox)
    assert box.options == ("em", "mouse")
    box.value = "em"
    assert (table.state.tags, box.value) == (("em",), "")
    press("em ×")
    assert table.state.tags == ()


def test_boxes_choose_columns(
    table: DatasetTable, part: Callable[..., Any], press: Callable[[str], None]
) -> None:
    part(ColumnPanel, widgets.Checkbox, "Tags").value = False
    part(ColumnPanel, widgets.Checkbox, "Teams").value = True
    shown = list(table._grid.widget._data["data"])
    assert "Tags" not in shown
    assert "Teams" in shown
    press("Usual ones")
    assert "Tags" in list(table._grid.widget._data["data"])


def test_checking_rows_is_heard_and_shown(table: DatasetTable, front_end: Any) -> None:
    front_end(table._grid.widget).state(_visible_rows=[0, 1, 2, 3])
    table.checked = ("lab/retina",)
    assert list(table._grid.widget._data["data"]["☐"]) == ["☐", "☐", "☑", "☐"]


def test_what_is_on_other_pages_can_be_checked_as_well(
    store: Any, at_once: Any, parts: Callable[..., list[Any]]
) -> None:
    table = DatasetTable(store, state=DatasetTableState(store, page_size=2, aside=at_once))
    button = next(b for b in parts(table, widgets.Button) if b.description.startswith("Check all"))
    assert button.layout.display == "none"
    table.checked = ("lab/brain",)
    assert (button.description, button.layout.display) == ("Check all 4", None)
    button.click()
    assert set(table.checked) == set(store.records)
    assert button.layout.display == "none"


def test_checked_datasets_are_tagged(
    table: DatasetTable, store: Any, panel: Callable[[type], Any], parts: Callable[..., list[Any]]
) -> None:
    table.checked = ("lab/brain", "lab/retina")
    opened = panel(TagPanel)
    add, remove = parts(opened, widgets.Text)
    add.value, remove.value = "cortex, 2026,", "mouse"
    parts(opened, widgets.Button)[0].click()
    assert store.record("lab/retina").tags == ("em", "cortex", "2026")
    assert any("store.update_details(key" in line.code for line in parts(table, PythonLine))


def test_sharing_offers_the_teams_that_there_are(
    table: DatasetTable, store: Any, panel: Callable[[type], Any], parts: Callable[..., list[Any]]
) -> None:
    table.checked = ("lab/brain",)
    opened = panel(SharePanel)
    give, _, visibility = parts(opened, widgets.Dropdown)
    give.value, visibility.value = "imaging", "public"
    parts(opened, widgets.Button)[0].click()
    assert store.edits == [("update_permissions", "lab/brain", {"teams": ("imaging",), "is_public": True})]


def test_deleting_asks_and_can_be_undone(
    table: DatasetTable,
    store: Any,
    panel: Callable[[type], Any],
    parts: Callable[..., list[Any]],
    press: Callable[[str], None],
) -> None:
    table.checked = ("lab/brain",)
    opened = panel(DeletePanel)
    assert "Move lab/brain to the trash?" in parts(opened, widgets.HTML)[0].value
    press("Move to the trash")
    assert "lab/brain" not in store.records
    press("Undo")
    assert "lab/brain" in store.records


def test_a_click_on_import_in_a_row_imports(store: Any, at_once: Any, front_end: Any) -> None:
    asked: list[str] = []
    table = DatasetTable(store, state=DatasetTableState(store, aside=at_once), on_import=asked.append)
    click = {"event_type": "cell-click", "region": "body", "column": "Status", "column_index": 2}
    for row in (0, 1):
        front_end(table._grid.widget).custom({**click, "row": row, "primary_key_row": row, "cell_value": ""})
    assert asked == ["lab/new"]
