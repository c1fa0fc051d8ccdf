"""The import form on screen: origins, the preview, JSON problems at their lines, the Python that does the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

FORM = ".vx-root:has(.vx-preview)"


@pytest.fixture
def form(notebook: Any, shelf: Path) -> Page:
    page: Page = notebook(
        f"import voxshelf as vx\nstore = vx.open_store({str(shelf)!r})\nstore.refresh()\n"
        "form = vx.ImportForm(store, 'lab/fresh_from_the_microscope')\nform",
        ready="text=Needs you",
    )
    page.wait_for_selector(".vx-preview img:visible")
    return page


def fill_voxel_size(page: Page) -> None:
    for axis, edge in zip("xyz", ("11.24", "11.24", "28"), strict=True):
        page.locator(f".vx-voxel-{axis} input").fill(edge)


def test_every_value_says_where_it_comes_from(form: Page, photograph: Callable[..., Path]) -> None:
    fields = form.locator(".vx-field:visible")
    assert fields.count() >= 6
    for index in range(fields.count()):
        assert fields.nth(index).locator(".vx-chip").count() == 1, fields.nth(index).inner_text()
    facts = form.locator(".vx-fact")
    assert facts.count() >= 8
    assert all(facts.nth(at).locator(".vx-from").inner_text() for at in range(facts.count()))
    photograph("import-form", FORM)


def test_the_preview_follows_the_box(form: Page) -> None:
    def shape() -> list[int]:
        size: list[int] = form.evaluate(
            "() => (image => [image.naturalWidth, image.naturalHeight])(document.querySelector('.vx-preview img'))"
        )
        return size

    assert shape() == [320, 320]
    for box in form.locator("input[placeholder^='x, y, z']").all():
        box.fill("0, 0, 0, 256, 128, 32")
    form.wait_for_function("() => document.querySelector('.vx-preview img').naturalHeight === 160")
    assert shape() == [320, 160]


def test_problems_of_the_json_are_marked_at_their_lines(form: Page, photograph: Callable[..., Path]) -> None:
    fill_voxel_size(form)
    form.locator("button:text-is('Advanced')").click()
    editor = form.locator(".vx-json textarea")
    form.wait_for_function("() => document.querySelector('.vx-json textarea').value.includes('dataLayers')")
    text = editor.input_value()
    line = text[: text.index('"width"')].count("\n") + 1
    editor.fill(text.replace('"width": 256', '"width": -5', 1))
    form.wait_for_selector(f".vx-line-bad:text-is('{line}')")
    form.wait_for_selector(f".vx-problems b:text-is('Line {line}')")
    assert form.locator("button:text-is('Import'):visible").is_disabled()
    photograph("import-json", ".vx-root:has(.vx-json)")
    editor.fill(text)
    form.wait_for_selector(".vx-line-bad", state="detached")
    form.wait_for_selector("button:text-is('Import'):not([disabled]):visible")


def test_the_python_beside_it_imports_the_same(form: Page, py: Callable[[str], str]) -> None:
    form.context.grant_permissions(["clipboard-read", "clipboard-write"])
    fill_voxel_size(form)
    form.wait_for_selector(".vx-python:has-text('store.import_dataset(')")
    form.locator(".vx-copy:visible").click()
    form.wait_for_selector("button:text-is('Copied')")
    code = form.evaluate("() => navigator.clipboard.readText()")
    py(code)
    assert py("print(store.record('lab/fresh_from_the_microscope').status)") == "ready"
    assert "11.24 × 11.24 × 28" in py("print(store.record('lab/fresh_from_the_microscope').voxel_size)")
    form.wait_for_selector("text=has been imported elsewhere in the meantime")


def test_a_folder_without_data_says_what_is_missing(notebook: Any, shelf: Path) -> None:
    (shelf / "lab" / "empty").mkdir()
    page = notebook(
        f"import voxshelf as vx\nform = vx.ImportForm(vx.open_store({str(shelf)!r}), 'lab/empty')\nform",
        ready="text=Found in the folder",
    )
    assert page.locator(".vx-problems li").count() >= 1
    assert page.locator("button:text-is('Import'):visible").is_disabled()
