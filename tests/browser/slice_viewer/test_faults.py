"""What a person sees when something goes wrong under the viewer, and how it goes on."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from playwright.sync_api import Page

MESSAGE = ".vxs-message:not([hidden])"


def press(page: Page, key: str) -> None:
    page.locator(".vxs-figure").focus()
    page.keyboard.press(key)


def test_a_file_damaged_while_scrolling_is_named_and_comes_back_when_it_is_mended(
    viewer: Page, at: Any, pixels: Any, expected: Any, written: Any
) -> None:
    at("XY 32")
    press(viewer, "Shift+D")
    at("XY 22")
    file = written.path / "color" / "1" / "z1" / "y1" / "x2.wkw"
    whole = file.read_bytes()
    file.write_bytes(whole[:1000])
    press(viewer, "Shift+F")
    press(viewer, "Shift+F")
    viewer.wait_for_selector(MESSAGE)
    message = viewer.locator(MESSAGE).inner_text()
    assert str(Path("color", "1", "z1", "y1", "x2.wkw")) in message
    np.testing.assert_array_equal(pixels(), expected(None, written.ids[:, :, 42]))
    file.write_bytes(whole)
    viewer.get_by_role("button", name="Try again").click()
    viewer.wait_for_selector(".vxs-message", state="hidden")
    np.testing.assert_array_equal(pixels(), expected(written.gray[:, :, 42], written.ids[:, :, 42]))


def test_a_folder_that_is_gone_is_told_and_the_viewer_goes_on_by_itself(
    viewer: Page, at: Any, pixels: Any, expected: Any, written: Any, eventually: Any
) -> None:
    at("XY 32")
    elsewhere = written.path.with_name("elsewhere")
    shutil.move(written.path, elsewhere)
    viewer.locator(".vxs-slider").fill("5")
    viewer.wait_for_selector(f"{MESSAGE}:has-text('is not there any more')")
    eventually("'is not there any more' in viewer.error")
    shutil.move(elsewhere, written.path)
    viewer.wait_for_selector(".vxs-message", state="hidden")
    np.testing.assert_array_equal(pixels(), expected(written.gray[:, :, 5], written.ids[:, :, 5]))


def test_when_the_kernel_restarts_the_picture_stays_and_says_so(viewer: Page, at: Any, pixels: Any) -> None:
    at("XY 32")
    before = pixels()
    viewer.evaluate("() => window.nb.sessionContext.session.kernel.restart().then(() => 0)")
    viewer.wait_for_selector(f"{MESSAGE}:has-text('run the cell again')")
    np.testing.assert_array_equal(pixels(), before)
    viewer.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => 0)")
    viewer.wait_for_selector(MESSAGE, state="detached")
    at("XY 32")


def test_slow_data_is_said_to_be_loading_without_moving_anything(
    viewer: Page, at: Any, py: Any, eventually: Any
) -> None:
    at("XY 32")
    py("import threading; gate = threading.Event(); pictures = viewer.driver._pictures")
    py("viewer.driver._pictures = lambda *a: (gate.wait(20), pictures(*a))[1]")
    place = viewer.locator(".vxs-figure").bounding_box()
    viewer.locator(".vxs-slider").fill("3")
    viewer.wait_for_selector(".vxs-waiting:not([hidden])")
    assert viewer.locator(".vxs-waiting").inner_text() == "Loading…"
    assert viewer.locator(".vxs-figure").bounding_box() == place
    assert viewer.locator(".vxs-figure").get_attribute("data-shown") == "XY 32"
    py("gate.set()")
    at("XY 3")
    viewer.wait_for_selector(".vxs-waiting", state="hidden")
