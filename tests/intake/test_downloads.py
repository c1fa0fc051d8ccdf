"""Downloads from a real HTTP server that drops, refuses, changes its mind and comes back."""

from __future__ import annotations

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from voxshelf.errors import DownloadError, OperationCancelledError
from voxshelf.intake.downloads import Progress, download
from voxshelf.intake.sample_list import PUBLISHED_SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CONTENT = bytes(range(256)) * 8000


class Server:
    """Serves CONTENT at any path; each request may be answered by a plan instead."""

    def __init__(self) -> None:
        self.ranges: list[str | None] = []
        self.plans: list[Callable[[BaseHTTPRequestHandler], bool]] = []
        self.content = CONTENT
        self.etag = '"one"'
        self.takes_ranges = True
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.ranges.append(self.headers.get("Range"))
                if outer.plans and outer.plans.pop(0)(self):
                    return
                outer.serve(self, len(outer.content))

            def log_message(self, *_args: object) -> None:
                """Keep the test's output clean."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/file.zip"

    def serve(self, request: BaseHTTPRequestHandler, most: int) -> None:
        """Answer like a good server, but stop after ``most`` bytes."""
        start = 0
        wanted = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range") or "")
        if wanted and self.takes_ranges and request.headers.get("If-Range") == self.etag:
            start = int(wanted[1])
            request.send_response(206)
            request.send_header("Content-Range", f"bytes {start}-{len(self.content) - 1}/{len(self.content)}")
        else:
            request.send_response(200)
        request.send_header("Content-Length", str(len(self.content) - start))
        request.send_header("ETag", self.etag)
        request.end_headers()
        request.wfile.write(self.content[start : start + most])

    def drop_after(self, count: int) -> Callable[[BaseHTTPRequestHandler], bool]:
        def plan(request: BaseHTTPRequestHandler) -> bool:
            self.serve(request, count)
            request.close_connection = True
            return True

        return plan

    @staticmethod
    def answer(status: int) -> Callable[[BaseHTTPRequestHandler], bool]:
        def plan(request: BaseHTTPRequestHandler) -> bool:
            request.send_response(status)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return True

        return plan


@pytest.fixture
def server() -> Iterator[Server]:
    served = Server()
    yield served
    served.http.shutdown()
    served.http.server_close()


def _no_wait(_seconds: float) -> None:
    """Tests do not wait between tries."""


def test_a_file_arrives_whole_and_leaves_no_part(server: Server, tmp_path: Path) -> None:
    target = download(server.url, tmp_path / "a.zip")
    assert target.read_bytes() == CONTENT
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_a_dropped_connection_is_resumed_where_it_broke_off(server: Server, tmp_path: Path) -> None:
    server.plans = [server.drop_after(500_000)]
    assert download(server.url, tmp_path / "a.zip", wait=_no_wait).read_bytes() == CONTENT
    assert server.ranges[0] is None
    assert re.fullmatch(r"bytes=[1-9]\d*-", server.ranges[1] or "")


def test_a_later_process_resumes_too(server: Server, tmp_path: Path) -> None:
    seen: list[Progress] = []
    with pytest.raises(OperationCancelledError):
        download(server.url, tmp_path / "a.zip", progress=seen.append, cancel=lambda: True)
    assert not (tmp_path / "a.zip").exists()
    assert download(server.url, tmp_path / "a.zip").read_bytes() == CONTENT
    assert server.ranges[1] == f"bytes={seen[-1].received}-"


def test_a_file_that_changed_meanwhile_is_fetched_anew(server: Server, tmp_path: Path) -> None:
    server.plans = [server.drop_after(500_000)]

    def change(_seconds: float) -> None:
        server.content, server.etag = CONTENT[::-1], '"two"'

    assert download(server.url, tmp_path / "a.zip", wait=change).read_bytes() == CONTENT[::-1]


def test_a_server_without_ranges_begins_anew(server: Server, tmp_path: Path) -> None:
    server.takes_ranges = False
    server.plans = [server.drop_after(500_000)]
    assert download(server.url, tmp_path / "a.zip", wait=_no_wait).read_bytes() == CONTENT


def test_a_passing_fault_is_waited_out_longer_each_time(server: Server, tmp_path: Path) -> None:
    server.plans = [server.answer(503), server.answer(429)]
    waits: list[float] = []
    download(server.url, tmp_path / "a.zip", wait=waits.append)
    assert waits == [1.0, 2.0]


def test_a_file_that_is_not_there_is_said_at_once(server: Server, tmp_path: Path) -> None:
    server.plans = [server.answer(404)]
    with pytest.raises(DownloadError, match="answered 404"):
        download(server.url, tmp_path / "a.zip", wait=_no_wait)
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_stays_broken_is_given_up(server: Server, tmp_path: Path) -> None:
    server.plans = [server.answer(500)] * 9
    with pytest.raises(DownloadError, match="could not be fetched"):
        download(server.url, tmp_path / "a.zip", wait=_no_wait)
    assert len(server.ranges) == 5


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="could not be fetched"):
        download("http://127.0.0.1:9/file.zip", tmp_path / "a.zip", wait=_no_wait)


def test_progress_tells_bytes_and_total(server: Server, tmp_path: Path) -> None:
    seen: list[Progress] = []
    download(server.url, tmp_path / "a.zip", progress=seen.append)
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
