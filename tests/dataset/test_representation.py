"""What people see of a dataset: text, HTML and small pictures, whatever is wrong with it."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from voxshelf.dataset import PROPERTIES_NAME, create_dataset, open_dataset, thumbnail
from voxshelf.dataset.slice_colors import color_of_ids, gray_to_rgb, shown_window
from voxshelf.errors import DamagedDataError, LayerNotFoundError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(build: Any, volume: Any) -> Path:
    ramp = np.broadcast_to(np.linspace(50, 200, 64).astype(np.uint8)[:, None, None], (64, 32, 16)).copy()
    ids = np.zeros((64, 32, 16), np.uint32)
    ids[32:] = 7
    path: Path = build(volume("raw data", ramp), volume("cells", ids, category="segmentation"))
    return path


def _edit(folder: Path, change: Any) -> None:
    document = json.loads((folder / PROPERTIES_NAME).read_text())
    change(document)
    (folder / PROPERTIES_NAME).write_text(json.dumps(document))


def _pixels(png: bytes) -> Any:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def test_a_dataset_prints_its_layers_in_columns(folder: Path) -> None:
    lines = repr(open_dataset(folder)).splitlines()
    assert lines[0] == "<Dataset 'dataset'>"
    assert "  voxel size  10 × 10 × 25 nm" in lines
    assert "  box         0,0,0,64,32,16 (640 × 320 × 400 nm)" in lines
    assert lines[-2:] == [
        "    raw data  color         uint8   mags 1  32 KiB",
        "    cells     segmentation  uint32  mags 1  128 KiB",
    ]


def test_a_layer_prints_what_it_is(folder: Path) -> None:
    text = repr(open_dataset(folder)["cells"])
    assert text.startswith("<Layer 'cells' of 'dataset'>")
    assert "largest id  unknown" in text


def test_a_mag_prints_its_own_shape(folder: Path) -> None:
    assert repr(open_dataset(folder)["cells"].mag()) == (
        "<MagView 1 of 'cells': 64 × 32 × 16 uint32, from (0, 0, 0)>"
    )


def _remove_mag(folder: Path) -> None:
    (folder / "cells" / "1").rename(folder / "moved")


def _wrong_type(folder: Path) -> None:
    _edit(folder, lambda document: document["dataLayers"][1].update(elementClass="uint16"))


def _wrong_header(folder: Path) -> None:
    (folder / "cells" / "1" / "header.wkw").write_bytes(b"no header at all")


def _foreign(folder: Path) -> None:
    _edit(folder, lambda document: document["dataLayers"][1].update(dataFormat="n5"))


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (_remove_mag, "does not exist"),
        (_wrong_type, "but the JSON says"),
        (_wrong_header, "not a WKW file"),
        (_foreign, "stored as n5"),
    ],
)
def test_what_is_wrong_with_a_layer_is_said_in_words(folder: Path, damage: Any, says: str) -> None:
    damage(folder)
    dataset = open_dataset(folder)
    for shown in (
        repr(dataset),
        dataset._repr_html_(),
        repr(dataset["cells"]),
        dataset["cells"]._repr_html_(),
    ):
        assert says in shown
    assert "<img" in dataset._repr_html_()
    assert "<img" not in dataset["cells"]._repr_html_()
    assert says in repr(dataset["cells"].mag())


def test_damaged_voxels_are_said_in_words(folder: Path) -> None:
    for file in folder.rglob("x*.wkw"):
        file.write_bytes(file.read_bytes()[:100])
    html = open_dataset(folder)._repr_html_()
    assert "<img" not in html
    assert "⚠" in html


@pytest.mark.parametrize("has_json", [True, False])
def test_the_card_shows_every_layer(folder: Path, has_json: bool) -> None:
    if not has_json:
        (folder / PROPERTIES_NAME).unlink()
    html = open_dataset(folder)._repr_html_()
    assert "<td>raw data</td>" in html
    assert "<td>cells</td>" in html
    assert ("unknown" in html) or has_json


def test_a_dataset_without_layers_has_a_card_and_a_text(tmp_path: Path) -> None:
    dataset = create_dataset(tmp_path / "new", (1, 1, 1))
    assert "No layers" in dataset._repr_html_()
    assert "layers      none" in repr(dataset)
    layer = dataset.add_layer("color", category="color", dtype="uint8")
    assert "empty" in repr(layer)
    assert "<img" not in layer._repr_html_()


def test_names_are_escaped(build: Any, volume: Any, random_voxels: Any) -> None:
    name = "<script>alert('x')&\"<"
    html = open_dataset(build(volume(name, random_voxels(8, 8, 8))))._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_card_takes_its_colours_from_the_theme(folder: Path) -> None:
    style = re.findall(r"color: ([^;]+);", open_dataset(folder)._repr_html_())
    assert style
    assert all(value.startswith("var(--jp-") or value == "inherit" for value in style)


def test_a_thumbnail_keeps_the_slices_physical_proportions(folder: Path) -> None:
    _edit(folder, lambda document: document.update(scale=[10, 40, 25]))
    image = Image.open(io.BytesIO(thumbnail(open_dataset(folder), (100, 100))))
    assert (image.format, image.size) == ("PNG", (50, 100))


def test_a_thumbnail_shows_contrast_and_segments(folder: Path) -> None:
    pixels = _pixels(thumbnail(open_dataset(folder), (64, 64)))
    gray, colored = pixels[:, :30], pixels[:, 34:]
    assert (gray.max(axis=2) - gray.min(axis=2)).max() == 0
    assert gray[:, 0].max() < 20
    assert (colored.max(axis=2) - colored.min(axis=2)).min() > 20


def test_a_thumbnail_shows_only_the_wanted_layers(folder: Path) -> None:
    pixels = _pixels(thumbnail(open_dataset(folder), (64, 64), layers=["raw data"]))
    assert (pixels.max(axis=2) == pixels.min(axis=2)).all()
    assert pixels[:, -1].min() > 235


def test_a_thumbnail_shows_true_colours(build: Any, volume: Any) -> None:
    voxels = np.zeros((3, 16, 16, 8), np.uint8)
    voxels[0] = 200
    voxels[1, :, 8:] = 90
    pixels = _pixels(thumbnail(open_dataset(build(volume("color", voxels))), (16, 16)))
    assert pixels[0, 0].tolist() == [200, 0, 0]
    assert pixels[-1, 0].tolist() == [200, 90, 0]


def test_a_slice_with_voxels_is_looked_for(build: Any, volume: Any) -> None:
    folder = build(volume("color", np.full((16, 16, 8), 9, np.uint8), (0, 0, 200)))
    _edit(
        folder, lambda document: document["dataLayers"][0]["boundingBox"].update(topLeft=[0, 0, 0], depth=900)
    )
    assert _pixels(thumbnail(open_dataset(folder))).max() == 255


def test_the_view_configurations_position_comes_first(build: Any, volume: Any) -> None:
    voxels = np.zeros((16, 16, 8), np.uint8)
    voxels[:8, :, 4] = 50
    voxels[8:, :, 6] = 50
    folder = build(volume("color", voxels), defaultViewConfiguration={"position": [3, 3, 6]})
    pixels = _pixels(thumbnail(open_dataset(folder), (16, 16)))
    assert pixels[:, :7].max() == 0
    assert pixels[:, 9:].min() > 0


@pytest.mark.parametrize("position", [None, "here", [1, 2], [1, 2, 3e99], [-5, 0, 0]])
def test_a_senseless_position_is_passed_over(folder: Path, position: Any) -> None:
    _edit(folder, lambda document: document.update(defaultViewConfiguration={"position": position}))
    assert _pixels(thumbnail(open_dataset(folder))).any()


def test_a_coarse_mag_is_enough(folder: Path, volume: Any) -> None:
    volume("raw data", np.full((16, 8, 16), 77, np.uint8)).write(folder / "raw data" / "4-4-1")
    _edit(folder, lambda document: document["dataLayers"][0]["mags"].append({"mag": [4, 4, 1]}))
    for file in (folder / "raw data" / "1").rglob("x*.wkw"):
        file.write_bytes(b"damaged")
    assert _pixels(thumbnail(open_dataset(folder), (16, 16), layers=["raw data"])).any()


def test_of_a_plane_too_large_a_part_is_shown_in_bounded_time(build: Any, volume: Any) -> None:
    folder = build(volume("color", np.full((16, 16, 8), 9, np.uint8), (32000, 32000, 0)))
    box = {"topLeft": [0, 0, 0], "width": 64000, "height": 64000, "depth": 8}
    _edit(folder, lambda document: document["dataLayers"][0].update(boundingBox=box))
    assert _pixels(thumbnail(open_dataset(folder))).max() > 0


def test_a_dataset_without_voxels_has_no_thumbnail(tmp_path: Path) -> None:
    with pytest.raises(LayerNotFoundError):
        thumbnail(create_dataset(tmp_path / "new", (1, 1, 1)))


def test_a_layer_alone_that_cannot_be_read_is_an_error(folder: Path) -> None:
    _remove_mag(folder)
    with pytest.raises(DamagedDataError):
        thumbnail(open_dataset(folder), layers=["cells"])


def test_an_id_has_the_same_colour_everywhere() -> None:
    ids = np.array([[0, 5], [5, 2**40]], np.uint64)
    colors, is_segment = color_of_ids(ids)
    assert is_segment.tolist() == [[False, True], [True, True]]
    assert (colors[0, 1] == colors[1, 0]).all()
    assert (colors[0, 1] != colors[1, 1]).any()


@pytest.mark.parametrize(
    "values", [np.zeros((3, 3)), np.full((3, 3), np.nan), np.full((3, 3), -4.0), np.array([[np.inf, 1.0]])]
)
def test_odd_values_still_make_a_picture(values: Any) -> None:
    assert gray_to_rgb(values, shown_window(values)).shape == (*values.shape, 3)


@pytest.mark.parametrize("color", ["red", [1, 2], None, [300, 0, "x"]])
def test_an_odd_colour_is_white(color: Any) -> None:
    assert gray_to_rgb(np.ones((1, 1)), (0, 1), color)[0, 0].tolist() == [255, 255, 255]
