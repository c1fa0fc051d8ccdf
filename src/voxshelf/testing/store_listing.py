"""Lists of datasets, and opening one of them."""

# ruff: noqa: S101, D102 - tests assert, and their names are their sentences
from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from voxshelf.errors import (
    DatasetNotFoundError,
    VoxshelfError,
)
from voxshelf.model import (
    DatasetStatus,
)
from voxshelf.testing.folders import voxels
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

    def test_a_list_that_makes_no_sense_is_refused(self, filled: DatasetStore) -> None:
        with pytest.raises(VoxshelfError):
            filled.list(sort="size")  # type: ignore[arg-type]
        with pytest.raises(VoxshelfError):
            filled.list(limit=-1)

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
