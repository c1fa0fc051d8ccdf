"""A store with three samples in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.errors import OperationCancelledError
from voxshelf.store.samples import SampleInfo, SampleState
from voxshelf.widgets.samples import SamplePickerState

if TYPE_CHECKING:
    from collections.abc import Callable

MADE = SampleInfo(
    name="tissue", title="Brain tissue", description="Computed.", builtin=True, key="samples/tissue"
)
RETINA = SampleInfo(
    name="Sample_e2006",
    title="e2006: mouse retina",
    description="Raw data <and> segmentation.",
    citation="M Helmstaedter. Nature. 2013.",
    doi="10.1038/nature12346",
    size=120_000_000,
    url="https://example.org/e2006.zip",
    key="samples/Sample_e2006",
)


class FakeSamples:
    """``while_adding`` runs in the middle of ``add``; ``fails`` is raised at its end."""

    def __init__(self, store: Any, record: Callable[..., Any]) -> None:
        self.store = store
        self.record = record
        self.infos = {info.name: info for info in (MADE, RETINA)}
        self.fails: Exception | None = None
        self.while_adding: Callable[[Any], None] = lambda progress: None

    def put(self, name: str, **changes: Any) -> None:
        self.infos[name] = self.infos[name].model_copy(update=changes)

    def available(self) -> tuple[SampleInfo, ...]:
        if self.store.fails:
            raise self.store.fails
        return tuple(self.infos.values())

    def add(self, name: str, *, progress: Any, cancel: Any) -> Any:
        self.put(name, state=SampleState.DOWNLOADING)
        self.while_adding(progress)
        if cancel():
            self.put(name, state=SampleState.AVAILABLE)
            raise OperationCancelledError(
                "The download was cancelled.", hint="It goes on from here next time."
            )
        if self.fails:
            self.put(name, state=SampleState.FAILED, message=str(self.fails))
            raise self.fails
        self.put(name, state=SampleState.PRESENT)
        record = self.record(self.infos[name].key)
        self.store.put(record)
        return record


@pytest.fixture
def store(store: Any, record: Callable[..., Any]) -> Any:
    store.samples = FakeSamples(store, record)
    return store


@pytest.fixture
def state(store: Any, at_once: Any) -> SamplePickerState:
    return SamplePickerState(store, aside=at_once)
