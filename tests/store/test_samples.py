"""Samples from a real HTTP server that drops, refuses and sends rubbish."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voxshelf.errors import (
    DamagedDataError,
    DownloadError,
    InvalidDataSourceError,
    NameTakenError,
    NotAllowedError,
    OperationCancelledError,
    StoreUnavailableError,
)
from voxshelf.model import Actor, DatasetStatus, User
from voxshelf.store import LocalDatasetStore
from voxshelf.testing.archives import pack, packed_dataset
from voxshelf.testing.file_server import FileServer, answer, serve
from voxshelf.testing.folders import voxels, write_dataset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from http.server import BaseHTTPRequestHandler
    from pathlib import Path

    from voxshelf.intake.sample_list import SampleInfo

PATIENCE = 60
NAME = "Sample_e2006_wkw"
KEY = f"lab/{NAME}"
ARCHIVE = packed_dataset(within="e2006_wkw", layers={"color": "uint8", "segmentation": "uint32"})
MANAGER = User(id="tom", organization="lab", memberships={"neuro": True})


@pytest.fixture
def server() -> Iterator[FileServer]:
    with FileServer({"/data/e2006_wkw.zip": ARCHIVE}) as served:
        yield served


@pytest.fixture
def open_one(tmp_path: Path, server: FileServer) -> Iterator[Callable[[], LocalDatasetStore]]:
    opened: list[LocalDatasetStore] = []

    def open_store() -> LocalDatasetStore:
        opened.append(
            LocalDatasetStore(tmp_path / "data", samples_url=f"{server.url}data", organization="lab")
        )
        return opened[-1]

    yield open_store
    for store in opened:
        store.close()


@pytest.fixture
def store(open_one: Callable[[], LocalDatasetStore]) -> LocalDatasetStore:
    return open_one()


def _info(store: LocalDatasetStore, name: str = NAME) -> SampleInfo:
    return next(info for info in store.samples.available() if info.name == name)


def _in_staging(store: LocalDatasetStore) -> list[str]:
    return sorted(path.name for path in (store.root / "lab" / ".samples" / NAME).glob("*"))


def test_a_sample_is_downloaded_unpacked_and_imported(store: LocalDatasetStore) -> None:
    record = store.samples.add(NAME)
    assert (record.key, record.status) == (KEY, DatasetStatus.READY)
    np.testing.assert_array_equal(store[KEY]["color"][:32, :32, :32], voxels())


def test_nothing_but_the_dataset_is_left_of_a_sample(store: LocalDatasetStore) -> None:
    store.samples.add(NAME)
    assert _in_staging(store) == []
    assert sorted(path.name for path in (store.root / KEY).iterdir()) == [
        "color",
        "datasource-properties.json",
        "segmentation",
    ]


def test_a_sample_brings_its_title_and_says_where_it_was_published(store: LocalDatasetStore) -> None:
    record = store.samples.add(NAME)
    assert record.display_name == "e2006: mouse retina"
    assert "M Helmstaedter" in record.description
    assert "https://doi.org/10.1038/nature12346" in record.description


def test_a_sample_belongs_to_whoever_added_it(store: LocalDatasetStore) -> None:
    assert store.acting_as(MANAGER).samples.add(NAME).owner == "tom"


def test_a_sample_that_is_there_is_not_downloaded_again(store: LocalDatasetStore, server: FileServer) -> None:
    record = store.samples.add(NAME)
    assert store.samples.add(NAME) == record
    assert len(server.ranges) == 1


def test_progress_grows_to_one(store: LocalDatasetStore) -> None:
    seen: list[float] = []
    store.samples.add(NAME, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1


def test_a_dropped_connection_is_resumed_where_it_broke_off(
    store: LocalDatasetStore, server: FileServer
) -> None:
    server.plans = [serve(most=1000)]
    assert store.samples.add(NAME).status is DatasetStatus.READY
    assert server.ranges == [None, "bytes=1000-"]


def test_a_sample_that_is_not_on_the_server_is_failed_with_the_reason(
    store: LocalDatasetStore, server: FileServer
) -> None:
    server.plans = [answer(404)]
    with pytest.raises(DownloadError, match="answered 404"):
        store.samples.add(NAME)
    info = _info(store)
    assert info.state.value == "failed"
    assert "answered 404" in info.message
    assert "VOXSHELF_SAMPLES_URL" in info.message


def test_a_failed_sample_can_be_added_again(store: LocalDatasetStore, server: FileServer) -> None:
    server.plans = [answer(404)]
    with pytest.raises(DownloadError):
        store.samples.add(NAME)
    assert store.samples.add(NAME).status is DatasetStatus.READY
    assert _info(store).state.value == "present"


@pytest.mark.parametrize(
    "content",
    [b"<html>Sign in first</html>", ARCHIVE[:-30], pack({"readme.txt": b"moved"}), pack({"../evil": b"x"})],
    ids=["a page", "cut off", "no dataset", "evil"],
)
def test_an_archive_that_is_not_sound_is_refused_and_fetched_anew_next_time(
    store: LocalDatasetStore, server: FileServer, content: bytes
) -> None:
    server.files["/data/e2006_wkw.zip"] = content
    with pytest.raises(InvalidDataSourceError):
        store.samples.add(NAME)
    assert _info(store).state.value == "failed"
    assert not (store.root / KEY).exists()
    server.files["/data/e2006_wkw.zip"] = ARCHIVE
    assert store.samples.add(NAME).status is DatasetStatus.READY
    assert server.ranges == [None, None]


def test_a_corrupted_archive_is_refused_and_fetched_anew_next_time(
    store: LocalDatasetStore, server: FileServer
) -> None:
    corrupted = bytearray(ARCHIVE)
    corrupted[200:220] = bytes(20)
    server.files["/data/e2006_wkw.zip"] = bytes(corrupted)
    with pytest.raises(DamagedDataError, match="is damaged"):
        store.samples.add(NAME)
    assert not (store.root / KEY).exists()
    server.files["/data/e2006_wkw.zip"] = ARCHIVE
    assert store.samples.add(NAME).status is DatasetStatus.READY


def test_a_file_of_a_wrong_size_is_refused_unread(store: LocalDatasetStore, server: FileServer) -> None:
    server.plans = [serve(claims=10_000_000_000)]
    with pytest.raises(DownloadError, match="not the expected file"):
        store.samples.add(NAME)
    assert _info(store).state.value == "failed"


def test_a_cancelled_download_goes_on_from_there(store: LocalDatasetStore, server: FileServer) -> None:
    server.plans = [serve(most=1000)]
    with pytest.raises(OperationCancelledError):
        store.samples.add(NAME, cancel=lambda: True)
    info = _info(store)
    assert (info.state.value, info.share > 0) == ("available", True)
    assert "goes on from there" in info.message
    assert store.samples.add(NAME).status is DatasetStatus.READY
    assert server.ranges[-1] == "bytes=1000-"


def test_while_it_is_downloaded_every_process_says_so_and_nobody_begins_again(
    store: LocalDatasetStore, open_one: Callable[[], LocalDatasetStore], server: FileServer
) -> None:
    arrived, may_end = threading.Event(), threading.Event()

    def slowly(served: FileServer, request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(ARCHIVE)))
        request.end_headers()
        request.wfile.write(ARCHIVE[:1000])
        arrived.set()
        may_end.wait(PATIENCE)
        request.wfile.write(ARCHIVE[1000:])

    server.plans = [slowly]
    with ThreadPoolExecutor(1) as threads:
        added = threads.submit(store.samples.add, NAME)
        try:
            assert arrived.wait(PATIENCE)
            other = open_one()
            assert _info(other).state.value == "downloading"
            with pytest.raises(StoreUnavailableError, match="being added"):
                other.samples.add(NAME)
        finally:
            may_end.set()
        assert added.result(PATIENCE).key == KEY
    assert _info(other).state.value == "present"


KILLED = """
import os, signal, sys
from voxshelf.store import LocalDatasetStore
store = LocalDatasetStore(sys.argv[1], samples_url=sys.argv[2], organization="lab")
store.samples.add(sys.argv[3], progress=lambda share: os.kill(os.getpid(), signal.SIGKILL))
"""


def test_after_a_crash_it_is_available_and_goes_on_where_it_broke_off(
    store: LocalDatasetStore, server: FileServer
) -> None:
    server.plans = [serve(most=1000)]
    command = [sys.executable, "-c", KILLED, str(store.root), f"{server.url}data", NAME]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert _info(store).state.value == "available"
    assert store.samples.add(NAME).status is DatasetStatus.READY
    assert server.ranges[-1] == "bytes=1000-"


def test_a_folder_that_no_refresh_has_seen_is_taken_as_it_is(
    store: LocalDatasetStore, server: FileServer
) -> None:
    write_dataset(store.root, KEY)
    assert store.samples.add(NAME).status is DatasetStatus.READY
    assert server.ranges == []


def test_a_sample_whose_folder_is_gone_comes_back(store: LocalDatasetStore) -> None:
    store.samples.add(NAME)
    write_dataset(store.root, "lab/other")
    os.rename(store.root / KEY, store.root.parent / "gone")  # noqa: PTH104 - a person takes it away
    store.refresh()
    assert store.record(KEY).status is DatasetStatus.MISSING
    assert _info(store).state.value == "available"
    assert store.samples.add(NAME).status is DatasetStatus.READY


@pytest.mark.parametrize(
    "actor",
    [
        User(id="mia", organization="lab", memberships={"neuro": False}),
        User(id="eve", organization="clinic", is_admin=True),
        Actor.anonymous(),
    ],
    ids=["member", "stranger", "visitor"],
)
def test_whoever_may_not_add_datasets_adds_no_samples(
    store: LocalDatasetStore, server: FileServer, actor: User | Actor
) -> None:
    with pytest.raises(NotAllowedError):
        store.acting_as(actor).samples.add(NAME, organization="lab")
    assert server.ranges == []


def test_others_learn_nothing_of_a_failed_or_hidden_sample(
    store: LocalDatasetStore, server: FileServer
) -> None:
    stranger = store.acting_as(User(id="eve", organization="clinic", is_admin=True))
    server.plans = [answer(404)]
    with pytest.raises(DownloadError):
        store.samples.add(NAME)
    states = {info.state.value for info in stranger.samples.available("lab")}
    store.samples.add(NAME)
    states |= {info.state.value for info in stranger.samples.available("lab")}
    assert states == {"available"}


def test_a_dataset_of_that_name_that_one_may_not_see_is_a_taken_name(store: LocalDatasetStore) -> None:
    store.people.add_organization("lab")
    store.people.add_team("others", organization="lab")
    store.samples.add(NAME)
    store.update_permissions(KEY, teams=["others"])
    with pytest.raises(NameTakenError):
        store.acting_as(MANAGER).samples.add(NAME)


def test_a_built_in_sample_needs_no_network(store: LocalDatasetStore, server: FileServer) -> None:
    seen: list[float] = []
    record = store.samples.add("tissue", progress=seen.append)
    assert (record.key, record.status) == ("lab/tissue", DatasetStatus.READY)
    assert seen[-1] == 1
    assert server.ranges == []


def test_making_a_built_in_sample_can_be_cancelled(store: LocalDatasetStore) -> None:
    with pytest.raises(OperationCancelledError):
        store.samples.add("tissue", cancel=lambda: True)
    assert not (store.root / "lab" / "tissue").exists()
    assert _info(store, "tissue").state.value == "available"


def test_looking_at_the_list_stops_nobody_from_adding(store: LocalDatasetStore) -> None:
    is_over = threading.Event()

    def look() -> int:
        looks = 0
        while not is_over.is_set():
            store.samples.available()
            looks += 1
        return looks

    (store.root / "lab" / ".samples" / NAME).mkdir(parents=True)
    (store.root / "lab" / ".samples" / NAME / "adding.lock").touch()
    with ThreadPoolExecutor(2) as threads:
        looking = [threads.submit(look) for _ in range(2)]
        try:
            assert store.samples.add(NAME).status is DatasetStatus.READY
        finally:
            is_over.set()
    assert all(result.result() for result in looking)
