"""Pages, orders and filters of the list of datasets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.catalog import (
    Catalog,
    DatasetQuery,
    FolderRow,
    OrganizationRow,
    SortKey,
    dataset_row,
    find_datasets,
    organization_names,
    record_of,
)
from voxshelf.errors import DatasetNotFoundError, OutOfRangeError, VoxshelfError
from voxshelf.model import DatasetRecord, DatasetStatus

if TYPE_CHECKING:
    from conftest import Add, Put

DAY = datetime(2024, 5, 1, tzinfo=UTC)
SORTS: tuple[SortKey, ...] = ("name", "created", "changed", "last_used", "status")


def _list(catalog: Catalog, **query: Any) -> tuple[list[DatasetRecord], int]:
    with catalog.reading() as session:
        rows, total = find_datasets(session, DatasetQuery(**query))
        return [record_of(row, Path("root")) for row in rows], total


def _names(catalog: Catalog, **query: Any) -> list[str]:
    return [record.name for record in _list(catalog, **query)[0]]


@pytest.fixture
def many(catalog: Catalog, put: Put) -> Catalog:
    statuses = [DatasetStatus.READY, DatasetStatus.NOT_IMPORTED, DatasetStatus.BROKEN]
    with catalog.writing() as writing:
        for number in range(23):
            put(
                writing,
                f"lab{number % 2}/region_{number}",
                status=statuses[number % 3],
                created=DAY + timedelta(days=number // 4),
                changed=DAY - timedelta(days=number // 5),
                last_used=DAY + timedelta(hours=number % 7),
                tags=("even",) if number % 2 == 0 else ("odd", "shared"),
            )
    return catalog


def test_names_sort_without_case_and_numbers_by_value(catalog: Catalog, add: Add) -> None:
    for name in ("b_10", "B_9", "a", "C", "b_009x"):
        add(f"lab/{name}")
    assert _names(catalog) == ["a", "B_9", "b_009x", "b_10", "C"]
    assert _names(catalog, descending=True) == ["C", "b_10", "b_009x", "B_9", "a"]


def test_a_display_name_decides_the_place_in_the_list(catalog: Catalog, add: Add) -> None:
    add("lab/a", display_name="Zebra")
    add("lab/m")
    assert _names(catalog) == ["m", "a"]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", SORTS)
def test_offset_pages_and_keyset_pages_give_the_whole_list_once(
    many: Catalog, sort: SortKey, *, descending: bool
) -> None:
    everything, total = _list(many, sort=sort, descending=descending, limit=None)
    assert total == len(everything) == 23
    by_offset = [
        record
        for start in range(0, 23, 5)
        for record in _list(many, sort=sort, descending=descending, limit=5, offset=start)[0]
    ]
    by_key: list[DatasetRecord] = []
    while page := _list(
        many, sort=sort, descending=descending, limit=5, after=by_key[-1] if by_key else None
    )[0]:
        by_key += page
    assert by_offset == everything
    assert by_key == everything
    backwards, _ = _list(many, sort=sort, descending=not descending, limit=None)
    assert backwards == everything[::-1]


def test_the_total_counts_the_whole_list_not_the_page(many: Catalog) -> None:
    assert _list(many, limit=2, organization="lab0")[1] == 12


def test_an_offset_without_limit_leaves_out_the_first(many: Catalog) -> None:
    assert len(_list(many, limit=None, offset=20)[0]) == 3


def test_a_page_of_no_length_tells_the_total_only(many: Catalog) -> None:
    assert _list(many, limit=0) == ([], 23)


def test_filters_are_all_applied(many: Catalog) -> None:
    records, total = _list(many, organization="lab1", tags=("odd", "shared"), statuses=(DatasetStatus.READY,))
    assert total == len(records)
    assert {record.name for record in records} == {"region_3", "region_9", "region_15", "region_21"}


def test_an_unknown_organization_or_tag_has_no_datasets(many: Catalog) -> None:
    assert _list(many, organization="elsewhere") == ([], 0)
    assert _list(many, tags=("even", "odd")) == ([], 0)


def test_what_is_in_the_trash_is_listed_only_when_asked_for(catalog: Catalog, add: Add) -> None:
    add("lab/kept")
    add("lab/thrown", status=DatasetStatus.DELETED)
    assert _names(catalog) == ["kept"]
    assert _names(catalog, statuses=(DatasetStatus.DELETED,)) == ["thrown"]


def test_a_record_comes_back_as_it_was_written(catalog: Catalog, add: Add) -> None:
    add(
        "lab/one",
        display_name="Größe µ",
        description="# Title",
        tags=("b", "a"),
        folder=FolderRow(organization_id=1, path="projects/x"),
        is_public=True,
        voxel_size={"factor": [11.24, 11.24, 28], "unit": "nanometer"},
        last_used=DAY,
    )
    (record,), _ = _list(catalog)
    assert (record.key, record.title, record.description) == ("lab/one", "Größe µ", "# Title")
    assert (record.tags, record.folder, record.is_public) == (("a", "b"), "projects/x", True)
    assert (str(record.voxel_size), record.last_used) == ("11.24 × 11.24 × 28 nm", DAY)
    assert record.path == str(Path("root") / "lab" / "one")


def test_a_dataset_that_was_never_used_says_so(catalog: Catalog, add: Add) -> None:
    add("lab/one")
    assert _list(catalog)[0][0].last_used is None


@pytest.mark.parametrize("query", [{"limit": -1}, {"offset": -1}])
def test_pages_before_the_list_are_refused(query: dict[str, Any]) -> None:
    with pytest.raises(OutOfRangeError):
        DatasetQuery(**query)


def test_an_unknown_order_is_refused_with_the_known_ones() -> None:
    with pytest.raises(VoxshelfError, match="sorted by 'size'") as caught:
        DatasetQuery(sort="size")  # type: ignore[arg-type]
    assert "last_used" in caught.value.hint


def test_an_unknown_key_is_not_found(catalog: Catalog) -> None:
    with catalog.reading() as session, pytest.raises(DatasetNotFoundError, match="lab/none"):
        dataset_row(session, "lab/none")


def test_numbers_may_be_64_bits_wide(catalog: Catalog, add: Add) -> None:
    add("lab/big", version=2**62)
    with catalog.writing() as writing:
        writing.session.add(OrganizationRow(id=2**62, name="huge"))
    with catalog.reading() as session:
        assert dataset_row(session, "lab/big").version == 2**62
        assert organization_names(session) == ("huge", "lab")
