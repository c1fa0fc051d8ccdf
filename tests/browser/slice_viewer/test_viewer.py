"""The slice viewer in real JupyterLab, on real WKW files; what counts are the pixels on screen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_the_picture_is_the_slice_with_its_segments_and_keys_and_wheel_change_it(
    viewer: Page, at: Any, pixels: Any, expected: Any, written: Any
) -> None:
    at("XY 32")
    np.testing.assert_array_equal(pixels(), expected(written.gray[:, :, 32], written.ids[:, :, 32]))
    figure = viewer.locator(".vxs-figure")
    figure.focus()
    for key, depth in (("f", 33), ("Shift+F", 43), ("d", 42), ("Shift+D", 32)):
        viewer.keyboard.press(key)
        at(f"XY {depth}")
    figure.hover()
    viewer.mouse.wheel(0, 120)
    at("XY 33")
    np.testing.assert_array_equal(pixels(), expected(written.gray[:, :, 33], written.ids[:, :, 33]))
    viewer.wait_for_function("() => document.querySelector('.vxs-depth-value').textContent === '33 / 63'")
    assert viewer.locator(".jp-Cell").count() == 1, "keys of the notebook stay unused: d d deletes a cell"


def test_the_pointer_reads_position_value_and_segment(viewer: Page, py: Any, at: Any, written: Any) -> None:
    at("XY 32")
    box = viewer.locator(".vxs-canvas").bounding_box()
    assert box is not None
    x, y = 70, 45
    viewer.mouse.move(
        box["x"] + (x + 0.5) * box["width"] / written.gray.shape[0],
        box["y"] + (y + 0.5) * box["height"] / written.gray.shape[1],
    )
    segment, value = int(written.ids[x, y, 32]), int(written.gray[x, y, 32])
    assert segment > 2**53
    viewer.wait_for_function(
        "text => document.querySelector('.vxs-readout').textContent.includes(text)", arg=str(segment)
    )
    text = viewer.locator(".vxs-readout").inner_text()
    assert "70, 45, 32" in text
    assert "700 nm, 450 nm, 800 nm" in text
    assert f"color {value}" in re.sub(r"\s+", " ", text)
    viewer.mouse.wheel(0, 120)
    at("XY 33")
    wanted = f"({x}, {y}, 33)"
    viewer.wait_for_function(
        "text => document.querySelector('.vxs-place').textContent === text", arg=wanted.strip("()")
    )
    py("import time; end = time.monotonic() + 10")
    code = "while viewer.hover.get('position') != (70, 45, 33) and time.monotonic() < end: time.sleep(0.02)\n"
    assert py(code + "print(viewer.hover['values']['segmentation'])") == str(int(written.ids[x, y, 33]))


def test_the_brush_recolours_without_the_kernel(viewer: Page, at: Any, pixels: Any) -> None:
    at("XY 32")
    before = pixels()
    viewer.wait_for_selector(".vxs-histogram .selection")
    viewer.evaluate("() => window.nb.sessionContext.session.kernel.shutdown().then(() => 0)")
    area = viewer.locator(".vxs-histogram .selection").bounding_box()
    assert area is not None
    edge, middle = area["x"] + area["width"], area["y"] + area["height"] / 2
    viewer.mouse.move(edge, middle)
    viewer.mouse.down()
    viewer.mouse.move(edge - area["width"] / 2, middle, steps=4)
    viewer.wait_for_function(
        "sum => document.querySelector('.vxs-canvas').getContext('2d').getImageData(0, 0, 50, 50).data"
        ".reduce((a, b) => a + b) > sum",
        arg=int(before[:50, :50].sum()) + 255 * 50 * 50,
    )
    viewer.mouse.up()


def test_planes_keep_the_proportions_of_the_specimen(
    viewer: Page, py: Any, at: Any, pixels: Any, expected: Any, written: Any
) -> None:
    at("XY 32")
    viewer.get_by_role("button", name="Look along y").click()
    at("XZ 64")
    np.testing.assert_array_equal(pixels(), expected(written.gray[:, 64, :], written.ids[:, 64, :]))
    box = viewer.locator(".vxs-canvas").bounding_box()
    assert box is not None
    assert box["width"] / box["height"] == pytest.approx(
        written.gray.shape[0] * 10 / (written.gray.shape[2] * 25), rel=0.01
    )
    py("viewer.plane = 'YZ'")
    at("YZ 80")
    assert pixels().shape[:2] == (written.gray.shape[1], written.gray.shape[2])
    labels = "() => [...document.querySelectorAll('.vxs-figure .axislabel')].map(label => label.textContent).join()"
    viewer.wait_for_function(f"() => ({labels})().startsWith('z [voxels],y [voxels]')")
    viewer.locator(".vxs-group[aria-label=Units] button").click()
    viewer.wait_for_function(f"() => ({labels})().startsWith('z [nm],y [nm]')")


def test_zooming_picks_the_mag_and_dragging_moves(
    viewer: Page, py: Any, at: Any, pixels: Any, expected: Any, written: Any
) -> None:
    at("XY 32")
    figure = viewer.locator(".vxs-figure")
    figure.hover()
    viewer.keyboard.down("Control")
    for _ in range(8):
        viewer.mouse.wheel(0, 200)
    viewer.keyboard.up("Control")
    viewer.wait_for_function("() => document.querySelector('.vxs-mag').textContent === 'mag 2-2-1'")
    half = expected(written.gray[::2, ::2, 32], written.ids[::2, ::2, 32])
    np.testing.assert_array_equal(pixels(), half)
    viewer.get_by_role("button", name="Show the whole volume").click()
    viewer.wait_for_function("() => document.querySelector('.vxs-mag').textContent === 'mag 1'")
    box = viewer.locator(".vxs-canvas").bounding_box()
    assert box is not None
    pixel = box["width"] / written.gray.shape[0]
    viewer.mouse.move(box["x"] + 100, box["y"] + 100)
    viewer.mouse.down()
    viewer.mouse.move(box["x"] + 100 + 20 * pixel, box["y"] + 100 - 10 * pixel, steps=5)
    viewer.mouse.up()
    py("import time; end = time.monotonic() + 10")
    code = "while viewer.position != (60, 74, 32) and time.monotonic() < end: time.sleep(0.02)\n"
    assert py(code + "print(viewer.position)") == "(60, 74, 32)"


def test_layers_can_be_hidden_and_position_and_depth_be_chosen(
    viewer: Page, at: Any, pixels: Any, expected: Any, written: Any
) -> None:
    at("XY 32")
    viewer.locator(".vxs-layer", has_text="segmentation").locator("input[type=checkbox]").uncheck()
    gray_only = expected(written.gray[:, :, 32], None)
    viewer.wait_for_function(
        "() => { const {data} = document.querySelector('.vxs-canvas').getContext('2d').getImageData(0, 0, 160, 128);"
        " for (let i = 0; i < data.length; i += 4) if (data[i] !== data[i + 1]) return false; return true }"
    )
    np.testing.assert_array_equal(pixels(), gray_only)
    viewer.get_by_label("Position z in voxels").fill("7")
    viewer.keyboard.press("Enter")
    at("XY 7")
    viewer.locator(".vxs-slider").fill("50")
    at("XY 50")


def test_a_damaged_file_is_named_and_other_slices_go_on(
    notebook: Any, at: Any, pixels: Any, expected: Any, written: Any
) -> None:
    damaged = written.path / "color" / "1" / "z1" / "y1" / "x2.wkw"
    damaged.write_bytes(damaged.read_bytes()[:1000])
    page = notebook(written.cell(), ready=".vxs-figure[data-sharp=yes]")
    page.wait_for_selector(".vxs-message:not([hidden])")
    message = page.locator(".vxs-message").inner_text()
    assert str(Path("color", "1", "z1", "y1", "x2.wkw")) in message
    ids_only = expected(None, written.ids[:, :, 32])
    np.testing.assert_array_equal(pixels(), ids_only)
    page.locator(".vxs-figure").focus()
    page.keyboard.press("d")
    at("XY 31")
    page.wait_for_selector(".vxs-message", state="hidden")
    np.testing.assert_array_equal(pixels(), expected(written.gray[:, :, 31], written.ids[:, :, 31]))


def test_two_displays_of_one_viewer_move_together(notebook: Any, written: Any) -> None:
    page = notebook(written.cell(), "viewer", ready=".vxs-figure[data-sharp=yes]")
    page.wait_for_function("() => document.querySelectorAll('.vxs-figure[data-sharp=yes]').length === 2")
    page.locator(".vxs-figure").first.focus()
    page.keyboard.press("f")
    page.wait_for_function(
        "() => document.querySelectorAll('.vxs-figure[data-shown=\"XY 33\"]').length === 2"
    )


def test_two_fingers_zoom_about_what_lies_between_them(
    viewer: Page, py: Any, at: Any, eventually: Any
) -> None:
    at("XY 32")
    area = viewer.locator(".vxs-stage").bounding_box()
    assert area is not None
    x, y = area["width"] * 0.6, area["height"] * 0.4
    code = (
        f"screen, (u, v, _), zoom = viewer.screen, viewer.view.position, viewer.view.zoom\nx, y = {x}, {y}\n"
    )
    code += "print(zoom, u + (x - screen[0] / 2) * zoom, v + (y - screen[1] / 2) * zoom)"
    before = [float(number) for number in py(code).split()]
    fingers = viewer.context.new_cdp_session(viewer)

    def touch(kind: str, *spreads: float) -> None:
        points = [
            {"x": area["x"] + x + spread, "y": area["y"] + y, "id": finger}
            for finger, spread in enumerate(spreads)
        ]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", -40)
    touch("touchStart", -40, 40)
    for spread in (50, 60, 70, 80):
        touch("touchMove", -spread, spread)
    touch("touchEnd")
    eventually(f"viewer.zoom is not None and abs(viewer.zoom / {before[0] / 2} - 1) < 0.02")
    after = [float(number) for number in py(code).split()]
    np.testing.assert_allclose(
        after[1:], before[1:], atol=12 * after[0]
    )  # half of what one finger moved at a time
    assert py("print(viewer.position[2])") == "32"
