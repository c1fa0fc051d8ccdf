from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from voxshelf.model import LayerViewConfiguration
from voxshelf.widgets.slice_viewer import LayerState


def of(layer: Any, dtype: str, category: str = "color", channels: int = 1, **given: Any) -> LayerState:
    voxels = np.zeros((channels, 2, 2, 2), dtype)
    return LayerState("it", layer(voxels, category), LayerViewConfiguration(**given))


def test_colour_is_opaque_and_segmentation_lets_it_through(layer: Any) -> None:
    assert of(layer, "uint8").alpha == 100
    assert of(layer, "uint32", "segmentation").alpha == 20


def test_a_given_intensity_range_is_the_window(layer: Any) -> None:
    assert of(layer, "uint16", intensity_range=(100, 900)).window == (100, 900)


@pytest.mark.parametrize(("dtype", "full"), [("uint16", (0, 65535)), ("float32", (-3.4028e38, 3.4028e38))])
def test_the_full_range_of_a_wide_type_says_nothing_so_the_data_chooses(
    layer: Any, dtype: str, full: tuple[float, float]
) -> None:
    state = of(layer, dtype, intensity_range=full)
    assert state.window is None
    state.learn(np.linspace(10, 20, 100).astype(dtype))
    assert 10 <= state.window[0] < state.window[1] <= 20


def test_the_full_range_of_bytes_is_kept(layer: Any) -> None:
    assert of(layer, "uint8", intensity_range=(0, 255)).window == (0, 255)


def test_limits_given_for_the_slider_are_kept(layer: Any) -> None:
    state = of(layer, "uint16", min=50.0, max=500.0)
    state.learn(np.array([100, 200], np.uint16))
    assert state.limits == (50, 500)


def test_limits_grow_with_what_is_seen_when_asked_again(layer: Any) -> None:
    state = of(layer, "uint16")
    state.learn(np.arange(100, 200, dtype=np.uint16))
    state.learn(np.arange(300, 400, dtype=np.uint16))
    assert state.limits == (100, 199)
    state.learn(np.arange(300, 400, dtype=np.uint16), again=True)
    assert state.limits == (100, 399)


def test_red_green_and_blue_are_shown_as_they_are(layer: Any) -> None:
    state = of(layer, "uint8", channels=3)
    assert state.is_rgb
    assert state.window == (0, 255)
    assert state.shown_channels(np.zeros((3, 4, 5), np.uint8)).shape == (3, 4, 5)


def test_of_other_channels_one_is_chosen(layer: Any) -> None:
    state = of(layer, "uint16", channels=2)
    voxels = np.arange(2 * 3 * 4, dtype=np.uint16).reshape(2, 3, 4)
    state.channel = 1
    np.testing.assert_array_equal(state.shown_channels(voxels), voxels[1])


def test_a_segmentation_has_no_window(layer: Any) -> None:
    state = of(layer, "uint32", "segmentation", intensity_range=(3, 9))
    state.learn(np.arange(10, dtype=np.uint32))
    assert state.window is None
    assert state.configuration().intensity_range is None


def test_its_configuration_gives_the_same_look_again(layer: Any) -> None:
    given = {"color": (255, 0, 90), "alpha": 60.0, "gamma_correction_value": 2.0, "is_inverted": True}
    state = of(layer, "uint8", intensity_range=(5, 99), is_disabled=True, **given)
    again = LayerState("it", state.layer, state.configuration())
    assert again.document() == state.document()
