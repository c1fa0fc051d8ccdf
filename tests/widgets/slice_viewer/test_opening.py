from __future__ import annotations

from typing import Any

from voxshelf.model import LayerViewConfiguration
from voxshelf.widgets.slice_viewer.opening import lenient, opening_configuration


def test_a_dataset_that_says_nothing_has_an_empty_configuration(dataset: Any) -> None:
    assert opening_configuration(dataset()).document() == {"layers": {}}


def test_broken_and_unknown_keys_keep_nobody_from_seeing_data(dataset: Any, layer: Any, gray: Any) -> None:
    raw = {"position": "here", "zoom": 2, "rotation": None, "unheardOf": 1, "layers": 7}
    found = opening_configuration(dataset(raw, color=layer(gray)))
    assert found.zoom == 2
    assert found.position is None


def test_a_layers_own_values_win_over_those_the_dataset_lists(dataset: Any, layer: Any, gray: Any) -> None:
    listed = {"layers": {"color": {"alpha": 10, "isInverted": True}, "gone": {}}}
    found = opening_configuration(dataset(listed, color=layer(gray, view_configuration={"alpha": 70})))
    assert found.layers == {"color": LayerViewConfiguration(alpha=70, is_inverted=True)}


def test_values_out_of_range_are_left_out_one_by_one() -> None:
    found = lenient(LayerViewConfiguration, {"alpha": 400, "color": [1, 2, 3], "intensityRange": [1]})
    assert found == LayerViewConfiguration(color=(1, 2, 3))
