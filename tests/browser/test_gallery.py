"""The gallery in JupyterLab: cards of public datasets, found, followed and opened; asserted on pixels and DOM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.testing.folders import write_dataset

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

LIGHT, DARK = "JupyterLab Light", "JupyterLab Dark"
LONG = "a_dataset_with_a_name_that_is_as_long_as_people_make_them_when_they_put_everything_into_it"
DESCRIPTION = """Serial block-face electron microscopy of *layer 4* in mouse barrel cortex.

| stain | voxels |
| --- | --- |
| osmium | 11.24 × 11.24 × 28 nm |

See [the paper](https://doi.org/10.1126/science.aay3134) <script>window.broken = true</script>.

And more that does not fit, and more that does not fit, and more that does not fit, and still more of it.
"""


@pytest.fixture
def root(tmp_path: Path, tissue: Path) -> Path:
    for name in ("retina", "secret"):
        write_dataset(tmp_path / "data", f"lab/{name}")
    for name in ("cortex", LONG):
        (tmp_path / "data" / "lab" / name).symlink_to(tissue)
    return tmp_path / "data"


def cell(root: Path, then: str) -> str:
    return (
        f"import voxshelf as vx\nstore = vx.open_store({str(root)!r})\nstore.refresh()\n"
        f"for name in ('cortex', 'retina', {LONG!r}): store.update_permissions(f'lab/{{name}}', is_public=True)\n"
        f"store.update_details('lab/cortex', display_name='Barrel cortex, layer 4', description={DESCRIPTION!r},"
        " tags=['em', 'mouse'])\n"
        f"{then}"
    )


@pytest.fixture
def gallery(notebook: Any, root: Path) -> Page:
    page: Page = notebook(cell(root, "gallery = vx.Gallery(store)\ngallery"), ready=".vxc-card img")
    return page


def titles(page: Page) -> list[str]:
    shown: list[str] = page.locator(".vxc-title").all_inner_texts()
    return shown


def wait_for_cards(page: Page, count: int) -> None:
    page.wait_for_function(f"() => document.querySelectorAll('.vxc-card').length === {count}")


def test_public_datasets_are_cards_with_picture_name_and_description(
    gallery: Page, photograph: Callable[..., Path]
) -> None:
    gallery.wait_for_function("() => document.querySelectorAll('.vxc-card img').length === 3")
    assert sorted(titles(gallery)) == sorted(["Barrel cortex, layer 4", LONG, "retina"])
    cortex = gallery.locator(".vxc-card[data-id='lab/cortex']")
    assert cortex.locator("em").inner_text() == "layer 4"
    assert cortex.locator("table").count() == 1
    photograph("gallery-cards", ".jp-OutputArea-output")


def test_a_picture_shows_the_datasets_voxels(gallery: Page) -> None:
    gallery.wait_for_selector(".vxc-card[data-id='lab/retina'] img")
    gray = gallery.evaluate(
        """async () => {
            const image = document.querySelector(".vxc-card[data-id='lab/retina'] img")
            await image.decode()
            const canvas = document.createElement('canvas')
            ;[canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight]
            const context = canvas.getContext('2d')
            context.drawImage(image, 0, 0)
            const y = Math.floor(canvas.height / 8)
            const at = share => context.getImageData(Math.floor(share * canvas.width), y, 1, 1).data[0]
            return [at(0.05), at(0.95)]
        }"""
    )
    # What is written grows along x.
    assert gray[1] > gray[0] + 40


def test_a_description_cannot_run_scripts(gallery: Page) -> None:
    assert gallery.evaluate("() => window.broken") is None
    assert "<script>" in gallery.locator(".vxc-card[data-id='lab/cortex']").inner_text()


def test_a_long_description_is_opened_and_closed(gallery: Page) -> None:
    more = gallery.locator(".vxc-card[data-id='lab/cortex'] .vxc-more")
    more.click()
    assert more.inner_text() == "Less"
    assert more.get_attribute("aria-expanded") == "true"
    assert gallery.locator(".vxc-card[data-id='lab/retina'] .vxc-more:visible").count() == 0


def test_searching_as_one_types_narrows_the_cards(gallery: Page) -> None:
    search = gallery.get_by_placeholder("Search public datasets …")
    search.press_sequentially("barrel")
    wait_for_cards(gallery, 1)
    assert titles(gallery) == ["Barrel cortex, layer 4"]
    search.press_sequentially(" xyz")
    gallery.wait_for_selector("text=Nothing found")
    search.fill("")
    wait_for_cards(gallery, 3)


def test_what_becomes_public_elsewhere_appears_within_a_second(
    gallery: Page, root: Path, py: Callable[[str], str]
) -> None:
    code = f"import voxshelf as vx; vx.open_store({str(root)!r}).update_permissions('lab/secret', is_public=True)"
    py(f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {code!r}], check=True)")
    gallery.wait_for_selector(".vxc-card[data-id='lab/secret']", timeout=2000)


def test_a_pressed_card_is_selected_and_opens(
    gallery: Page, py: Callable[[str], str], photograph: Callable[..., Path]
) -> None:
    gallery.locator(".vxc-card[data-id='lab/cortex'] .vxc-open").click()
    gallery.wait_for_function("() => document.querySelector('.vxs-figure')?.dataset.shown")
    assert py("print(gallery.selected)") == "lab/cortex"
    assert gallery.locator(".vxc-current").get_attribute("data-id") == "lab/cortex"
    gallery.set_viewport_size({"width": 1280, "height": 1500})
    photograph("gallery-opened", ".jp-OutputArea-output")


def test_the_keyboard_goes_from_card_to_card(gallery: Page, py: Callable[[str], str]) -> None:
    gallery.get_by_placeholder("Search public datasets …").focus()
    gallery.keyboard.press("Tab")
    gallery.keyboard.press("Enter")
    gallery.wait_for_selector(".vxc-current")
    first = gallery.locator(".vxc-card").first.get_attribute("data-id")
    assert py("print(gallery.selected)") == first


def test_pages_are_turned(notebook: Any, root: Path) -> None:
    page = notebook(cell(root, "vx.Gallery(store, page_size=2)"), ready=".vxc-card")
    wait_for_cards(page, 2)
    page.locator("button[title='Next page']").click()
    wait_for_cards(page, 1)
    page.wait_for_selector("text=3–3 of 3")


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_gallery_fits_a_narrow_cell_in_both_themes(
    gallery: Page, theme: str, in_theme: Callable[[str], None], photograph: Callable[..., Path]
) -> None:
    in_theme(theme)
    gallery.set_viewport_size({"width": 600, "height": 1500})
    gallery.wait_for_function("() => document.querySelectorAll('.vxc-card img').length === 3")
    photograph(f"gallery-narrow-{theme.split()[1].lower()}", ".jp-OutputArea-output")
    overflow = gallery.evaluate(
        """() => {
            const root = document.querySelector('.vxc-grid').closest('.vx-root')
            const wide = root.getBoundingClientRect().right + 1
            return [...root.querySelectorAll('*')]
                .filter(node => node.offsetParent && node.getBoundingClientRect().right > wide).length
        }"""
    )
    assert overflow == 0
