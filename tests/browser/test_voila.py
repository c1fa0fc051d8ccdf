"""The same in Voilà: the whole store as one page with ``voxshelf app``, and the widgets that take data in."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from voxshelf.testing.archives import packed_dataset
from voxshelf.testing.folders import write_dataset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

PATIENCE = 60_000
READY = re.compile(r"voxshelf is ready: (http\S+)")
CELL = """
import ipywidgets
import voxshelf as vx
store = vx.open_store({root!r})
store.refresh()
ipywidgets.VBox([vx.UploadPanel(store), vx.SamplePicker(store), vx.Gallery(store)])
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_dataset(tmp_path / "data", "lab/brain")
    return tmp_path / "data"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a command with a home of its own; it is ended with the test."""
    running = []

    def run(*command: str) -> subprocess.Popen[str]:
        folders = {f"JUPYTER_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
        inherited = {name: text for name, text in os.environ.items() if not name.startswith("VOXSHELF_")}
        environment = {**inherited, **folders, "IPYTHONDIR": str(tmp_path / "ipython")}
        environment |= {"PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        running.append(process)
        return process

    yield run
    for process in running:
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture
def app(start: Callable[..., subprocess.Popen[str]], root: Path) -> str:
    """The address that ``voxshelf app`` tells."""
    voxshelf = str(Path(sys.executable).parent / "voxshelf")
    process = start(voxshelf, "app", str(root), "--no-browser", "--port", str(free_port()))
    return wait_for(process, READY)


def wait_for(process: subprocess.Popen[str], wanted: re.Pattern[str]) -> str:
    lines = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        found = wanted.search(line)
        if found:
            return found[1]
    pytest.fail("".join(lines))


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open an address in a page of its own."""
    contexts = []

    def open_page(address: str, ready: str) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 1000})
        contexts.append(context)
        page = context.new_page()
        # Without this, the page would wait for a font on another server.
        page.route(re.compile(r"^https?://(?!127\.0\.0\.1|localhost)"), lambda route: route.abort())
        page.goto(address)
        page.wait_for_selector(ready, timeout=PATIENCE)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page_of_widgets(
    start: Callable[..., subprocess.Popen[str]], visit: Callable[..., Page], root: Path, tmp_path: Path
) -> Page:
    """Upload panel, sample picker and gallery on one page of Voilà's."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL.format(root=str(root)))])
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(book, tmp_path / "widgets.ipynb")
    command = (sys.executable, "-m", "voila", str(tmp_path / "widgets.ipynb"), "--no-browser")
    process = start(*command, f"--port={free_port()}", "--show_tracebacks=True")
    return visit(wait_for(process, re.compile(r"(http://\S+)")), ".vxc-card")


def shot(page: Page, pytestconfig: pytest.Config, name: str) -> None:
    folder = Path(pytestconfig.getoption("--output"))
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png")


def test_the_app_shows_the_store_and_a_dataset(
    app: str, visit: Callable[..., Page], pytestconfig: pytest.Config
) -> None:
    page = visit(app, ".lm-DataGrid")
    page.wait_for_selector("text=1 dataset")
    page.locator(".lm-DataGrid").click(position={"x": 120, "y": 26 + 27})
    page.wait_for_selector(".vxs-canvas")
    page.wait_for_function("() => document.querySelector('.vxs-figure')?.dataset.shown")
    shot(page, pytestconfig, "app")


def test_the_app_lets_nobody_in_without_the_token(app: str) -> None:
    bare = app.partition("?")[0]
    with urllib.request.urlopen(bare) as reply:
        assert "login" in reply.geturl()


def test_the_apps_kernels_are_closed_without_the_token(app: str) -> None:
    bare = app.partition("?")[0]
    with urllib.request.urlopen(f"{bare}api/kernels") as reply:
        assert "login" in reply.geturl()


def fill_in(page: Page, *edges: str) -> None:
    for axis, edge in zip("xyz", edges, strict=True):
        page.locator(f".vx-voxel-{axis} input").fill(edge)


def test_a_zip_is_uploaded_and_imported_in_voila(
    page_of_widgets: Page, root: Path, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    page = page_of_widgets
    (tmp_path / "fresh.zip").write_bytes(packed_dataset(with_json=False))
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files…").click()
    chooser.value.set_files(str(tmp_path / "fresh.zip"))
    page.wait_for_selector("text=Needs you", timeout=PATIENCE)
    fill_in(page, "11.24", "11.24", "28")
    page.locator("button:text-is('Import'):visible:not([disabled])").click()
    page.wait_for_selector(".vxu-row[data-stage=ready]", timeout=PATIENCE)
    shot(page, pytestconfig, "voila-widgets")
    cube = Path("color", "1", "z0", "y0", "x0.wkw")
    assert (root / "lab" / "fresh" / cube).read_bytes() == (root / "lab" / "brain" / cube).read_bytes()
    assert (root / "lab" / "fresh" / "datasource-properties.json").is_file()


def test_samples_and_the_empty_gallery_are_shown_in_voila(page_of_widgets: Page) -> None:
    names: Any = page_of_widgets.locator(".vxc-title").all_inner_texts()
    assert any("e2006" in name for name in names)
    page_of_widgets.wait_for_selector("text=No public datasets yet")
