from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import voxshelf as vx
from voxshelf.errors import LayerNotFoundError, OutOfRangeError
from voxshelf.model import ViewState
from voxshelf.widgets.slice_viewer import ViewerState, code_lines
from voxshelf.widgets.slice_viewer.code_lines import segment_code, view_of_fragment

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def state(tmp_path: Path) -> ViewerState:
    dataset = vx.create_dataset(tmp_path / "it", voxel_size=(10, 10, 40))
    layer = dataset.add_layer("color", category="color", dtype="uint8")
    layer.write(np.random.default_rng(1).integers(1, 255, (64, 48, 16), np.uint8))
    return ViewerState(vx.open_dataset(dataset.path))


def value_of(code: str) -> Any:
    """The value of the last line."""
    *before, last = code.splitlines()
    names: dict[str, Any] = {}
    exec("\n".join(before), names)
    return eval(last, names)


def test_the_lines_that_read_this_box_give_what_read_gives(state: ViewerState) -> None:
    state.screen, state.zoom, state.position = (20, 10), 1.0, (30, 20, 4)
    np.testing.assert_array_equal(value_of(state.text("read")), state.read())


def mask_of(code: str) -> Any:
    """The mask that the lines make; the last one counts its voxels."""
    names: dict[str, Any] = {}
    exec(code, names)
    assert code.splitlines()[-1] == "mask.sum()"
    assert value_of(code) == names["mask"].sum() > 0
    return names["mask"]


def test_the_lines_of_a_segment_give_its_mask_in_view_and_say_so(state: ViewerState) -> None:
    state.screen, state.zoom, state.position = (20, 10), 1.0, (30, 20, 4)
    shown = state.read()
    segment = int(shown.max())
    code = segment_code(state, "color", segment)
    np.testing.assert_array_equal(mask_of(code), shown == segment)
    assert "what is in view of this slice: 21 × 11 × 1 voxels (x, y, z) of mag 1" in code


def test_the_lines_of_a_whole_segment_give_it_in_the_whole_layer(state: ViewerState) -> None:
    state.screen, state.zoom, state.position = (20, 10), 1.0, (30, 20, 4)
    layer = state.dataset.layers["color"]
    segment = int(layer.read().max())
    code = segment_code(state, "color", segment, is_whole=True)
    np.testing.assert_array_equal(mask_of(code), layer.read() == segment)
    assert "in the whole layer: 64 × 48 × 16 voxels (x, y, z) of mag 1" in code


def test_a_whole_segment_of_a_large_layer_is_read_in_the_finest_mag_that_is_small_enough(
    state: ViewerState, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = vx.open_dataset(state.dataset.path).layers["color"]
    layer.downsample()
    fresh = ViewerState(vx.open_dataset(state.dataset.path))
    monkeypatch.setattr(code_lines, "MOST_VOXELS", 64 * 48 * 16 - 1)
    coarser = layer.read(mag=sorted(layer.mags)[1])
    code = segment_code(fresh, "color", int(coarser.max()), is_whole=True)
    np.testing.assert_array_equal(mask_of(code), coarser == coarser.max())
    assert "in the whole layer: 32 × 24 × 16 voxels" in code


@pytest.mark.parametrize("plane", ["XY", "XZ", "YZ"])
def test_where_that_is_still_too_much_it_is_read_where_one_looks_through_all_slices(
    state: ViewerState, monkeypatch: pytest.MonkeyPatch, plane: str
) -> None:
    state.plane, state.screen, state.zoom, state.position = plane, (20, 10), 1.0, (30, 20, 8)
    layer, box = state.dataset.layers["color"], state.box
    normal = state.view.plane.axes[2]
    part = layer.read()[
        tuple(
            slice(None) if axis == normal else slice(box.topleft[axis], box.bottomright[axis])
            for axis in range(3)
        )
    ]
    monkeypatch.setattr(code_lines, "MOST_VOXELS", part.size)
    code = segment_code(state, "color", int(part.max()), is_whole=True)
    np.testing.assert_array_equal(mask_of(code), part == part.max())
    assert "in all slices of what is in view: " in code
    monkeypatch.setattr(code_lines, "MOST_VOXELS", 100)
    with pytest.raises(OutOfRangeError, match="Zoom in"):
        segment_code(state, "color", 1, is_whole=True)


def test_the_lines_that_open_this_view_open_it(state: ViewerState) -> None:
    state.plane, state.position, state.zoom = "XZ", (3, 4, 5), 0.25
    opened = value_of(state.text("open"))
    assert opened.view_state == state.view_state


def test_a_dataset_of_a_store_is_opened_as_was_said(tissue: Any) -> None:
    state = ViewerState(tissue, expression="store['lab/brain']")
    assert "store['lab/brain'][\"color\"].read(" in state.text("read")


def test_json_and_link_hold_the_bookmark(state: ViewerState) -> None:
    state.position = (1, 2, 3)
    assert ViewState.model_validate(json.loads(state.text("json"))) == state.view_state
    link = state.text("link")
    assert link.startswith("#view=")
    assert " " not in link
    assert view_of_fragment(f"https://example.org/view{link}") == state.view_state


def test_a_link_can_be_opened(state: ViewerState) -> None:
    state.position, state.plane = (1, 2, 3), "YZ"
    link = state.text("link")
    state.position, state.plane = (9, 9, 9), "XY"
    state.open_link(link)
    assert (state.position, state.plane) == ((1, 2, 3), "YZ")


@pytest.mark.parametrize("link", ["", "#view=", "#view=%7B", "https://example.org/"])
def test_a_link_without_a_view_is_refused_with_advice(link: str) -> None:
    with pytest.raises(OutOfRangeError, match="Copy it again"):
        view_of_fragment(link)


def test_the_position_is_text_that_can_be_pasted(state: ViewerState) -> None:
    state.position = (7, 8, 9)
    assert state.text("position") == "7, 8, 9"


def test_where_nothing_is_visible_there_are_no_lines(state: ViewerState) -> None:
    state.layers["color"].visible = False
    with pytest.raises(LayerNotFoundError, match="Show a layer"):
        state.text("read")


def test_an_unknown_text_is_refused_with_those_that_there_are(state: ViewerState) -> None:
    with pytest.raises(OutOfRangeError, match="json, link"):
        state.text("poem")
