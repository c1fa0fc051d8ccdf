"""Where a local store lies, where it keeps its catalog, and how it ends."""

from __future__ import annotations

import gc
import os
import threading
import weakref
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voxshelf.errors import ReadOnlyError, StoreUnavailableError
from voxshelf.model import DatasetStatus
from voxshelf.store import Capability, LocalDatasetStore
from voxshelf.testing.folders import voxels, write_dataset

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
