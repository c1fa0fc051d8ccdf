"""*Compute*: reads aside, says how far it is, can be stopped."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from voxshelf.errors import DamagedDataError, OperationCancelledError
from voxshelf.model import Category, Origin
from voxshelf.widgets.import_form import ImportFormState
from voxshelf.widgets.import_form.segment_ids import SegmentIdSearch


class SlowLayer:
    """A layer whose search waits until it is told to go on."""

    category = Category.SEGMENTATION

    def __init__(self) -> None:
        self.go = threading.Event()
        self.started = threading.Event()
        self.fails: Exception | None = None

    def compute_largest_segment_id(self, *, progress: Any, cancel: threading.Event) -> int:
        progress(50, 200)
        self.started.set()
        while not self.go.wait(0.01):
            if cancel.is_set():
                raise OperationCancelledError("Stopped.")
        if self.fails:
            raise self.fails
        return 4711


@pytest.fixture
def layer() -> SlowLayer:
    return SlowLayer()


@pytest.fixture
def form(store: Any, layer: SlowLayer) -> ImportFormState:
    store.extra_layers = {"segmentation": layer}
    form = ImportFormState(store, "lab/new")
    assert form.wait()
    return form


def test_the_result_is_filled_in_with_its_origin(form: ImportFormState, layer: SlowLayer) -> None:
    target = form.layer("segmentation")
    SegmentIdSearch(form).start(target)
    assert layer.started.wait(10)
    assert target.progress == 0.25
    assert target.progress_text.startswith("25%")
    layer.go.set()
    assert form.wait()
    assert target.progress is None
    assert (target.largest_segment_id.value, target.largest_segment_id.origin) == (4711, Origin.DATA)


def test_a_cancelled_search_leaves_the_field_alone(form: ImportFormState, layer: SlowLayer) -> None:
    target = form.layer("segmentation")
    target.largest_segment_id.text = "12"
    search = SegmentIdSearch(form)
    search.start(target)
    assert layer.started.wait(10)
    search.cancel(target)
    assert form.wait()
    assert (target.largest_segment_id.text, target.progress) == ("12", None)
    assert "cancelled" in form.message.text


def test_damaged_data_is_said_in_words(form: ImportFormState, layer: SlowLayer) -> None:
    layer.fails = DamagedDataError("A block of z0/y0/x0.wkw is damaged.", hint="Copy it again.")
    layer.go.set()
    SegmentIdSearch(form).start(form.layer("segmentation"))
    assert form.wait()
    assert (form.message.text, form.message.hint) == ("A block of z0/y0/x0.wkw is damaged.", "Copy it again.")
