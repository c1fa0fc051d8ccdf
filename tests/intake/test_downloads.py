"""Downloads from a real HTTP server that drops, refuses, changes its mind and comes back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from voxshelf.errors import DownloadError, OperationCancelledError
from voxshelf.intake.downloads import Progress, download
from voxshelf.intake.sample_list import PUBLISHED_SAMPLES
from voxshelf.testing.file_server import FileServer, answer, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.server import BaseHTTPRequestHandler
    from pathlib import Path

CONTENT = bytes(range(256)) * 8000


@pytest.fixture
def server() -> Iterator[FileServer]:
    with FileServer({"/file.zip": CONTENT}) as served:
        yield served


def _url(server: FileServer) -> str:
    return f"{server.url}file.zip"


def _no_wait(_seconds: float) -> None:
    """Tests do not wait between tries."""


def test_a_file_arrives_whole_and_leaves_no_part(server: FileServer, tmp_path: Path) -> None:
    target = download(_url(server), tmp_path / "a.zip")
    assert target.read_bytes() == CONTENT
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_a_dropped_connection_is_resumed_where_it_broke_off(server: FileServer, tmp_path: Path) -> None:
    server.plans = [serve(most=500_000)]
    assert download(_url(server), tmp_path / "a.zip", wait=_no_wait).read_bytes() == CONTENT
    assert server.ranges[0] is None
    assert re.fullmatch(r"bytes=[1-9]\d*-", server.ranges[1] or "")


def test_a_later_process_resumes_too(server: FileServer, tmp_path: Path) -> None:
    seen: list[Progress] = []
    with pytest.raises(OperationCancelledError):
        download(_url(server), tmp_path / "a.zip", progress=seen.append, cancel=lambda: True)
    assert not (tmp_path / "a.zip").exists()
    assert download(_url(server), tmp_path / "a.zip").read_bytes() == CONTENT
    assert server.ranges[1] == f"bytes={seen[-1].received}-"


def test_a_file_that_changed_meanwhile_is_fetched_anew(server: FileServer, tmp_path: Path) -> None:
    server.plans = [serve(most=500_000)]

    def change(_seconds: float) -> None:
        server.files["/file.zip"], server.etag = CONTENT[::-1], '"two"'

    assert download(_url(server), tmp_path / "a.zip", wait=change).read_bytes() == CONTENT[::-1]


def test_a_server_without_ranges_begins_anew(server: FileServer, tmp_path: Path) -> None:
    server.takes_ranges = False
    server.plans = [serve(most=500_000)]
    assert download(_url(server), tmp_path / "a.zip", wait=_no_wait).read_bytes() == CONTENT


def test_a_passing_fault_is_waited_out_longer_each_time(server: FileServer, tmp_path: Path) -> None:
    server.plans = [answer(503), answer(429)]
    waits: list[float] = []
    download(_url(server), tmp_path / "a.zip", wait=waits.append)
    assert waits == [1.0, 2.0]


def test_a_file_that_is_not_there_is_said_at_once(server: FileServer, tmp_path: Path) -> None:
    server.plans = [answer(404)]
    with pytest.raises(DownloadError, match="answered 404"):
        download(_url(server), tmp_path / "a.zip", wait=_no_wait)
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_stays_broken_is_given_up(server: FileServer, tmp_path: Path) -> None:
    server.plans = [answer(500)] * 9
    with pytest.raises(DownloadError, match="could not be fetched"):
        download(_url(server), tmp_path / "a.zip", wait=_no_wait)
    assert len(server.ranges) == 5


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="could not be fetched"):
        download("http://127.0.0.1:9/file.zip", tmp_path / "a.zip", wait=_no_wait)


def test_a_file_that_is_too_large_is_refused_before_a_byte_of_it_is_stored(
    server: FileServer, tmp_path: Path
) -> None:
    with pytest.raises(DownloadError, match=r"not the expected file.* at most 1,000"):
        download(_url(server), tmp_path / "a.zip", most=1000)
    assert not list(tmp_path.glob("*.part"))


def test_a_file_that_grows_without_end_is_stopped(server: FileServer, tmp_path: Path) -> None:
    def endless(_server: FileServer, request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        request.wfile.write(CONTENT)
        request.close_connection = True

    server.plans = [endless]
    with pytest.raises(DownloadError, match="not the expected file"):
        download(_url(server), tmp_path / "a.zip", most=len(CONTENT) // 2)
    assert not list(tmp_path.glob("*.part"))


def test_a_server_that_claims_more_than_it_sends_is_given_up(server: FileServer, tmp_path: Path) -> None:
    server.plans = [serve(claims=len(CONTENT) + 1000)] * 9
    with pytest.raises(DownloadError, match=r"could not be fetched"):
        download(_url(server), tmp_path / "a.zip", wait=_no_wait)
    assert not (tmp_path / "a.zip").exists()


def test_another_part_than_was_asked_for_is_not_put_together(server: FileServer, tmp_path: Path) -> None:
    def wrong_part(_server: FileServer, request: BaseHTTPRequestHandler) -> None:
        request.send_response(206)
        request.send_header("Content-Range", f"bytes 0-{len(CONTENT) - 1}/{len(CONTENT)}")
        request.send_header("Content-Length", str(len(CONTENT)))
        request.end_headers()
        request.wfile.write(CONTENT)

    server.plans = [serve(most=500_000), wrong_part]
    assert download(_url(server), tmp_path / "a.zip", wait=_no_wait).read_bytes() == CONTENT


def test_progress_tells_bytes_and_total(server: FileServer, tmp_path: Path) -> None:
    seen: list[Progress] = []
    download(_url(server), tmp_path / "a.zip", progress=seen.append)
    assert seen[-1] == Progress(len(CONTENT), len(CONTENT))


def test_the_three_samples_of_the_requirement_are_listed_with_doi_and_address() -> None:
    assert [sample.url("http://here/") for sample in PUBLISHED_SAMPLES] == [
        "http://here/e2006_wkw.zip",
        "http://here/FD0144_wkw.zip",
        "http://here/MPRAGE_250um.zip",
    ]
    assert [sample.doi for sample in PUBLISHED_SAMPLES] == [
        "10.1038/nature12346",
        "10.7554/eLife.38976",
        "10.1038/sdata.2017.32",
    ]
