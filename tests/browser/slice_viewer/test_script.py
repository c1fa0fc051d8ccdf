"""The viewer's script alone, on a blank page: what it computes equals what Python computes."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import lz4.block
import numpy as np
import pytest

from voxshelf.model import BlendMode, BoundingBox, Category, VoxelSize
from voxshelf.slicing import (
    Look,
    Plane,
    SegmentChoice,
    View,
    fit_zoom,
    render,
    segment_colors,
    segment_palette,
)
from voxshelf.widgets.slice_viewer.driver import joined_script

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray
    from playwright.sync_api import Browser

_TOOLS = """
window.bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0))
window.text = array => {
  const all = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
  let letters = ''
  for (let i = 0; i < all.length; i += 8192) letters += String.fromCharCode(...all.subarray(i, i + 8192))
  return btoa(letters)
}
"""


@pytest.fixture(scope="module")
def js(browser: Browser) -> Iterator[Callable[..., Any]]:
    """Evaluate a function with the script's names in scope as ``vx``."""
    page = browser.new_page()
    page.evaluate(
        "async script => { window.vx = await import(URL.createObjectURL(new Blob([script], {type: 'text/javascript'}))) }",
        joined_script(),
    )
    page.evaluate(f"() => {{ {_TOOLS} }}")

    def run(function: str, argument: Any = None) -> Any:
        return page.evaluate(function, argument)

    yield run
    page.close()


def packed(voxels: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(voxels).tobytes()).decode()


def sent(name: str, voxels: NDArray[Any], rect: tuple[int, int, int, int] | None = None) -> dict[str, Any]:
    shape = voxels.shape if voxels.ndim == 3 else (1, *voxels.shape)
    head = {"name": name, "dtype": voxels.dtype.name, "shape": shape, "coding": "raw", "size": voxels.nbytes}
    return {**head, "rect": rect or (0, 0, shape[2], shape[1]), "mag": "1", "buffer": packed(voxels)}


def look_document(name: str, look: Look, *, visible: bool = True) -> dict[str, Any]:
    shown = {"name": name, "category": str(look.category), "visible": visible, "alpha": look.alpha}
    choice = look.segments
    return shown | {
        "color": look.color,
        "window": look.window,
        "gamma": look.gamma,
        "inverted": look.inverted,
        "hidden": [str(segment) for segment in choice.hidden],
        "selected": [str(segment) for segment in choice.only or ()],
        "colors": [[str(segment), color] for segment, color in choice.colors.items()],
    }


_PAINT = """({layers, looks, palette, settings, only}) => {
  const pictures = vx.layerPictures({layers}, layers.map(layer => bytes(layer.buffer)))
  const painted = vx.paint(pictures, looks, bytes(palette), {settings: {...vx.PLAIN, ...settings}, only})
  return painted && {...painted, pixels: text(painted.pixels)}
}"""


def painted(
    js: Any,
    layers: list[dict[str, Any]],
    looks: list[dict[str, Any]],
    only: str | None = None,
    **settings: Any,
) -> tuple[NDArray[Any], Any]:
    argument = {"layers": layers, "looks": looks, "palette": packed(segment_palette())}
    argument |= {"settings": settings, "only": only}
    found = js(_PAINT, json.loads(json.dumps(argument)))
    pixels = np.frombuffer(base64.b64decode(found.pop("pixels")), np.uint8)
    return pixels.reshape(found["rows"], found["columns"], 4), found


def random_voxels(dtype: str, shape: tuple[int, ...] = (19, 23)) -> NDArray[Any]:
    random = np.random.default_rng(5)
    kind = np.dtype(dtype)
    if kind.kind == "f":
        values = random.normal(0, 1000, shape).astype(kind)
        values.flat[:3] = (np.nan, np.inf, -np.inf)
        return values
    info = np.iinfo(kind)
    return random.integers(info.min, info.max, shape, kind, endpoint=True)


