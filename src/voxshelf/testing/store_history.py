"""The history of a dataset's edits: what it tells, taking edits back, and the line of Python that does the same."""

# ruff: noqa: S101, D102 - tests assert, and their names are their sentences
from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.errors import EditConflict, NotFoundError, OutOfRangeError
from voxshelf.model import EditedSection, EditKind
from voxshelf.testing.folders import properties, write_layer
from voxshelf.testing.store_editing import EVERYTHING
from voxshelf.testing.store_fixtures import StoreFixtures

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from voxshelf.store import DatasetStore

KEY = "lab/cells"
LAYERS = {"color": "uint8", "segmentation": "uint32"}


def _edit_box(store: DatasetStore) -> None:
    source = store.data_source(KEY)
    store.update_data_source(KEY, source.changed_layer("color", bounding_box="0,0,0,16,16,16"))


def _edit_many_data_values(store: DatasetStore) -> None:
    source = store.data_source(KEY).with_voxel_size((1, 2, 3), "micrometer").renamed_layer("color", "em")
    source = source.changed_layer("segmentation", largest_segment_id=999, bounding_box="0,0,0,1,2,3")
    store.update_data_source(KEY, source)


def _edit_keys_that_nobody_knows(store: DatasetStore) -> None:
    store.update_data_source(KEY, properties(LAYERS, scale=[1, 1, 1], laboratory={"rig": 7}))


def _edit_whole_document(store: DatasetStore) -> None:
    store.update_data_source(KEY, properties(LAYERS, note="n" * 5000))


def _edit_layer_view(store: DatasetStore) -> None:
    source = store.data_source(KEY)
    view = {"alpha": 12.5, "color": [1, 2, 3], "isDisabled": True}
    store.update_data_source(KEY, source.changed_layer("color", default_view_configuration=view))


EDITS: dict[str, Callable[[DatasetStore], Any]] = {
    "all details": lambda store: store.update_details(KEY, **EVERYTHING),
    "no date": lambda store: store.update_details(KEY, tags=["it's", 'a "tag"'], publication_date=None),
    "permissions": lambda store: store.update_permissions(
        KEY, teams=["genetics"], is_public=True, owner="mia"
    ),
    "a box": _edit_box,
    "many data values": _edit_many_data_values,
    "a category": lambda store: store.update_data_source(
        KEY,
        store.data_source(KEY).changed_layer("segmentation", category="color", largest_segment_id=None),
    ),
    "a layer less": lambda store: store.update_data_source(
        KEY, store.data_source(KEY).without_layer("color")
    ),
    "a layer more": lambda store: store.update_data_source(KEY, properties({**LAYERS, "more": "uint8"})),
    "unknown keys": _edit_keys_that_nobody_knows,
    "a long document": _edit_whole_document,
    "a layer's view": _edit_layer_view,
    "the view": lambda store: store.update_view_configuration(
        KEY, {"zoom": 0.5, "layers": {"color": {"alpha": 3}}, "loadingStrategy": "BEST_QUALITY_FIRST"}
    ),
    "the whole view": lambda store: store.update_view_configuration(
        KEY, {"interpolation": True}, replace=True
    ),
    "one value reset": lambda store: store.reset_view_configuration(KEY, ("zoom",)),
    "everything reset": lambda store: store.reset_view_configuration(KEY),
    "an edit taken back": lambda store: store.undo(KEY, store.history(KEY)[0].id),
}


def state(store: DatasetStore) -> dict[str, Any]:
    """Everything that an edit can change."""
    record = store.record(KEY).model_dump(exclude={"version", "changed", "path", "created", "last_used"})
    return record | {"data": store.data_source(KEY), "view": store.view_levels(KEY)}


class HistoryTests(StoreFixtures):
    """What happened to a dataset."""

    def test_each_edit_is_one_entry_the_newest_first(self, staffed: DatasetStore) -> None:
        ada = self.act_as(staffed, "lab/ada")
        ada.update_details(KEY, display_name="One")
        ada.update_view_configuration(KEY, {"zoom": 2})
        ada.update_data_source(KEY, ada.data_source(KEY).with_voxel_size((1, 1, 1)))
        record = ada.update_permissions(KEY, is_public=True)
        entries = staffed.history(KEY, limit=4)
        assert [entry.section.value for entry in entries] == ["permissions", "data", "view", "details"]
        assert [entry.version for entry in entries] == [record.version - number for number in range(4)]
        assert {(entry.by, entry.key) for entry in entries} == {("ada", KEY)}
        assert entries[0].at <= record.changed

    def test_an_entry_tells_each_field_before_and_after(self, staffed: DatasetStore) -> None:
        staffed.update_details(KEY, display_name="One", tags=["a"])
        staffed.update_details(KEY, display_name="Two", tags=["a", "b"])
        (entry, *_) = staffed.history(KEY)
        told = {change.place[0]: (change.kind, change.before, change.after) for change in entry.changes}
        assert told == {
            "display_name": (EditKind.CHANGED, "One", "Two"),
            "tags": (EditKind.CHANGED, ["a"], ["a", "b"]),
        }

    def test_a_history_is_read_in_pages(self, staffed: DatasetStore) -> None:
        for number in range(5):
            staffed.update_details(KEY, display_name=f"Name {number}")
        everything = staffed.history(KEY, limit=None)
        first = staffed.history(KEY, limit=2)
        rest = staffed.history(KEY, limit=None, before=first[-1].id)
        assert first + rest == everything
        assert len(everything) >= 5

    @pytest.mark.parametrize("page", [{"limit": -1}, {"limit": 10**30}, {"before": 10**30}], ids=str)
    def test_a_page_that_makes_no_sense_is_refused(self, staffed: DatasetStore, page: dict[str, int]) -> None:
        with pytest.raises(OutOfRangeError):
            staffed.history(KEY, **page)

    def test_a_persons_own_settings_are_nobodys_history(self, staffed: DatasetStore) -> None:
        before = staffed.history(KEY)
        self.act_as(staffed, "lab/mia").update_view_configuration(KEY, {"zoom": 2}, level="user")
        assert staffed.history(KEY) == before


