"""With allowed roots, nothing is read or proposed that lies beyond them, whatever a link or a JSON says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voxshelf.errors import DatasetNotFoundError, InvalidDataSourceError
from voxshelf.model import DatasetStatus
from voxshelf.store import LocalDatasetStore
from voxshelf.testing.folders import properties, voxels, write_dataset, write_layer, write_properties

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voxshelf.model import DataSource


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A dataset with a layer of its own and one that is a link to somewhere else."""
    write_layer(tmp_path / "elsewhere" / "layer")
    made = write_dataset(tmp_path / "data", "lab/one", with_json=False)
    (made / "linked").symlink_to(tmp_path / "elsewhere" / "layer")
    return made


def test_a_layer_that_is_a_link_beyond_the_allowed_roots_is_not_proposed(
    tmp_path: Path, folder: Path
) -> None:
    with LocalDatasetStore(tmp_path / "data", allowed_roots=[]) as store:
        proposal = store.propose_import("lab/one")
    assert proposal.layer_names == ("color",)
    assert any("outside of what this store may read" in problem.message for problem in proposal.problems)


@pytest.mark.parametrize("allowed", ["elsewhere", None])
def test_a_layer_that_is_a_link_to_an_allowed_place_is_proposed(
    tmp_path: Path, folder: Path, allowed: str | None
) -> None:
    roots = None if allowed is None else [tmp_path / allowed]
    with LocalDatasetStore(tmp_path / "data", allowed_roots=roots) as store:
        assert store.propose_import("lab/one").layer_names == ("color", "linked")


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """Two organizations, and the JSON of one dataset that sends a mag to the other one's data."""
    write_dataset(tmp_path / "data", "clinic/secret")
    folder = write_dataset(tmp_path / "data", "lab/mine")
    document = properties()
    document["dataLayers"][0]["mags"][0]["path"] = "../../clinic/secret/color/1"
    write_properties(folder, document)
    return folder


def test_a_json_that_leads_into_another_organization_makes_a_dataset_broken(
    tmp_path: Path, two: Path
) -> None:
    with LocalDatasetStore(tmp_path / "data", allowed_roots=[]) as store:
        store.refresh()
        record = store.record("lab/mine")
        assert record.status is DatasetStatus.BROKEN
        assert "outside of the organization's folder" in record.status_message
        with pytest.raises(DatasetNotFoundError, match="outside of the organization's folder"):
            store["lab/mine"]


def test_nobody_can_edit_such_a_path_into_a_dataset(tmp_path: Path, two: Path) -> None:
    write_properties(two, properties())
    with LocalDatasetStore(tmp_path / "data", allowed_roots=[]) as store:
        store.refresh()
        source = store.data_source("lab/mine")
        (mag,) = source.layer("color").mags
        leading_out = mag.model_copy(update={"path": "../../clinic/secret/color/1"})
        for change in (store.update_data_source, store.import_dataset):
            with pytest.raises(InvalidDataSourceError) as refused:
                change("lab/mine", source.changed_layer("color", mags=(leading_out,)))
            assert refused.value.problems[-1].place == ("dataLayers", 0, "mags", 0, "path")
        assert store.data_source("lab/mine") == source


def test_a_path_within_the_organization_is_fine(tmp_path: Path, two: Path) -> None:
    write_dataset(tmp_path / "data", "lab/other")
    document = properties()
    document["dataLayers"][0]["mags"][0]["path"] = "../other/color/1"
    write_properties(two, document)
    with LocalDatasetStore(tmp_path / "data", allowed_roots=[]) as store:
        store.refresh()
        np.testing.assert_array_equal(store["lab/mine"]["color"][:32, :32, :32], voxels())


def test_a_layer_that_is_a_link_beyond_the_allowed_roots_is_not_read(tmp_path: Path, folder: Path) -> None:
    write_properties(folder, properties({"linked": "uint8"}))
    with LocalDatasetStore(tmp_path / "data", allowed_roots=[]) as store:
        store.refresh()
        assert store.record("lab/one").status is DatasetStatus.BROKEN
        with pytest.raises(DatasetNotFoundError, match="outside of what this store may read"):
            store["lab/one"]


def _with_path(store: LocalDatasetStore, path: str) -> DataSource:
    source = store.data_source("lab/mine")
    (mag,) = source.layer("color").mags
    return source.changed_layer("color", mags=(mag.model_copy(update={"path": path}),))


