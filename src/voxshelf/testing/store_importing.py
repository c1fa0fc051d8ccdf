"""From a folder to a dataset that can be used."""

# ruff: noqa: S101, D102 - tests assert, and their names are their sentences
from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voxshelf.errors import (
    InvalidDataSourceError,
)
from voxshelf.model import (
    DatasetStatus,
    Origin,
    VoxelSize,
)
from voxshelf.testing.folders import properties, voxels, write_dataset, write_properties
from voxshelf.testing.store_fixtures import SIZE, StoreFixtures

if TYPE_CHECKING:
    from pathlib import Path

    from voxshelf.store import DatasetStore


class ImportingTests(StoreFixtures):
    """From a folder to a dataset that can be used."""

    def test_an_import_goes_from_proposal_to_voxels(self, store: DatasetStore, root: Path) -> None:
        folder = write_dataset(root, "lab/new", layers={"color": "uint8"}, with_json=False)
        store.refresh()
        proposal = store.propose_import("lab/new")
        assert [finding.place for finding in proposal.needs_you if finding.place == ("voxel_size",)]
        assert all(isinstance(finding.origin, Origin) for finding in proposal.findings)
        record = store.import_dataset("lab/new", self.propose(store, "lab/new"))
        assert record.status is DatasetStatus.READY
        assert record == store.record("lab/new")
        assert record.voxel_size == SIZE
        written = json.loads((folder / "datasource-properties.json").read_text(encoding="utf-8"))
        assert [layer["name"] for layer in written["dataLayers"]] == ["color"]
        np.testing.assert_array_equal(store["lab/new"]["color"][0:32, 0:32, 0:32], voxels())

    def test_a_proposal_changes_nothing(self, store: DatasetStore, root: Path) -> None:
        folder = write_dataset(root, "lab/new", with_json=False)
        store.refresh()
        before = store.record("lab/new")
        store.propose_import("lab/new")
        assert not (folder / "datasource-properties.json").exists()
        assert store.record("lab/new") == before

    def test_an_import_without_a_voxel_size_names_what_is_missing(
        self, store: DatasetStore, root: Path
    ) -> None:
        folder = write_dataset(root, "lab/new", with_json=False)
        store.refresh()
        with pytest.raises(InvalidDataSourceError) as caught:
            store.import_dataset("lab/new")
        assert any("voxel size" in problem.message for problem in caught.value.problems)
        assert not (folder / "datasource-properties.json").exists()
        assert store.record("lab/new").status is DatasetStatus.NOT_IMPORTED

    def test_an_import_that_breaks_rules_names_them_all(self, store: DatasetStore, root: Path) -> None:
        write_dataset(root, "lab/new", with_json=False)
        store.refresh()
        source = self.propose(store, "lab/new")
        layer = source.layers[0].model_copy(update={"largest_segment_id": 5, "mags": ()})
        with pytest.raises(InvalidDataSourceError) as caught:
            store.import_dataset("lab/new", source.model_copy(update={"layers": (layer, layer)}))
        assert len(caught.value.problems) >= 2
        assert store.record("lab/new").status is DatasetStatus.NOT_IMPORTED

    def test_importing_again_changes_nothing(self, store: DatasetStore, root: Path) -> None:
        folder = write_dataset(root, "lab/new", with_json=False)
        store.refresh()
        source = self.propose(store, "lab/new")
        first = store.import_dataset("lab/new", source)
        state = (folder / "datasource-properties.json").stat()
        assert store.import_dataset("lab/new", source) == first
        assert store.import_dataset("lab/new") == first
        assert (folder / "datasource-properties.json").stat().st_mtime_ns == state.st_mtime_ns
        assert store.refresh().changed == ()

    def test_a_valid_json_is_imported_as_it_is(self, store: DatasetStore, root: Path) -> None:
        folder = write_dataset(root, "lab/own")
        text = (folder / "datasource-properties.json").read_text(encoding="utf-8")
        assert store.import_dataset("lab/own").status is DatasetStatus.READY
        assert (folder / "datasource-properties.json").read_text(encoding="utf-8") == text

    def test_a_folder_that_no_refresh_has_seen_can_be_imported(self, store: DatasetStore, root: Path) -> None:
        write_dataset(root, "lab/new", with_json=False)
        assert store.import_dataset("lab/new", self.propose(store, "lab/new")).key == "lab/new"
        assert store.refresh().found == ()

    def test_another_import_replaces_the_first_and_keeps_a_copy(
        self, store: DatasetStore, root: Path
    ) -> None:
        folder = write_dataset(root, "lab/new", with_json=False)
        store.import_dataset("lab/new", self.propose(store, "lab/new"))
        again = self.propose(store, "lab/new", VoxelSize((4, 4, 40)))
        assert store.import_dataset("lab/new", again).voxel_size == VoxelSize((4, 4, 40))
        assert "11.24" in (folder / "datasource-properties-backups.log").read_text(encoding="utf-8")

    def test_an_import_keeps_keys_that_only_other_programs_know(
        self, store: DatasetStore, root: Path
    ) -> None:
        folder = write_dataset(root, "lab/new", with_json=False)
        proposed_before = self.propose(store, "lab/new")
        document = properties(scale=[1, 1, 1], laboratory={"rig": 7})
        document["dataLayers"][0]["stain"] = "DAPI"
        document["dataLayers"][0]["mags"][0]["checksum"] = "abc"
        write_properties(folder, document)
        store.import_dataset("lab/new", proposed_before)
        written = json.loads((folder / "datasource-properties.json").read_text(encoding="utf-8"))
        assert written["laboratory"] == {"rig": 7}
        assert written["dataLayers"][0]["stain"] == "DAPI"
        assert written["dataLayers"][0]["mags"][0]["checksum"] == "abc"
