"""Finding datasets on the disk, and noticing that they are gone."""

# ruff: noqa: S101, D102 - tests assert, and their names are their sentences
from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voxshelf.errors import (
    StoreUnavailableError,
)
from voxshelf.model import (
    DatasetStatus,
    Mag,
    ScanReport,
    VoxelSize,
)
from voxshelf.testing.folders import properties, voxels, write_dataset, write_layer, write_properties
from voxshelf.testing.store_fixtures import SIZE, StoreFixtures

if TYPE_CHECKING:
    from pathlib import Path

    from voxshelf.store import DatasetStore


class FindingTests(StoreFixtures):
    """Finding datasets on the disk, and noticing that they are gone."""

    def test_an_empty_root_is_an_empty_store(self, store: DatasetStore) -> None:
        assert store.refresh().model_copy(update={"seconds": 0}) == ScanReport()
        assert store.list().items == ()
        assert store.organizations() == ()
        assert list(store) == []

    def test_a_folder_with_a_valid_json_is_ready_without_a_manual_step(
        self, store: DatasetStore, root: Path
    ) -> None:
        layers = {"color": "uint8", "segmentation": "uint32"}
        write_dataset(root, "lab/ready", layers=layers, mags=("1", "2"))
        assert store.refresh().found == ("lab/ready",)
        record = store.record("lab/ready")
        assert (record.organization, record.name, record.key) == ("lab", "ready", "lab/ready")
        assert record.status is DatasetStatus.READY
        assert record.voxel_size == SIZE
        assert [layer.name for layer in record.layers] == ["color", "segmentation"]
        assert record.layers[1].mags == (Mag(1), Mag(2))
        assert record.layers[1].largest_segment_id == 250
        assert str(record.bounding_box) == "0,0,0,32,32,32"
        assert record.created.tzinfo is not None
        assert record.last_used is None

    def test_a_folder_without_json_waits_for_its_import(self, store: DatasetStore, root: Path) -> None:
        write_dataset(root, "lab/new", with_json=False)
        store.refresh()
        record = store.record("lab/new")
        assert (record.status, record.layers, record.voxel_size) == (DatasetStatus.NOT_IMPORTED, (), None)

    def test_staging_folders_and_files_are_left_alone(self, store: DatasetStore, root: Path) -> None:
        for key in (".trash/old", "lab/.uploading", "lab/.hidden", ".voxshelf/x", "lab/__converting_x"):
            write_dataset(root, key)
        (root / "lab" / "notes.txt").write_text("not a dataset")
        (root / "readme.md").write_text("not an organization")
        store.refresh()
        assert list(store) == []

    def test_a_second_look_finds_nothing_new(self, store: DatasetStore, root: Path) -> None:
        write_dataset(root, "lab/one")
        write_dataset(root, "lab/two", with_json=False)
        store.refresh()
        before = store.list().items
        report = store.refresh()
        assert (report.found, report.changed, report.vanished, report.broken) == ((), (), (), ())
        assert report.unchanged == 2
        assert store.list().items == before

    def test_a_changed_json_is_read_again(self, store: DatasetStore, root: Path) -> None:
        folder = write_dataset(root, "lab/one")
        store.refresh()
        before = store.record("lab/one")
        write_properties(folder, properties(scale=[1, 2, 3]))
        assert store.refresh().changed == ("lab/one",)
        after = store.record("lab/one")
        assert after.voxel_size == VoxelSize((1, 2, 3))
        assert after.version > before.version
        assert after.changed >= before.changed
        assert after.created == before.created

    @pytest.mark.parametrize(
        "text",
        ["{", "", "[]", '{"dataLayers": []}', "\x00\xff"],
        ids=["cut", "empty", "list", "bare", "bytes"],
    )
    def test_a_broken_json_is_a_status_with_a_reason(
        self, store: DatasetStore, root: Path, text: str
    ) -> None:
        folder = write_dataset(root, "lab/one", with_json=False)
        (folder / "datasource-properties.json").write_text(text, encoding="latin-1")
        assert store.refresh().broken == ("lab/one",)
        record = store.record("lab/one")
        assert record.status is DatasetStatus.BROKEN
        assert record.status_message
        assert record.problems

    def test_a_mended_json_makes_the_dataset_ready(self, store: DatasetStore, root: Path) -> None:
        folder = write_dataset(root, "lab/one", with_json=False)
        (folder / "datasource-properties.json").write_text("{")
        store.refresh()
        write_properties(folder, properties())
        assert store.refresh().changed == ("lab/one",)
        record = store.record("lab/one")
        assert (record.status, record.status_message, record.problems) == (DatasetStatus.READY, "", ())

    def test_a_name_that_is_none_is_reported(self, store: DatasetStore, root: Path) -> None:
        write_dataset(root, "lab/my data (old)")
        assert store.refresh().broken == ("lab/my data (old)",)
        record = store.record("lab/my data (old)")
        assert record.status is DatasetStatus.BROKEN
        assert "Rename the folder" in record.status_message

    def test_a_vanished_dataset_keeps_its_record_and_comes_back(
        self, store: DatasetStore, root: Path, tmp_path: Path
    ) -> None:
        write_dataset(root, "lab/stays")
        write_dataset(root, "lab/goes")
        store.refresh()
        before = store.record("lab/goes")
        shutil.move(root / "lab" / "goes", tmp_path / "elsewhere")
        assert store.refresh().vanished == ("lab/goes",)
        gone = store.record("lab/goes")
        assert gone.status is DatasetStatus.MISSING
        assert (gone.layers, gone.voxel_size) == (before.layers, before.voxel_size)
        assert store.refresh().vanished == ()
        shutil.move(tmp_path / "elsewhere", root / "lab" / "goes")
        assert store.refresh().returned == ("lab/goes",)
        back = store.record("lab/goes")
        assert (back.status, back.created, back.layers) == (
            DatasetStatus.READY,
            before.created,
            before.layers,
        )

    def test_the_only_dataset_may_be_taken_away(self, store: DatasetStore, root: Path) -> None:
        folder = write_dataset(root, "lab/one")
        store.refresh()
        shutil.rmtree(folder)
        assert store.refresh().vanished == ("lab/one",)

    @pytest.mark.parametrize("what", ["organization", "datasets"])
    def test_everything_gone_at_once_is_refused_not_recorded(
        self, store: DatasetStore, root: Path, what: str
    ) -> None:
        folders = [write_dataset(root, f"lab/d{number}") for number in range(3)]
        store.refresh()
        for folder in [root / "lab"] if what == "organization" else folders:
            shutil.rmtree(folder)
        with pytest.raises(StoreUnavailableError, match="gone at once") as caught:
            store.refresh()
        assert "mounted" in caught.value.hint
        assert {record.status for record in store.list().items} == {DatasetStatus.READY}
        assert len(store.refresh(accept_loss=True).vanished) == 3
        assert {record.status for record in store.list().items} == {DatasetStatus.MISSING}
        assert store.refresh().unchanged == 0

    def test_a_root_that_is_not_there_is_refused(self, store: DatasetStore, root: Path) -> None:
        write_dataset(root, "lab/one")
        store.refresh()
        root.rename(root.with_name("unmounted"))
        with pytest.raises(StoreUnavailableError):
            store.refresh()
        root.with_name("unmounted").rename(root)
        assert store.record("lab/one").status is DatasetStatus.READY

    def test_links_to_datasets_layers_and_mags_work(
        self, store: DatasetStore, root: Path, tmp_path: Path
    ) -> None:
        write_dataset(tmp_path, "elsewhere/whole")
        write_layer(tmp_path / "layer")
        write_layer(tmp_path / "mags")
        (root / "lab" / "mixed" / "by_mag").mkdir(parents=True)
        (root / "lab" / "linked").symlink_to(tmp_path / "elsewhere" / "whole")
        (root / "lab" / "mixed" / "by_layer").symlink_to(tmp_path / "layer")
        (root / "lab" / "mixed" / "by_mag" / "1").symlink_to(tmp_path / "mags" / "1")
        write_properties(root / "lab" / "mixed", properties({"by_layer": "uint8", "by_mag": "uint8"}))
        store.refresh()
        assert {record.status for record in store.list().items} == {DatasetStatus.READY}
        for key, layer in (("linked", "color"), ("mixed", "by_layer"), ("mixed", "by_mag")):
            np.testing.assert_array_equal(store[f"lab/{key}"][layer][:32, :32, :32], voxels())

    @pytest.mark.parametrize("what", ["dataset", "layer", "mag"])
    def test_a_link_that_breaks_later_is_a_status_and_mends(
        self, store: DatasetStore, root: Path, tmp_path: Path, what: str
    ) -> None:
        folder = write_dataset(root, "lab/one")
        write_dataset(root, "lab/other")
        linked = {"dataset": folder, "layer": folder / "color", "mag": folder / "color" / "1"}[what]
        shutil.move(linked, tmp_path / "target")
        linked.symlink_to(tmp_path / "target")
        store.refresh()
        assert store.record("lab/one").status is DatasetStatus.READY
        (tmp_path / "target").rename(tmp_path / "moved")
        assert store.refresh().broken == ("lab/one",)
        record = store.record("lab/one")
        assert record.status is DatasetStatus.BROKEN
        assert str(tmp_path / "target") in record.status_message
        (tmp_path / "moved").rename(tmp_path / "target")
        assert store.refresh().changed == ("lab/one",)
        assert store.record("lab/one").status is DatasetStatus.READY

    def test_a_link_that_leads_in_a_circle_is_broken(self, store: DatasetStore, root: Path) -> None:
        (root / "lab").mkdir()
        (root / "lab" / "loop").symlink_to(root / "lab" / "loop")
        (root / "lab" / "up").symlink_to(root)
        store.refresh()
        assert {record.status for record in store.list().items} == {DatasetStatus.BROKEN}
        assert "circle" in store.record("lab/loop").status_message
