"""The General tab's logic against a real store."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from voxshelf.model import MetadataEntry

if TYPE_CHECKING:
    from voxshelf.store import LocalDatasetStore
    from voxshelf.widgets.edit_tabs import DatasetEdits
    from voxshelf.widgets.edit_tabs.details import DetailsSection

KEY = "lab/cells"


@pytest.fixture
def details(edits: DatasetEdits) -> DetailsSection:
    return edits.details


def test_everything_is_stored(details: DetailsSection, lab: LocalDatasetStore) -> None:
    details.display_name, details.description = "Cells", "Some *cells*."
    details.tags, details.folder = ["mouse", "em"], "Datasets/2026"
    details.publication_date = date(2026, 11, 1)
    row = details.add_row()
    row.key, row.text = "species", "mouse"
    details.save()
    record = lab.record(KEY)
    assert (record.display_name, record.description) == ("Cells", "Some *cells*.")
    assert (record.tags, record.folder) == (("em", "mouse"), "Datasets/2026")
    assert record.publication_date == date(2026, 11, 1)
    assert record.metadata == (MetadataEntry.of("species", "mouse"),)


def test_only_what_was_edited_is_sent(details: DetailsSection) -> None:
    details.tags = ["em"]
    details.save()
    assert details.python == "store.update_details('lab/cells', tags=['em'])"


def test_the_order_of_tags_is_no_edit(details: DetailsSection, lab: LocalDatasetStore) -> None:
    lab.update_details(KEY, tags=["a", "b"])
    details.tags = ["b", "a"]
    assert details.unsaved == ()


def test_an_empty_row_of_metadata_is_no_edit(details: DetailsSection) -> None:
    details.add_row()
    assert details.unsaved == ()


def test_a_wrong_row_hinders_saving_and_counts_as_unsaved(details: DetailsSection) -> None:
    row = details.add_row()
    row.key, row.type, row.text = "age", "number", "three"
    assert details.hindrances == ((("metadata",), "'three' is not a number."),)
    assert details.unsaved == ("Metadata",)


def test_discarding_takes_wrong_rows_away(details: DetailsSection) -> None:
    row = details.add_row()
    row.key, row.type, row.text = "age", "number", "three"
    details.discard()
    assert (details.rows, details.hindrances) == ((), ())


def test_a_row_is_removed(details: DetailsSection, lab: LocalDatasetStore) -> None:
    lab.update_details(KEY, metadata=[MetadataEntry.of("a", 1), MetadataEntry.of("b", 2)])
    details.remove_row(details.rows[0])
    details.save()
    assert lab.record(KEY).metadata == (MetadataEntry.of("b", 2),)


def test_a_folder_that_cannot_be_is_said_at_its_field(details: DetailsSection) -> None:
    details.folder = "Datasets//2026"
    assert details.hindrances[0][0] == ("folder",)


def test_a_description_that_is_too_long_is_said_at_its_field(details: DetailsSection) -> None:
    details.description = "ü" * 40_000
    assert "80,000 bytes" in details.hindrances[0][1]


def test_what_others_change_appears_while_a_row_is_being_typed(
    details: DetailsSection, ada: LocalDatasetStore
) -> None:
    row = details.add_row()
    row.key, row.type, row.text = "age", "number", "thr"
    ada.update_details(KEY, display_name="Hers", tags=["em"])
    assert (details.display_name, details.tags) == ("Hers", ["em"])
    assert details.rows == (row,)


def test_two_people_add_metadata_at_the_same_time(
    details: DetailsSection, lab: LocalDatasetStore, ada: LocalDatasetStore
) -> None:
    row = details.add_row()
    row.key, row.text = "species", "mouse"
    ada.update_details(KEY, metadata=[MetadataEntry.of("age", 3)])
    details.save()
    assert {entry.key for entry in lab.record(KEY).metadata} == {"species", "age"}


def test_known_folders_can_be_chosen(details: DetailsSection, lab: LocalDatasetStore) -> None:
    lab.people.add_folder("Datasets/2026", organization="lab")
    assert "Datasets/2026" in details.folders


def test_whoever_may_only_look_is_told_so(mias: DatasetEdits) -> None:
    assert "mia may not edit" in mias.details.refusal