TYPES = ("uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "float32", "float64")


@pytest.mark.parametrize("dtype", TYPES)
def test_values_of_every_type_are_painted_as_python_renders_them(js: Any, dtype: str) -> None:
    voxels = random_voxels(dtype)
    finite = voxels[np.isfinite(voxels)].astype(float)
    window = (float(np.percentile(finite, 10)), float(np.percentile(finite, 80)))
    look = Look(window=window, color=(255, 130, 7), alpha=80, gamma=1.7, inverted=dtype == "int16")
    pixels, _ = painted(js, [sent("it", voxels)], [look_document("it", look)])
    np.testing.assert_array_equal(pixels[..., :3], render([(voxels, look)]))
    assert (pixels[..., 3] == 255).all()


def test_colours_of_rgb_are_painted_as_python_renders_them(js: Any) -> None:
    voxels, look = random_voxels("uint8", (3, 19, 23)), Look(window=(20, 200), color=(255, 255, 128))
    pixels, _ = painted(js, [sent("it", voxels)], [look_document("it", look)])
    np.testing.assert_array_equal(pixels[..., :3], render([(voxels, look)]))


@pytest.mark.parametrize("dtype", [kind for kind in TYPES if "float" not in kind])
def test_segments_of_every_type_are_laid_over_as_python_renders_them(js: Any, dtype: str) -> None:
    gray, ids = random_voxels("uint8"), random_voxels(dtype)
    ids[:5] = 0
    looks = {"gray": Look(), "ids": Look(Category.SEGMENTATION, alpha=37)}
    layers = [sent("gray", gray), sent("ids", ids)]
    pixels, _ = painted(js, layers, [look_document(name, look) for name, look in looks.items()])
    np.testing.assert_array_equal(pixels[..., :3], render([(gray, looks["gray"]), (ids, looks["ids"])]))


def test_several_colours_add_up_as_python_renders_them(js: Any) -> None:
    one, two = random_voxels("uint8"), random_voxels("uint16")
    looks = {"one": Look(color=(255, 0, 90)), "two": Look(window=(0, 65535), color=(80, 255, 0))}
    layers = [sent("one", one), sent("two", two)]
    pixels, _ = painted(js, layers, [look_document(name, look) for name, look in looks.items()])
    np.testing.assert_array_equal(pixels[..., :3], render([(one, looks["one"]), (two, looks["two"])]))


def test_the_front_covers_the_back_as_python_renders_it(js: Any) -> None:
    back, front = random_voxels("uint8"), random_voxels("uint16")
    looks = {"back": Look(alpha=90), "front": Look(window=(0, 65535), color=(80, 255, 0), alpha=35)}
    layers = [sent("front", front), sent("back", back)]
    pixels, _ = painted(js, layers, [look_document(name, look) for name, look in looks.items()], cover=True)
    wanted = render([(back, looks["back"]), (front, looks["front"])], blend=BlendMode.COVER)
    np.testing.assert_array_equal(pixels[..., :3], wanted)


@pytest.mark.parametrize("dtype", ["uint8", "uint64", "int32"])
@pytest.mark.parametrize("selective", [False, True])
def test_stripes_and_chosen_segments_are_painted_as_python_renders_them(
    js: Any, dtype: str, selective: bool
) -> None:
    ids = random_voxels(dtype).repeat(9, axis=0).repeat(7, axis=1)
    hidden, other, recolored = (int(ids[row, 0]) for row in (0, 9, 18))
    choice = SegmentChoice(
        frozenset({hidden}),
        frozenset({hidden, other, recolored}) if selective else None,
        {recolored: (9, 99.5, 199)},
    )
    look = Look(Category.SEGMENTATION, alpha=60, pattern=45, segments=choice)
    rect = (70, 30, 70 + ids.shape[1], 30 + ids.shape[0])
    pixels, _ = painted(
        js, [sent("ids", ids, rect)], [look_document("ids", look)], pattern=45, selective=selective
    )
    np.testing.assert_array_equal(pixels[..., :3], render([(ids, look)], origin=(30, 70)))


def test_segments_apart_are_transparent_between_and_have_their_opacity(js: Any) -> None:
    gray, ids = random_voxels("uint8", (4, 4)), np.array([[0, 5, 5, 0]] * 4, np.uint8)
    look = Look(Category.SEGMENTATION, alpha=40)
    layers = [sent("gray", gray), sent("ids", ids)]
    looks = [look_document("gray", Look()), look_document("ids", look)]
    pixels, _ = painted(js, layers, looks, only="segmentation")
    assert pixels[0, 0].tolist() == [0, 0, 0, 0]
    assert pixels[0, 1].tolist() == [*segment_colors(ids)[0, 1].tolist(), 102]
    colors, _ = painted(js, layers, looks, only="color")
    np.testing.assert_array_equal(colors[..., 0], gray)


def test_what_nobody_recorded_is_chequered_or_black_but_never_gray(js: Any) -> None:
    voxels = np.full((32, 32), 200, np.uint8)
    voxels[:, 16:] = 0
    layer = sent("it", voxels) | {"missing": [[16, 0, 32, 32]]}
    pixels, _ = painted(js, [layer], [look_document("it", Look())])
    assert set(np.unique(pixels[:, 16:, :3])) == {0x6A, 0x8A}
    assert (pixels[:, :16, :3] == 200).all()
    black, _ = painted(js, [layer], [look_document("it", Look())], missingBlack=True)
    assert (black[:, 16:, :3] == 0).all()
    assert (black[..., 3] == 255).all()


def test_where_another_layer_has_data_nothing_is_missing(js: Any) -> None:
    here, hole = np.full((16, 16), 90, np.uint8), np.zeros((16, 16), np.uint8)
    layers = [sent("hole", hole) | {"missing": [[0, 0, 16, 16]]}, sent("here", here)]
    for settings in ({}, {"cover": True}):
        for order in (["hole", "here"], ["here", "hole"]):
            pixels, _ = painted(js, layers, [look_document(name, Look()) for name in order], **settings)
            assert (pixels[..., :3] == 90).all()


def test_layers_of_different_mags_meet_on_the_finer_ones_grid(js: Any) -> None:
    fine, coarse = random_voxels("uint8", (8, 8)), random_voxels("uint32", (2, 2))
    looks = {"fine": Look(), "coarse": Look(Category.SEGMENTATION, alpha=50)}
    layers = [sent("fine", fine, (0, 0, 8, 8)), sent("coarse", coarse, (0, 0, 8, 8))]
    pixels, _ = painted(js, layers, [look_document(name, look) for name, look in looks.items()])
    spread = coarse.repeat(4, axis=0).repeat(4, axis=1)
    expected = render([(fine, looks["fine"]), (spread, looks["coarse"])])
    np.testing.assert_array_equal(pixels[..., :3], expected)


def test_where_no_layer_is_the_picture_is_transparent(js: Any) -> None:
    left, right = np.full((4, 4), 9, np.uint8), np.full((4, 4), 7, np.uint8)
    layers = [sent("left", left, (0, 0, 4, 4)), sent("right", right, (6, 2, 10, 6))]
    pixels, found = painted(js, layers, [look_document(name, Look()) for name in ("left", "right")])
    assert (found["rect"], pixels.shape) == ([0, 0, 10, 6], (6, 10, 4))
    assert pixels[0, 0].tolist() == [9, 9, 9, 255]
    assert pixels[5, 9].tolist() == [7, 7, 7, 255]
    assert pixels[0, 9, 3] == 0


def test_with_everything_hidden_nothing_is_painted(js: Any) -> None:
    voxels = random_voxels("uint8")
    argument = {"layers": [sent("it", voxels)], "looks": [look_document("it", Look(), visible=False)]}
    assert js(_PAINT, json.loads(json.dumps({**argument, "palette": packed(segment_palette())}))) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a",
        bytes(range(256)) * 3,
        b"\0" * 100_000,
        b"ab" * 5000 + b"c",
        np.random.default_rng(1).bytes(5000),
        np.random.default_rng(2).integers(0, 3, 40_000, np.uint8).tobytes(),
        np.arange(20_000, dtype=np.uint32).tobytes(),
        np.repeat(np.arange(90, dtype=np.uint64) * 2**33, 700).tobytes(),
    ],
    ids=len,
)
def test_what_lz4_packs_is_unpacked(js: Any, data: bytes) -> None:
    block = base64.b64encode(lz4.block.compress(data, store_size=False)).decode()
    found = js(
        "({block, size}) => text(vx.decodeLz4(bytes(block), size))", {"block": block, "size": len(data)}
    )
    assert base64.b64decode(found) == data


