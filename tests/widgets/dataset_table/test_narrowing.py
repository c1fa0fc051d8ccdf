"""Filters, what there is to filter by, columns, and what is checked."""

from __future__ import annotations

from typing import Any

import pytest

from voxshelf.model import Category, DatasetStatus
from voxshelf.widgets.dataset_table import DatasetTableState
from voxshelf.widgets.dataset_table.facets import Facets


@pytest.fixture
def table(store: Any, at_once: Any) -> DatasetTableState:
    return DatasetTableState(store, page_size=2, aside=at_once)


def keys(table: DatasetTableState) -> list[str]:
    return [row.key for row in table.rows]


def test_tags_narrow_and_all_of_them_must_be_there(table: DatasetTableState) -> None:
    table.tags = ("em",)
    assert keys(table) == ["lab/retina"]
    table.tags = ("em", "human")
    assert keys(table) == []


def test_a_folder_shows_what_lies_in_it_and_below_it(
    table: DatasetTableState, store: Any, record: Any
) -> None:
    store.put(record("lab/brain", folder="Cortex/2026", version=2))
    store.put(record("lab/retina", folder="Cortexes", version=2))
    table.folder = "Cortex"
    assert (keys(table), table.total) == (["lab/brain"], 1)


def test_a_kind_of_layer_narrows(table: DatasetTableState) -> None:
    table.category = Category.COLOR
    assert (keys(table), table.total) == (["lab/brain", "lab/retina"], 2)
    table.category = Category.SEGMENTATION
    assert (keys(table), table.total) == ([], 0)


def test_clearing_shows_everything_again_and_keeps_the_order(table: DatasetTableState) -> None:
    table.sort_by("created")
    table.tags, table.search, table.status = ("em",), "retina", DatasetStatus.READY
    table.clear()
    assert (table.total, table.is_narrowed, table.sort) == (4, False, "created")


def test_clearing_the_filters_leaves_the_search(table: DatasetTableState) -> None:
    table.tags, table.search, table.status = ("em",), "retina", DatasetStatus.READY
    table.folder, table.category = "Cortex", Category.COLOR
    table.clear_filters()
    assert (table.search, table.narrowings, keys(table)) == ("retina", 0, ["lab/retina"])


def test_the_python_says_what_is_asked(table: DatasetTableState) -> None:
    assert table.code == "store.list()"
    table.tags, table.status = ("em",), DatasetStatus.READY
    table.sort_by("created")
    assert table.code == 'store.list(status="ready", tags=("em",), sort="created", descending=True)'


def test_tags_to_choose_from_are_those_in_use_and_follow_edits(table: DatasetTableState, store: Any) -> None:
    assert table.facets.tags == ("em", "mouse")
    table.bulk.tag(("lab/brain",), add=("Atlas",))
    assert table.facets.tags == ("Atlas", "em", "mouse")


def test_where_there_are_many_tags_the_most_used_are_offered(store: Any, record: Any) -> None:
    store.put(record("lab/brain", tags=("mouse", "zebra"), version=2))
    facets = Facets(store)
    facets.look()
    assert facets.common_tags(2) == ("em", "mouse")


def test_folders_stand_below_the_one_they_lie_in(store: Any) -> None:
    store.people.known_folders = ["b", "a b/c", "a/b", "a"]
    facets = Facets(store)
    facets.look()
    assert facets.folders == ("a", "a/b", "a b", "a b/c", "b")


def test_columns_are_known_ones_in_their_order_and_the_name_stays(table: DatasetTableState) -> None:
    table.columns = ("tags", "status", "nonsense")
    assert table.columns == ("name", "status", "tags")


def test_checked_ones_stay_checked_over_pages(table: DatasetTableState) -> None:
    table.checked.set_among(["lab/brain", "lab/new"], ["lab/new"])
    table.checked.set_among(["lab/retina"], ["lab/retina"])
    table.checked.set_among(["lab/brain", "lab/new"], ["lab/brain"])
    assert table.checked.keys == ("lab/retina", "lab/brain")


def test_what_was_deleted_is_no_longer_checked(table: DatasetTableState) -> None:
    table.checked.add(["lab/brain", "lab/retina"])
    table.bulk.delete(["lab/brain"])
    assert table.checked.keys == ("lab/retina",)
