"""Who may upload, and what is left when a process dies in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from voxshelf.catalog import Catalog
from voxshelf.errors import (
    NameTakenError,
    NotAllowedError,
    NotFoundError,
    ReadOnlyError,
    UploadNotFoundError,
)
from voxshelf.model import Actor, DatasetStatus, User
from voxshelf.store import Capability, LocalDatasetStore
from voxshelf.testing.archives import packed_dataset
from voxshelf.testing.store_uploading import send

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PATIENCE = 60
ADMIN = User(id="ada", organization="lab", is_admin=True)
DATASET_MANAGER = User(id="dana", organization="lab", is_dataset_manager=True)
TEAM_MANAGER = User(id="tom", organization="lab", memberships={"neuro": True})
MEMBER = User(id="mia", organization="lab", memberships={"neuro": False})
STRANGER = User(id="tom", organization="clinic", is_admin=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalDatasetStore]:
    with LocalDatasetStore(tmp_path / "data", user="root") as opened:
        opened.people.add_organization("lab")
        opened.people.add_organization("clinic")
        yield opened


@pytest.mark.parametrize("user", [ADMIN, DATASET_MANAGER, TEAM_MANAGER], ids=lambda user: user.id)
def test_admins_dataset_managers_and_team_managers_upload_to_their_organization(
    store: LocalDatasetStore, user: User
) -> None:
    view = store.acting_as(user)
    record = view.uploads.finish(send(view, packed_dataset()))
    assert (record.key, record.owner, record.status) == ("lab/great", user.id, DatasetStatus.READY)
    assert record.may("delete")


@pytest.mark.parametrize(
    "actor", [MEMBER, STRANGER, Actor.anonymous()], ids=["member", "stranger", "visitor"]
)
def test_others_may_not_begin_one(store: LocalDatasetStore, actor: User | Actor) -> None:
    with pytest.raises(NotAllowedError):
        store.acting_as(actor).uploads.begin("great", 100, organization="lab")
    assert not (store.root / "lab").exists()


@pytest.mark.parametrize(
    ("actor", "reason"),
    [
        (ADMIN, ""),
        (TEAM_MANAGER, ""),
        (Actor.operator(), ""),
        (MEMBER, "admins, dataset managers and team managers"),
        (Actor.anonymous(), "Sign in first"),
    ],
    ids=["admin", "team manager", "operator", "member", "visitor"],
)
def test_the_store_says_beforehand_who_cannot_upload_and_why(
    store: LocalDatasetStore, actor: User | Actor, reason: str
) -> None:
    capabilities = store.acting_as(actor).capabilities
    assert capabilities.can(Capability.UPLOAD) is not bool(reason)
    assert reason in capabilities.why_not(Capability.UPLOAD)


@pytest.mark.parametrize(
    "actor",
    [DATASET_MANAGER, MEMBER, STRANGER, Actor.anonymous()],
    ids=["manager", "member", "stranger", "visitor"],
)
def test_for_others_there_is_no_such_upload(store: LocalDatasetStore, actor: User | Actor) -> None:
    upload = send(store.acting_as(TEAM_MANAGER), packed_dataset())
    others = store.acting_as(actor).uploads
    calls: list[Callable[[], object]] = [
        lambda: others.get(upload),
        lambda: others.append(upload, 0, b"x"),
        lambda: others.finish(upload),
        lambda: others.cancel(upload),
    ]
    for call in calls:
        with pytest.raises(UploadNotFoundError):
            call()
    assert others.list() == ()
    assert store.uploads.get(upload).is_complete


@pytest.mark.parametrize("actor", [ADMIN, Actor.operator()], ids=["admin", "operator"])
def test_an_admin_may_finish_it_and_it_belongs_to_whoever_began_it(
    store: LocalDatasetStore, actor: User | Actor
) -> None:
    upload = send(store.acting_as(TEAM_MANAGER), packed_dataset())
    view = store.acting_as(actor)
    assert [info.id for info in view.uploads.list()] == [upload]
    assert view.uploads.finish(upload).owner == "tom"


def test_whoever_lost_the_right_to_upload_may_only_cancel(store: LocalDatasetStore) -> None:
    upload = send(store.acting_as(TEAM_MANAGER), packed_dataset())
    demoted = store.acting_as(User(id="tom", organization="lab")).uploads
    with pytest.raises(NotAllowedError):
        demoted.append(upload, 0, b"x")
    with pytest.raises(NotAllowedError):
        demoted.finish(upload)
    demoted.cancel(upload)
    assert store.uploads.list() == ()


def test_a_user_goes_on_with_their_own_upload_not_with_somebody_elses_of_the_same_file(
    store: LocalDatasetStore,
) -> None:
    first = store.acting_as(TEAM_MANAGER).uploads.begin("great", 100, file_key="a")
    assert store.acting_as(ADMIN).uploads.begin("great", 100, file_key="a").id != first.id
    assert store.acting_as(TEAM_MANAGER).uploads.begin("great", 100, file_key="a").id == first.id


def test_without_an_organization_the_users_own_is_meant(store: LocalDatasetStore) -> None:
    assert store.acting_as(STRANGER).uploads.begin("great", 100).organization == "clinic"


def test_the_operators_first_upload_goes_to_the_default_organization(tmp_path: Path) -> None:
    with LocalDatasetStore(tmp_path / "data", organization="mine") as store:
        assert store.uploads.begin("great", 100).organization == "mine"


def test_a_visitor_has_no_organization_to_upload_to(store: LocalDatasetStore) -> None:
    with pytest.raises(NotFoundError):
        store.acting_as(Actor.anonymous()).uploads.begin("great", 100)


def test_only_the_operator_tidies_up_for_everybody(store: LocalDatasetStore) -> None:
    with pytest.raises(NotAllowedError):
        store.acting_as(ADMIN).uploads.expire()


def test_uploads_that_nobody_goes_on_with_expire_after_two_weeks(tmp_path: Path) -> None:
    later = datetime.now(UTC) + timedelta(days=15)
    with LocalDatasetStore(tmp_path / "data", clock=lambda: later) as store:
        info = store.uploads.begin("great", 100)
        assert store.uploads.expire() == (info.id,)
        assert store.uploads.list() == ()


def test_an_organization_that_is_a_link_to_a_forbidden_place_takes_no_uploads(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "lab").symlink_to(tmp_path / "elsewhere")
    with LocalDatasetStore(tmp_path / "data", allowed_roots=[]) as store:
        with pytest.raises(ReadOnlyError, match="outside of what this store may read"):
            store.uploads.begin("great", 100, organization="lab")
        assert list((tmp_path / "elsewhere").iterdir()) == []
    with LocalDatasetStore(tmp_path / "data", allowed_roots=[tmp_path / "elsewhere"]) as store:
        assert store.uploads.finish(send(store, packed_dataset())).status is DatasetStatus.READY


def test_begun_at_the_same_time_uploads_do_not_exceed_the_quota_together(store: LocalDatasetStore) -> None:
    store.people.update_organization("lab", upload_quota=1000)

    def begin(number: int) -> bool:
        try:
            store.uploads.begin(f"number_{number}", 300, organization="lab")
        except NotAllowedError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(begin, range(8))) == 3


def test_of_two_uploads_of_one_name_the_first_to_finish_wins(store: LocalDatasetStore) -> None:
    uploads = [send(store, packed_dataset(), file_key=str(number)) for number in range(2)]
    outcomes = []

    def finish(upload: str) -> None:
        try:
            outcomes.append(store.uploads.finish(upload).status)
        except NameTakenError:
            outcomes.append("taken")

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(finish, uploads))
    assert sorted(map(str, outcomes)) == ["ready", "taken"]


def test_an_upload_finished_twice_at_once_is_one_dataset(store: LocalDatasetStore) -> None:
    upload = send(store, packed_dataset())
    outcomes = []

    def finish(_: int) -> None:
        try:
            outcomes.append(store.uploads.finish(upload).key)
        except UploadNotFoundError:
            outcomes.append("lab/great")

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(finish, range(2)))
    assert outcomes == ["lab/great"] * 2
    assert store.list().total == 1
    assert store.uploads.list() == ()


def test_a_scan_that_sees_it_first_does_not_take_it_from_its_owner(store: LocalDatasetStore) -> None:
    view = store.acting_as(TEAM_MANAGER)
    upload = send(view, packed_dataset())
    lock = Catalog(store._premises.catalog.url)
    with ThreadPoolExecutor(1) as threads, lock.exclusively("dataset lab/great"):
        finished = threads.submit(view.uploads.finish, upload)
        _wait_for((store.root / "lab" / "great").is_dir)
        store._premises.scanner.scan()
        assert store.record("lab/great").owner == ""
    lock.close()
    assert finished.result(PATIENCE).owner == "tom"
    assert store.record("lab/great").owner == "tom"


# -- a process that dies ---------------------------------------------------------------------------

FINISH = """
import sys
from voxshelf.store import Capability, LocalDatasetStore
with LocalDatasetStore(sys.argv[1], user="tom") as store:
    store.uploads.finish(sys.argv[2])
