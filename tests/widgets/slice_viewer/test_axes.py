"""A viewer of a dataset with further axes: where it is on them, and that everything it reads is from there."""

from __future__ import annotations

import contextlib
import io
import json
from typing import TYPE_CHECKING, Any

import lz4.block
import numpy as np
import pytest
import traitlets

from voxshelf.dataset import Dataset, open_dataset
from voxshelf.errors import OutOfRangeError
from voxshelf.model import ViewState
from voxshelf.slicing import histogram
from voxshelf.testing.series import SIZE, TIMES, series_voxels, write_series
from voxshelf.widgets.slice_viewer import SliceViewer, ViewerState

if TYPE_CHECKING:
    from pathlib import Path

Z = 6


@pytest.fixture
def series(tmp_path: Path) -> Dataset:
    return open_dataset(write_series(tmp_path / "series"))


@pytest.fixture
def two(tmp_path: Path) -> Dataset:
    """A second layer that reaches over a part of the time only, and a third one without time."""
    folder = write_series(tmp_path / "two")
    file = folder / "datasource-properties.json"
    document = json.loads(file.read_text())
    (color,) = document["dataLayers"]
    later = {"name": "later", "additionalAxes": [{"name": "t", "bounds": [4, 6], "index": 1}]}
    document["dataLayers"].append({**color, **later})
    file.write_text(json.dumps(document))
    dataset = open_dataset(folder)
    still = dataset.add_layer("still", category="color", dtype="uint8")
    still.write(np.full(SIZE, 9, np.uint8))
    return dataset


@pytest.fixture
def state(series: Dataset) -> ViewerState:
    return ViewerState(series)


def test_a_viewer_begins_at_the_first_coordinate_and_stays_within_the_axis(state: ViewerState) -> None:
    assert state.axes == {"t": 0}
    state.axes = {"t": 3}
    assert state.axes == {"t": 3}
    state.axes = {"t": 99}
    assert state.axes == {"t": TIMES - 1}
    state.axes = {}
    assert state.axes == {"t": TIMES - 1}
    with pytest.raises(OutOfRangeError, match="no axis 'u'") as raised:
        state.axes = {"u": 1}
    assert "t" in raised.value.hint
    with pytest.raises(traitlets.TraitError):
        state.axes = {"t": 1.5}
    assert state.axes == {"t": TIMES - 1}


def test_a_dataset_without_such_axes_has_none(tissue: Any) -> None:
    state = ViewerState(tissue)
    assert (state.axes, state.axes_document()) == ({}, [])
    with pytest.raises(OutOfRangeError, match="no axis 't'"):
        state.axes = {"t": 0}
    assert "additionalCoordinates" not in state.view_state.document()
    assert "at=" not in state.text("read")


def test_everything_is_read_at_the_viewers_time(state: ViewerState) -> None:
    state.screen = (96, 64)
    for t in (0, 4, 2):
        state.axes = {"t": t}
        assert np.array_equal(state.read(mag=1)[..., 0], series_voxels(t)[..., Z])
        (picture,) = state.pictures(state.region, ["color"])
        assert picture.voxels is not None
        assert picture.voxels.max() == 220 + t
        found = state.histogram("color")
        assert found is not None
        assert np.array_equal(found.counts, histogram(series_voxels(t)[..., Z]).counts)
        state.layer("color").window = (0, 255)
        assert int(state.picture().max()) == 220 + t


def test_layers_have_their_own_bounds_and_the_viewer_all_of_them(two: Dataset) -> None:
    state = ViewerState(two)
    assert state.axes_document() == [{"name": "t", "first": 0, "last": TIMES - 1}]
    names = ["color", "later", "still"]
    assert [p.voxels is None for p in state.pictures(state.region, names)] == [False, True, False]
    state.axes = {"t": 5}
    found = [p.voxels for p in state.pictures(state.region, names)]
    assert [voxels is not None and voxels.max() for voxels in found] == [225, 225, 9]
    state.axes = {"t": 6}
    assert state.picture().any()
    with pytest.raises(OutOfRangeError, match="Nothing of layer 'later'"):
        state.read("later")
    state.layer("color").visible = state.layer("still").visible = False
    with pytest.raises(OutOfRangeError, match="Nothing of layer 'later'"):
        state.text("read")


def test_the_python_line_reads_the_same_voxels(state: ViewerState) -> None:
    state.axes = {"t": 3}
    code = state.text("read")
    assert 'at={"t": 3})' in code
    lines = code.splitlines()
    names: dict[str, Any] = {}
    exec("\n".join([*lines[:-1], f"found = {lines[-1]}"]), names)  # what a person would paste
    assert np.array_equal(names["found"], state.read())


