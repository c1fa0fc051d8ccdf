"""An HTTP server on this computer for tests of downloads: it can drop, refuse, lie, and change its files."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self, TypeAlias

if TYPE_CHECKING:
    from types import TracebackType

Plan: TypeAlias = Callable[["FileServer", BaseHTTPRequestHandler], None]
"""How one request is answered instead of the usual way."""


class FileServer:
    """Serves files from memory; use it in a ``with`` statement.

    Attributes
    ----------
    files : dict
        Path, such as ``/file.zip`` → content.
    plans : list
        How the next requests are answered, one after the other; then the usual way.
    ranges : list
        The ``Range`` header of each request so far.
    etag : str
        The validator of all files; another one makes them other files.
    takes_ranges : bool
        Whether parts of a file can be asked for.
    """

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.plans: list[Plan] = []
        self.ranges: list[str | None] = []
        self.etag = '"one"'
        self.takes_ranges = True
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.ranges.append(self.headers.get("Range"))
                plan = outer.plans.pop(0) if outer.plans else serve()
                plan(outer, self)

            def log_message(self, *_args: object) -> None:
                """Keep the tests' output clean."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        """The address of the server, with a slash at its end."""
        return f"http://127.0.0.1:{self._http.server_port}/"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._http.server_close()


def serve(*, most: int | None = None, claims: int | None = None) -> Plan:
    """Answer like a good server, but send at most ``most`` bytes, or claim that the file has ``claims`` bytes."""

    def plan(server: FileServer, request: BaseHTTPRequestHandler) -> None:
        content = server.files.get(request.path)
        if content is None:
            answer(404)(server, request)
            return
        start, length = 0, len(content) if claims is None else claims
        wanted = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range") or "")
        if wanted and server.takes_ranges and request.headers.get("If-Range") == server.etag:
            start = int(wanted[1])
            request.send_response(206)
            request.send_header("Content-Range", f"bytes {start}-{length - 1}/{length}")
        else:
            request.send_response(200)
        request.send_header("Content-Length", str(length - start))
        request.send_header("ETag", server.etag)
        request.end_headers()
        request.wfile.write(content[start:] if most is None else content[start : start + most])
        request.close_connection = True

    return plan


def answer(status: int) -> Plan:
    """Answer with a status and nothing else."""

    def plan(_server: FileServer, request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return plan
