"""Fetching a large file over HTTP: resumed where it broke off, tried again after passing faults, never half there.

Bytes go to ``<target>.part``, with the server's validator (ETag or date) noted beside them; only a complete file
gets its name. A resumed download asks for the missing range *if the file is still the same* (RFC 9110, If-Range);
a server that does not do ranges begins anew.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voxshelf.errors import DownloadError, OperationCancelledError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx

TRIES = 5
_PASSING = {408, 425, 429, 500, 502, 503, 504}


@dataclass(frozen=True)
class Progress:
    """How far a download is.

    Parameters
    ----------
    received : int
        Bytes on disk.
    total : int or None
        Bytes in all; None while the server has not said.
    """

    received: int
    total: int | None


class _PassingFaultError(Exception):
    """Something that may work a moment later."""


def download(
    url: str,
    target: Path,
    *,
    progress: Callable[[Progress], None] | None = None,
    cancel: Callable[[], bool] | None = None,
    most: int | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> Path:
    """Fetch ``url`` to ``target``.

    Parameters
    ----------
    url : str
        ``http://`` or ``https://``.
    target : Path
        The file to make; its folder must exist.
    progress : callable, optional
        Called with :class:`Progress` after every chunk.
    cancel : callable, optional
        Asked after every chunk; True stops. What has arrived is kept for the next try.
    most : int, optional
        Bytes that it may have; a file that is larger is refused as soon as that is seen.
    wait : callable
        Waits between tries; given seconds that double from 1.

    Returns
    -------
    Path
        ``target``, complete.

    Raises
    ------
    DownloadError
        If the server refuses, still fails after :data:`TRIES` tries without progress, or has too large a file.
    OperationCancelledError
        If ``cancel`` said so.
    """
    import httpx  # noqa: PLC0415 - a store that downloads nothing does not pay for it

    part = _Part(target)
    failures = 0
    with httpx.Client(follow_redirects=True, timeout=httpx.Timeout(30, connect=15)) as client:
        while True:
            before = part.received
            try:
                _fetch(client, url, part, _Callbacks(progress, cancel, most))
            except (httpx.TransportError, _PassingFaultError) as error:
                failures = 1 if part.received > before else failures + 1
                if failures >= TRIES:
                    raise _gave_up(url, error) from error
                wait(2.0 ** (failures - 1))
                continue
            except httpx.InvalidURL as error:
                raise DownloadError(
                    f"{url!r} is not an address: {error}.", hint="Check the samples' URL."
                ) from error
            part.finish()
            return target


@dataclass(frozen=True)
class _Callbacks:
    """Who is told and asked after every chunk."""

    progress: Callable[[Progress], None] | None
    cancel: Callable[[], bool] | None
    most: int | None

    def after_chunk(self, url: str, part: _Part, total: int | None) -> None:
        received = part.received
        self.check_size(url, part, max(received, total or 0))
        if self.progress is not None:
            self.progress(Progress(received, total))
        if self.cancel is not None and self.cancel():
            raise OperationCancelledError(
                "The download was cancelled.", hint="It goes on from here next time."
            )

    def check_size(self, url: str, part: _Part, size: int) -> None:
        if self.most is not None and size > self.most:
            part.begin_anew("")
            raise DownloadError(
                f"{url} is not the expected file: it has {size:,} bytes or more, and at most {self.most:,} are taken.",
                hint="Check the samples' URL (VOXSHELF_SAMPLES_URL).",
            )


class _Part:
    """The unfinished file and what was noted about its origin."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.data = target.with_name(f"{target.name}.part")
        self.note = target.with_name(f"{target.name}.part.json")

    @property
    def received(self) -> int:
        return self.data.stat().st_size if self.data.exists() else 0

    @property
    def validator(self) -> str:
        """What the server called this version of the file; empty where nothing usable was noted."""
        try:
            noted = json.loads(self.note.read_text())["validator"]
        except (OSError, ValueError, KeyError):
            return ""
        return noted if isinstance(noted, str) else ""

    def begin_anew(self, validator: str) -> None:
        self.data.unlink(missing_ok=True)
        self.note.write_text(json.dumps({"validator": validator}))

    def finish(self) -> None:
        with self.data.open("rb") as handle:
            os.fsync(handle.fileno())
        self.data.replace(self.target)
        self.note.unlink(missing_ok=True)


def _fetch(client: httpx.Client, url: str, part: _Part, callbacks: _Callbacks) -> None:
    """One try: append what is missing, or begin anew where the server has another file or knows no ranges."""
    resumable = part.received and part.validator
    headers = {"Accept-Encoding": "identity"}
    if resumable:
        headers |= {"Range": f"bytes={part.received}-", "If-Range": part.validator}
    with client.stream("GET", url, headers=headers) as response:
        if response.status_code == 416 and _range_total(response) == part.received:
            return
        _check_status(url, response, part)
        if response.status_code != 206:
            part.begin_anew(_validator_of(response))
        total = _total(response, part.received)
        callbacks.check_size(url, part, total or 0)
        with part.data.open("ab") as sink:
            for chunk in response.iter_raw():
                sink.write(chunk)
                sink.flush()
                callbacks.after_chunk(url, part, total)
    if total is not None and part.received < total:
        raise _PassingFaultError(f"the connection ended after {part.received:,} of {total:,} bytes")


def _check_status(url: str, response: httpx.Response, part: _Part) -> None:
    status = response.status_code
    if status == 416:
        part.begin_anew("")
        raise _PassingFaultError("the file on the server is another one now")
    if status == 206 and _range_start(response) != part.received:
        part.begin_anew("")
        raise _PassingFaultError("the server sent another part than was asked for")
    if status in _PASSING:
        raise _PassingFaultError(f"the server answered {status}")
    if status not in (200, 206):
        hint = (
            "It may have moved: check the samples' URL (VOXSHELF_SAMPLES_URL)."
            if status == 404
            else "Ask the server's operator."
        )
        raise DownloadError(f"{url} cannot be fetched: the server answered {status}.", hint=hint)


def _validator_of(response: httpx.Response) -> str:
    etag = response.headers.get("etag", "")
    return etag if etag and not etag.startswith("W/") else str(response.headers.get("last-modified", ""))


def _range_start(response: httpx.Response) -> int | None:
    start = str(response.headers.get("content-range", "")).removeprefix("bytes ").partition("-")[0]
    return int(start) if start.isdigit() else None


def _range_total(response: httpx.Response) -> int | None:
    text = str(response.headers.get("content-range", "")).rpartition("/")[2]
    return int(text) if text.isdigit() else None


def _total(response: httpx.Response, received: int) -> int | None:
    if response.status_code == 206:
        return _range_total(response)
    with suppress(KeyError, ValueError):
        return received + int(response.headers["content-length"])
    return None


def _gave_up(url: str, error: Exception) -> DownloadError:
    return DownloadError(
        f"{url} could not be fetched: {str(error) or type(error).__name__}.",
        hint="Check the network connection and try again: it goes on where it broke off.",
    )
