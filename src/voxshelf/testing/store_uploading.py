"""Datasets that come into a store: ZIP files in pieces, samples, and folders that somebody copies to its disk."""

# ruff: noqa: S101, D102 - tests assert, and their names are their sentences
from __future__ import annotations

import hashlib
import shutil
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voxshelf.errors import (
    DamagedDataError,
    DatasetNotFoundError,
    InvalidDataSourceError,
    NameTakenError,
    NotAllowedError,
    NotFoundError,
    OperationCancelledError,
    StoreUnavailableError,
    UploadNotFoundError,
    UploadOffsetError,
    VoxshelfError,
)
from voxshelf.model import ChangeEvent, ChangeKind, DatasetStatus
from voxshelf.testing.archives import pack, packed_dataset
from voxshelf.testing.folders import voxels, write_dataset
from voxshelf.testing.store_fixtures import StoreFixtures

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from voxshelf.store import DatasetStore

PATIENCE = 30
PIECE = 10_000


def send(store: DatasetStore, data: bytes, name: str = "great", **about: str) -> str:
    """Send a whole file in pieces; returns the upload's id."""
    info = store.uploads.begin(name, len(data), **{"organization": "lab", **about})
    while info.offset < info.size:
        info = store.uploads.append(info.id, info.offset, data[info.offset : info.offset + PIECE])
    return info.id


