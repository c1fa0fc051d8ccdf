"""Time in the viewer, in real JupyterLab: the slider moves it, and the pixels are those of that time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import zarr

from voxshelf.slicing import Look, render

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray
    from playwright.sync_api import Page

SIZE = (240, 180, 12)
TIMES = 24
Z = 6
SHOWN = ".vxs-figure[data-sharp=yes]"
SLIDER = ".vxs-axis input"


def _cells(t: int) -> NDArray[np.uint8]:
    """Cells that drift and pulsate, ``(x, y, z)``."""
    random = np.random.default_rng(4)
    x, y, z = np.ogrid[: SIZE[0], : SIZE[1], : SIZE[2]]
    found = np.full(SIZE, 18.0)
    for _ in range(22):
        at, speed = random.uniform((0, 0, 2), SIZE), random.uniform((-3, -3, 0), (3, 3, 0.2))
        radius, phase = random.uniform(7, 16), random.uniform(0, 6)
        cx, cy, cz = at + speed * t
        far = ((x - cx % SIZE[0]) ** 2 + (y - cy % SIZE[1]) ** 2 + (3 * (z - cz)) ** 2) / radius**2
        found = found + (130 + 60 * np.sin(phase + t / 3)) * np.exp(-far * 1.6)
    return np.clip(found, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def movie() -> NDArray[np.uint8]:
    """All times, ``(t, x, y, z)``."""
    return np.stack([_cells(t) for t in range(TIMES)])


@pytest.fixture
def written(tmp_path: Path, movie: NDArray[np.uint8]) -> Path:
    folder = tmp_path / "embryo"
    mags = []
    for name, step in (("1", 1), ("2-2-1", 2)):
        voxels = np.ascontiguousarray(movie[:, ::step, ::step].transpose(0, 3, 2, 1))
        array = zarr.create_array(
            folder / "nuclei" / name, shape=voxels.shape, chunks=(1, 4, 64, 64), dtype="uint8", zarr_format=3
        )
        array[...] = voxels
        order = {"x": 3, "y": 2, "z": 1}
        mags.append({"mag": [step, step, 1], "path": f"./nuclei/{name}", "axisOrder": order})
    layer = {
        "name": "nuclei",
        "category": "color",
        "elementClass": "uint8",
        "dataFormat": "zarr3",
        "boundingBox": {"topLeft": [0, 0, 0], "width": SIZE[0], "height": SIZE[1], "depth": SIZE[2]},
        "mags": mags,
        "numChannels": 1,
        "additionalAxes": [{"name": "t", "bounds": [0, TIMES], "index": 0}],
        "defaultViewConfiguration": {"intensityRange": [10, 230]},
    }
    document = {"id": {"name": "embryo", "team": ""}, "scale": [400, 400, 2000], "dataLayers": [layer]}
    (folder / "datasource-properties.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


def _cell(folder: Path, **options: Any) -> str:
    given = "".join(f", {name}={value!r}" for name, value in options.items())
    return f"import voxshelf as vx\nviewer = vx.SliceViewer(vx.open_dataset({str(folder)!r}){given})\nviewer"


@pytest.fixture
def series(notebook: Any, written: Path) -> Page:
    opened: Page = notebook(_cell(written), ready=SHOWN)
    return opened


@pytest.fixture
def at_time(page: Page) -> Callable[[int], None]:
    """Wait until a time is on screen."""
    return lambda t: page.wait_for_selector(f'.vxs-slot-0[data-axes="t {t}"][data-sharp=yes]') and None


def _expected(voxels: NDArray[np.uint8], z: int = Z) -> NDArray[np.uint8]:
    return render([(np.ascontiguousarray(voxels[:, :, z].T), Look(window=(10.0, 230.0)))])


def test_the_slider_moves_time_and_the_pixels_are_those_of_that_time(
    series: Page, at_time: Any, pixels: Any, movie: Any, eventually: Any, py: Any
) -> None:
    at_time(0)
    np.testing.assert_array_equal(pixels(), _expected(movie[0]))
    assert series.locator(".vxs-axis").inner_text().split() == ["t", "0", "/", "23"]
    slider = series.locator(SLIDER)
    slider.focus()
    for key, t in (("ArrowRight", 1), ("ArrowRight", 2), ("End", 23), ("Home", 0), ("PageUp", 2)):
        series.keyboard.press(key)
        at_time(t)
        np.testing.assert_array_equal(pixels(), _expected(movie[t]))
        eventually(f"viewer.axes == {{'t': {t}}}")
    assert py("print(int(viewer.read(mag=1).max()))") == str(movie[2, :, :, Z].max())
    assert series.locator(".jp-Cell").count() == 1, "keys of the notebook stay unused"


def test_keys_over_the_picture_move_time_and_slices_stay_at_it(
    series: Page, at_time: Any, at: Any, pixels: Any, movie: Any
) -> None:
    at_time(0)
    series.locator(".vxs-figure").focus()
    for key, t in ((".", 1), (".", 2), (",", 1), (",", 0), (",", 0), (".", 1)):
        series.keyboard.press(key)
        at_time(t)
    series.keyboard.press("f")
    at(f"XY {Z + 1}")
    np.testing.assert_array_equal(pixels(), _expected(movie[1], Z + 1))
    series.keyboard.press(".")
    at_time(2)
    at(f"XY {Z + 1}")
    np.testing.assert_array_equal(pixels(), _expected(movie[2], Z + 1))


def test_time_set_in_python_is_shown_and_the_pointer_reads_its_values(
    series: Page, at_time: Any, pixels: Any, movie: Any, py: Any, eventually: Any
) -> None:
    at_time(0)
    x, y = 100, 60
    box = series.locator(".vxs-canvas").bounding_box()
    assert box is not None
    series.mouse.move(
        box["x"] + (x + 0.5) * box["width"] / SIZE[0], box["y"] + (y + 0.5) * box["height"] / SIZE[1]
    )
    for t in (9, 17, 3):
        py(f"viewer.axes = {{'t': {t}}}")
        at_time(t)
        np.testing.assert_array_equal(pixels(), _expected(movie[t]))
        assert series.locator(SLIDER).input_value() == str(t)
        eventually(f"viewer.hover.get('values', {{}}).get('nuclei') == {int(movie[t, x, y, Z])}")


def test_no_picture_is_ever_shown_as_that_of_another_time(
    series: Page, at_time: Any, movie: Any, pixels: Any
) -> None:
    """Time runs faster than pictures come; each one that is painted is the one that it is said to be."""
    at_time(0)
    series.evaluate(
        """() => {
            const figure = document.querySelector('.vxs-slot-0')
            window.seen = []
            const look = () => {
                const canvas = figure.querySelector('.vxs-canvas')
                const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
                let sum = 0
                for (let i = 0; i < data.length; i += 4) sum += data[i]
                window.seen.push([figure.dataset.axes, sum])
            }
            window.looking = new MutationObserver(look)
            window.looking.observe(figure, {attributes: true, attributeFilter: ['data-shown', 'data-axes', 'data-sharp']})
        }"""
    )
    order = [*range(TIMES), *range(TIMES - 2, -1, -1), *range(0, TIMES, 3), 5, 20, 13]
    series.evaluate(
        """async ([selector, order]) => {
            const slider = document.querySelector(selector)
            for (const value of order) {
                slider.value = value
                slider.dispatchEvent(new Event('input', {bubbles: true}))
                await new Promise(requestAnimationFrame)
            }
        }""",
        [SLIDER, order],
    )
    at_time(order[-1])
    np.testing.assert_array_equal(pixels(), _expected(movie[order[-1]]))
    seen = series.evaluate("() => { window.looking.disconnect(); return window.seen }")
    sums = {f"t {t}": int(_expected(movie[t])[..., 0].sum()) for t in range(TIMES)}
    assert len({name for name, _ in seen}) > 3
    assert all(sums[name] == total for name, total in seen)


def test_the_copied_lines_and_the_saved_view_are_of_that_time(series: Page, at_time: Any, py: Any) -> None:
    at_time(0)
    series.locator(SLIDER).fill("11")
    at_time(11)
    for item, wanted in (
        ("Python: read", 'at={"t": 11})'),
        ("This view as JSON", '{"name": "t", "value": 11}'),
    ):
        series.get_by_role("button", name="Copy this view").click()
        series.get_by_role("menuitem", name=item).click()
        series.wait_for_function(
            "text => document.querySelector('.vx-slice-viewer').dataset.copied?.includes(text)", arg=wanted
        )
    assert py("print(vx.SliceViewer(viewer.dataset, view=viewer.view_state).axes)") == "{'t': 11}"


def test_a_dataset_without_time_has_no_slider(notebook: Any, tissue: Path) -> None:
    page = notebook(_cell(tissue), ready=SHOWN)
    assert page.locator(".vxs-axis").count() == 0
    page.locator(".vxs-figure").focus()
    page.keyboard.press(".")
    assert page.locator(".vxs-figure").get_attribute("data-axes") == ""


_FITS = """() => {
    const [axes, picture] = ['.plotarea_background', '.vxs-stage'].map(part =>
        document.querySelector(`.vxs-slot-0 ${part}`).getBoundingClientRect())
    return Math.abs(axes.width - picture.width) < 2 && Math.abs(axes.height - picture.height) < 2
}"""


def test_time_in_four_panes_dark_and_narrow(
    series: Page, at_time: Any, in_theme: Any, py: Any, photograph: Any, cut_off: Any, eventually: Any
) -> None:
    series.locator(SLIDER).fill("14")
    at_time(14)
    eventually("viewer.panel.bars.y.max() > 0")
    series.evaluate("() => document.activeElement.blur()")
    photograph("viewer-time", ".vx-slice-viewer")
    py("viewer.panes = 4")
    for slot in range(3):
        series.wait_for_selector(f'.vxs-slot-{slot}[data-axes="t 14"][data-sharp=yes]')
    assert "t 14" in series.locator(".vxs-facts").inner_text()
    series.locator(SLIDER).fill("8")
    for slot in range(3):
        series.wait_for_selector(f'.vxs-slot-{slot}[data-axes="t 8"][data-sharp=yes]')
    py("viewer.panes = 1")
    in_theme("JupyterLab Dark")
    series.set_viewport_size({"width": 600, "height": 1000})
    series.wait_for_function("() => document.querySelector('.vx-slice-viewer').clientWidth <= 490")
    at_time(8)
    series.wait_for_function(_FITS)
    assert cut_off(".vx-slice-viewer") == []
    photograph("viewer-time-narrow-dark", ".vx-slice-viewer", until=".vxs-status")
