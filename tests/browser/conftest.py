"""Real JupyterLab in headless Chromium, for every test in this folder.

Fixtures: ``notebook`` writes cells into a new notebook, opens it, runs it and returns the ``page``; ``py`` runs
code in that notebook's kernel and returns what it printed; ``jupyter`` knows the address and the folder.
``photograph`` keeps a picture of what is on screen. JupyterLab and the browser start once per worker; every test
gets its own notebook and kernel. A test that fails leaves a picture in ``test-results``; the pictures of the
documentation are made anew, by the tests that show what is on them, with ``RENEW_PICTURES=1``.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import nbformat
import pytest
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent
DOCUMENTED = HERE.parents[1] / "docs" / "images"
LARGEST_PICTURE = 300_000
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
USER_SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
START_SECONDS = 60
KERNEL_MILLISECONDS = 60_000
# What JupyterLab itself throws now and then, without any visible effect; everything else fails the test.
FOREIGN_PAGE_ERRORS = (
    "ResizeObserver loop",
    "Canceled future for execute_request",
    "Canceled future for comm_",
    "Canceled future for create_subshell_request",
)

_ANSI_COLOR = re.compile(r"\x1b\[[0-9;]*m")
_OUTCOME = pytest.StashKey[pytest.TestReport]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here as ``browser``."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[Any]:
    """Remember how the test's body ended, so that ``notebook`` can photograph a failure."""
    report = yield
    if report.when == "call":
        item.stash[_OUTCOME] = report
    return report


@dataclass(frozen=True)
class Server:
    """A running JupyterLab: its address, its token and the folder whose notebooks it shows."""

    url: str
    token: str
    root: Path


class OpenNotebook(Protocol):
    """What ``notebook`` is: opens cells, waits for ``ready`` (a CSS selector) and returns the page."""

    def __call__(self, *cells: str, ready: str | None = None) -> Page: ...


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the system's Chromium instead of a downloaded one."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.fail("No Chromium found: install Debian's package chromium, or name one with CHROMIUM=/path.")
    return {**browser_type_launch_args, "executable_path": chromium, "args": CHROMIUM_FLAGS}


def _write_settings(folder: Path) -> None:
    for name, values in USER_SETTINGS.items():
        path = folder / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")


def _environment(home: Path) -> dict[str, str]:
    """An environment in which neither the person's Jupyter nor her voxshelf settings are seen."""
    folders = {f"JUPYTER_{kind}_DIR": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "RUNTIME")}
    lab = {f"JUPYTERLAB_{kind}_DIR": str(home / kind.lower()) for kind in ("SETTINGS", "WORKSPACES")}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("VOXSHELF_")}
    own = {"IPYTHONDIR": str(home / "ipython"), "VOXSHELF_ROOT": str(home / "voxshelf-data")}
    return {**inherited, **folders, **lab, **own}