class UploadingTests(StoreFixtures):
    """ZIP files in pieces."""

    def test_an_upload_with_its_json_is_ready_at_once(self, store: DatasetStore) -> None:
        record = store.uploads.finish(send(store, packed_dataset()))
        assert (record.key, record.status) == ("lab/great", DatasetStatus.READY)
        assert record == store.record("lab/great")
        np.testing.assert_array_equal(store["lab/great"]["color"][0:32, 0:32, 0:32], voxels())

    def test_an_upload_without_json_is_not_imported_yet(self, store: DatasetStore) -> None:
        record = store.uploads.finish(send(store, packed_dataset(with_json=False)))
        assert record.status is DatasetStatus.NOT_IMPORTED
        imported = store.import_dataset("lab/great", self.propose(store, "lab/great"))
        assert imported.status is DatasetStatus.READY

    def test_an_upload_with_a_broken_json_says_what_is_wrong(self, store: DatasetStore) -> None:
        files = {"great/color/1/header.wkw": b"x", "great/datasource-properties.json": b'{"id": '}
        record = store.uploads.finish(send(store, pack(files)))
        assert record.status is DatasetStatus.BROKEN
        assert record.status_message

    def test_whoever_uploaded_it_owns_it(self, store: DatasetStore) -> None:
        user = store.actor.user
        assert user is not None
        assert store.uploads.finish(send(store, packed_dataset())).owner == user.id

    def test_an_upload_is_told_once_before_finish_returns(self, store: DatasetStore) -> None:
        upload = send(store, packed_dataset())
        told: list[ChangeEvent] = []
        store.changed.connect(told.append)
        store.uploads.finish(upload)
        assert [(event.kind, event.key) for event in told] == [(ChangeKind.FOUND, "lab/great")]
        assert store.refresh().found == ()

    def test_nothing_is_a_dataset_before_it_is_finished(self, store: DatasetStore) -> None:
        send(store, packed_dataset())
        assert store.refresh().found == ()
        assert store.list().total == 0

    def test_a_restarted_kernel_goes_on_where_the_upload_stopped(
        self, store: DatasetStore, open_another: Callable[[], DatasetStore]
    ) -> None:
        data = packed_dataset()
        info = store.uploads.begin("great", len(data), organization="lab", file_key="great.zip/1")
        store.uploads.append(info.id, 0, data[:700])
        store.close()
        again = open_another().uploads
        found = again.begin("great", len(data), organization="lab", file_key="great.zip/1")
        assert (found.id, found.offset) == (info.id, 700)
        again.append(found.id, 700, data[700:])
        assert again.finish(found.id).status is DatasetStatus.READY

    def test_a_gap_is_refused_with_the_offset_to_go_on_at(self, store: DatasetStore) -> None:
        info = store.uploads.begin("great", 100, organization="lab")
        store.uploads.append(info.id, 0, bytes(10))
        with pytest.raises(UploadOffsetError) as caught:
            store.uploads.append(info.id, 20, bytes(10))
        assert caught.value.offset == 10

    def test_an_incomplete_upload_cannot_be_finished_and_is_kept(self, store: DatasetStore) -> None:
        info = store.uploads.begin("great", 100, organization="lab")
        store.uploads.append(info.id, 0, bytes(10))
        with pytest.raises(UploadOffsetError):
            store.uploads.finish(info.id)
        assert store.uploads.get(info.id).offset == 10

    def test_uploads_under_way_are_listed_with_their_offset(self, store: DatasetStore) -> None:
        first = store.uploads.begin("first", 100, organization="lab")
        second = store.uploads.begin("second", 100, organization="clinic")
        store.uploads.append(second.id, 0, bytes(40))
        assert [(info.name, info.offset) for info in store.uploads.list()] == [("first", 0), ("second", 40)]
        assert [info.id for info in store.uploads.list("lab")] == [first.id]
        assert store.uploads.list("nowhere") == ()

    @pytest.mark.parametrize("organization", ["..", "*", "lab/..", ""])
    def test_a_list_of_what_is_no_organization_is_empty(self, store: DatasetStore, organization: str) -> None:
        store.uploads.begin("first", 100, organization="lab")
        assert store.uploads.list(organization) == ()

    def test_a_cancelled_upload_is_gone(self, store: DatasetStore) -> None:
        upload = send(store, packed_dataset())
        store.uploads.cancel(upload)
        assert store.uploads.list() == ()
        with pytest.raises(UploadNotFoundError):
            store.uploads.get(upload)

    def test_cancelling_while_it_is_unpacked_keeps_the_bytes(self, store: DatasetStore) -> None:
        upload = send(store, packed_dataset())
        with pytest.raises(OperationCancelledError):
            store.uploads.finish(upload, cancel=lambda: True)
        assert store.uploads.get(upload).is_complete
        assert store.uploads.finish(upload).status is DatasetStatus.READY

    def test_progress_is_told_as_a_share(self, store: DatasetStore) -> None:
        seen: list[float] = []
        store.uploads.finish(send(store, packed_dataset()), progress=seen.append)
        assert seen == sorted(seen)
        assert seen[-1] == 1

    @pytest.mark.parametrize(
        "files",
        [
            {"../evil": b"x", "great/color/1/header.wkw": b"x"},
            {"/etc/evil": b"x", "great/color/1/header.wkw": b"x"},
            {"great/color/1/header.wkw": b"x", "great/color/1/HEADER.WKW": b"y"},
            {"a/color/1/header.wkw": b"x", "b/color/1/header.wkw": b"x"},
            {"stack/0001.tif": b"x"},
            {},
        ],
    )
    def test_a_refused_archive_leaves_nothing_behind(
        self, store: DatasetStore, files: dict[str, bytes]
    ) -> None:
        upload = send(store, pack(files))
        with pytest.raises(InvalidDataSourceError) as caught:
            store.uploads.finish(upload)
        assert caught.value.problems
        assert store.uploads.list() == ()
        assert store.refresh().found == ()
        assert store.list().total == 0

    def test_what_is_no_zip_file_is_refused_and_removed(self, store: DatasetStore) -> None:
        upload = send(store, b"not a ZIP file at all")
        with pytest.raises(InvalidDataSourceError, match="not a whole ZIP file"):
            store.uploads.finish(upload)
        assert store.uploads.list() == ()

    def test_a_wrong_checksum_is_found_and_the_bytes_are_removed(self, store: DatasetStore) -> None:
        upload = send(store, packed_dataset(), sha256=hashlib.sha256(b"another").hexdigest())
        with pytest.raises(DamagedDataError, match="checksum"):
            store.uploads.finish(upload)
        assert store.uploads.list() == ()

    def test_a_right_checksum_in_capitals_is_accepted(self, store: DatasetStore) -> None:
        data = packed_dataset()
        upload = send(store, data, sha256=hashlib.sha256(data).hexdigest().upper())
        assert store.uploads.finish(upload).status is DatasetStatus.READY

    def test_a_name_that_is_taken_is_refused_at_once(self, store: DatasetStore, root: Path) -> None:
        write_dataset(root, "lab/great")
        with pytest.raises(NameTakenError):
            store.uploads.begin("great", 100, organization="lab")

    def test_the_name_of_a_missing_dataset_stays_taken(self, store: DatasetStore, root: Path) -> None:
        folder = write_dataset(root, "lab/great")
        write_dataset(root, "lab/other")
        store.refresh()
        shutil.rmtree(folder)
        store.refresh()
        assert store.record("lab/great").status is DatasetStatus.MISSING
        with pytest.raises(NameTakenError):
            store.uploads.begin("great", 100, organization="lab")

    def test_a_name_taken_meanwhile_keeps_the_upload(self, store: DatasetStore, root: Path) -> None:
        upload = send(store, packed_dataset())
        write_dataset(root, "lab/great")
        store.refresh()
        with pytest.raises(NameTakenError):
            store.uploads.finish(upload)
        assert store.uploads.get(upload).is_complete

    @pytest.mark.parametrize("name", ["", ".hidden", "a/b", "..", "-x", "x" * 129, "gro\u00dfe"])
    def test_what_cannot_be_a_name_is_refused(self, store: DatasetStore, name: str) -> None:
        with pytest.raises(VoxshelfError, match="cannot be the name") as caught:
            store.uploads.begin(name, 100, organization="lab")
        assert caught.value.hint

    @pytest.mark.parametrize(("size", "sha256"), [(0, None), (-1, None), (10, "abc")])
    def test_a_size_or_checksum_that_cannot_be_one_is_refused(
        self, store: DatasetStore, size: int, sha256: str | None
    ) -> None:
        with pytest.raises(VoxshelfError, match="An upload needs"):
            store.uploads.begin("great", size, organization="lab", sha256=sha256)

    def test_a_large_upload_is_warned_of_but_begun(self, store: DatasetStore) -> None:
        assert store.uploads.begin("small", 1_000_000_000, organization="lab").warning == ""
        info = store.uploads.begin("great", 1_500_000_000, organization="lab")
        assert "1.5 GB" in info.warning

    def test_what_cannot_fit_on_the_disk_is_refused_at_once(self, store: DatasetStore) -> None:
        with pytest.raises(StoreUnavailableError, match="not enough room"):
            store.uploads.begin("great", 1 << 60, organization="lab")

    def test_a_quota_counts_what_is_there_and_what_is_under_way(self, store: DatasetStore) -> None:
        data = packed_dataset()
        store.people.add_organization("lab", upload_quota=100_000)
        store.uploads.finish(send(store, data))  # unpacked, it has more than 32768 bytes
        store.uploads.begin("second", 50_000, organization="lab")
        with pytest.raises(NotAllowedError, match="may upload 100,000 bytes in all"):
            store.uploads.begin("third", 20_000, organization="lab")

    def test_going_on_with_an_upload_is_not_counted_twice(self, store: DatasetStore) -> None:
        store.people.add_organization("lab", upload_quota=100)
        first = store.uploads.begin("great", 80, organization="lab")
        assert store.uploads.begin("great", 80, organization="lab").id == first.id

    def test_an_archive_that_expands_beyond_the_quota_is_kept_for_another_try(
        self, store: DatasetStore
    ) -> None:
        data = packed_dataset()
        store.people.add_organization("lab", upload_quota=len(data) + 10)
        upload = send(store, data)
        with pytest.raises(NotAllowedError, match="are needed"):
            store.uploads.finish(upload)
        store.people.update_organization("lab", upload_quota=None)
        assert store.uploads.finish(upload).status is DatasetStatus.READY

    def test_an_upload_that_is_none_is_not_found_by_any_method(self, store: DatasetStore) -> None:
        for call in (
            lambda: store.uploads.get("../../etc"),
            lambda: store.uploads.append("x", 0, b"x"),
            lambda: store.uploads.finish("x"),
            lambda: store.uploads.cancel("x"),
        ):
            with pytest.raises(UploadNotFoundError):
                call()

    def test_fresh_uploads_do_not_expire(self, store: DatasetStore) -> None:
        store.uploads.begin("great", 100, organization="lab")
        assert store.uploads.expire() == ()
        assert len(store.uploads.list()) == 1


