"""A store whose uploads are in memory, and files that no disk has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.errors import NameTakenError, UploadNotFoundError, UploadOffsetError
from voxshelf.model import Actor, DatasetStatus
from voxshelf.widgets.upload import ChosenFile, UploadState

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = b"PK\x03\x04"
TAIL = b"...PK\x05\x06" + 18 * b"\0"
CONTENT = HEAD + bytes(range(200)) + TAIL


@dataclass(frozen=True)
class FakeUpload:
    id: str
    organization: str
    name: str
    size: int
    file_key: str = ""
    offset: int = 0
    warning: str = ""
    created: datetime = datetime(2026, 1, 1, tzinfo=UTC)


class FakeUploads:
    """Keeps bytes in memory; ``fails`` is raised by the next call of a method of that name."""

    def __init__(self, store: Any, record: Callable[..., Any]) -> None:
        self.store = store
        self.record = record
        self.data: dict[str, bytearray] = {}
        self.infos: dict[str, FakeUpload] = {}
        self.fails: dict[str, Exception] = {}
        self.cancelled: list[str] = []
        self.status = DatasetStatus.READY
        self.while_finishing: Callable[[Any], None] = lambda progress: None

    def _may_fail(self, method: str) -> None:
        if method in self.fails:
            raise self.fails.pop(method)

    def _info(self, upload_id: str) -> FakeUpload:
        if upload_id not in self.infos:
            raise UploadNotFoundError(f"There is no upload {upload_id!r}.", hint="Begin again.")
        known = self.infos[upload_id]
        return FakeUpload(**vars(known) | {"offset": len(self.data[upload_id])})

    def begin(
        self, name: str, size: int, *, organization: str | None = None, file_key: str = ""
    ) -> FakeUpload:
        self._may_fail("begin")
        home = organization or "lab"
        if f"{home}/{name}" in self.store.records:
            raise NameTakenError(f"There is already a dataset {home}/{name}.", hint="Choose another name.")
        for known in self.infos.values():
            if (known.name, known.file_key, known.organization) == (name, file_key, home):
                return self._info(known.id)
        upload_id = f"u{len(self.infos) + 1}"
        self.infos[upload_id] = FakeUpload(upload_id, home, name, size, file_key)
        self.data[upload_id] = bytearray()
        return self._info(upload_id)

    def get(self, upload_id: str) -> FakeUpload:
        return self._info(upload_id)

    def append(self, upload_id: str, offset: int, data: Any) -> FakeUpload:
        self._may_fail("append")
        here = self._info(upload_id).offset
        if offset > here:
            raise UploadOffsetError("There is a gap.", hint="Go on at the stored offset.", offset=here)
        self.data[upload_id] += bytes(data)[here - offset :]
        return self._info(upload_id)

    def finish(self, upload_id: str, *, progress: Any = None, cancel: Any = None) -> Any:
        self._may_fail("finish")
        info = self._info(upload_id)
        self.while_finishing(progress)
        self._may_fail("finish")
        del self.infos[upload_id]
        record = self.record(f"{info.organization}/{info.name}", status=self.status)
        self.store.records[record.key] = record
        return record

    def cancel(self, upload_id: str) -> None:
        self._info(upload_id)
        del self.infos[upload_id]
        self.cancelled.append(upload_id)

    def list(self) -> tuple[FakeUpload, ...]:
        self._may_fail("list")
        return tuple(self._info(upload_id) for upload_id in self.infos)


@pytest.fixture
def store(store: Any, record: Callable[..., Any]) -> Any:
    store.uploads = FakeUploads(store, record)
    store.actor = Actor.operator()
    store.organizations = lambda: ("lab",)
    return store


@pytest.fixture
def chosen() -> Callable[..., ChosenFile]:
    def file(name: str = "fresh.zip", session: str = "page", **more: Any) -> ChosenFile:
        return ChosenFile(
            **{"name": name, "size": len(CONTENT), "modified": 7, "session": session, "token": name} | more
        )

    return file


@pytest.fixture
def clock() -> Any:
    """Call it for the time; set its ``now``."""
    time = SimpleNamespace(now=0.0)

    class Clock:
        def __call__(self) -> float:
            return time.now

        def forward(self, seconds: float) -> None:
            time.now += seconds

    return Clock()


@pytest.fixture
def state(store: Any, at_once: Any, clock: Any) -> UploadState:
    state = UploadState(store, aside=at_once, clock=clock)
    state.page_opened("page")
    return state


@pytest.fixture
def choose(state: UploadState, chosen: Callable[..., ChosenFile]) -> Callable[..., Any]:
    """Choose a file by name; returns its item."""

    def run(name: str = "fresh.zip", **more: Any) -> Any:
        state.choose(chosen(name, **more), HEAD, TAIL)
        return next((item for item in state.items if item.file_name == name), None)

    return run


@pytest.fixture
def send(state: UploadState) -> Callable[..., None]:
    """Send the bytes of the current job, from where it begins; all of them, or as many as are asked for."""

    def run(count: int | None = None) -> None:
        job = state.job
        assert job is not None
        end = len(CONTENT) if count is None else job.offset + count
        state.take(job.run, job.offset, CONTENT[job.offset : end])

    return run


@pytest.fixture
def content() -> bytes:
    return CONTENT
