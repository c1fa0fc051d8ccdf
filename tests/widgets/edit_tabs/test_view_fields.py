"""Values of a view configuration as they are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.dataset import open_dataset
from voxshelf.model import view_reference
from voxshelf.testing.folders import write_dataset
from voxshelf.widgets.edit_tabs.view_fields import ViewField, written
from voxshelf.widgets.edit_tabs.view_row import UNUSED
from voxshelf.widgets.slice_viewer import ViewerState

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tissue_viewer(tmp_path: Path) -> ViewerState:
    layers = {"color": "uint8", "segmentation": "uint32"}
    state = ViewerState(open_dataset(write_dataset(tmp_path, "lab/cells", layers=layers)))
    state.auto_contrast("color")
    return state


KEYS = {key.key: key for key in view_reference()}


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("zoom", "0.5", 0.5),
        ("position", "1, 2,3", [1, 2, 3]),
        ("position", "[1, 2, 3]", [1, 2, 3]),
        ("interpolation", "true", True),
        ("blendMode", "Cover", "Cover"),
        ("colorLayerOrder", "em, light", ["em", "light"]),
        ("colorLayerOrder", '["a, b"]', ["a, b"]),
        ("mapping", '{"name": "agglomerate", "type": "JSON"}', {"name": "agglomerate", "type": "JSON"}),
        ("intensityRange", "0, 255", [0, 255]),
        ("alpha", "", None),
    ],
)
def test_a_text_means_a_value(key: str, text: str, value: Any) -> None:
    field = ViewField((key,), KEYS[key])
    field.text = text
    assert field.read() == value


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("zoom", "0"),
        ("zoom", "near"),
        ("alpha", "101"),
        ("gammaCorrectionValue", "-1"),
        ("segmentationPatternOpacity", "1000"),
        ("position", "1, 2"),
        ("intensityRange", "9, 3"),
        ("blendMode", "Mix"),
        ("color", "0, 0, 256"),
        ("mapping", "agglomerate"),
    ],
)
def test_values_out_of_range_are_refused_with_a_sentence(key: str, text: str) -> None:
    field = ViewField((key,), KEYS[key])
    field.text = text
    with pytest.raises(ValueError, match=f"^{key} must"):
        field.read()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("zoom", 0.5),
        ("position", [1, 2.5, 3]),
        ("interpolation", False),
        ("colorLayerOrder", ["em", "light"]),
        ("colorLayerOrder", ["a, b"]),
        ("mapping", {"name": "agglomerate", "type": "JSON"}),
        ("intensityRange", [-3.4028234663852886e38, 3.4028234663852886e38]),
        ("loadingStrategy", "BEST_QUALITY_FIRST"),
    ],
)
def test_a_value_is_written_so_that_it_is_read_as_the_same(key: str, value: Any) -> None:
    field = ViewField((key,), KEYS[key])
    field.text = written(value, KEYS[key])
    assert field.read() == pytest.approx(value) if key == "intensityRange" else field.read() == value


def test_each_key_is_used_by_the_viewer_or_said_not_to_be(tissue_viewer: Any) -> None:
    document = tissue_viewer.configuration_document()
    keys = {*document, *(key for layer in document["layers"].values() for key in layer)}
    keys |= {"min", "max"}  # taken over, but never changed by looking
    assert keys - {"rotation"} == set(KEYS) - set(UNUSED)