@pytest.mark.parametrize("plane", list(Plane))
@pytest.mark.parametrize("zoom", [None, 0.3, 4.0])
def test_the_browser_sees_the_same_rectangle_as_python(js: Any, plane: Plane, zoom: float | None) -> None:
    size, box = VoxelSize((11.24, 11.24, 28)), BoundingBox((5, -3, 10), (512, 300, 64))
    center, screen = (100.5, 50.25, 20.75), (731, 433)
    view = View(plane, center, zoom or fit_zoom(box, plane, screen, size), screen)
    found = js(
        "([view, source]) => vx.visibleRect(view, source)",
        [
            {"plane": str(plane), "center": center, "zoom": zoom, "screen": screen},
            {"box": [*box.topleft, *box.size], "voxelSize": size.factor},
        ],
    )
    assert found == pytest.approx(view.visible_rect(size))


SOURCE = {
    "box": [0, 0, 0, 4096, 4096, 512],
    "voxelSize": [10, 10, 40],
    "voxelSizeNm": [10, 10, 40],
    "unit": "µm",
}


def test_what_is_asked_for_covers_what_is_visible_and_stays_the_same_while_moving_a_little(js: Any) -> None:
    script = "([view, source]) => [vx.partToRead(view, source), vx.visibleRect(view, source)]"
    view = {"plane": "XY", "center": [1000, 1000, 9], "zoom": 0.7, "screen": [800, 500], "panes": 1}
    (first, visible) = js(script, [view, SOURCE])
    assert first["rect"][0] <= visible[0]
    assert first["rect"][3] >= visible[3]
    assert first["zoom"] <= 0.7
    wide = (first["rect"][2] - first["rect"][0]) / (visible[2] - visible[0])
    assert wide < 1.5
    (moved, _) = js(script, [{**view, "center": [1004, 997, 9]}, SOURCE])
    assert moved == first


