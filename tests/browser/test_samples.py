"""Adding samples in JupyterLab: made on the spot, downloaded, cancelled, failed; asserted on cards and files."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.testing.archives import packed_dataset
from voxshelf.testing.file_server import FileServer, answer, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page

RETINA = "Sample_e2006_wkw"
FILE = "/e2006_wkw.zip"
LIGHT, DARK = "JupyterLab Light", "JupyterLab Dark"


@pytest.fixture
def server() -> Iterator[FileServer]:
    with FileServer({FILE: packed_dataset(within="e2006_wkw")}) as server:
        yield server


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.fixture
def picker(notebook: Any, root: Path, server: FileServer) -> Page:
    page: Page = notebook(
        f"import os\nos.environ['VOXSHELF_SAMPLES_URL'] = {server.url!r}\n"
        f"import voxshelf as vx\nstore = vx.open_store({str(root)!r})\npicker = vx.SamplePicker(store)\npicker",
        ready=".vxc-card",
    )
    return page


def card(page: Page, name: str = RETINA) -> Locator:
    return page.locator(f".vxc-card[data-id='{name}']")


def press(page: Page, label: str, name: str = RETINA) -> None:
    card(page, name).locator(f"button:text-is('{label}')").click()


def test_each_sample_says_who_made_it_how_large_it_is_and_where_it_stands(
    picker: Page, photograph: Callable[..., Path]
) -> None:
    retina = card(picker)
    text = retina.inner_text()
    assert "M Helmstaedter" in text
    assert "120 MB to download" in text
    assert "not added yet" in text
    link = retina.locator("a[href='https://doi.org/10.1038/nature12346']")
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert picker.locator(".vxc-card").count() == 4
    photograph("samples-cards", ".jp-OutputArea-output")


def test_a_sample_is_downloaded_imported_and_opened(
    picker: Page, root: Path, py: Callable[[str], str], photograph: Callable[..., Path]
) -> None:
    press(picker, "Add")
    card(picker).locator("button:text-is('Open')").wait_for()
    assert py("print(picker.added, store.record(picker.added).status)") == f"samples/{RETINA} ready"
    assert (root / "samples" / RETINA / "color" / "1" / "header.wkw").is_file()
    press(picker, "Open")
    picker.wait_for_function("() => document.querySelector('.vxs-figure')?.dataset.shown")
    picker.set_viewport_size({"width": 1280, "height": 1500})
    photograph("samples-opened", ".jp-OutputArea-output")
    assert picker.locator("code:has-text('vx.show')").count() == 1


def test_a_download_tells_how_far_it_is_and_is_cancelled(
    picker: Page, server: FileServer, py: Callable[[str], str], photograph: Callable[..., Path]
) -> None:
    go_on = threading.Event()
    half = serve(most=len(server.files[FILE]) // 2)

    def hang(server: FileServer, request: Any) -> None:
        half(server, request)
        request.wfile.flush()
        go_on.wait(60)

    server.plans.append(hang)
    press(picker, "Add")
    card(picker).locator("progress").wait_for()
    photograph("samples-downloading", ".jp-OutputArea-output")
    press(picker, "Cancel")
    go_on.set()
    card(picker).locator("button:text-is('Add')").wait_for()
    assert py(f"print('samples/{RETINA}' in store)") == "False"


def test_a_failure_says_why_and_trying_again_helps(
    picker: Page, server: FileServer, photograph: Callable[..., Path]
) -> None:
    server.plans.append(answer(404))
    press(picker, "Add")
    again = card(picker).locator("button:text-is('Try again')")
    again.wait_for()
    assert "404" in card(picker).locator(".vxc-says").inner_text()
    photograph("samples-failed", ".jp-OutputArea-output")
    again.click()
    card(picker).locator("button:text-is('Open')").wait_for()


def test_the_sample_without_download_is_made_on_the_spot(picker: Page, root: Path) -> None:
    press(picker, "Add", "tissue")
    card(picker, "tissue").locator("progress").wait_for()
    press(picker, "Cancel", "tissue")
    card(picker, "tissue").locator("button:text-is('Add')").wait_for(timeout=60_000)
    assert not (root / "samples" / "tissue").exists()


def test_a_sample_that_another_process_adds_appears(
    picker: Page, root: Path, server: FileServer, py: Any
) -> None:
    code = (
        f"import os; os.environ['VOXSHELF_SAMPLES_URL'] = {server.url!r}; import voxshelf as vx;"
        f"vx.open_store({str(root)!r}).samples.add({RETINA!r})"
    )
    py(f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {code!r}], check=True)")
    card(picker).locator("button:text-is('Open')").wait_for()


def test_a_running_cell_does_not_hold_up_adding(picker: Page, root: Path, py: Callable[[str], str]) -> None:
    while py("print(picker.cards.is_heard)") == "False":
        pass
    # The cell runs until the dataset is there: it could not end if adding waited for it.
    picker.evaluate(
        """code => {
            const future = window.nb.sessionContext.session.kernel.requestExecute({code, store_history: false})
            window.cellEnded = future.done.then(() => true)
        }""",
        f"import os, time\nwhile not os.path.exists({str(root / 'samples' / RETINA)!r}): time.sleep(0.01)",
    )
    press(picker, "Add")
    card(picker).locator("button:text-is('Open')").wait_for()
    assert picker.evaluate("() => window.cellEnded")


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_cards_fit_a_narrow_cell_in_both_themes(
    picker: Page, theme: str, in_theme: Callable[[str], None], photograph: Callable[..., Path]
) -> None:
    in_theme(theme)
    picker.set_viewport_size({"width": 600, "height": 1500})
    photograph(f"samples-narrow-{theme.split()[1].lower()}", ".jp-OutputArea-output")
    overflow = picker.evaluate(
        """() => {
            const root = document.querySelector('.vxc-grid').closest('.vx-root')
            const wide = root.getBoundingClientRect().right + 1
            return [...root.querySelectorAll('*')]
                .filter(node => node.offsetParent && node.getBoundingClientRect().right > wide).length
        }"""
    )
    assert overflow == 0
