from __future__ import annotations

from typing import Any

import pytest
from ipywidgets import Button, ColorPicker, Label

from voxshelf.widgets.slice_viewer import ViewerState
from voxshelf.widgets.slice_viewer.segment_panel import SegmentPanel

BIG = 2**40 + 1


@pytest.fixture
def state(tissue: Any) -> ViewerState:
    return ViewerState(tissue)


@pytest.fixture
def panel(state: ViewerState) -> SegmentPanel:
    return SegmentPanel(state, state.layers["segmentation"])


@pytest.fixture
def press(panel: SegmentPanel, parts: Any) -> Any:
    def press_button(text: str) -> None:
        next(button for button in parts(panel, Button) if button.description == text).click()

    return press_button


def test_a_segment_is_shown_alone_by_its_id(state: ViewerState, panel: SegmentPanel, press: Any) -> None:
    panel.id.value = str(BIG)
    press("Only")
    assert state.selective_segment_visibility
    assert state.layers["segmentation"].selected_segments == [BIG]


def test_ids_may_be_written_with_separators(state: ViewerState, panel: SegmentPanel, press: Any) -> None:
    panel.id.value = " 1,099_511 "
    press("Hide")
    assert state.layers["segmentation"].hidden_segments == [1_099_511]


@pytest.mark.parametrize("text", ["", "0", "-4", "1.5", "axon", str(2**64), "--3"])
def test_what_is_no_id_is_said_and_does_nothing(
    state: ViewerState, panel: SegmentPanel, press: Any, text: str
) -> None:
    panel.id.value = text
    press("Hide")
    assert "uint64" in panel.problem.value
    assert panel.problem.layout.display is None
    assert state.layers["segmentation"].hidden_segments == []


def test_touched_segments_are_listed_and_can_be_shown_again(
    state: ViewerState, panel: SegmentPanel, press: Any, parts: Any
) -> None:
    layer = state.layers["segmentation"]
    layer.hide_segment(BIG)
    assert [label.value for label in parts(panel.list, Label)] == [str(BIG)]
    press("Show")
    assert (layer.hidden_segments, layer.selected_segments) == ([], [BIG])
    press("✕")
    assert panel.touched() == []


def test_a_segment_is_recoloured_in_the_list(state: ViewerState, panel: SegmentPanel, parts: Any) -> None:
    layer = state.layers["segmentation"]
    layer.select_segment(BIG)
    (color,) = parts(panel.list, ColorPicker)
    color.value = "#ff8000"
    assert layer.segment_colors == {BIG: (255, 128, 0)}
    assert parts(panel.list, ColorPicker)[0].value == "#ff8000"


def test_a_long_list_says_how_many_more_there_are(
    state: ViewerState, panel: SegmentPanel, parts: Any
) -> None:
    for segment in range(1, 15):
        state.layers["segmentation"].hide_segment(segment)
    assert parts(panel.list, Label)[-1].value == "… and 6 more"


def test_everything_is_shown_again(state: ViewerState, panel: SegmentPanel, press: Any) -> None:
    layer = state.layers["segmentation"]
    layer.color_segment(5, (1, 2, 3))
    layer.hide_segment(4)
    state.isolate_segment("segmentation", BIG)
    press("Show all segments")
    assert (layer.hidden_segments, layer.selected_segments) == ([], [])
    assert not state.selective_segment_visibility
    assert layer.segment_colors == {5: (1, 2, 3)}
    assert panel.everything.layout.display == "none"


def test_rows_that_are_shown_no_more_are_closed(state: ViewerState, panel: SegmentPanel, parts: Any) -> None:
    state.layers["segmentation"].hide_segment(4)
    old = parts(panel.list, Button)
    state.layers["segmentation"].hide_segment(5)
    assert all(button.comm is None for button in old)
