"""Deleted datasets: restored with everything, or gone for good; and what a crash in between leaves."""

# ruff: noqa: S101, D102 - tests assert, and their names are their sentences
from __future__ import annotations

import shutil
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.errors import DatasetNotFoundError, NameTakenError, NotAllowedError, ReadOnlyError
from voxshelf.model import ChangeEvent, ChangeKind, DatasetStatus
from voxshelf.testing.folders import voxels, write_dataset
from voxshelf.testing.store_editing import EVERYTHING
from voxshelf.testing.store_fixtures import StoreFixtures

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from voxshelf.store import DatasetStore
    from voxshelf.testing.store_fixtures import Clock

KEY = "lab/cells"
BYGONES = {"version", "changed"}


def remembered(store: DatasetStore, key: str = KEY) -> dict[str, Any]:
    """Everything that belongs to a dataset."""
    return store.record(key).model_dump(exclude=BYGONES) | {
        "view": store.view_levels(key),
        "links": store.links(key),
        "history": store.history(key),
        "text": store.properties_text(key),
    }


class DeletingTests(StoreFixtures):
    """Into the trash."""

    def test_a_deleted_dataset_is_nowhere_but_in_the_trash(self, staffed: DatasetStore, root: Path) -> None:
        (entry,) = staffed.delete(KEY)
        assert (entry.key, staffed.trash()) == (KEY, (entry,))
        assert not (root / KEY).exists()
        assert KEY not in list(staffed)
        assert staffed.list(search="cells").total == 0
        assert [record.key for record in staffed.list(status=DatasetStatus.DELETED).items] == [KEY]

    def test_a_deleted_dataset_can_only_be_restored(self, staffed: DatasetStore) -> None:
        staffed.delete(KEY)
        record = staffed.record(KEY)
        assert (record.status, record.rights) == (DatasetStatus.DELETED, ("see", "delete"))
        calls: tuple[Callable[[], object], ...] = (
            lambda: staffed[KEY],
            lambda: staffed.history(KEY),
            lambda: staffed.links(KEY),
            lambda: staffed.create_link(KEY),
            lambda: staffed.view_configuration(KEY),
            lambda: staffed.data_source(KEY),
            lambda: staffed.update_details(KEY, display_name="x"),
            lambda: staffed.update_data_source(KEY, "{}"),
        )
        for call in calls:
            with pytest.raises(NotAllowedError, match="in the trash"):
                call()
        for call in (lambda: staffed.delete(KEY), lambda: self.act_as(staffed, "lab/tom").record(KEY)):
            with pytest.raises(DatasetNotFoundError):
                call()

    def test_a_refresh_does_not_bring_it_back(self, staffed: DatasetStore) -> None:
        staffed.delete(KEY)
        report = staffed.refresh()
        assert (report.found, report.vanished) == ((), ())
        assert KEY not in list(staffed)

    def test_several_are_deleted_together(self, staffed: DatasetStore) -> None:
        entries = staffed.delete([KEY, "lab/plain", KEY])
        assert [entry.key for entry in entries] == [KEY, "lab/plain"]
        assert {entry.key for entry in staffed.trash()} == {KEY, "lab/plain"}

    @pytest.mark.parametrize("wrong", ["lab/none", "clinic/scan", "lab/plain"])
    def test_if_one_may_not_be_deleted_none_is(self, staffed: DatasetStore, root: Path, wrong: str) -> None:
        staffed.update_permissions(KEY, owner="tom")
        tom = self.act_as(staffed, "lab/tom")
        with pytest.raises((DatasetNotFoundError, NotAllowedError)):
            tom.delete([KEY, wrong])
        assert (root / KEY).is_dir()
        assert KEY in list(staffed)
        assert staffed.trash() == ()

    def test_if_one_cannot_be_moved_the_others_come_back(self, staffed: DatasetStore, root: Path) -> None:
        before = remembered(staffed)
        (root / "clinic" / ".trash").write_text("somebody's file is in the way")
        with pytest.raises(ReadOnlyError):
            staffed.delete([KEY, "clinic/scan", "lab/plain"])
        assert list(staffed) == ["lab/cells", "lab/plain", "clinic/scan"]
        assert staffed.trash() == ()
        assert remembered(staffed) == before

    def test_the_trash_tells_who_and_when(self, staffed: DatasetStore, clock: Clock) -> None:
        (entry,) = self.act_as(staffed, "lab/ada").delete(KEY)
        assert entry.deleted_by == "ada"
        assert abs(clock() - entry.deleted) < timedelta(minutes=1)

    def test_a_deletion_is_told_once(self, staffed: DatasetStore) -> None:
        told: list[ChangeEvent] = []
        staffed.changed.connect(told.append)
        staffed.delete(KEY)
        assert [(event.kind, event.key) for event in told] == [(ChangeKind.DELETED, KEY)]

    def test_a_dataset_that_vanished_can_be_deleted(self, staffed: DatasetStore, root: Path) -> None:
        shutil.rmtree(root / KEY)
        staffed.refresh()
        (entry,) = staffed.delete(KEY)
        assert [known.id for known in staffed.trash()] == [entry.id]
        assert KEY not in list(staffed)
        assert staffed.restore(entry.id).status is DatasetStatus.MISSING

    def test_what_was_deleted_without_a_folder_does_not_come_back_with_another_one(
        self, staffed: DatasetStore, root: Path
    ) -> None:
        token = staffed.create_link(KEY).token
        shutil.rmtree(root / KEY)
        staffed.refresh()
        (entry,) = staffed.delete(KEY)
        write_dataset(root, KEY)
        staffed.refresh()
        assert staffed.record(KEY).teams == ()
        assert [known.id for known in staffed.trash()] == [entry.id]
        assert list(self.with_link(staffed, token)) == []

    def test_a_linked_dataset_loses_the_link_and_never_the_target(
        self, staffed: DatasetStore, root: Path, tmp_path: Path
    ) -> None:
        target = write_dataset(tmp_path, "elsewhere/far")
        (root / "lab" / "linked").symlink_to(target)
        staffed.refresh()
        (entry,) = staffed.delete("lab/linked")
        assert not (root / "lab" / "linked").is_symlink()
        assert (target / "datasource-properties.json").exists()
        assert staffed.restore(entry.id).status is DatasetStatus.READY
        (entry,) = staffed.delete("lab/linked")
        staffed.purge([entry.id])
        assert (target / "color" / "1" / "z0" / "y0" / "x0.wkw").exists()

    def test_only_whoever_may_delete_sees_what_is_in_the_trash(self, staffed: DatasetStore) -> None:
        staffed.update_permissions(KEY, owner="mia")
        (entry,) = staffed.delete(KEY)
        seen = {name: len(self.act_as(staffed, name).trash()) for name in ("lab/mia", "lab/ada", "lab/dora")}
        unseen = {name: len(self.act_as(staffed, name).trash()) for name in ("lab/tom", "clinic/zoe", "")}
        assert set(seen.values()) == {1}
        assert set(unseen.values()) == {0}
        for name in unseen:
            outsider = self.act_as(staffed, name)
            with pytest.raises(DatasetNotFoundError, match="The trash has no entry"):
                outsider.restore(entry.id)
            with pytest.raises(DatasetNotFoundError, match="The trash has no entry"):
                outsider.purge([entry.id])


