"""Lists of datasets, and opening one of them."""

# ruff: noqa: S101, D102 - tests assert, and their names are their sentences
from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from voxshelf.errors import (
    DatasetNotFoundError,
    OutOfRangeError,
    VoxshelfError,
)
from voxshelf.model import Category, DatasetStatus
from voxshelf.testing.folders import voxels, write_dataset
from voxshelf.testing.store_fixtures import StoreFixtures

if TYPE_CHECKING:
    from pathlib import Path

    from voxshelf.store import DatasetStore


class ListingTests(StoreFixtures):
    """Lists of datasets, and opening one of them."""

    def test_a_page_tells_its_place_and_the_total(self, filled: DatasetStore) -> None:
        page = filled.list(limit=5, offset=10)
        assert (len(page.items), page.total, page.offset) == (3, 13, 10)

    def test_names_are_sorted_as_people_do(self, filled: DatasetStore) -> None:
        names = [record.name for record in filled.list().items]
        assert names == [*(f"region_{number}" for number in range(1, 13)), "Scan"]
        assert [record.name for record in filled.list(descending=True).items] == names[::-1]

    @pytest.mark.parametrize("sort", ["name", "created", "changed", "last_used", "status"])
    def test_pages_continued_behind_a_record_give_the_whole_list(
        self, filled: DatasetStore, sort: Any
    ) -> None:
        seen: list[str] = []
        page = filled.list(sort=sort, limit=4)
        while page.items:
            seen += [record.key for record in page.items]
            page = filled.list(sort=sort, limit=4, after=page.items[-1])
        assert seen == [record.key for record in filled.list(sort=sort, limit=None).items]
        assert sorted(seen) == sorted(filled)

    @pytest.mark.parametrize(
        ("search", "count"), [("REGION", 12), ("region 11", 1), ("clin can", 1), ("n_1%", 0), ("scan x", 0)]
    )
    def test_a_search_needs_every_word_in_whatever_case(
        self, filled: DatasetStore, search: str, count: int
    ) -> None:
        page = filled.list(search=search)
        assert (len(page.items), page.total) == (count, count)

    def test_lists_are_narrowed_by_organization_and_status(self, filled: DatasetStore) -> None:
        assert filled.organizations() == ("clinic", "lab")
        assert filled.list(organization="clinic").total == 1
        assert filled.list(status=DatasetStatus.NOT_IMPORTED).total == 6
        assert filled.list(status=[DatasetStatus.NOT_IMPORTED, DatasetStatus.READY]).total == 13
        assert filled.list(tags=["none has this"]).total == 0

    def test_a_list_is_narrowed_by_tags_all_of_which_are_needed(self, filled: DatasetStore) -> None:
        for number in range(1, 5):
            filled.update_details(f"lab/region_{number}", tags=["brain", *(["odd"] if number % 2 else [])])
        assert filled.list(tags="brain").total == 4
        assert [record.name for record in filled.list(tags=["brain", "odd"]).items] == [
            "region_1",
            "region_3",
        ]
        assert filled.list(tags=["odd", "none"]).total == 0

    def test_tags_are_counted_without_the_trash(self, filled: DatasetStore) -> None:
        filled.update_details("lab/region_1", tags=["b", "a"])
        filled.update_details("lab/region_2", tags=["b"])
        filled.update_details("clinic/Scan", tags=["b", "Ä"])
        assert filled.tags() == {"a": 1, "b": 3, "Ä": 1}
        assert list(filled.tags()) == ["a", "b", "Ä"]
        filled.delete("lab/region_1")
        assert filled.tags() == {"b": 2, "Ä": 1}

    def test_a_list_is_narrowed_to_a_folder_and_those_below(self, filled: DatasetStore) -> None:
        for number, folder in enumerate(("a", "a/b", "a/b/c", "ab", "A"), start=1):
            filled.update_details(f"lab/region_{number}", folder=folder)
        found = {
            folder: [record.name for record in filled.list(folder=folder).items]
            for folder in ("a", "a/b", "/a/b/", "ab", "none", "a%")
        }
        assert found == {
            "a": ["region_1", "region_2", "region_3"],
            "a/b": ["region_2", "region_3"],
            "/a/b/": ["region_2", "region_3"],
            "ab": ["region_4"],
            "none": [],
            "a%": [],
        }
        assert filled.list(folder="").total == 13 - 5

    def test_a_list_is_narrowed_to_a_category(self, store: DatasetStore, root: Path) -> None:
        write_dataset(root, "lab/raw")
        write_dataset(root, "lab/both", layers={"color": "uint8", "cells": "uint32"})
        write_dataset(root, "lab/cells", layers={"cells": "uint32"})
        store.refresh()
        assert [record.name for record in store.list(category="color").items] == ["both", "raw"]
        assert [record.name for record in store.list(category=Category.SEGMENTATION).items] == [
            "both",
            "cells",
        ]
        with pytest.raises(VoxshelfError, match="blue"):
            store.list(category="blue")
        with pytest.raises(VoxshelfError, match="blue"):
            store.list(status="blue")  # type: ignore[arg-type]

    def test_a_list_is_narrowed_to_what_everybody_may_see(self, filled: DatasetStore) -> None:
        for number in (1, 2):
            filled.update_permissions(f"lab/region_{number}", is_public=True)
        page = filled.list(is_public=True, limit=1)
        assert ([record.name for record in page.items], page.total) == (["region_1"], 2)
        assert filled.list(is_public=True, search="region_2").total == 1
        assert filled.list(is_public=False).total == 13 - 2

    def test_filters_go_together_and_pages_go_on_behind_a_record(self, filled: DatasetStore) -> None:
        for number in range(1, 13):
            filled.update_details(f"lab/region_{number}", tags=["brain"], folder="a")
        narrow: dict[str, Any] = {"tags": ["brain"], "folder": "a", "search": "region", "organization": "lab"}
        first = filled.list(**narrow, limit=7)
        second = filled.list(**narrow, limit=7, after=first.items[-1])
        assert (first.total, second.total, len(second.items)) == (12, 12, 5)
        assert [record.name for record in (*first.items, *second.items)] == [
            f"region_{number}" for number in range(1, 13)
        ]

    def test_lists_and_counts_hold_only_what_one_may_see(self, staffed: DatasetStore) -> None:
        staffed.update_details("lab/cells", tags=["a"])
        staffed.update_details("lab/plain", tags=["a", "b"])
        mia = self.act_as(staffed, "lab/mia")
        assert ([record.key for record in mia.list().items], mia.list().total) == (["lab/cells"], 1)
        assert mia.tags() == {"a": 1}
        assert list(mia) == ["lab/cells"]
        assert mia.organizations() == ("lab",)
        assert self.act_as(staffed, "").organizations() == ()

    def test_a_list_that_makes_no_sense_is_refused(self, filled: DatasetStore) -> None:
        with pytest.raises(VoxshelfError):
            filled.list(sort="size")  # type: ignore[arg-type]
        for page in ({"limit": -1}, {"limit": 10**30}, {"offset": -1}, {"offset": 10**30}):
            with pytest.raises(OutOfRangeError):
                filled.list(**page)  # type: ignore[arg-type]

    @pytest.mark.parametrize("key", ["lab/none", "none", "", "a/b/c", "/", "lab/", "../x", "lab/..", "a\0/b"])
    def test_an_unknown_key_is_not_found(self, filled: DatasetStore, key: str) -> None:
        assert key not in filled
        assert filled.get(key) is None
        for ask in (filled.record, filled.__getitem__, filled.propose_import, filled.import_dataset):
            with pytest.raises(DatasetNotFoundError) as caught:
                ask(key)
            assert caught.value.hint

    def test_a_dataset_is_opened_by_its_key(self, filled: DatasetStore) -> None:
        dataset = filled["lab/region_2"]
        assert dataset.name == "region_2"
        assert dataset.record == filled.record("lab/region_2").model_copy(update={"last_used": None})
        np.testing.assert_array_equal(dataset["color"][0:32, 0:32, 5], voxels()[:, :, 5])
        assert "lab/region_2" in filled

    def test_opening_a_dataset_notes_its_use(self, filled: DatasetStore) -> None:
        before = filled.record("lab/region_2")
        filled["lab/region_2"]["color"][0, 0, 0]
        after = filled.record("lab/region_2")
        assert before.last_used is None
        assert after.last_used is not None
        assert (after.version, after.changed) == (before.version, before.changed)
        newest = filled.list(sort="last_used", descending=True, limit=1).items
        assert [record.key for record in newest] == ["lab/region_2"]

    def test_a_missing_dataset_cannot_be_opened(self, filled: DatasetStore, root: Path) -> None:
        shutil.rmtree(root / "lab" / "region_2")
        with pytest.raises(DatasetNotFoundError):
            filled["lab/region_2"]
