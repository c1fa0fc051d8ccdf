"""The adapter around ipydatagrid, with a browser that is none."""

from __future__ import annotations

from typing import Any

import pytest

from voxshelf.widgets.dataset_table.grid import Grid, GridEvents, GridRow
from voxshelf.widgets.dataset_table.grid_looks import CHECK_COLUMN, PICTURE_COLUMN, GridColumn

HIDE_B = [{"type": "filter", "column": "Name", "columnIndex": 1, "operator": "!=", "value": "b"}]


class Heard:
    """What the grid told."""

    def __init__(self) -> None:
        self.selected: list[int] = []
        self.checked: list[set[int]] = []
        self.clicked: list[tuple[int, str]] = []
        self.sorted: list[tuple[str, bool | None]] = []
        self.late = 0

    def is_late(self) -> None:
        self.late += 1


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def grid(heard: Heard) -> Grid:
    grid = Grid(
        [GridColumn("name", "Name", 100), GridColumn("status", "Status", 80, (("ready", "#070", "#0a0"),))],
        GridEvents(
            select=heard.selected.append,
            check=lambda positions: heard.checked.append(set(positions)),
            click=lambda position, name: heard.clicked.append((position, name)),
            sort=lambda name, descending: heard.sorted.append((name, descending)),
            late=heard.is_late,
        ),
    )
    grid.show([row("a"), row("b", "broken", picture="data:x"), row("c")], None)
    return grid


def row(name: str, status: str = "ready", *, picture: str = "", is_checked: bool = False) -> GridRow:
    return GridRow(picture, (name, status), is_checked)


def click(column: str, at: int, region: str = "body") -> dict[str, Any]:
    return {
        "event_type": "cell-click",
        "region": region,
        "column": column,
        "column_index": 1,
        "row": at,
        "primary_key_row": at,
        "cell_value": "",
    }


def boxes(grid: Grid) -> list[str]:
    """What is in the boxes."""
    return list(grid.widget._data["data"][CHECK_COLUMN])


def mark(*rows: int) -> list[dict[str, int]]:
    return [{"r1": rows[0], "r2": rows[-1], "c1": 0, "c2": 3}]


def test_pictures_stand_in_their_rows(grid: Grid) -> None:
    assert list(grid.widget._data["data"][PICTURE_COLUMN]) == ["", "data:x", ""]


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
    grid.show([row("new"), row("a")], 1)
    assert grid.widget.selections == mark(1)
    assert heard.selected == []


def test_the_browsers_forgetting_after_new_data_is_no_choice(
    grid: Grid, heard: Heard, front_end: Any
) -> None:
    front_end(grid.widget).state(selections=mark(1))
    grid.show([row("new"), row("a"), row("b", "broken")], 2)
    front_end(grid.widget).state(selections=[])
    assert grid.widget.selections == mark(2)
    assert heard.selected == [1]


def test_rows_that_the_browser_shows_later_get_their_mark(grid: Grid, front_end: Any) -> None:
    front_end(grid.widget).state(_transforms=HIDE_B, _visible_rows=[0, 2])
    grid.show([row(name) for name in "abcd"], 3)
    assert grid.widget.selections == []
    front_end(grid.widget).state(_visible_rows=[0, 2, 3])
    assert grid.widget.selections == mark(2)


def test_the_selection_that_a_header_click_makes_is_no_choice(
    grid: Grid, heard: Heard, front_end: Any
) -> None:
    front_end(grid.widget).custom(click("Name", 0, "column-header"))
    front_end(grid.widget).state(selections=mark(0, 1, 2))
    assert (heard.selected, heard.checked) == ([], [])


def test_a_header_click_asks_for_an_order(grid: Grid, heard: Heard, front_end: Any) -> None:
    front_end(grid.widget).custom(click("Name", 0, "column-header"))
    front_end(grid.widget).custom(click(PICTURE_COLUMN, 0, "column-header"))
    assert heard.sorted == [("name", None)]


def test_a_click_into_the_box_checks_the_row_without_choosing_it(
    grid: Grid, heard: Heard, front_end: Any
) -> None:
    front_end(grid.widget).custom(click(CHECK_COLUMN, 1))
    front_end(grid.widget).state(selections=mark(1))
    assert (heard.checked, heard.selected) == ([{1}], [])
    assert boxes(grid) == ["☐", "☑", "☐"]


def test_the_box_in_the_header_checks_all_rows_and_none(grid: Grid, heard: Heard, front_end: Any) -> None:
    for _ in range(2):
        front_end(grid.widget).custom(click(CHECK_COLUMN, 0, "column-header"))
    assert heard.checked == [{0, 1, 2}, set()]