class RestoringTests(StoreFixtures):
    """Back from the trash."""

    def test_a_restored_dataset_has_everything_that_it_had(self, staffed: DatasetStore) -> None:
        staffed.update_details(KEY, **EVERYTHING)
        staffed.update_permissions(KEY, teams=["genetics", "imaging"], is_public=True, owner="mia")
        staffed.update_view_configuration(KEY, {"zoom": 2})
        token = staffed.create_link(KEY, label="for Eve").token
        before = remembered(staffed)
        (entry,) = staffed.delete(KEY)
        record = staffed.restore(entry.id)
        assert record == staffed.record(KEY)
        assert record.status is DatasetStatus.READY
        assert remembered(staffed) == before
        assert staffed.trash() == ()
        assert (staffed[KEY]["color"][0:32, 0:32, 0:32] == voxels()).all()
        assert KEY in self.with_link(staffed, token)

    def test_while_it_is_in_the_trash_its_links_open_nothing(self, staffed: DatasetStore) -> None:
        token = staffed.create_link(KEY).token
        staffed.delete(KEY)
        assert list(self.with_link(staffed, token)) == []

    def test_its_links_open_no_other_dataset_of_its_name(self, staffed: DatasetStore, root: Path) -> None:
        token = staffed.create_link(KEY).token
        visitor = self.with_link(staffed, token)
        staffed.delete(KEY)
        write_dataset(root, KEY)
        staffed.refresh()
        assert staffed.record(KEY).status is DatasetStatus.READY
        assert list(visitor) == []
        assert list(self.with_link(staffed, token)) == []
        with pytest.raises(DatasetNotFoundError):
            visitor.record(KEY)

    def test_a_scan_after_a_restore_finds_nothing_new(self, staffed: DatasetStore) -> None:
        (entry,) = staffed.delete(KEY)
        staffed.restore(entry.id)
        report = staffed.refresh()
        assert (report.found, report.changed, report.vanished) == ((), (), ())

    def test_a_restoring_is_told_once(self, staffed: DatasetStore) -> None:
        (entry,) = staffed.delete(KEY)
        told: list[ChangeEvent] = []
        staffed.changed.connect(told.append)
        staffed.restore(entry.id)
        assert [(event.kind, event.key) for event in told] == [(ChangeKind.RESTORED, KEY)]

    def test_a_name_that_is_taken_keeps_both(self, staffed: DatasetStore, root: Path) -> None:
        (entry,) = staffed.delete(KEY)
        write_dataset(root, KEY, layers={"other": "uint16"})
        staffed.refresh()
        with pytest.raises(NameTakenError):
            staffed.restore(entry.id)
        assert [layer.name for layer in staffed.record(KEY).layers] == ["other"]
        assert staffed.trash() == (entry,)

    def test_a_name_that_is_taken_on_the_disk_only_keeps_both(
        self, staffed: DatasetStore, root: Path
    ) -> None:
        (entry,) = staffed.delete(KEY)
        write_dataset(root, KEY, layers={"other": "uint16"})
        with pytest.raises(NameTakenError):
            staffed.restore(entry.id)
        assert staffed.trash() == (entry,)
        staffed.refresh()
        assert [layer.name for layer in staffed.record(KEY).layers] == ["other"]

    def test_two_of_one_name_are_kept_apart(self, staffed: DatasetStore, root: Path) -> None:
        staffed.update_details(KEY, display_name="First")
        (first,) = staffed.delete(KEY)
        write_dataset(root, KEY)
        staffed.refresh()
        assert staffed.record(KEY).display_name == ""
        (second,) = staffed.delete(KEY)
        assert {entry.id for entry in staffed.trash()} == {first.id, second.id}
        assert staffed.restore(first.id).display_name == "First"

    @pytest.mark.parametrize("entry", ["", "none", "../..", "0" * 16, "a\0b", "\ud800"])
    def test_an_entry_that_is_none_is_not_found(self, staffed: DatasetStore, entry: str) -> None:
        with pytest.raises(DatasetNotFoundError):
            staffed.restore(entry)
        with pytest.raises(DatasetNotFoundError):
            staffed.purge([entry])

    def test_a_restored_dataset_can_be_deleted_again(self, staffed: DatasetStore) -> None:
        (first,) = staffed.delete(KEY)
        staffed.restore(first.id)
        (second,) = staffed.delete(KEY)
        assert second.id != first.id
        assert staffed.trash() == (second,)


