"""Uploads arrive in pieces, survive restarts and appear whole or not at all."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from voxshelf.errors import (
    DamagedDataError,
    InvalidDataSourceError,
    NameTakenError,
    StoreUnavailableError,
    UploadNotFoundError,
    UploadOffsetError,
)
from voxshelf.intake.uploads import UploadStaging

if TYPE_CHECKING:
    from pathlib import Path

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


def test_nothing_is_left_behind_after_publishing(staging: UploadStaging) -> None:
    upload = _sent(staging)
    staging.unpack(upload)
    staging.publish(upload)
    assert _leftovers(staging.root) == []
    assert staging.list() == ()


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
    # What a kill between the rename and the cleaning leaves: the manifest, and the folder at its place.
    manifest = staging.root / "org" / ".uploading" / upload / "upload.json"
    kept = staging.root / "kept"
    unpacked = manifest.parent / "unpacked"
    inode = [unpacked.stat().st_dev, unpacked.stat().st_ino]
    text = manifest.read_text().replace('"published_inode":null', f'"published_inode":{inode}')
    manifest.write_text(text)
    unpacked.rename(staging.root / "org" / "great")
    assert staging.publish(upload) == staging.root / "org" / "great"
    assert not kept.exists()
    assert _leftovers(staging.root) == []


def test_uploads_that_nobody_touched_for_two_weeks_expire(staging: UploadStaging) -> None:
    upload = _sent(staging)
    assert staging.expire() == ()
    assert staging.expire(now=datetime.now(UTC) + timedelta(days=15)) == (upload,)
    assert _leftovers(staging.root) == []


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