def test_bookmark_link_and_python_line_open_at_the_same_time(state: ViewerState, series: Dataset) -> None:
    state.axes = {"t": 5}
    document = state.view_state.document()
    assert document["additionalCoordinates"] == [{"name": "t", "value": 5}]
    for view in (document, ViewState.model_validate(document)):
        assert ViewerState(series, view=view).axes == {"t": 5}
    linked = ViewerState(series)
    linked.open_link(state.text("link"))
    assert linked.axes == {"t": 5}
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(state.text("open").replace("vx.SliceViewer(", "viewer = vx.SliceViewer("), names)
    assert names["viewer"].axes == {"t": 5}
    names["viewer"].close()


def test_a_bookmark_of_another_dataset_does_no_harm(state: ViewerState) -> None:
    state.axes = {"t": 2}
    state.view_state = {"additionalCoordinates": [{"name": "angle", "value": 1}]}
    assert state.axes == {"t": 2}
    state.view_state = {"position": [1, 2, 3]}
    assert (state.axes, state.position) == ({"t": 2}, (1, 2, 3))
    state.view_state = {"additionalCoordinates": [{"name": "t", "value": 100}]}
    assert state.axes == {"t": TIMES - 1}


def test_time_is_no_part_of_a_view_configuration_and_no_edit(state: ViewerState) -> None:
    before = state.edits, state.configuration_document()
    state.axes = {"t": 4}
    assert (state.edits, state.configuration_document()) == before


def test_viewers_can_be_linked(state: ViewerState, series: Dataset) -> None:
    other = ViewerState(series)
    traitlets.link((state, "axes"), (other, "axes"))
    state.axes = {"t": 4}
    assert other.axes == {"t": 4}


def test_the_browser_is_told_and_tells(series: Dataset, front_end: Any) -> None:
    viewer = SliceViewer(series)
    driver = viewer.driver
    browser = front_end(driver)
    assert driver.source["axes"] == [{"name": "t", "first": 0, "last": TIMES - 1}]
    assert driver.view["axes"] == {"t": 0}
    viewer.axes = {"t": 2}
    assert driver.view["axes"] == {"t": 2}
    browser.state(view={**driver.view, "axes": {"t": 5}, "origin": "me:1"})
    assert viewer.axes == {"t": 5}
    browser.state(view={**driver.view, "axes": {"t": 50}, "origin": "me:2"})
    assert viewer.axes == driver.view["axes"] == {"t": TIMES - 1}
    assert driver.view["origin"] == ""
    viewer.close()


def test_a_request_names_its_time_whatever_the_viewer_shows_by_then(series: Dataset, front_end: Any) -> None:
    viewer = SliceViewer(series)
    browser = front_end(viewer.driver)
    viewer.axes = {"t": 1}
    for t in (6, 0):
        head, (buffer,) = browser.ask(depth=Z, rect=[0, 0, 96, 64], axes={"t": t})
        (layer,) = head["layers"]
        data = (
            lz4.block.decompress(buffer, uncompressed_size=layer["size"])
            if layer["coding"] == "lz4"
            else buffer
        )
        assert np.array_equal(np.frombuffer(data, np.uint8).reshape(64, 96), series_voxels(t)[..., Z].T)
    (without,) = browser.ask(depth=Z, rect=[0, 0, 96, 64])[0]["layers"]
    assert "error" not in without
    viewer.close()


def test_axes_that_change_on_disk_are_followed(series: Dataset) -> None:
    state = ViewerState(series)
    state.axes = {"t": 6}
    (axis,) = series["color"].additional_axes
    series.edit_layer("color", lambda _: {"additional_axes": (axis.model_copy(update={"bounds": (0, 4)}),)})
    state.take_over(series)
    assert state.axes == {"t": 3}


def test_only_what_is_wanted_is_decoded(series: Dataset, tmp_path: Path) -> None:
    """Chunks of another time may be damaged: this time is shown nevertheless."""
    bad = sorted((series.path / "color").rglob("c/0/3/*/*/*"))
    assert bad
    for path in bad:
        path.write_bytes(b"nonsense")
    state = ViewerState(series)
    for t in range(TIMES):
        state.axes = {"t": t}
        (picture,) = state.pictures(state.region, ["color"])
        assert bool(picture.error) == (t == 3)
    state.axes = {"t": 3}
    (picture,) = state.pictures(state.region, ["color"])
    assert "color" in picture.error
    assert "/c/0/3/" in picture.error
