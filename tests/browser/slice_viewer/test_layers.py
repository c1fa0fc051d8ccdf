"""Segments, missing data and smoothing on screen, and what can be taken along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from voxshelf.slicing import SegmentChoice

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page


def point_at(page: Page, x: int, y: int) -> tuple[float, float]:
    """Where on the page voxel ``(x, y)`` of the first pane's 160 × 128 is."""
    box = page.locator(".vxs-slot-0 .vxs-canvas").bounding_box()
    assert box is not None
    return box["x"] + (x + 0.5) * box["width"] / 160, box["y"] + (y + 0.5) * box["height"] / 128


def choose(page: Page, x: int, y: int, item: str) -> None:
    page.mouse.click(*point_at(page, x, y), button="right")
    page.get_by_role("menuitem", name=item).click()


def test_opening_a_viewer_is_no_edit_and_a_step_is_one(
    viewer: Page, at: Any, py: Any, eventually: Any
) -> None:
    at("XY 32")
    viewer.wait_for_selector(".vxs-histogram .selection")
    eventually("viewer.panel.bars.y.max() == 1")
    assert py("print(viewer.edits)") == "0"
    viewer.locator(".vxs-figure").focus()
    viewer.keyboard.press("f")
    eventually("viewer.edits == 1")


def test_a_segment_is_hidden_and_shown_alone_by_right_click(
    viewer: Page, at: Any, pixels: Any, expected: Any, written: Any, eventually: Any
) -> None:
    at("XY 32")
    gray, ids = written.gray[:, :, 32], written.ids[:, :, 32]
    segment = int(ids[70, 45])
    assert segment > 2**53
    choose(viewer, 70, 45, "Hide this segment")
    eventually(f"viewer.layers['segmentation'].hidden_segments == [{segment}]")
    wanted = expected(gray, ids, segments=SegmentChoice(hidden=frozenset({segment})))
    viewer.wait_for_selector(f".vxs-segment-panel:has-text('{segment}')")
    np.testing.assert_array_equal(pixels(), wanted)
    other = int(ids[20, 10])
    choose(viewer, 20, 10, "Show only this segment")
    viewer.wait_for_selector(f".vxs-segment-panel:has-text('{other}')")
    wanted = expected(gray, ids, segments=SegmentChoice(only=frozenset({other})))
    np.testing.assert_array_equal(pixels(), wanted)
    choose(viewer, 20, 10, "Show all segments")
    eventually("not viewer.selective_segment_visibility")
    viewer.wait_for_selector(f".vxs-segment-panel:has-text('{other}')", state="detached")
    np.testing.assert_array_equal(pixels(), expected(gray, ids))


def test_smoothing_leaves_the_edges_of_segments_sharp(
    viewer: Page, at: Any, pixels: Any, rgba: Any, expected: Any, written: Any
) -> None:
    at("XY 32")
    viewer.get_by_label("Smooth between voxels").check()
    viewer.wait_for_selector(".vxs-segments:not([hidden])")
    np.testing.assert_array_equal(pixels(), expected(written.gray[:, :, 32], None))
    above = rgba(kind="vxs-segments")
    shown = written.ids[:, :, 32].T != 0
    assert set(np.unique(above[shown, 3])) == {51}
    assert not above[~shown].any()
    style = "selector => document.querySelector(selector).style.imageRendering"
    assert viewer.evaluate(style, ".vxs-canvas") == "auto"
    assert viewer.evaluate(style, ".vxs-segments") == "pixelated"


def test_what_is_not_on_disk_is_chequered_or_black(
    notebook: Any, at: Any, pixels: Any, written: Any, eventually: Any
) -> None:
    (written.path / "color" / "1" / "z1" / "y1" / "x2.wkw").unlink()
    page = notebook(written.cell(), ready=".vxs-figure[data-sharp=yes]")
    page.locator(".vxs-layer", has_text="segmentation").locator("input[type=checkbox]").uncheck()
    page.wait_for_function(
        "() => { const c = document.querySelector('.vxs-canvas').getContext('2d');"
        " const at = (x, y) => [...c.getImageData(x, y, 1, 1).data].join();"
        " return at(65, 33) !== at(73, 33) && at(65, 33) === at(81, 33) }"
    )
    hole = pixels()[32:64, 64:96]
    assert {tuple(color) for color in hole.reshape(-1, 3)} == {(0x8A,) * 3, (0x6A,) * 3}
    page.get_by_label("Missing data black").check()
    page.wait_for_function(
        "() => [...document.querySelector('.vxs-canvas').getContext('2d').getImageData(70, 40, 1, 1).data].join()"
        " === '0,0,0,255'"
    )
    assert not pixels()[32:64, 64:96].any()


def test_the_copied_line_reads_in_python_what_is_on_screen(viewer: Page, at: Any, py: Any) -> None:
    at("XY 32")
    viewer.get_by_role("button", name="Copy this view").click()
    viewer.get_by_role("menuitem", name="Python: read what is in view, as numpy").click()
    viewer.wait_for_selector(".vxs-done:has-text('Copied.')")
    copied = viewer.locator(".vx-slice-viewer").get_attribute("data-copied") or ""
    *before, last = copied.splitlines()
    code = "\n".join([*before, f"found = {last}", "print((found == viewer.read()).all(), found.shape)"])
    assert py(code) == "True (160, 128, 1)"


def test_the_picture_is_saved_as_it_is_seen(viewer: Page, at: Any, tmp_path: Path, pixels: Any) -> None:
    at("XY 32")
    with viewer.expect_download() as waiting:
        viewer.get_by_role("button", name="Save the picture").click()
    assert waiting.value.suggested_filename == "tissue_XY_80-64-32.png"
    waiting.value.save_as(tmp_path / "saved.png")
    with Image.open(tmp_path / "saved.png") as saved:
        width, height = saved.size
        middle = np.asarray(saved.convert("RGB"))[height // 2, width // 2]
    box = viewer.locator(".vxs-stage").bounding_box()
    assert box is not None
    assert (width, height) == (round(box["width"]), round(box["height"]))
    near = pixels()[63:66, 79:82].reshape(-1, 3)
    assert any((middle == color).all() for color in near)
