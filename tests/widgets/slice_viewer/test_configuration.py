from __future__ import annotations

from typing import Any

import pytest

from voxshelf.model import (
    BoundingBox,
    Category,
    ElementClass,
    LayerProperties,
    ViewConfiguration,
    ViewState,
    resolve_view,
)
from voxshelf.widgets.slice_viewer import ViewerState

DOCUMENT = {
    "position": [9, 8, 7],
    "zoom": 0.5,
    "rotation": [0, 0, 30],
    "interpolation": True,
    "blendMode": "Cover",
    "segmentationPatternOpacity": 10,
    "renderMissingDataBlack": True,
    "selectiveSegmentVisibility": True,
    "colorLayerOrder": ["color"],
    "layers": {
        "color": {
            "color": [255, 0, 90],
            "alpha": 60,
            "gammaCorrectionValue": 2,
            "intensityRange": [30, 90],
            "isInverted": True,
            "isDisabled": False,
        },
        "segmentation": {"alpha": 35, "isDisabled": True},
    },
}


@pytest.fixture
def state(tissue: Any) -> ViewerState:
    return ViewerState(tissue)


def test_a_document_says_how_a_viewer_begins(tissue: Any) -> None:
    state = ViewerState(tissue, DOCUMENT)
    assert (state.position, state.zoom, state.blend_mode) == ((9, 8, 7), 0.5, "Cover")
    assert state.layers["color"].window == (30, 90)
    assert not state.layers["segmentation"].visible


def test_the_document_of_a_viewer_is_what_it_was_given(tissue: Any) -> None:
    assert ViewerState(tissue, DOCUMENT).configuration_document() == DOCUMENT


def test_applying_a_document_changes_what_it_says_and_nothing_else(state: ViewerState) -> None:
    state.layers["color"].gamma = 3.0
    state.zoom = 2.0
    state.apply_configuration(
        {"position": [1, 2, 3], "layers": {"color": {"alpha": 10}, "gone": {"alpha": 1}}}
    )
    assert (state.position, state.zoom) == ((1, 2, 3), 2.0)
    assert (state.layers["color"].alpha, state.layers["color"].gamma) == (10, 3.0)


def test_what_does_not_fit_is_left_out_key_by_key(state: ViewerState) -> None:
    state.apply_configuration({"zoom": -1, "unheardOf": 1, "blendMode": "Cover", "layers": {"color": 7}})
    assert (state.zoom, state.blend_mode) == (None, "Cover")


def test_of_a_resolved_configuration_ranges_that_nobody_set_are_left_to_the_data(tissue: Any) -> None:
    layers = [
        LayerProperties(
            name="color",
            category=Category.COLOR,
            element_class=ElementClass.UINT8,
            bounding_box=BoundingBox((0, 0, 0), (64, 48, 16)),
        )
    ]
    assert ViewerState(tissue, resolve_view(layers)).layers["color"].window is None
    said = {"layers": {"color": {"intensityRange": [0, 255]}}}
    assert ViewerState(tissue, resolve_view(layers, user=said)).layers["color"].window == (0, 255)


def test_edits_are_counted_but_not_what_is_applied_or_learnt(state: ViewerState) -> None:
    state.apply_configuration(DOCUMENT)
    state.layers["color"].window = None
    before = state.edits
    state.pictures(state.region, ["color"])
    state.apply_configuration({"position": [1, 1, 1]})
    assert state.layers["color"].window is not None
    assert state.edits == before


@pytest.mark.parametrize(
    ("name", "value"),
    [("position", (1, 2, 3)), ("zoom", 3.0), ("interpolation", True), ("blend_mode", "Cover")],
)
def test_each_change_of_a_setting_is_an_edit(state: ViewerState, name: str, value: Any) -> None:
    seen: list[int] = []
    state.observe(lambda change: seen.append(change["new"]), "edits")
    setattr(state, name, value)
    assert seen == [1]


def test_changing_a_layers_look_is_an_edit_and_choosing_a_segment_is_none(state: ViewerState) -> None:
    state.layers["color"].inverted = True
    state.layers["segmentation"].hide_segment(3)
    state.plane, state.panes = "XZ", 4
    assert state.edits == 1


def test_a_bookmark_opens_the_same_view(state: ViewerState, tissue: Any) -> None:
    state.plane, state.zoom = "XZ", 0.7
    state.go_to((10.25, 20.5, 3.75))
    state.layers["color"].window = (30.0, 90.0)
    state.layers["segmentation"].visible = False
    again = ViewerState(tissue, view=state.view_state)
    assert again.view_state == state.view_state
    assert again.center == (10.25, 20.5, 3.75)


def test_a_bookmark_may_be_given_as_json_and_say_little(state: ViewerState) -> None:
    state.view_state = {"plane": "yz", "layers": {"color": {"isDisabled": True}}}
    assert state.plane == "YZ"
    assert not state.layers["color"].visible
    assert state.position == (32, 24, 8)


def test_the_present_view_is_a_noun_of_the_model(state: ViewerState) -> None:
    assert isinstance(state.view_configuration(), ViewConfiguration)
    assert isinstance(state.view_state, ViewState)
