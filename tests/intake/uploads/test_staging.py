"""Uploads arrive in pieces, survive restarts and appear whole or not at all."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import signal
import subprocess
import sys
import threading
import zipfile
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from voxshelf.errors import (
    DamagedDataError,
    InvalidDataSourceError,
    NameTakenError,
    NotAllowedError,
    OperationCancelledError,
    StoreUnavailableError,
    UploadNotFoundError,
    UploadOffsetError,
)
from voxshelf.intake.uploads import UploadInfo, UploadStaging

if TYPE_CHECKING:
    from pathlib import Path

    from voxshelf.intake.archives import ArchiveContents

FILES = {"ds/color/1/header.wkw": b"header", "ds/color/1/z0/y0/x0.wkw": os.urandom(50_000)}


def _archive(files: dict[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return sink.getvalue()


ARCHIVE = _archive(FILES)


@pytest.fixture
def staging(tmp_path: Path) -> UploadStaging:
    return UploadStaging(tmp_path)


def _sent(staging: UploadStaging, data: bytes = ARCHIVE, **about: str) -> str:
    """A complete upload's id, sent in three pieces."""
    info = staging.begin("org", "great", len(data), **about)
    third = len(data) // 3
    for start, end in ((0, third), (third, 2 * third), (2 * third, len(data))):
        staging.append(info.id, start, data[start:end])
    return info.id


def _content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _leftovers(root: Path) -> list[str]:
    return [path.name for path in root.glob("*/.uploading/*")]


def test_an_upload_in_pieces_becomes_the_dataset_folder(staging: UploadStaging) -> None:
    upload = _sent(staging)
    staging.unpack(upload)
    folder = staging.publish(upload)
    assert folder == staging.root / "org" / "great"
    assert _content(folder) == {name.removeprefix("ds/"): data for name, data in FILES.items()}


def test_nothing_is_left_of_a_forgotten_upload_but_its_dataset(staging: UploadStaging) -> None:
    upload = _sent(staging)
    staging.unpack(upload)
    staging.publish(upload)
    staging.forget(upload)
    assert _leftovers(staging.root) == []
    assert staging.list() == ()
    assert (staging.root / "org" / "great").is_dir()


def test_another_process_goes_on_at_the_stored_offset(staging: UploadStaging) -> None:
    info = staging.begin("org", "great", len(ARCHIVE), file_key="a.zip/1")
    staging.append(info.id, 0, ARCHIVE[:1000])
    again = UploadStaging(staging.root).begin("org", "great", len(ARCHIVE), file_key="a.zip/1")
    assert (again.id, again.offset) == (info.id, 1000)


def test_another_file_of_the_same_name_is_another_upload(staging: UploadStaging) -> None:
    first = staging.begin("org", "great", len(ARCHIVE), file_key="a.zip/1")
    assert staging.begin("org", "great", len(ARCHIVE), file_key="a.zip/2").id != first.id


def test_a_piece_that_is_sent_twice_is_stored_once(staging: UploadStaging) -> None:
    info = staging.begin("org", "great", len(ARCHIVE))
    staging.append(info.id, 0, ARCHIVE[:1000])
    assert staging.append(info.id, 500, ARCHIVE[500:1500]).offset == 1500
    assert staging.append(info.id, 0, ARCHIVE[:200]).offset == 1500


@pytest.mark.parametrize("offset", [1001, -1, len(ARCHIVE)])
def test_a_gap_is_refused_and_says_where_to_go_on(staging: UploadStaging, offset: int) -> None:
    info = staging.begin("org", "great", len(ARCHIVE))
    staging.append(info.id, 0, ARCHIVE[:1000])
    with pytest.raises(UploadOffsetError) as caught:
        staging.append(info.id, offset, b"xx")
    assert caught.value.offset == 1000


def test_more_bytes_than_announced_are_refused(staging: UploadStaging) -> None:
    info = staging.begin("org", "great", 10)
    with pytest.raises(UploadOffsetError):
        staging.append(info.id, 0, bytes(11))


def test_an_incomplete_upload_cannot_be_unpacked(staging: UploadStaging) -> None:
    info = staging.begin("org", "great", len(ARCHIVE))
    staging.append(info.id, 0, ARCHIVE[:1000])
    with pytest.raises(UploadOffsetError, match="Only 1,000 of"):
        staging.unpack(info.id)


def test_a_right_checksum_is_accepted(staging: UploadStaging) -> None:
    upload = _sent(staging, sha256=hashlib.sha256(ARCHIVE).hexdigest())
    assert len(staging.unpack(upload).files) == 2


def test_a_wrong_checksum_is_found_before_unpacking(staging: UploadStaging) -> None:
    upload = _sent(staging, sha256=hashlib.sha256(b"other").hexdigest())
    with pytest.raises(DamagedDataError, match="checksum differs"):
        staging.unpack(upload)


def test_a_refused_archive_shows_no_dataset(staging: UploadStaging) -> None:
    upload = _sent(staging, _archive({"../evil": b"x"}))
    with pytest.raises(InvalidDataSourceError):
        staging.unpack(upload)
    assert not (staging.root / "org" / "great").exists()


def test_cancelling_forgets_everything(staging: UploadStaging) -> None:
    upload = _sent(staging)
    staging.cancel(upload)
    assert _leftovers(staging.root) == []
    with pytest.raises(UploadNotFoundError):
        staging.append(upload, 0, b"x")


@pytest.mark.parametrize("upload", ["", "..", "../../etc", "2026-01-01_00-00__a__0123456789ab", "/etc"])
def test_an_id_that_is_none_leads_nowhere(staging: UploadStaging, upload: str) -> None:
    with pytest.raises(UploadNotFoundError):
        staging.get(upload)


