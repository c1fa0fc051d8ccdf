"""What is kept of a sample that is not there yet, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from voxshelf.errors import DownloadError, OperationCancelledError, StoreUnavailableError
from voxshelf.intake.sample_list import PUBLISHED_SAMPLES, SampleDescription, SampleState
from voxshelf.intake.sample_staging import KEPT_FOR, SampleStaging
from voxshelf.testing.archives import packed_dataset
from voxshelf.testing.file_server import FileServer, answer, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SAMPLE = PUBLISHED_SAMPLES[0]
LATER = datetime.now(UTC) + KEPT_FOR + timedelta(days=1)


@pytest.fixture
def server() -> Iterator[FileServer]:
    with FileServer({f"/{SAMPLE.file}": packed_dataset()}) as served:
        yield served


@pytest.fixture
def staging(tmp_path: Path, server: FileServer) -> SampleStaging:
    return SampleStaging(tmp_path, server.url)


def _interrupt(staging: SampleStaging, server: FileServer) -> Path:
    """Stop after a part of it; returns where that part is kept."""
    server.plans = [serve(most=1000)]
    with pytest.raises(OperationCancelledError):
        staging.add("lab", SAMPLE, cancel=lambda: True)
    return staging.root / "lab" / ".samples" / SAMPLE.name


def test_an_interrupted_download_is_kept_for_two_weeks(staging: SampleStaging, server: FileServer) -> None:
    folder = _interrupt(staging, server)
    assert staging.expire() == ()
    assert (folder / "sample.zip.part").stat().st_size == 1000
    assert staging.expire(now=LATER) == (SAMPLE.name,)
    assert not folder.exists()


def test_what_is_being_added_does_not_expire(staging: SampleStaging, server: FileServer) -> None:
    folder = _interrupt(staging, server)
    with FileLock(folder / "adding.lock"):
        assert staging.standing("lab", SAMPLE).state is SampleState.DOWNLOADING
        assert staging.expire(now=LATER) == ()
    assert folder.exists()


def test_a_sample_that_nobody_asked_for_is_available(staging: SampleStaging) -> None:
    assert staging.standing("lab", SAMPLE) == (SampleState.AVAILABLE, "", 0.0)


def test_the_reason_of_a_failure_is_kept_until_the_next_try(
    staging: SampleStaging, server: FileServer
) -> None:
    server.plans = [answer(403)]
    with pytest.raises(DownloadError):
        staging.add("lab", SAMPLE)
    assert "answered 403" in staging.standing("lab", SAMPLE).message
    _interrupt(staging, server)
    assert staging.standing("lab", SAMPLE).state is SampleState.AVAILABLE


def test_a_full_disk_is_a_failure_with_advice(tmp_path: Path, server: FileServer) -> None:
    huge = SampleDescription(name="huge", title="", description="", file=SAMPLE.file, size=1 << 60)
    staging = SampleStaging(tmp_path, server.url)
    with pytest.raises(StoreUnavailableError, match="not enough room"):
        staging.add("lab", huge)
    standing = staging.standing("lab", huge)
    assert standing.state is SampleState.FAILED
    assert "empty the trash" in standing.message
    assert server.ranges == []


def test_waiting_for_the_next_try_can_be_cancelled(staging: SampleStaging, server: FileServer) -> None:
    server.plans = [answer(503)] * 9
    with pytest.raises(OperationCancelledError):
        staging.add("lab", SAMPLE, cancel=lambda: True)
    assert len(server.ranges) == 1
