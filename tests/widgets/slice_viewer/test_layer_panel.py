from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ipywidgets import Button, Checkbox, Dropdown, VBox

from voxshelf.widgets.slice_viewer import ViewerState
from voxshelf.widgets.slice_viewer.layer_panel import LayerPanel, LayerRow, SettingsPanel


@pytest.fixture
def state(tissue: Any) -> ViewerState:
    return ViewerState(tissue)


@pytest.fixture
def two(dataset: Any, layer: Any, gray: Any) -> ViewerState:
    return ViewerState(dataset(one=layer(gray), two=layer(gray)))


def test_a_row_shows_and_sets_its_layer(state: ViewerState) -> None:
    layer = state.layers["color"]
    row = LayerRow(layer)
    row.shown.value, row.alpha.value, row.color.value = False, 30, "#ff8000"
    assert (layer.visible, layer.alpha, layer.color) == (False, 30, (255, 128, 0))
    layer.color = (0.0, 255.0, 0.0)
    assert row.color.value == "#00ff00"


def test_a_segmentation_has_no_colour_to_choose(state: ViewerState) -> None:
    assert not hasattr(LayerRow(state.layers["segmentation"]), "color")


def test_a_layer_of_several_channels_lets_one_choose(layer: Any, dataset: Any) -> None:
    state = ViewerState(dataset(two=layer(np.zeros((2, 4, 4, 4), np.uint16))))
    channel = LayerRow(state.layers["two"]).children[-1]
    channel.value = 1
    assert state.layers["two"].channel == 1
    assert channel.max == 1


def test_a_layer_can_be_brought_to_the_front(two: ViewerState, parts: Any) -> None:
    panel = LayerPanel(two, VBox())
    assert [layer.name for layer in two.painting_order()] == ["two", "one"]
    raise_two = [part for part in parts(panel, Button) if "two" in part.tooltip]
    raise_two[0].click()
    assert two.color_layer_order == ["two", "one"]
    assert [layer.name for layer in two.painting_order()] == ["one", "two"]


def test_one_colour_layer_needs_neither_order_nor_blending(state: ViewerState, parts: Any) -> None:
    assert parts(SettingsPanel(state), Dropdown) == []


def test_the_settings_show_and_set_the_state(two: ViewerState, parts: Any) -> None:
    panel = SettingsPanel(two)
    (blend,) = parts(panel, Dropdown)
    blend.value = "Cover"
    assert two.blend_mode == "Cover"
    smooth, black = parts(panel, Checkbox)
    smooth.value = black.value = True
    assert (two.interpolation, two.render_missing_data_black) == (True, True)
    two.interpolation = False
    assert not smooth.value