def test_a_name_that_exists_is_refused_at_once(staging: UploadStaging) -> None:
    (staging.root / "org" / "great").mkdir(parents=True)
    with pytest.raises(NameTakenError):
        staging.begin("org", "great", 10)


def test_a_name_that_was_taken_meanwhile_keeps_the_upload(staging: UploadStaging) -> None:
    upload = _sent(staging)
    staging.unpack(upload)
    (staging.root / "org" / "great" / "color").mkdir(parents=True)
    with pytest.raises(NameTakenError):
        staging.publish(upload)
    assert staging.get(upload).is_complete


def test_an_upload_that_cannot_fit_is_refused_at_once(staging: UploadStaging) -> None:
    with pytest.raises(StoreUnavailableError, match="not enough room"):
        staging.begin("org", "great", 1 << 60)


def test_publishing_again_after_a_crash_in_the_middle_finishes(staging: UploadStaging) -> None:
    upload = _sent(staging)
    staging.unpack(upload)
    # What a kill between the rename and the forgetting leaves: the folder at its place, and its upload.
    staging.publish(upload)
    again = UploadStaging(staging.root)
    assert again.is_published(again.get(upload))
    assert again.publish(upload) == staging.root / "org" / "great"
    again.forget(upload)
    assert _leftovers(staging.root) == []


def test_a_dataset_of_that_name_that_came_another_way_is_not_taken_for_the_upload(
    staging: UploadStaging,
) -> None:
    upload = _sent(staging)
    staging.unpack(upload)
    (staging.root / "org" / "great").mkdir()
    assert not staging.is_published(staging.get(upload))
    with pytest.raises(NameTakenError):
        staging.publish(upload)


def test_uploads_that_nobody_touched_for_two_weeks_expire(staging: UploadStaging) -> None:
    upload = _sent(staging)
    assert staging.expire() == ()
    assert staging.expire(now=datetime.now(UTC) + timedelta(days=15)) == (upload,)
    assert _leftovers(staging.root) == []


def test_what_a_cancelled_upload_left_behind_is_no_upload_and_expires(staging: UploadStaging) -> None:
    upload = _sent(staging)
    # What a kill in the middle of cancelling leaves.
    (staging.root / "org" / ".uploading" / upload / ".cancelled").touch()
    (staging.root / "org" / ".uploading" / f".gone-{upload}").mkdir()
    assert staging.list() == ()
    assert staging.expire() == (upload,)
    assert _leftovers(staging.root) == []


def test_cancelling_stops_the_unpacking(staging: UploadStaging) -> None:
    upload = _sent(staging)
    canceller = threading.Thread(target=staging.cancel, args=(upload,))

    def cancel_once(share: float) -> None:
        canceller.start()
        while not (staging.root / "org" / ".uploading" / upload / ".cancelled").exists():
            assert canceller.is_alive()

    with pytest.raises(OperationCancelledError):
        staging.unpack(upload, progress=cancel_once)
    canceller.join()
    assert _leftovers(staging.root) == []
    assert not (staging.root / "org" / "great").exists()


def test_a_cancelled_check_of_the_sum_keeps_the_bytes(staging: UploadStaging) -> None:
    upload = _sent(staging, sha256=hashlib.sha256(ARCHIVE).hexdigest())
    with pytest.raises(OperationCancelledError):
        staging.unpack(upload, cancel=lambda: True)
    assert staging.get(upload).is_complete


def test_what_is_not_approved_is_not_unpacked(staging: UploadStaging) -> None:
    upload = _sent(staging)

    def refuse(info: UploadInfo, contents: ArchiveContents) -> None:
        raise NotAllowedError(f"{info.name} has {contents.expanded_bytes} bytes.")

    with pytest.raises(NotAllowedError, match="great has 50006 bytes"):
        staging.unpack(upload, approve=refuse)
    assert not (staging.root / "org" / ".uploading" / upload / "unpacked").exists()


def test_progress_is_told_as_a_share_up_to_one(staging: UploadStaging) -> None:
    upload = _sent(staging)
    seen: list[float] = []
    staging.unpack(upload, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1


def test_room_is_kept_for_what_other_uploads_still_have_to_send(staging: UploadStaging) -> None:
    most = shutil.disk_usage(staging.root).free // 2
    staging.begin("org", "first", most)
    with pytest.raises(StoreUnavailableError, match="not enough room"):
        staging.begin("org", "second", most)


@pytest.mark.parametrize(("size", "is_warned"), [(1_000_000_000, False), (1_000_000_001, True)])
def test_above_a_gigabyte_copying_is_advised(size: int, is_warned: bool) -> None:
    info = UploadInfo(id="x", organization="lab", name="big", size=size, created=datetime.now(UTC))
    assert ("copy the unpacked folder to lab/big" in info.warning) is is_warned


KILLED = """
import os, signal, sys
from pathlib import Path
from voxshelf.intake.uploads import UploadStaging
staging = UploadStaging(Path(sys.argv[1]))
left = int(sys.argv[3])
def progress(count):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
staging.unpack(sys.argv[2], progress=progress)
"""


@pytest.mark.parametrize("entries_before", [0, 1])
def test_a_kill_while_unpacking_shows_no_dataset_and_the_next_try_succeeds(
    staging: UploadStaging, entries_before: int
) -> None:
    upload = _sent(staging)
    command = [sys.executable, "-c", KILLED, str(staging.root), upload, str(entries_before)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert not (staging.root / "org" / "great").exists()
    staging.unpack(upload)
    assert len(_content(staging.publish(upload))) == 2