def _wait_until_it_answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                process.wait()
                pytest.fail(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')}")
            time.sleep(0.1)


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One JupyterLab on a free port, with a home and a notebook folder of its own."""
    home, root = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("notebooks")
    token = secrets.token_hex(8)
    _write_settings(home / "settings")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        *(
            sys.executable,
            "-m",
            "jupyterlab",
            "--no-browser",
            "--allow-root",
            "--ip=127.0.0.1",
            f"--port={port}",
        ),
        *("--ServerApp.port_retries=0", f"--ServerApp.root_dir={root}", f"--IdentityProvider.token={token}"),
        *(
            "--LabApp.expose_app_in_browser=True",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        ),
    ]
    log = home / "jupyter.log"
    with log.open("wb") as sink:
        process = subprocess.Popen(command, env=_environment(home), stdout=sink, stderr=sink)
    url = f"http://127.0.0.1:{port}"
    _wait_until_it_answers(f"{url}/api?token={token}", process, log)
    yield Server(url, token, root)
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="session")
def page(browser: Browser, jupyter: Server) -> Iterator[Page]:
    """One page with JupyterLab in it, shared by all tests of the worker: loading it costs more than a test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{jupyter.url}/lab?token={jupyter.token}&reset")
    page.wait_for_function("() => window.jupyterapp?.restored", timeout=KERNEL_MILLISECONDS)
    page.evaluate("async () => { await window.jupyterapp.restored; window.jupyterapp.shell.collapseLeft() }")
    yield page
    context.close()


def _open(page: Page, name: str) -> None:
    page.evaluate(
        """async path => {
            const app = window.jupyterapp
            await app.commands.execute('docmanager:open', {path, factory: 'Notebook'})
            const all = [...app.shell.widgets('main')]
            window.nb = all.find(widget => widget.context?.path === path)
            await window.nb.context.ready
        }""",
        name,
    )
    page.wait_for_function(
        "() => window.nb?.sessionContext.session?.kernel?.connectionStatus === 'connected'",
        timeout=KERNEL_MILLISECONDS,
    )


def _fail_on_cell_errors(page: Page) -> None:
    """A cell that raised fails the test at once, with its traceback, instead of after a long wait."""
    tracebacks: list[str] = page.evaluate(
        """() => window.nb.content.widgets.flatMap(cell => (cell.model.outputs?.toJSON() ?? [])
            .filter(output => output.output_type === 'error').map(output => output.traceback.join('\\n')))"""
    )
    if tracebacks:
        pytest.fail(_ANSI_COLOR.sub("", "\n".join(tracebacks)))


def _close(page: Page) -> None:
    page.evaluate(
        """async () => {
            const notebook = window.nb
            window.nb = undefined
            if (!notebook) return
            await notebook.sessionContext.shutdown()
            notebook.context.model.dirty = false
            notebook.dispose()
        }"""
    )


@pytest.fixture
def notebook(
    jupyter: Server, page: Page, request: pytest.FixtureRequest, pytestconfig: pytest.Config
) -> Iterator[OpenNotebook]:
    """Open cells as a notebook in JupyterLab, run them all, and wait until ``ready`` can be seen."""
    errors: list[str] = []

    def on_error(error: Any) -> None:
        errors.append(str(error))

    page.on("pageerror", on_error)
    name = "".join(letter if letter.isalnum() else "_" for letter in request.node.name)

    def open_notebook(*cells: str, ready: str | None = None) -> Page:
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        # Without a kernelspec JupyterLab asks for a kernel in a dialog that blocks everything.
        book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(book, jupyter.root / f"{name}.ipynb")
        _open(page, f"{name}.ipynb")
        page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => 0)")
        _fail_on_cell_errors(page)
        if ready is not None:
            page.wait_for_selector(ready, timeout=KERNEL_MILLISECONDS)
        return page

    yield open_notebook
    page.remove_listener("pageerror", on_error)
    report = request.node.stash.get(_OUTCOME, None)
    if report is not None and report.failed:
        folder = Path(pytestconfig.getoption("--output"))
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png")
    _close(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    ours = [error for error in errors if not any(foreign in error for foreign in FOREIGN_PAGE_ERRORS)]
    assert ours == [], "the page reported errors"


@pytest.fixture(scope="session")
def tissue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small piece of tissue that is ready to use; link to it rather than copy it."""
    from voxshelf.intake.samples import make_tissue_sample  # noqa: PLC0415 - it loads compiled kernels

    folder = tmp_path_factory.mktemp("tissue") / "tissue"
    make_tissue_sample(folder, size=(256, 256, 32))
    return folder


SHELF = ("hippocampus_ca1", "mouse_cortex_2026", "mouse_retina", "striatum", "zebrafish_hindbrain")


@pytest.fixture
def shelf(tmp_path: Path, tissue: Path) -> Path:
    """A store's root with five datasets that are ready, one to import and one that is broken."""
    lab = tmp_path / "shelf" / "lab"
    lab.mkdir(parents=True)
    for name in SHELF:
        (lab / name).symlink_to(tissue)
    for name in ("fresh_from_the_microscope", "torn"):
        shutil.copytree(tissue, lab / name)
    (lab / "fresh_from_the_microscope" / "datasource-properties.json").unlink()
    document = lab / "torn" / "datasource-properties.json"
    document.write_text(document.read_text(encoding="utf-8")[:-40], encoding="utf-8")
    return tmp_path / "shelf"


@pytest.fixture
def in_theme(page: Page) -> Iterator[Callable[[str], None]]:
    """Change JupyterLab's theme, for this test."""

    def change(theme: str) -> None:
        page.evaluate(
            f"() => window.jupyterapp.commands.execute('apputils:change-theme', {{theme: '{theme}'}})"
        )
        page.wait_for_selector("#jupyterlab-splash", state="detached")

    yield change
    change("JupyterLab Light")


@pytest.fixture
def cut_off(page: Page) -> Callable[[str], list[str]]:
    """What sticks out of a part of the page (a CSS selector) at its right: words of it."""

    def find(selector: str) -> list[str]:
        found: list[str] = page.evaluate(
            """selector => {
                const root = document.querySelector(selector)
                const edge = root.getBoundingClientRect().right + 1
                return [...root.querySelectorAll('.vx-field, .vx-bar, .vx-panel, .vx-message, button, input, select')]
                    .filter(node => node.offsetParent && node.getBoundingClientRect().right > edge)
                    .map(node => node.textContent || node.className)
            }""",
            selector,
        )
        return found

    return find


@pytest.fixture
def photograph(page: Page, pytestconfig: pytest.Config) -> Callable[..., Path]:
    """Keep a picture of a part of the page as ``<name>.png``.

    The part is a CSS selector; default: all that is in view. ``until`` names another part, below which the
    picture ends.
    """

    def take(name: str, selector: str | None = None, *, until: str | None = None) -> Path:
        renew = bool(os.environ.get("RENEW_PICTURES"))
        folder = DOCUMENTED if renew else Path(pytestconfig.getoption("--output"))
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.png"
        page.mouse.move(0, 0)  # no tooltip, no hovered button
        if selector is None:
            page.screenshot(path=path)
        elif until is None:
            page.locator(selector).first.screenshot(path=path)
        else:
            page.screenshot(path=path, clip=_from_to(page, selector, until))
        _slim(path)
        return path

    return take


def _from_to(page: Page, first: str, last: str) -> Any:
    """The rectangle from the top of one part of the page to the bottom of another."""
    boxes = [page.locator(selector).first.bounding_box() for selector in (first, last)]
    top, end = boxes
    assert top is not None
    assert end is not None
    return {**top, "height": end["y"] + end["height"] - top["y"]}


def _slim(path: Path) -> None:
    """Make a picture small enough for a repository: fewer colours, and only as few as it takes."""
    for colors in (256, 128, 64, 32):
        with Image.open(path) as picture:
            picture.convert("RGB").quantize(colors, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= LARGEST_PICTURE:
            return
    pytest.fail(f"{path.name} is larger than {LARGEST_PICTURE} bytes: photograph a smaller part.")


@pytest.fixture
def py(page: Page) -> Callable[[str], str]:
    """Run code in the open notebook's kernel; returns what it printed, tracebacks included."""

    def run(code: str) -> str:
        printed: str = page.evaluate(
            """async code => {
                const future = window.nb.sessionContext.session.kernel.requestExecute({code, store_history: false})
                let text = ''
                future.onIOPub = message => {
                    text += message.content.text ?? message.content.traceback?.join('\\n') ?? ''
                }
                await future.done
                return text
            }""",
            code,
        )
        return printed.strip()

    return run
