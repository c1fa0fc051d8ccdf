"""The table's widgets follow the state, and the state follows them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pytest

from voxshelf.model import DatasetStatus
from voxshelf.widgets.dataset_table import DatasetTable, DatasetTableState
from voxshelf.widgets.dataset_table.pager import Pager
from voxshelf.widgets.theme import stylesheet

if TYPE_CHECKING:
    from collections.abc import Iterator


def make_table(store: Any, at_once: Any, **options: Any) -> DatasetTable:
    return DatasetTable(store, state=DatasetTableState(store, page_size=2, aside=at_once), **options)


@pytest.fixture
def table(store: Any, at_once: Any) -> Iterator[DatasetTable]:
    table = make_table(store, at_once)
    yield table
    table.close()


def parts(widget: Any, kind: type) -> list[Any]:
    """All widgets of a kind below ``widget``, from top to bottom."""
    found = [widget] if isinstance(widget, kind) else []
    for child in getattr(widget, "children", ()):
        found += parts(child, kind)
    return found


def button(table: DatasetTable, description: str) -> widgets.Button:
    return next(b for b in parts(table, widgets.Button) if b.description == description)


def page_text(table: DatasetTable) -> str:
    return " ".join(html.value for html in parts(table, widgets.HTML) if html.layout.display != "none")


def test_the_grid_shows_the_page(table: DatasetTable) -> None:
    assert list(table._grid.widget._data["data"]["Name"]) == ["brain", "new"]


def test_the_search_box_searches(table: DatasetTable, front_end: Any) -> None:
    front_end(parts(table, widgets.Text)[0]).state(value="retina")
    assert table.state.search == "retina"
    assert list(table._grid.widget._data["data"]["Name"]) == ["retina"]


def test_a_click_on_a_row_chooses_its_dataset(table: DatasetTable, front_end: Any) -> None:
    front_end(table._grid.widget).state(selections=[{"r1": 1, "r2": 1, "c1": 0, "c2": 9}])
    assert table.selected == "lab/new"
    assert table.selected_record.status is DatasetStatus.NOT_IMPORTED


def test_choosing_from_python_marks_the_row(table: DatasetTable) -> None:
    table.selected = "lab/new"
    assert table._grid.widget.selections[0]["r1"] == 1


def test_import_is_offered_for_what_is_not_imported_only(store: Any, at_once: Any) -> None:
    pressed: list[str] = []
    table = make_table(store, at_once, on_import=pressed.append)
    import_button = button(table, "Import …")
    table.selected = "lab/brain"
    assert import_button.layout.display == "none"
    table.selected = "lab/new"
    assert import_button.layout.display is None
    import_button.click()
    assert pressed == ["lab/new"]


def test_a_broken_dataset_says_why(table: DatasetTable) -> None:
    table.selected = "lab/torn"
    assert "The JSON ends in the middle." in page_text(table)


def test_what_people_wrote_is_escaped(table: DatasetTable, store: Any, record: Any) -> None:
    store.put(record("lab/brain", display_name="<img src=x onerror=alert(1)>", version=2))
    table.selected = "lab/brain"
    assert "<img src=x" not in page_text(table)
    assert "&lt;img" in page_text(table)


def test_the_pager_says_where_one_is(table: DatasetTable) -> None:
    (pager,) = parts(table, Pager)
    assert parts(pager, widgets.HTML)[0].value == "1–2 of 4"
    table.state.turn(1)
    assert parts(pager, widgets.HTML)[0].value == "3–4 of 4"


def test_turning_pages_does_not_move_the_pagers_buttons(store: Any, at_once: Any, record: Any) -> None:
    for number in range(11):
        store.put(record(f"lab/more{number}"))
    (pager,) = parts(make_table(store, at_once), Pager)
    text = parts(pager, widgets.HTML)[0]
    widths = set()
    for _ in range(8):
        room = int(text.layout.min_width.removesuffix("ch"))
        assert len(text.value) <= room
        widths.add(room)
        pager.children[2].click()
    assert (text.value, len(widths)) == ("15–15 of 15", 1)


def test_nothing_on_screen_at_first_has_the_browser_load_mathjax(table: DatasetTable) -> None:
    assert parts(table, widgets.Label) == []


def test_a_table_that_finds_nothing_stays_as_high_as_it_was(table: DatasetTable) -> None:
    height = table._grid.widget.layout.height
    table.state.search = "nothing of the kind"
    assert (table._empty.layout.display, table._empty.layout.height) == ("block", height)


def test_a_table_that_never_had_a_row_is_no_higher_than_its_text(empty_store: Any, at_once: Any) -> None:
    assert make_table(empty_store, at_once)._empty.layout.height is None


def test_an_empty_store_says_where_to_put_data(empty_store: Any, at_once: Any) -> None:
    text = page_text(make_table(empty_store, at_once))
    assert "No datasets yet" in text
    assert "/data/" in text
    assert "Refresh" in text


def test_a_search_without_a_result_says_so(table: DatasetTable) -> None:
    table.state.search = "<nothing>"
    assert "No dataset matches" in page_text(table)
    assert "&lt;nothing&gt;" in page_text(table)
    assert table._grid.widget.layout.display == "none"


def test_all_that_narrows_is_named_where_nothing_is_found_and_one_button_clears_it(
    table: DatasetTable,
) -> None:
    table.state.status = DatasetStatus.UPLOADING
    assert "the status" in page_text(table)
    table.state.search = "nothing of the kind"
    table.state.tags = ("em",)
    text = page_text(table)
    assert (
        "the search for “nothing of the kind” and the status “not yet fully uploaded” and the tag “em”"
        in text
    )
    show_all = button(table, "Show all datasets")
    assert show_all.layout.display is None
    show_all.click()
    assert (table.state.total, table.state.is_narrowed) == (4, False)
    assert table._empty.layout.display == "none"


def test_a_store_without_datasets_offers_neither_to_clear_nor_to_check(
    empty_store: Any, at_once: Any
) -> None:
    table = make_table(empty_store, at_once)
    assert button(table, "Show all datasets").layout.display == "none"
    assert "Check rows" not in page_text(table)


def test_rows_can_be_checked_and_it_says_so(table: DatasetTable) -> None:
    assert "Check rows to tag, move, share or delete" in page_text(table)


def test_the_corner_of_the_grids_scrollbars_follows_the_theme() -> None:
    rule = re.search(r"\.lm-DataGrid-scrollCorner \{([^}]*)\}", stylesheet().value)
    assert rule is not None
    assert "background: var(--vx-shade)" in rule[1]


def test_a_store_that_cannot_scan_says_why_at_refresh(store: Any, at_once: Any, no_scan: Any) -> None:
    store.capabilities = no_scan
    refresh = button(make_table(store, at_once), "Refresh")
    assert refresh.disabled
    assert refresh.tooltip == "Only the service may scan."


def test_without_a_callback_the_import_form_opens_below(table: DatasetTable) -> None:
    table.selected = "lab/new"
    button(table, "Import …").click()
    assert type(table._form.children[0]).__name__ == "ImportForm"


def test_a_filter_of_the_grids_own_is_said_to_hold_for_the_page_only(
    table: DatasetTable, front_end: Any
) -> None:
    hide = {"type": "filter", "column": "Name", "operator": "!=", "value": "brain"}
    front_end(table._grid.widget).state(_transforms=[hide], _visible_rows=[1])
    assert "this page only" in table.state.message.text