def test_planes_beside_each_other_have_the_zoom_at_which_all_of_them_fit(js: Any) -> None:
    view = {"plane": "XY", "center": [0, 0, 0], "zoom": None, "screen": [400, 200]}
    zoom = "([view, source]) => vx.zoomOf(view, source)"
    each = [js(zoom, [{**view, "plane": str(plane), "panes": 1}, SOURCE]) for plane in Plane]
    assert js(zoom, [{**view, "panes": 4}, SOURCE]) == max(each)


@pytest.mark.parametrize(("low", "high"), [(0, 255), (-112, 624), (0.02, 0.11), (1e6, 1e6 + 30)])
def test_ticks_are_round_and_not_too_many(js: Any, low: float, high: float) -> None:
    found = js("([low, high]) => vx.roundNumbers(low, high, 5)", [low, high])
    assert 1 <= len(found) <= 6
    assert min(found) >= low
    assert max(found) <= high


@pytest.mark.parametrize("dtype", ["uint8", "uint64", "int64", "int16", "float32"])
def test_the_value_under_the_pointer_is_exact(js: Any, dtype: str) -> None:
    voxels = random_voxels(dtype, (3, 4))
    voxels[1, 2] = np.array(0.1 if dtype == "float32" else np.iinfo(dtype).max, dtype)
    layer = sent("it", voxels, (10, 20, 18, 26))
    script = "layer => { const [l] = vx.layerPictures({layers: [layer]}, [bytes(layer.buffer)]); return ["
    script += "vx.valueText(l, 15.9, 23), vx.valueText(l, 18, 23), vx.valueText(l, 9.99, 23)] }"
    expected = "0.1" if dtype == "float32" else str(voxels[1, 2])
    assert js(script, json.loads(json.dumps(layer))) == [expected, None, None]


@pytest.mark.parametrize(
    ("zoom", "text"), [(1, "1 µm"), (0.1, "100 nm"), (40, "50 µm"), (0.0005, "500 pm"), (3000, "2 mm")]
)
def test_the_scale_bar_is_a_round_length_that_fits(js: Any, zoom: float, text: str) -> None:
    source = {"box": [0, 0, 0, 9, 9, 9], "voxelSize": [10] * 3, "voxelSizeNm": [10] * 3, "unit": "µm"}
    view = {"plane": "XY", "center": [0, 0, 0], "zoom": zoom, "screen": [600, 400]}
    bar = js("([view, source]) => vx.scaleBar(view, source, 150)", [view, source])
    assert bar["text"] == text
    assert 60 <= bar["pixels"] <= 150


@pytest.mark.parametrize(("width", "longest"), [(900, 160), (400, 100), (120, 30)])
@pytest.mark.parametrize("zoom", [0.03, 0.7, 1, 19])
def test_a_scale_bar_covers_a_quarter_of_a_small_pane_at_most(
    js: Any, width: int, longest: int, zoom: float
) -> None:
    source = {"box": [0, 0, 0, 9, 9, 9], "voxelSize": [10] * 3, "voxelSizeNm": [10] * 3, "unit": "µm"}
    view = {"plane": "XY", "center": [0, 0, 0], "zoom": zoom, "screen": [width, 200]}
    bar = js("([view, source]) => vx.scaleBar(view, source, vx.scaleRoom(view.screen[0]))", [view, source])
    assert longest * 0.4 <= bar["pixels"] <= longest
