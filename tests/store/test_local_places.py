"""Where a local store lies, where it keeps its catalog, and how it ends."""

from __future__ import annotations

import gc
import json
import os
import threading
import weakref
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from voxshelf.errors import InvalidDataSourceError, ReadOnlyError, StoreUnavailableError, VoxshelfError
from voxshelf.model import DatasetStatus
from voxshelf.store import Capability, LocalDatasetStore
from voxshelf.testing.folders import properties, voxels, write_dataset, write_properties

if TYPE_CHECKING:
    from pathlib import Path


def _threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "voxshelf-changes"]


def test_the_root_and_its_catalog_are_made_at_first_use(tmp_path: Path) -> None:
    with LocalDatasetStore(tmp_path / "new") as store:
        assert store.refresh().unchanged == 0
    assert (tmp_path / "new" / ".voxshelf" / "catalog.db").is_file()


def test_a_root_whose_parent_is_missing_is_taken_for_an_unmounted_disk(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match="cannot be made") as caught:
        LocalDatasetStore(tmp_path / "disk" / "data")
    assert "mounted" in caught.value.hint


def test_a_root_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailableError):
        LocalDatasetStore(tmp_path / "file")


def test_the_catalog_may_lie_elsewhere(tmp_path: Path) -> None:
    write_dataset(tmp_path / "data", "lab/one")
    url = f"sqlite:///{tmp_path / 'catalogs' / 'mine.db'}"
    with LocalDatasetStore(tmp_path / "data", catalog_url=url) as store:
        store.refresh()
    assert not (tmp_path / "data" / ".voxshelf").exists()
    with LocalDatasetStore(tmp_path / "data", catalog_url=url) as store:
        assert store.list().total == 1


def test_a_root_can_be_moved_with_its_catalog(tmp_path: Path) -> None:
    write_dataset(tmp_path / "old", "lab/one")
    with LocalDatasetStore(tmp_path / "old") as store:
        store.refresh()
    (tmp_path / "old").rename(tmp_path / "new")
    with LocalDatasetStore(tmp_path / "new") as store:
        assert store.record("lab/one").path == str(tmp_path / "new" / "lab" / "one")
        np.testing.assert_array_equal(store["lab/one"]["color"][:32, :32, :32], voxels())


def test_a_home_folder_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with LocalDatasetStore("~/data") as store:
        assert store.root == tmp_path / "data"


def test_odd_letters_in_the_root_do_no_harm(tmp_path: Path) -> None:
    root = tmp_path / "50% ? #1 größe"
    write_dataset(root, "lab/one")
    with LocalDatasetStore(root) as store:
        assert store.refresh().found == ("lab/one",)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_root_that_cannot_be_written_says_what_is_missing(tmp_path: Path) -> None:
    write_dataset(tmp_path / "data", "lab/one")
    (tmp_path / "data").chmod(0o555)
    try:
        with pytest.raises(ReadOnlyError):
            LocalDatasetStore(tmp_path / "data")
        with LocalDatasetStore(tmp_path / "data", catalog_url=f"sqlite:///{tmp_path / 'c.db'}") as store:
            store.refresh()
            assert "Ask its owner" in store.capabilities.why_not(Capability.IMPORT)
            assert store.record("lab/one").status is DatasetStatus.READY
    finally:
        (tmp_path / "data").chmod(0o755)


def test_without_listeners_no_thread_runs(tmp_path: Path) -> None:
    with LocalDatasetStore(tmp_path / "data") as store:
        store.refresh()
        assert _threads() == []
        store.changed.connect(lambda _: None)
        store.changed.connect(lambda _: None)
        assert len(_threads()) == 1
    assert _threads() == []


def test_a_forgotten_store_stops_its_thread(tmp_path: Path) -> None:
    store = LocalDatasetStore(tmp_path / "data")
    store.changed.connect(lambda _: None)
    (thread,) = [thread for thread in threading.enumerate() if thread.name == "voxshelf-changes"]
    gone = weakref.ref(store)
    del store
    gc.collect()
    assert gone() is None
    thread.join(20)
    assert not thread.is_alive()


def test_the_handle_of_a_link_has_the_name_that_the_store_knows(tmp_path: Path) -> None:
    write_dataset(tmp_path, "elsewhere/target")
    (tmp_path / "data" / "lab").mkdir(parents=True)
    (tmp_path / "data" / "lab" / "nice").symlink_to(tmp_path / "elsewhere" / "target")
    with LocalDatasetStore(tmp_path / "data") as store:
        store.refresh()
        dataset = store["lab/nice"]
        assert (dataset.name, dataset.key) == ("nice", "lab/nice")


def test_a_dataset_without_json_can_be_looked_at(tmp_path: Path) -> None:
    write_dataset(tmp_path / "data", "lab/new", with_json=False)
    with LocalDatasetStore(tmp_path / "data") as store:
        store.refresh()
        dataset = store["lab/new"]
        assert dataset.record.status is DatasetStatus.NOT_IMPORTED
        np.testing.assert_array_equal(dataset["color"][:32, :32, :32], voxels())


def test_a_store_says_where_it_is(tmp_path: Path) -> None:
    with LocalDatasetStore(tmp_path / "data") as store:
        assert repr(store) == f"LocalDatasetStore({str(tmp_path / 'data')!r})"


def _with_path(path: str) -> dict[str, Any]:
    document = properties({"color": "uint8"})
    document["dataLayers"][0]["mags"][0]["path"] = path
    return document


@pytest.mark.parametrize("path", ["a\0b", "file:///%00", "loop/1", "../one/loop/1"])
def test_a_path_that_leads_nowhere_breaks_one_dataset_and_nothing_else(tmp_path: Path, path: str) -> None:
    for key in ("lab/one", "lab/two"):
        write_dataset(tmp_path, key)
    (tmp_path / "lab" / "one" / "loop").symlink_to("loop")
    with LocalDatasetStore(tmp_path, allowed_roots=[tmp_path / "more"]) as store:
        store.refresh()
        store.people.add_user("ada", is_dataset_manager=True, organization="lab")
        editor = store.acting_as("lab/ada")
        with pytest.raises(InvalidDataSourceError, match="no path that can be followed"):
            editor.update_data_source("lab/one", _with_path(path))
        write_properties(tmp_path / "lab" / "one", _with_path(path))
        assert store.refresh().broken == ("lab/one",)
        assert store["lab/two"]["color"].shape
        editor.update_data_source("lab/one", properties({"color": "uint8"}))
        assert store.record("lab/one").status is DatasetStatus.READY


def test_what_stands_in_a_json_already_may_stay_also_if_it_leads_nowhere(tmp_path: Path) -> None:
    write_dataset(tmp_path, "lab/one")
    write_properties(tmp_path / "lab" / "one", _with_path("a\0b"))
    with LocalDatasetStore(tmp_path) as store:
        store.refresh()
        store.people.add_user("ada", is_dataset_manager=True, organization="lab")
        store.acting_as("lab/ada").update_data_source("lab/one", _with_path("a\0b") | {"note": 1})
        assert json.loads(store.properties_text("lab/one"))["note"] == 1


def test_an_address_that_is_none_is_told(tmp_path: Path) -> None:
    write_dataset(tmp_path, "lab/one")
    write_properties(tmp_path / "lab" / "one", _with_path("http://["))
    with LocalDatasetStore(tmp_path, allowed_roots=[]) as store:
        store.refresh()
        with pytest.raises(VoxshelfError, match="no address") as caught:
            store["lab/one"]["color"].read()
        assert caught.value.hint