class PurgingTests(StoreFixtures):
    """Gone for good."""

    def test_only_what_is_old_is_purged(self, staffed: DatasetStore, clock: Clock, root: Path) -> None:
        (old,) = staffed.delete(KEY)
        clock.advance(timedelta(days=20))
        assert staffed.purge() == ()
        clock.advance(timedelta(days=11))
        assert staffed.purge() == (old,)
        assert staffed.trash() == ()
        assert [path for path in root.rglob("*.wkw") if "cells" in path.parts] == []

    def test_what_is_named_is_purged_at_once(self, staffed: DatasetStore) -> None:
        entries = staffed.delete([KEY, "lab/plain"])
        assert staffed.purge([entries[0].id]) == (entries[0],)
        assert staffed.trash() == (entries[1],)

    def test_an_unknown_entry_among_them_purges_nothing(self, staffed: DatasetStore) -> None:
        (entry,) = staffed.delete(KEY)
        with pytest.raises(DatasetNotFoundError):
            staffed.purge([entry.id, "none"])
        assert staffed.trash() == (entry,)

    def test_a_purged_dataset_that_comes_again_is_a_new_one(self, staffed: DatasetStore, root: Path) -> None:
        staffed.update_details(KEY, **EVERYTHING)
        token = staffed.create_link(KEY).token
        staffed.purge([entry.id for entry in staffed.delete(KEY)])
        write_dataset(root, KEY)
        staffed.refresh()
        record = staffed.record(KEY)
        assert (record.display_name, record.tags, record.teams) == ("", (), ())
        assert staffed.links(KEY) == ()
        with pytest.raises(NotAllowedError):
            self.with_link(staffed, token)

    def test_somebody_purges_only_what_they_may_delete(self, staffed: DatasetStore, clock: Clock) -> None:
        staffed.update_permissions(KEY, owner="mia")
        staffed.delete([KEY, "lab/plain"])
        clock.advance(timedelta(days=31))
        assert [entry.key for entry in self.act_as(staffed, "lab/mia").purge()] == [KEY]
        assert [entry.key for entry in staffed.trash()] == ["lab/plain"]


