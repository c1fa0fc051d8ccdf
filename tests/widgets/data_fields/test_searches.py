"""*Compute* and *Tighten*: read aside, say how far they are, can be stopped."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import zarr

from voxshelf.dataset import open_dataset
from voxshelf.errors import DamagedDataError, OperationCancelledError
from voxshelf.model import BoundingBox, Category, Mag, Origin
from voxshelf.testing.folders import write_dataset
from voxshelf.testing.series import write_series
from voxshelf.widgets.data_fields.searches import Search, find_data_bounds, find_largest_segment_id
from voxshelf.widgets.import_form import ImportFormState

if TYPE_CHECKING:
    from pathlib import Path


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


@pytest.fixture
def search(form: ImportFormState) -> Search:
    target = form.layer("segmentation")
    return Search(form, target, target.largest_segment_id, find_largest_segment_id)


def test_the_result_is_filled_in_with_its_origin(
    form: ImportFormState, search: Search, layer: SlowLayer
) -> None:
    search.start()
    assert layer.started.wait(10)
    assert search.progress == 0.25
    assert search.progress_text.startswith("25%")
    layer.go.set()
    assert form.wait()
    assert search.progress is None
    field = form.layer("segmentation").largest_segment_id
    assert (field.value, field.origin) == (4711, Origin.DATA)


def test_a_cancelled_search_leaves_the_field_alone(
    form: ImportFormState, search: Search, layer: SlowLayer
) -> None:
    field = form.layer("segmentation").largest_segment_id
    field.text = "12"
    search.start()
    assert layer.started.wait(10)
    search.cancel()
    assert form.wait()
    assert (field.text, search.progress) == ("12", None)
    assert "cancelled" in form.message.text


def test_damaged_data_is_said_in_words(form: ImportFormState, search: Search, layer: SlowLayer) -> None:
    layer.fails = DamagedDataError("A block of z0/y0/x0.wkw is damaged.", hint="Copy it again.")
    layer.go.set()
    search.start()
    assert form.wait()
    assert (form.message.text, form.message.hint) == ("A block of z0/y0/x0.wkw is damaged.", "Copy it again.")


class SparseLayer:
    """Voxels of 0 but for a box."""

    category = Category.COLOR
    bounding_box = BoundingBox((0, 0, 0), (512, 512, 512))

    def __init__(self, data: BoundingBox, mags: tuple[Mag, ...] = (Mag(1),)) -> None:
        self._data = data
        self.mags = mags
        self.pieces = 0

    def read(self, box: BoundingBox, mag: Mag) -> np.ndarray:
        self.pieces += 1
        grid, data = box.in_mag(mag), self._data.in_mag(mag).intersection(box.in_mag(mag))
        voxels = np.zeros(grid.size, np.uint8)
        inside = [
            slice(low - start, high - start)
            for low, high, start in zip(data.topleft, data.bottomright, grid.topleft, strict=True)
        ]
        voxels[tuple(inside)] = 1
        return voxels


def tighten(store: Any, at_once: Any, layer: SparseLayer, box: str = "0,0,0,512,512,512") -> ImportFormState:
    store.extra_layers = {"color": layer}
    form = ImportFormState(store, "lab/new", aside=at_once)
    target = form.layer("color")
    target.bounding_box.text = box
    Search(form, target, target.bounding_box, find_data_bounds).start()
    return form


@pytest.mark.parametrize("box", ["3,4,5,200,150,64", "130,0,300,1,512,3", "0,0,0,512,512,512"])
def test_tightening_finds_exactly_where_the_data_lie(store: Any, at_once: Any, box: str) -> None:
    form = tighten(store, at_once, SparseLayer(BoundingBox.parse(box)))
    field = form.layer("color").bounding_box
    assert str(field.value) == box
    assert (field.origin, field.note) == (Origin.DATA, "Every voxel outside of it is 0.")


def test_tightening_stays_within_the_present_box(store: Any, at_once: Any) -> None:
    form = tighten(store, at_once, SparseLayer(BoundingBox.parse("0,0,0,512,512,512")), "10,10,10,20,20,20")
    assert str(form.layer("color").bounding_box.value) == "10,10,10,20,20,20"


def test_without_mag_1_the_box_falls_on_the_grid_of_the_finest_mag(store: Any, at_once: Any) -> None:
    layer = SparseLayer(BoundingBox.parse("6,6,6,10,10,10"), (Mag(4), Mag("2-2-1")))
    form = tighten(store, at_once, layer)
    assert str(form.layer("color").bounding_box.value) == "6,6,6,10,10,10"


def test_of_dense_data_only_a_part_is_read(store: Any, at_once: Any) -> None:
    layer = SparseLayer(BoundingBox.parse("0,0,0,512,512,512"))
    tighten(store, at_once, layer)
    assert layer.pieces < 4**3 / 2


def test_a_layer_of_nothing_but_0_is_said(store: Any, at_once: Any) -> None:
    form = tighten(store, at_once, SparseLayer(BoundingBox.parse("0,0,0,0,0,0")))
    assert "is 0" in form.message.text
    assert form.layer("color").bounding_box.text == "0,0,0,512,512,512"


def test_tightening_looks_at_all_times(tmp_path: Path) -> None:
    layer = open_dataset(write_series(tmp_path / "series"))["color"]
    stored = zarr.open_array(layer.path / "1", mode="r+")
    stored[...] = 0
    stored[0, 1, 2:4, 10:20, 30:40] = 7
    stored[0, 5, 6:9, 40:50, 60:80] = 7
    form: Any = SimpleNamespace(name="color", bounding_box=SimpleNamespace(value=layer.bounding_box))
    box, _ = find_data_bounds(layer, form, lambda *_: None, threading.Event())
    assert box == BoundingBox((30, 10, 2), (50, 40, 7))


def test_a_box_far_beyond_the_files_costs_no_more_than_the_files(tmp_path: Path) -> None:
    layer = open_dataset(write_dataset(tmp_path, "lab/one"))["color"]
    beyond = BoundingBox((0, 0, 0), (10**6, 10**6, 10**6))
    form = SimpleNamespace(name="color", bounding_box=SimpleNamespace(value=beyond))
    steps: list[tuple[int, int]] = []
    box, _ = find_data_bounds(layer, form, lambda done, total: steps.append((done, total)), threading.Event())
    assert layer.bounding_box.contains(box)
    assert steps[-1][0] == steps[-1][1] <= layer.mag("1").folder.array.bounding_box().volume
