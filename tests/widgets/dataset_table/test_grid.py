"""The adapter around ipydatagrid, with a browser that is none."""

from __future__ import annotations

from typing import Any

import pytest

from voxshelf.widgets.dataset_table.grid import NO_PICTURE, PICTURE_COLUMN, Grid, GridColumn

HIDE_B = [{"type": "filter", "column": "Name", "columnIndex": 1, "operator": "!=", "value": "b"}]


class Heard:
    """What the grid told."""

    def __init__(self) -> None:
        self.selected: list[int | None] = []
        self.sorted: list[tuple[str, bool | None]] = []


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def grid(heard: Heard) -> Grid:
    grid = Grid(
        [GridColumn("name", "Name", 100), GridColumn("status", "Status", 80, (("ready", "#0a0"),))],
        on_select=heard.selected.append,
        on_sort=lambda name, descending: heard.sorted.append((name, descending)),
    )
    grid.show([("", ["a", "ready"]), ("data:x", ["b", "broken"]), ("", ["c", "ready"])], None)
    return grid


def mark(*rows: int) -> list[dict[str, int]]:
    return [{"r1": rows[0], "r2": rows[-1], "c1": 0, "c2": 2}]


def test_a_row_without_a_picture_gets_a_transparent_one(grid: Grid) -> None:
    assert list(grid.widget._data["data"][PICTURE_COLUMN]) == [NO_PICTURE, "data:x", NO_PICTURE]


def test_a_click_on_a_row_is_told_by_its_position(grid: Grid, heard: Heard, front_end: Any) -> None:
    front_end(grid.widget).state(selections=mark(1))
    assert heard.selected == [1]


def test_rows_that_a_filter_moved_are_told_by_the_position_they_were_given_at(
    grid: Grid, heard: Heard, front_end: Any
) -> None:
    front_end(grid.widget).state(_transforms=HIDE_B, _visible_rows=[0, 2])
    front_end(grid.widget).state(selections=mark(1))
    assert heard.selected == [2]


def test_selecting_from_python_marks_the_row_and_tells_nobody(grid: Grid, heard: Heard) -> None:
    grid.select(2)
    assert grid.widget.selections == mark(2)
    assert heard.selected == []


def test_a_row_hidden_by_a_filter_cannot_be_marked(grid: Grid, front_end: Any) -> None:
    front_end(grid.widget).state(_transforms=HIDE_B, _visible_rows=[0, 2])
    grid.select(1)
    assert grid.widget.selections == []


def test_new_rows_keep_the_choice(grid: Grid, heard: Heard) -> None:
    grid.show([("", ["new", "ready"]), ("", ["a", "ready"])], 1)
    assert grid.widget.selections == mark(1)
    assert heard.selected == []


def test_the_browsers_forgetting_after_new_data_is_no_choice(
    grid: Grid, heard: Heard, front_end: Any
) -> None:
    front_end(grid.widget).state(selections=mark(1))
    grid.show([("", ["new", "ready"]), ("", ["a", "ready"]), ("", ["b", "broken"])], 2)
    front_end(grid.widget).state(selections=[])
    assert grid.widget.selections == mark(2)
    assert heard.selected == [1]


def test_rows_that_the_browser_shows_later_get_their_mark(grid: Grid, front_end: Any) -> None:
    front_end(grid.widget).state(_transforms=HIDE_B, _visible_rows=[0, 2])
    grid.show([("", [name, "ready"]) for name in "abcd"], 3)
    assert grid.widget.selections == []
    front_end(grid.widget).state(_visible_rows=[0, 2, 3])
    assert grid.widget.selections == mark(2)


def test_selecting_all_by_a_header_click_chooses_nothing(grid: Grid, heard: Heard, front_end: Any) -> None:
    front_end(grid.widget).state(selections=mark(0, 1, 2))
    assert heard.selected == []


def test_a_header_click_asks_for_an_order(grid: Grid, heard: Heard, front_end: Any) -> None:
    event = {
        "event_type": "cell-click",
        "region": "column-header",
        "column": "Name",
        "column_index": 1,
        "row": 0,
        "primary_key_row": 0,
        "cell_value": "Name",
    }
    front_end(grid.widget).custom(event)
    front_end(grid.widget).custom({**event, "column": PICTURE_COLUMN})
    assert heard.sorted == [("name", None)]


def test_a_sort_from_the_headers_menu_is_handed_on_and_not_done_on_the_page(
    grid: Grid, heard: Heard, front_end: Any
) -> None:
    front_end(grid.widget).state(
        _transforms=[{"type": "sort", "column": "Status", "columnIndex": 2, "desc": True}]
    )
    assert heard.sorted == [("status", True)]
    assert grid.widget._transforms == []


def test_a_picture_can_come_later(grid: Grid) -> None:
    grid.set_picture(0, "data:late")
    assert next(iter(grid.widget._data["data"][PICTURE_COLUMN])) == "data:late"


def test_no_rows_are_no_error(grid: Grid) -> None:
    grid.show([], None)
    assert len(grid.widget._data["data"]) == 0
