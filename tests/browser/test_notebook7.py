"""The same in Notebook 7, which the same server serves: upload, import, and the whole store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from playwright.sync_api import TimeoutError as TooLateError

from voxshelf.testing.archives import packed_dataset
from voxshelf.testing.folders import write_dataset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

PATIENCE = 60_000
TRIES = 12
STARTED = ".jp-InputPrompt:text-matches('\\\\[(\\\\*|1)\\\\]')"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_dataset(tmp_path / "data", "lab/brain")
    return tmp_path / "data"


@pytest.fixture
def run_cell(
    jupyter: Any, browser: Browser, request: pytest.FixtureRequest, pytestconfig: pytest.Config
) -> Iterator[Callable[[str, str], Page]]:
    """Open a cell in Notebook 7, run it, and wait until ``ready`` can be seen."""
    contexts = []
    name = "".join(letter if letter.isalnum() else "_" for letter in request.node.name)

    def run(cell: str, ready: str) -> Page:
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
        book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(book, jupyter.root / f"{name}.ipynb")
        context = browser.new_context(viewport={"width": 1280, "height": 1000})
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{jupyter.url}/notebooks/{name}.ipynb?token={jupyter.token}")
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=PATIENCE)
        start(page)
        try:
            page.wait_for_selector(ready, timeout=PATIENCE)
        except TooLateError:
            shot(page, pytestconfig, name)
            raise
        return page

    yield run
    for context in contexts:
        context.close()


def start(page: Page) -> None:
    """Run the first cell; what is run before the kernel is connected is forgotten, and run again."""
    for _ in range(TRIES):
        page.locator(".jp-Cell .cm-content").first.click()
        page.keyboard.press("Shift+Enter")
        try:
            page.wait_for_selector(STARTED, timeout=PATIENCE / TRIES)
        except TooLateError:
            continue
        return
    pytest.fail("the cell was never run")


def shot(page: Page, pytestconfig: pytest.Config, name: str) -> None:
    folder = pytestconfig.rootpath / pytestconfig.getoption("--output")
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png")


def test_a_zip_is_uploaded_and_imported_in_notebook_7(
    run_cell: Callable[[str, str], Page], root: Path, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    page = run_cell(
        f"import voxshelf as vx\nstore = vx.open_store({str(root)!r})\nstore.refresh()\nvx.UploadPanel(store)",
        ".vxu-drop",
    )
    (tmp_path / "fresh.zip").write_bytes(packed_dataset(with_json=False))
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files…").click()
    chooser.value.set_files(str(tmp_path / "fresh.zip"))
    page.wait_for_selector("text=Needs you", timeout=PATIENCE)
    for axis, edge in zip("xyz", ("11.24", "11.24", "28"), strict=True):
        page.locator(f".vx-voxel-{axis} input").fill(edge)
    page.locator("button:text-is('Import'):visible:not([disabled])").click()
    page.wait_for_selector(".vxu-row[data-stage=ready]", timeout=PATIENCE)
    shot(page, pytestconfig, "notebook7-upload")
    cube = "color/1/z0/y0/x0.wkw"
    assert (root / "lab" / "fresh" / cube).read_bytes() == (root / "lab" / "brain" / cube).read_bytes()


def test_the_whole_store_is_shown_in_notebook_7(
    run_cell: Callable[[str, str], Page], root: Path, pytestconfig: pytest.Config
) -> None:
    page = run_cell(f"import voxshelf as vx\nvx.show(vx.open_store({str(root)!r}))", ".lm-DataGrid")
    page.wait_for_selector("text=1 dataset")
    page.locator(".lm-DataGrid").click(position={"x": 120, "y": 26 + 27})
    page.wait_for_function("() => document.querySelector('.vxs-figure')?.dataset.shown", timeout=PATIENCE)
    shot(page, pytestconfig, "notebook7-show")