"""


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    waiting = threading.Event()
    while not condition():
        assert time.monotonic() < deadline
        waiting.wait(0.01)


@pytest.fixture
def finish_elsewhere(store: LocalDatasetStore) -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    begun: list[subprocess.Popen[bytes]] = []

    def begin(upload: str) -> subprocess.Popen[bytes]:
        begun.append(subprocess.Popen([sys.executable, "-c", FINISH, str(store.root), upload]))
        return begun[-1]

    yield begin
    for process in begun:
        process.kill()
        process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def _assert_settled(store: LocalDatasetStore, owner: str) -> None:
    store.refresh()
    record = store.record("lab/great")
    assert (record.status, record.owner) == (DatasetStatus.READY, owner)
    assert store.uploads.list() == ()
    assert list((store.root / "lab").glob(".uploading/*")) == []


def test_whoever_dies_between_showing_and_recording_leaves_it_to_the_next_refresh(
    store: LocalDatasetStore, finish_elsewhere: Callable[[str], subprocess.Popen[bytes]]
) -> None:
    upload = send(store.acting_as(TEAM_MANAGER), packed_dataset())
    with store._premises.catalog.exclusively("dataset lab/great"):
        process = finish_elsewhere(upload)
        _wait_for((store.root / "lab" / "great").is_dir)
        _kill(process)
    _assert_settled(store, owner="tom")


def test_whoever_dies_between_recording_and_forgetting_leaves_no_upload(
    store: LocalDatasetStore, finish_elsewhere: Callable[[str], subprocess.Popen[bytes]]
) -> None:
    upload = send(store.acting_as(TEAM_MANAGER), packed_dataset())
    lock = FileLock(store.root / "lab" / ".uploading" / upload / ".lock")
    with store._premises.catalog.exclusively("dataset lab/great"):
        process = finish_elsewhere(upload)
        _wait_for((store.root / "lab" / "great").is_dir)
        lock.acquire()
    with lock:
        _wait_for(lambda: "lab/great" in store)
        _kill(process)
        lock.release(force=True)
    _assert_settled(store, owner="tom")


def test_finishing_again_after_dying_is_not_a_taken_name(
    store: LocalDatasetStore, finish_elsewhere: Callable[[str], subprocess.Popen[bytes]]
) -> None:
    upload = send(store.acting_as(TEAM_MANAGER), packed_dataset())
    with store._premises.catalog.exclusively("dataset lab/great"):
        process = finish_elsewhere(upload)
        _wait_for((store.root / "lab" / "great").is_dir)
        _kill(process)
    assert store.acting_as(TEAM_MANAGER).uploads.finish(upload).owner == "tom"
    _assert_settled(store, owner="tom")