class HalfDoneTests(StoreFixtures):
    """Somebody was killed between the disk and the catalog."""

    def moved(self, root: Path, key: str) -> tuple[Path, Path]:
        """Where a deleted dataset lies, and where it was."""
        (folder,) = (root / "lab" / ".trash").glob(f"*/{key.partition('/')[2]}")
        return folder, root / key

    @pytest.mark.parametrize("by", ["refresh", "trash"])
    def test_a_deletion_that_only_moved_the_folder_is_finished(
        self, staffed: DatasetStore, root: Path, by: str
    ) -> None:
        staffed.update_details(KEY, display_name="Kept")
        (entry,) = staffed.delete(KEY)
        staffed.restore(entry.id)
        (root / "lab" / ".trash" / entry.id).mkdir(parents=True)
        (root / "lab" / ".trash" / entry.id / "trash.json").write_text(entry.model_dump_json())
        (root / KEY).rename(root / "lab" / ".trash" / entry.id / "cells")
        getattr(staffed, by)()
        assert KEY not in list(staffed)
        assert [known.id for known in staffed.trash()] == [entry.id]
        assert staffed.restore(entry.id).display_name == "Kept"

    @pytest.mark.parametrize("by", ["refresh", "trash"])
    def test_a_restoring_that_only_moved_the_folder_is_finished(
        self, staffed: DatasetStore, root: Path, by: str
    ) -> None:
        staffed.update_details(KEY, display_name="Kept")
        staffed.delete(KEY)
        folder, place = self.moved(root, KEY)
        folder.rename(place)
        getattr(staffed, by)()
        assert staffed.record(KEY).display_name == "Kept"
        assert staffed.record(KEY).status is DatasetStatus.READY
        assert staffed.trash() == ()

    @pytest.mark.parametrize("by", ["refresh", "trash"])
    def test_a_purge_that_only_moved_the_folder_is_finished(
        self, staffed: DatasetStore, root: Path, by: str
    ) -> None:
        (entry,) = staffed.delete(KEY)
        folder = self.moved(root, KEY)[0].parent
        folder.rename(folder.with_name(f".gone-{entry.id}"))
        getattr(staffed, by)()
        assert staffed.trash() == ()
        assert staffed.get(KEY) is None
        assert list((root / "lab" / ".trash").iterdir()) == []

    def test_another_process_sees_the_same_trash(
        self, staffed: DatasetStore, open_another: Callable[[], DatasetStore]
    ) -> None:
        (entry,) = staffed.delete(KEY)
        other = open_another()
        assert other.trash() == (entry,)
        other.restore(entry.id)
        assert staffed.trash() == ()
        assert KEY in list(staffed)


class TrashTests(DeletingTests, RestoringTests, PurgingTests, HalfDoneTests):
    """The trash."""