class UndoTests(StoreFixtures):
    """Taking edits back."""

    @pytest.mark.parametrize("what", [what for what in EDITS if "taken back" not in what])
    def test_every_edit_can_be_taken_back(self, staffed: DatasetStore, root: Path, what: str) -> None:
        write_layer(root / KEY / "more")
        staffed.update_view_configuration(KEY, {"zoom": 4, "fourBit": True})
        before = state(staffed)
        EDITS[what](staffed)
        (done, *_) = staffed.history(KEY)
        assert state(staffed) != before
        staffed.undo(KEY, done.id)
        assert state(staffed) == before

    @pytest.mark.parametrize("what", ["all details", "permissions", "many data values", "the view"])
    def test_the_taking_back_can_be_taken_back(self, staffed: DatasetStore, what: str) -> None:
        EDITS[what](staffed)
        after = state(staffed)
        (done, *_) = staffed.history(KEY)
        staffed.undo(KEY, done.id)
        (undone, *_) = staffed.history(KEY)
        assert (undone.undoes, undone.section) == (done.id, done.section)
        staffed.undo(KEY, undone.id)
        assert state(staffed) == after

    def test_later_edits_of_other_fields_stay(self, staffed: DatasetStore) -> None:
        staffed.update_details(KEY, display_name="One", tags=["a"])
        (done, *_) = staffed.history(KEY)
        staffed.update_details(KEY, description="Later")
        record = staffed.undo(KEY, done.id)
        assert (record.display_name, record.tags, record.description) == ("", (), "Later")

    @pytest.mark.parametrize("section", list(EditedSection))
    def test_a_field_that_was_edited_again_is_a_conflict(
        self, staffed: DatasetStore, section: EditedSection
    ) -> None:
        source = staffed.data_source(KEY)
        edit: dict[EditedSection, Callable[[int], Any]] = {
            EditedSection.DETAILS: lambda n: staffed.update_details(KEY, display_name=f"Name {n}"),
            EditedSection.DATA: lambda n: staffed.update_data_source(KEY, source.with_voxel_size((n, 1, 1))),
            EditedSection.VIEW: lambda n: staffed.update_view_configuration(KEY, {"zoom": n}),
            EditedSection.PERMISSIONS: lambda n: staffed.update_permissions(
                KEY, teams=[["genetics"], []][n - 2]
            ),
        }
        edit[section](2)
        (done, *_) = staffed.history(KEY)
        edit[section](3)
        before = state(staffed)
        with pytest.raises(EditConflict):
            staffed.undo(KEY, done.id)
        assert state(staffed) == before

    def test_an_edit_of_another_dataset_cannot_be_taken_back_here(self, staffed: DatasetStore) -> None:
        staffed.update_details("lab/plain", display_name="Plain")
        (other, *_) = staffed.history("lab/plain")
        for number in (other.id, 0, -1, 10**12, 10**30):
            with pytest.raises(NotFoundError):
                staffed.undo(KEY, number)

    def test_a_team_that_is_gone_cannot_come_back_with_an_undo(self, staffed: DatasetStore) -> None:
        staffed.update_permissions(KEY, teams=[])
        (done, *_) = staffed.history(KEY)
        staffed.people.remove_team("imaging", organization="lab")
        with pytest.raises(NotFoundError):
            staffed.undo(KEY, done.id)


class PythonLineTests(StoreFixtures):
    """The line of Python of each edit."""

    @pytest.mark.parametrize("what", list(EDITS))
    def test_the_line_of_python_does_the_same(self, staffed: DatasetStore, root: Path, what: str) -> None:
        write_layer(root / KEY / "more")
        staffed.update_view_configuration(KEY, {"zoom": 4, "fourBit": True})
        shutil.copy(root / KEY / "datasource-properties.json", root / "before.json")
        before = state(staffed)
        EDITS[what](staffed)
        (done, *_), after = staffed.history(KEY), state(staffed)
        staffed.undo(KEY, done.id)
        shutil.copy(root / "before.json", root / KEY / "datasource-properties.json")
        assert state(staffed) == before
        eval(done.python, {"__builtins__": {}, "store": staffed})  # noqa: S307 - our own line
        assert state(staffed) == after


class PastTests(HistoryTests, UndoTests, PythonLineTests):
    """History, undo, and the lines of Python."""
