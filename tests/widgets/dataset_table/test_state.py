"""The table without a browser: search, filter, order, pages, choice, refresh."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from traitlets import TraitError

from voxshelf.model import ChangeKind, DatasetStatus
from voxshelf.widgets.dataset_table import DatasetTableState
from voxshelf.widgets.theme import Message


@pytest.fixture
def table(store: Any, at_once: Any) -> DatasetTableState:
    return DatasetTableState(store, page_size=2, aside=at_once)


def keys(table: DatasetTableState) -> list[str]:
    return [row.key for row in table.rows]


def test_it_begins_with_the_first_page_by_name(table: DatasetTableState) -> None:
    assert (keys(table), table.total, table.pages) == (["lab/brain", "lab/new"], 4, 2)


def test_turning_pages_stays_within_what_there_is(table: DatasetTableState) -> None:
    table.turn(5)
    assert keys(table) == ["lab/retina", "lab/torn"]
    table.turn(-9)
    assert keys(table) == ["lab/brain", "lab/new"]


def test_a_search_asks_the_store_and_goes_back_to_the_first_page(table: DatasetTableState) -> None:
    table.turn(1)
    table.search = "retina"
    assert (keys(table), table.page, table.total) == (["lab/retina"], 0, 1)


def test_a_status_filters(table: DatasetTableState) -> None:
    table.status = DatasetStatus.BROKEN
    assert keys(table) == ["lab/torn"]


def test_times_sort_from_the_newest_and_turn_around_when_asked_again(table: DatasetTableState) -> None:
    table.sort_by("created")
    assert keys(table)[0] == "lab/retina"
    table.sort_by("created")
    assert table.rows[-1].key != "lab/retina"


def test_a_column_that_the_store_cannot_sort_by_is_explained(table: DatasetTableState) -> None:
    table.sort_by("layers")
    assert "cannot sort" in table.message.text
    assert table.sort == "name"


def test_a_page_is_never_larger_than_100_rows(store: Any, at_once: Any) -> None:
    with pytest.raises(TraitError, match="100"):
        DatasetTableState(store, page_size=501, aside=at_once)


def test_the_chosen_record_follows_the_chosen_key(table: DatasetTableState) -> None:
    table.selected = "lab/brain"
    assert table.selected_record is not None
    assert table.selected_record.key == "lab/brain"
    table.selected = None
    assert table.selected_record is None


def test_a_dataset_on_another_page_can_be_chosen(table: DatasetTableState) -> None:
    table.selected = "lab/torn"
    assert table.selected_record is not None
    assert table.selected_record.status is DatasetStatus.BROKEN


def test_an_unknown_key_chooses_nothing(table: DatasetTableState) -> None:
    table.selected = "lab/nowhere"
    assert (table.selected, table.selected_record) == (None, None)


def test_a_change_in_the_store_shows_by_itself_and_keeps_the_choice(
    table: DatasetTableState, store: Any, record: Any
) -> None:
    table.selected = "lab/new"
    store.put(record("lab/new", version=2), ChangeKind.IMPORTED)
    assert table.selected == "lab/new"
    assert table.selected_record.status is DatasetStatus.READY  # type: ignore[union-attr]
    assert [row.status for row in table.rows] == [DatasetStatus.READY, DatasetStatus.READY]


def test_a_page_that_no_longer_exists_gives_way_to_the_last_one(table: DatasetTableState, store: Any) -> None:
    table.turn(1)
    del store.records["lab/retina"], store.records["lab/torn"]
    table.reload()
    assert (table.page, keys(table)) == (0, ["lab/brain", "lab/new"])


def test_refresh_says_what_it_found(table: DatasetTableState, store: Any, record: Any) -> None:
    store.on_disk = [record("lab/fresh", status=DatasetStatus.NOT_IMPORTED)]
    table.refresh()
    assert table.report is not None
    assert table.report.found == ("lab/fresh",)
    assert "1 new" in table.message.text
    assert "lab/fresh" in table.message.text
    assert table.total == 5
    assert not table.scanning


def test_a_store_that_nobody_has_looked_at_is_looked_at_at_once(
    empty_store: Any, at_once: Any, record: Any
) -> None:
    empty_store.on_disk = [record("lab/there")]
    table = DatasetTableState(empty_store, aside=at_once)
    assert keys(table) == ["lab/there"]
    assert "1 new" in table.message.text


def test_a_scan_that_failed_stays_said_though_the_list_is_there(
    table: DatasetTableState, store: Any, unavailable: Exception
) -> None:
    def refuse() -> None:
        raise unavailable

    store.refresh = refuse
    table.refresh()
    assert table.message.text == "The folder /data cannot be reached."
    assert table.rows


def test_an_unavailable_store_is_said_with_its_hint_and_recovers(
    table: DatasetTableState, store: Any, unavailable: Exception
) -> None:
    store.fails = unavailable
    table.reload()
    assert (table.message.tone, table.message.hint) == ("error", "Connect the drive.")
    assert len(table.rows) == 2
    store.fails = None
    table.reload()
    assert table.message.text == ""


def test_a_refresh_that_fails_can_be_repeated(
    table: DatasetTableState, store: Any, unavailable: Exception
) -> None:
    store.fails = unavailable
    table.refresh()
    assert "cannot be reached" in table.message.text
    assert not table.scanning


def test_a_closed_table_no_longer_follows_the_store(
    table: DatasetTableState, store: Any, record: Any
) -> None:
    table.close()
    asked = len(store.asked)
    store.put(record("lab/other"))
    assert len(store.asked) == asked


def test_typing_fast_asks_the_store_once(store: Any) -> None:
    table = DatasetTableState(store)
    assert table.wait()
    before = len(store.asked)
    for end in range(1, 7):
        table.search = "retina"[:end]
    assert table.wait()
    assert [question["search"] for question in store.asked[before:]] == ["retina"]


def test_changes_from_many_threads_end_in_the_latest_state(store: Any, record: Any) -> None:
    table = DatasetTableState(store)
    threads = [
        threading.Thread(target=store.put, args=(record(f"lab/dataset_{number}"),)) for number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert table.wait()
    assert table.total == 24


def test_a_look_at_the_disk_says_what_waits_to_be_imported(table: DatasetTableState) -> None:
    table.refresh()
    assert table.message.hint == "1 waits to be imported: Filter → Not imported yet."


@pytest.mark.parametrize(("trait", "value"), [("selected", "lab/brain"), ("search", "brain"), ("page", 1)])
def test_what_was_found_is_let_go_when_the_person_goes_on(
    table: DatasetTableState, trait: str, value: Any
) -> None:
    table.refresh()
    setattr(table, trait, value)
    assert table.message.text == ""


def test_what_is_wrong_stays_while_the_person_goes_on(table: DatasetTableState) -> None:
    table.message = Message("The disk is gone.", "error")
    table.selected = "lab/brain"
    assert table.message.text == "The disk is gone."


def test_where_several_organizations_share_a_store_it_tells_them_apart(
    store: Any, record: Any, at_once: Any
) -> None:
    store.put(record("core/brain"))
    table = DatasetTableState(store, aside=at_once)
    assert "organization" in table.columns


def test_the_usual_columns_of_several_organizations_tell_them_apart(
    store: Any, record: Any, at_once: Any
) -> None:
    store.put(record("core/brain"))
    table = DatasetTableState(store, aside=at_once)
    table.columns = ("name",)
    table.columns = table.usual_columns
    assert "organization" in table.columns


def test_for_a_single_organization_it_is_not_named(table: DatasetTableState) -> None:
    assert "organization" not in table.columns


def test_columns_that_were_chosen_stay_when_a_second_organization_comes(
    table: DatasetTableState, store: Any, record: Any
) -> None:
    table.columns = ("name", "tags")
    store.put(record("core/brain"))
    table.refresh()
    assert table.columns == ("name", "tags")