class SampleListTests(StoreFixtures):
    """The list of samples."""

    def test_the_published_samples_and_a_built_in_one_are_available(self, store: DatasetStore) -> None:
        samples = {sample.name: sample for sample in store.samples.available()}
        published = {"Sample_e2006_wkw", "Sample_FD0144_wkw", "Sample_MPRAGE_250um"}
        assert published <= samples.keys()
        assert any(sample.builtin for sample in samples.values())
        assert {sample.state.value for sample in samples.values()} == {"available"}
        assert all(samples[name].doi and samples[name].citation and samples[name].url for name in published)

    def test_a_sample_that_is_there_is_present_with_its_key(self, store: DatasetStore, root: Path) -> None:
        write_dataset(root, "lab/Sample_e2006_wkw")
        store.refresh()
        (sample,) = (info for info in store.samples.available() if info.name == "Sample_e2006_wkw")
        assert (sample.state.value, sample.key) == ("present", "lab/Sample_e2006_wkw")

    def test_a_sample_that_is_there_is_left_alone(self, store: DatasetStore, root: Path) -> None:
        write_dataset(root, "lab/Sample_e2006_wkw")
        store.refresh()
        before = store.record("lab/Sample_e2006_wkw")
        assert store.samples.add("Sample_e2006_wkw", organization="lab") == before

    def test_an_unknown_sample_is_refused_with_those_there_are(self, store: DatasetStore) -> None:
        with pytest.raises(NotFoundError) as caught:
            store.samples.add("nothing", organization="lab")
        assert "Sample_e2006_wkw" in caught.value.hint


class RefreshingTests(StoreFixtures):
    """A store that looks at the disk by itself."""

    def test_a_new_folder_is_found_without_asking(self, store: DatasetStore, root: Path) -> None:
        (root / "lab").mkdir()
        found = threading.Event()
        store.changed.connect(lambda event: found.set() if event.key == "lab/new" else None)
        with store.keep_refreshed(timedelta(seconds=1)):
            write_dataset(root, "lab/new")
            assert found.wait(PATIENCE)

    def test_after_the_last_one_stopped_it_nothing_is_looked_at(
        self, store: DatasetStore, root: Path
    ) -> None:
        with store.keep_refreshed(timedelta(seconds=1)):
            pass
        write_dataset(root, "lab/new")
        with pytest.raises(DatasetNotFoundError):
            store.record("lab/new")

    def test_more_often_than_every_second_is_refused(self, store: DatasetStore) -> None:
        with pytest.raises(VoxshelfError, match="cannot be refreshed"):
            store.keep_refreshed(timedelta(0))


class ArrivingTests(UploadingTests, SampleListTests, RefreshingTests):
    """All ways that lead into a store."""