def test_several_rows_selected_with_the_keyboard_or_shift_are_checked(
    grid: Grid, heard: Heard, front_end: Any
) -> None:
    front_end(grid.widget).state(selections=[*mark(0), *mark(2)])
    assert heard.checked == [{0, 2}]
    assert boxes(grid) == ["☑", "☐", "☑"]


def test_a_box_next_to_the_chosen_row_can_be_checked_by_the_keyboard_afterwards(
    grid: Grid, heard: Heard, front_end: Any
) -> None:
    front_end(grid.widget).custom(click(CHECK_COLUMN, 1))
    front_end(grid.widget).state(selections=mark(2))
    assert heard.selected == [2]


def test_a_click_into_a_cell_is_told_with_its_column(grid: Grid, heard: Heard, front_end: Any) -> None:
    front_end(grid.widget).custom(click("Status", 2))
    assert heard.clicked == [(2, "status")]


def test_hidden_columns_are_not_sent_and_come_back(grid: Grid) -> None:
    grid.show_columns(["name"])
    assert "Status" not in grid.widget._data["data"]
    grid.show_columns(["name", "status"])
    assert list(grid.widget._data["data"]["Status"]) == ["ready", "broken", "ready"]


def test_rows_come_with_their_boxes(grid: Grid) -> None:
    grid.show([row("a", is_checked=True), row("b")], None)
    assert boxes(grid) == ["☑", "☐"]


def test_a_sort_from_the_headers_menu_is_handed_on_and_not_done_on_the_page(
    grid: Grid, heard: Heard, front_end: Any
) -> None:
    front_end(grid.widget).state(
        _transforms=[{"type": "sort", "column": "Status", "columnIndex": 2, "desc": True}]
    )
    assert heard.sorted == [("status", True)]
    assert grid.widget._transforms == []


@pytest.fixture
def brought(grid: Grid) -> list[dict[str, Any]]:
    """The messages to the browser about cells that changed."""
    messages: list[dict[str, Any]] = []
    grid.painter.send = messages.append
    return messages


def edition(grid: Grid) -> int:
    """What the browser tells the rows on screen by."""
    return int(grid.widget._data["data"]["key"][0])


def test_a_picture_can_come_later(grid: Grid, heard: Heard) -> None:
    grid.set_picture(0, "data:late")
    assert heard.late == 1
    assert next(iter(grid.widget._data["data"][PICTURE_COLUMN])) == "data:late"


def test_pictures_that_came_meanwhile_are_sent_in_one_message(
    grid: Grid, heard: Heard, brought: list[Any]
) -> None:
    grid.set_picture(0, "data:a")
    grid.set_picture(2, "data:c")
    assert (brought, heard.late) == ([], 1)
    grid.settle()
    grid.settle()
    cells = [[PICTURE_COLUMN, 0, "data:a"], [PICTURE_COLUMN, 2, "data:c"]]
    assert brought == [{"edition": edition(grid), "cells": cells}]


def test_boxes_of_a_whole_page_are_sent_in_one_message_and_not_by_the_grid(
    grid: Grid, brought: list[Any]
) -> None:
    one_by_one: list[Any] = []
    grid.widget.on_cell_change(one_by_one.append)
    grid.check([0, 1, 2])
    assert [message["cells"] for message in brought] == [[[CHECK_COLUMN, row, "☑"] for row in range(3)]]
    assert one_by_one == []


def test_a_browser_that_comes_later_is_told_of_all_cells_that_changed(
    grid: Grid, brought: list[Any], front_end: Any
) -> None:
    grid.set_picture(0, "data:early")
    grid.check([2])
    brought.clear()
    front_end(grid.painter).custom({"ready": True})
    assert [message["cells"] for message in brought] == [
        [[PICTURE_COLUMN, 0, "data:early"], [CHECK_COLUMN, 2, "☑"]]
    ]


def test_cells_of_rows_that_are_gone_are_not_sent(grid: Grid, brought: list[Any]) -> None:
    before = edition(grid)
    grid.set_picture(0, "data:late")
    grid.show([row("other")], None)
    grid.settle()
    assert brought == []
    assert edition(grid) > before


def test_a_text_too_long_for_two_lines_is_cut(grid: Grid) -> None:
    grid.show([row("a" * 200)], None)
    (text,) = grid.widget._data["data"]["Name"]
    assert text.endswith("a…")
    assert len(text) < 30


def test_no_rows_are_no_error(grid: Grid) -> None:
    grid.show([], None)
    assert len(grid.widget._data["data"]) == 0