@pytest.fixture
def shared(tmp_path: Path, two: Path) -> Iterator[LocalDatasetStore]:
    """Three datasets and an editor, in a store that the operator lets lead anywhere."""
    write_properties(two, properties())
    write_dataset(tmp_path / "data", "lab/other")
    with LocalDatasetStore(tmp_path / "data") as store:
        store.refresh()
        store.people.add_team("imaging", organization="lab")
        store.people.add_user("tom", teams={"imaging": True}, organization="lab")
        store.people.add_user("ada", is_admin=True, organization="lab")
        store.update_permissions("lab/mine", teams=["imaging"])
        yield store


@pytest.mark.parametrize(
    "path",
    [
        "../../clinic/secret/color/1",
        "../other/color/1",
        "{root}/lab/other/color/1",
        "file://{root}/lab/other/color/1",
    ],
)
@pytest.mark.parametrize("method", ["update_data_source", "import_dataset"])
def test_an_editor_sends_no_mag_out_of_the_datasets_folder(
    shared: LocalDatasetStore, path: str, method: str
) -> None:
    source = _with_path(shared, path.format(root=shared.root))
    with pytest.raises(InvalidDataSourceError, match="out of the dataset's folder") as refused:
        getattr(shared.acting_as("lab/tom"), method)("lab/mine", source)
    assert refused.value.problems[-1].place == ("dataLayers", 0, "mags", 0, "path")
    assert "admin" in refused.value.problems[-1].hint
    assert shared.properties_text("lab/mine") == json.dumps(properties(), indent=2)
    getattr(shared.acting_as("lab/ada"), method)("lab/mine", source)
    assert shared.data_source("lab/mine") == source


def test_a_path_that_stands_in_the_json_stays_when_an_editor_edits_it(shared: LocalDatasetStore) -> None:
    shared.update_data_source("lab/mine", _with_path(shared, "../other/color/1"))
    editor = shared.acting_as("lab/tom")
    editor.update_data_source("lab/mine", editor.data_source("lab/mine").with_voxel_size((1, 2, 3)))
    editor.update_data_source("lab/mine", editor.data_source("lab/mine").renamed_layer("color", "raw"))
    assert shared.data_source("lab/mine").layer("raw").mags[0].path == "../other/color/1"


def test_an_editor_may_name_a_folder_of_the_dataset_or_of_the_allowed_roots(
    tmp_path: Path, shared: LocalDatasetStore
) -> None:
    write_layer(tmp_path / "elsewhere" / "layer")
    editor = shared.acting_as("lab/tom")
    editor.update_data_source("lab/mine", editor.data_source("lab/mine").renamed_layer("color", "raw"))
    assert editor.data_source("lab/mine").layer("raw").mags[0].path
    editor.update_data_source("lab/mine", editor.data_source("lab/mine").renamed_layer("raw", "color"))
    with LocalDatasetStore(tmp_path / "data", allowed_roots=[tmp_path / "elsewhere"]) as store:
        path = str(tmp_path / "elsewhere" / "layer" / "1")
        store.acting_as("lab/tom").update_data_source("lab/mine", _with_path(store, path))
        assert store.data_source("lab/mine").layer("color").mags[0].path == path


def test_a_link_on_the_disk_that_leads_elsewhere_does_not_hinder_an_editor(
    tmp_path: Path, shared: LocalDatasetStore
) -> None:
    write_layer(tmp_path / "elsewhere" / "layer")
    (shared.root / "lab" / "mine" / "linked").symlink_to(tmp_path / "elsewhere" / "layer")
    write_properties(shared.root / "lab" / "mine", properties({"linked": "uint8"}))
    shared.refresh()
    editor = shared.acting_as("lab/tom")
    editor.update_data_source("lab/mine", editor.data_source("lab/mine").renamed_layer("linked", "raw"))
    np.testing.assert_array_equal(editor["lab/mine"]["raw"][:32, :32, :32], voxels())


def test_with_allowed_roots_an_address_of_a_file_leads_no_further_than_a_path(
    tmp_path: Path, two: Path
) -> None:
    document = properties()
    document["dataLayers"][0]["mags"][0]["path"] = f"file://{tmp_path}/data/clinic/secret/color/1"
    write_properties(two, document)
    with LocalDatasetStore(tmp_path / "data", allowed_roots=[]) as store:
        store.refresh()
        assert store.record("lab/mine").status is DatasetStatus.BROKEN
        with pytest.raises(DatasetNotFoundError, match="outside of the organization's folder"):
            store["lab/mine"]
