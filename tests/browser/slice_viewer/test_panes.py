"""Four panes: three planes of one position, and one of information."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

XY, YZ, XZ = ".vxs-slot-0", ".vxs-slot-1", ".vxs-slot-2"


@pytest.fixture
def four(viewer: Page, at: Any) -> Page:
    viewer.get_by_role("button", name="Three planes").click()
    for slot, where in enumerate(("XY 32", "YZ 80", "XZ 64")):
        at(where, slot)
    return viewer


def middle(page: Page, pane: str) -> tuple[float, float]:
    box = page.locator(f"{pane} .vxs-overlay").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def voxel_edge(page: Page, pane: str, voxels: int) -> float:
    """How many pixels a voxel is wide in a pane that shows ``voxels`` of them."""
    box = page.locator(f"{pane} .vxs-canvas").bounding_box()
    assert box is not None
    return box["width"] / voxels


def test_each_pane_shows_its_plane_through_the_position(
    four: Page, pixels: Any, expected: Any, written: Any
) -> None:
    gray, ids = written.gray, written.ids
    np.testing.assert_array_equal(pixels(0), expected(gray[:, :, 32], ids[:, :, 32]))
    np.testing.assert_array_equal(pixels(1), expected(gray[80].T, ids[80].T))
    np.testing.assert_array_equal(pixels(2), expected(gray[:, 64], ids[:, 64]))
    four.wait_for_function("() => document.querySelector('.vxs-info').innerText.includes('80, 64, 32')")


def test_a_click_centres_all_panes_there(four: Page, at: Any, eventually: Any) -> None:
    x, y = middle(four, XZ)
    edge = voxel_edge(four, XZ, 160)
    four.mouse.click(x + 20 * edge, y - 10 * edge * 2.5)  # a voxel is 2.5 times as high as wide there
    eventually("viewer.position == (100, 64, 22)")
    for slot, where in enumerate(("XY 22", "YZ 100", "XZ 64")):
        at(where, slot)


def test_the_wheel_moves_through_the_plane_under_the_pointer(four: Page, at: Any, eventually: Any) -> None:
    four.mouse.move(*middle(four, YZ))
    four.mouse.wheel(0, 120)
    at("YZ 81", 1)
    eventually("viewer.position == (81, 64, 32)")


def test_the_pane_that_was_used_last_is_the_box_that_python_reads(
    four: Page, py: Any, eventually: Any
) -> None:
    four.locator(XZ).focus()
    eventually("viewer.plane == 'XZ'")
    assert py("print(viewer.box.size[1], viewer.read().shape)") == "1 (160, 1, 64)"
    four.wait_for_selector(f"{XZ}.vxs-active")


def test_python_and_keys_choose_panes_and_planes(viewer: Page, py: Any, at: Any, eventually: Any) -> None:
    py("viewer.panes = 4")
    at("XZ 64", 2)
    viewer.locator(XY).focus()
    viewer.keyboard.press("3")
    at("YZ 80")
    eventually("(viewer.panes, viewer.plane) == (1, 'YZ')")
    viewer.wait_for_selector(XZ, state="detached")
    viewer.locator(XY).focus()
    viewer.keyboard.press("4")
    at("XY 32")
    at("XZ 64", 2)


def test_a_pasted_position_is_gone_to(viewer: Page, at: Any, eventually: Any) -> None:
    at("XY 32")
    viewer.evaluate(
        """() => {
            const clipboardData = new DataTransfer()
            clipboardData.setData('text', '(12, 34, 56)')
            document.querySelector('.vxs-number').dispatchEvent(
                new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true}))
        }"""
    )
    at("XY 56")
    eventually("viewer.position == (12, 34, 56)")


def test_a_small_drag_moves_the_picture_without_asking_for_another(
    viewer: Page, at: Any, py: Any, eventually: Any
) -> None:
    py("viewer.zoom = 0.05")
    at("XY 32")
    py("asked = []; read = viewer.driver._pictures\n")
    py("viewer.driver._pictures = lambda *a: (asked.append(a[0].depth), read(*a))[1]")
    before = viewer.locator(".vxs-canvas").bounding_box()
    x, y = middle(viewer, XY)
    viewer.mouse.move(x, y)
    viewer.mouse.down()
    viewer.mouse.move(x + 12, y + 8, steps=3)
    viewer.mouse.up()
    eventually("viewer.center[0] < 79.8")
    after = viewer.locator(".vxs-canvas").bounding_box()
    assert before is not None
    assert after is not None
    assert (after["x"] - before["x"], after["y"] - before["y"]) == pytest.approx((12, 8), abs=0.6)
    assert py("print([depth for depth in asked if depth == 32])") == "[]"


def test_a_narrow_cell_cuts_nothing_off(four: Page) -> None:
    four.set_viewport_size({"width": 580, "height": 900})
    four.wait_for_function("() => document.querySelector('.vx-slice-viewer').clientWidth <= 480")
    hidden = four.evaluate(
        """() => {
            const root = document.querySelector('.vx-slice-viewer').getBoundingClientRect()
            const parts = document.querySelectorAll('.vx-slice-viewer :is(button, input, .vxs-figure, .vxs-info)')
            return [...parts].filter(part => part.offsetWidth && part.getBoundingClientRect().right > root.right + 1)
                .map(part => part.className || part.textContent)
        }"""
    )
    assert hidden == []


def test_a_pane_that_has_the_keyboard_can_be_seen(four: Page) -> None:
    shadow = "selector => getComputedStyle(document.querySelector(`${selector} .vxs-overlay`)).boxShadow"
    four.locator(XZ).focus()
    four.wait_for_selector(f"{XZ}:focus")
    assert "2px" in four.evaluate(shadow, XZ)
    assert "2px" not in four.evaluate(shadow, XY)
