from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from voxshelf.errors import OutOfRangeError
from voxshelf.model import Category
from voxshelf.slicing import Look, render
from voxshelf.widgets.slice_viewer import ViewerState

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def state(tissue: Any) -> ViewerState:
    return ViewerState(tissue, {"layers": {"color": {"intensityRange": [20, 220]}}})


def test_the_picture_is_the_visible_slice_with_its_segments(state: ViewerState, gray: Any, ids: Any) -> None:
    segments = Look(Category.SEGMENTATION, alpha=20, pattern=40)
    wanted = render([(gray[:, :, 8].T, Look(window=(20, 220))), (ids[:, :, 8].T, segments)])
    np.testing.assert_array_equal(state.picture(), wanted)


def test_hidden_layers_are_not_in_it(state: ViewerState, gray: Any) -> None:
    state.layers["segmentation"].visible = False
    wanted = render([(gray[:, :, 8].T, Look(window=(20, 220)))])
    np.testing.assert_array_equal(state.picture(), wanted)


def test_a_saved_picture_has_the_proportions_of_the_specimen(state: ViewerState, tmp_path: Path) -> None:
    state.plane, state.screen = "XZ", (320, 320)
    state.save_picture(tmp_path / "it.png")
    with Image.open(tmp_path / "it.png") as saved:
        assert saved.size == (320, 320)  # 64 voxels of 10 nm across, 16 of 40 nm down


def test_with_everything_hidden_there_is_nothing_to_draw(state: ViewerState) -> None:
    for layer in state.layers.values():
        layer.visible = False
    with pytest.raises(OutOfRangeError, match="mag in common"):
        state.picture()


def test_choosing_a_window_for_it_is_no_edit(tissue: Any) -> None:
    state = ViewerState(tissue)
    state.picture()
    assert state.layers["color"].window is not None
    assert state.edits == 0
