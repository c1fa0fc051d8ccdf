from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from voxshelf.widgets.slice_viewer import ViewerState
from voxshelf.widgets.slice_viewer.histogram_panel import IntensityPanel, round_numbers


@pytest.fixture
def state(tissue: Any) -> ViewerState:
    return ViewerState(tissue)


@pytest.fixture
def panel(state: ViewerState) -> IntensityPanel:
    return IntensityPanel(state)


def test_the_brush_sets_the_window_and_the_numbers_follow(state: ViewerState, panel: IntensityPanel) -> None:
    panel.brush.brushing = True
    panel.brush.selected = np.array([30.0, 90.0])
    assert state.layers["color"].window == (30, 90)
    assert panel.range.value == (30, 90)


def test_the_numbers_set_the_window_and_the_brush_follows(state: ViewerState, panel: IntensityPanel) -> None:
    panel.range.value = (40, 80)
    assert state.layers["color"].window == (40, 80)
    assert panel.brush.selected.tolist() == [40, 80]


def test_a_click_beside_the_brush_shows_everything(state: ViewerState, panel: IntensityPanel) -> None:
    panel.range.value = (40, 80)
    panel.brush.brushing = True
    panel.brush.selected = None
    panel.brush.brushing = False
    assert state.layers["color"].window == (0, 255)


def test_a_window_set_in_python_moves_brush_and_numbers(state: ViewerState, panel: IntensityPanel) -> None:
    state.layers["color"].window = (11.0, 22.0)
    assert panel.range.value == (11, 22)
    assert panel.brush.selected.tolist() == [11, 22]


def test_a_window_beyond_the_limits_widens_the_slider(state: ViewerState, panel: IntensityPanel) -> None:
    state.layers["color"].window = (-50.0, 400.0)
    assert (panel.range.min, panel.range.max) == (-50, 400)
    assert panel.range.value == (-50, 400)


def test_another_layer_brings_its_own_window_and_keeps_the_first_ones(
    dataset: Any, layer: Any, gray: Any
) -> None:
    wide = gray.astype(np.uint16) * 100
    state = ViewerState(dataset(one=layer(gray), two=layer(wide)))
    state.pictures(state.region, ["one", "two"])
    panel = IntensityPanel(state)
    first = state.layers["one"].window
    state.active = "two"
    assert panel.range.value == state.layers["two"].window
    assert panel.range.max > 20_000
    assert state.layers["one"].window == first
    state.active = "one"
    assert (panel.range.value, panel.range.max) == (first, 255)


def test_without_a_colour_layer_there_is_nothing_to_adjust(dataset: Any, layer: Any, ids: Any) -> None:
    panel = IntensityPanel(ViewerState(dataset(cells=layer(ids, "segmentation"))))
    assert panel.children == ()
    panel.update_histogram()


def test_the_auto_button_goes_by_what_is_visible(state: ViewerState, panel: IntensityPanel) -> None:
    panel.range.value = (100, 101)
    auto = panel.children[0].children[1]
    auto.click()
    low, high = state.layers["color"].window
    assert low < 30
    assert high > 210


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [(0, 255, [0, 100, 200]), (0, 1, [0, 0.25, 0.5, 0.75, 1]), (-3, 12, [0, 5, 10]), (1000, 1001, None)],
)
def test_ticks_are_round_and_few(low: float, high: float, ticks: list[float] | None) -> None:
    found = round_numbers(low, high)
    assert 1 <= len(found) <= 5
    assert found.min() >= low
    assert found.max() <= high
    if ticks is not None:
        assert found.tolist() == pytest.approx(ticks)
