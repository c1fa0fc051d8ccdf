"""Folders and tags beside the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pytest

from voxshelf.widgets.dataset_table import DatasetTableState
from voxshelf.widgets.manager.folder_tree import folder_lines
from voxshelf.widgets.manager.side import Side

if TYPE_CHECKING:
    from collections.abc import Callable

PATHS = ("Cortex", "Cortex/2026", "Cortex/2026/May", "Retina")


@pytest.fixture
def table(store: Any, at_once: Any) -> DatasetTableState:
    return DatasetTableState(store, aside=at_once)


@pytest.fixture
def buttons(table: DatasetTableState, parts: Callable[..., list[Any]]) -> Callable[[], dict[str, Any]]:
    side = Side(table)
    return lambda: {button.description or button.tooltip: button for button in parts(side, widgets.Button)}


def active(buttons: dict[str, Any]) -> list[str]:
    return [name for name, button in buttons.items() if "vx-active" in button._dom_classes]


def test_a_closed_tree_shows_its_roots() -> None:
    assert [line.path for line in folder_lines(PATHS, (), most=10)] == ["Cortex", "Retina"]


def test_an_open_folder_shows_what_lies_in_it() -> None:
    lines = folder_lines(PATHS, ("Cortex",), most=10)
    assert [(line.name, line.depth, line.has_children, line.is_open) for line in lines] == [
        ("Cortex", 0, True, True),
        ("2026", 1, True, False),
        ("Retina", 0, False, False),
    ]


def test_what_lies_in_a_closed_folder_stays_hidden_though_it_is_open_itself() -> None:
    assert [line.path for line in folder_lines(PATHS, ("Cortex/2026",), most=10)] == ["Cortex", "Retina"]


def test_a_tree_is_never_longer_than_it_may_be() -> None:
    assert len(folder_lines([f"f{number:03}" for number in range(500)], (), most=7)) == 7


def test_a_folder_narrows_the_table_and_is_marked(
    table: DatasetTableState, buttons: Callable[[], dict[str, Any]]
) -> None:
    assert active(buttons()) == ["All datasets"]
    buttons()["Cortex"].click()
    assert table.folder == "Cortex"
    assert active(buttons()) == ["Cortex"]
    buttons()["All datasets"].click()
    assert table.folder is None


def test_folders_open_and_close(buttons: Callable[[], dict[str, Any]]) -> None:
    assert "2026" not in buttons()
    buttons()["Open Cortex"].click()
    assert "2026" in buttons()
    buttons()["Close Cortex"].click()
    assert "2026" not in buttons()


def test_a_folder_chosen_elsewhere_is_seen_in_the_tree(
    table: DatasetTableState, buttons: Callable[[], dict[str, Any]]
) -> None:
    table.folder = "Cortex/2026"
    assert active(buttons()) == ["2026"]


def test_tags_narrow_and_stop_narrowing(
    table: DatasetTableState, buttons: Callable[[], dict[str, Any]]
) -> None:
    buttons()["em"].click()
    buttons()["mouse"].click()
    assert table.tags == ("em", "mouse")
    buttons()["em"].click()
    assert table.tags == ("mouse",)
    assert active(buttons()) == ["All datasets", "mouse"]
