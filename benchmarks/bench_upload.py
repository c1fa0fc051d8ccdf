"""MB/s of an upload through the browser, and what it costs the kernel in memory, beside Jupyter's contents API.

Real JupyterLab in headless Chromium on the same machine. A ZIP file that nothing can shrink is chosen in the upload
panel; measured is the time from the choice until its last byte is in the store (unpacking, which comes after it, is a
row of its own), and how far the kernel's resident memory rises above what it was before, looked at 20 times a second.
The contents API is what JupyterLab's own file browser uploads with: base64 in JSON, in chunks of 1 MiB as it sends them,
and of 8 MiB, which is faster; the script in the page reads the same file the same way.

Run it alone: ``python -m benchmarks.bench_upload``.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
import threading
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil  # type: ignore[import-untyped]

from benchmarks.browser import Browser, jupyterlab
from benchmarks.running import run_alone
from benchmarks.table import Row
from voxshelf.testing.folders import write_dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE, QUICK_SIZE = 1_000_000_000, 150_000_000
GOAL = 2.0
MEMORY_LIMIT = 32.0
_PATIENCE = 600.0
_PIECE = 50_000_000
_BOOK = "upload.ipynb"
_CELL = """
import os
import voxshelf as vx
from pathlib import Path
Path("kernel.pid").write_text(str(os.getpid()))
store = vx.open_store({store!r})
panel = vx.UploadPanel(store)
panel
"""
_OPEN = """
(async () => {
  const app = window.jupyterapp
  await app.commands.execute('docmanager:open', {path: %s, factory: 'Notebook'})
  window.nb = [...app.shell.widgets('main')].find(widget => widget.context?.path === %s)
})()
"""
_CONTENTS = """
window.upload = async (chunk) => {
  const file = window.peer.files[0]
  const base64 = blob => new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(blob)
  })
  const {contents} = window.jupyterapp.serviceManager
  for (let start = 0, number = 1; start < file.size; start += chunk, number += 1) {
    const isLast = start + chunk >= file.size
    const content = await base64(file.slice(start, start + chunk))
    const model = {type: 'file', format: 'base64', name: 'peer.bin', chunk: isLast ? -1 : number, content}
    await contents.save('peer.bin', model)
  }
}
window.peer = document.createElement('input')
window.peer.type = 'file'
document.body.append(window.peer)
"""


def _write_zip(path: Path, size: int) -> None:
    """A small dataset, and beside it a file that brings the ZIP file to ``size`` bytes."""
    folder = write_dataset(path.parent / "made", "lab/large")
    noise = np.random.default_rng(11)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, f"large/{file.relative_to(folder).as_posix()}")
        with archive.open("large/bulk.bin", "w") as sink:
            for start in range(0, size, _PIECE):
                sink.write(noise.bytes(min(_PIECE, size - start)))


def _choose(browser: Browser, element: str, file: Path) -> None:
    """Put a file into an ``<input type=file>``, as if a person had chosen it."""
    found = browser.call("Runtime.evaluate", expression=element)["result"]["objectId"]
    browser.call("DOM.setFileInputFiles", files=[str(file)], objectId=found)


def _until(browser: Browser, condition: str) -> float:
    """Seconds until an expression in the page is true."""
    start = time.perf_counter()
    while not browser.run(condition):
        if time.perf_counter() - start > _PATIENCE:
            raise TimeoutError(f"Waited in vain for: {condition}")
        time.sleep(0.02)
    return time.perf_counter() - start


@contextlib.contextmanager
def _memory_watched(pid: int) -> Iterator[dict[str, float]]:
    """How many MB the resident memory of a process rises above what it was, as ``rise``."""
    process = psutil.Process(pid)
    before = process.memory_info().rss
    seen = {"rise": 0.0}
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.05):
            seen["rise"] = max(seen["rise"], (process.memory_info().rss - before) / 1e6)

    thread = threading.Thread(target=watch)
    thread.start()
    yield seen
    ended.set()
    thread.join()


def _open_panel(browser: Browser, root: Path, store: Path) -> None:
    source: dict[str, Any] = {"cell_type": "code", "id": "cell", "metadata": {}, "outputs": []}
    source |= {"execution_count": None, "source": _CELL.format(store=str(store))}
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": [source]}
    (root / _BOOK).write_text(json.dumps(book), encoding="utf-8")
    browser.run(_OPEN % (json.dumps(_BOOK), json.dumps(_BOOK)))
    browser.wait("window.nb?.sessionContext.session?.kernel?.connectionStatus === 'connected'")
    browser.run("window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => 0)")
    browser.wait("document.querySelector('.vxu-drop input') !== null")


def _stage_is(*stages: str) -> str:
    return f"{json.dumps(stages)}.includes(document.querySelector('.vxu-row')?.dataset.stage)"


def _ours(browser: Browser, root: Path, file: Path) -> dict[str, float]:
    """Seconds of sending and of unpacking, and the MB that the kernel grew by."""
    pid = int((root / "kernel.pid").read_text(encoding="utf-8"))
    with _memory_watched(pid) as seen:
        _choose(browser, "document.querySelector('.vxu-drop input')", file)
        sent = _until(browser, _stage_is("unpacking", "ready", "failed"))
        rise = seen["rise"]
        unpacked = _until(browser, _stage_is("ready", "failed"))
    if browser.run(_stage_is("failed")):
        raise RuntimeError(browser.run("document.querySelector('.vxu-says').textContent"))
    return {"sent": sent, "unpacked": unpacked, "rise": rise, "rise unpacking": seen["rise"]}


def _theirs(browser: Browser, root: Path, file: Path) -> dict[str, float]:
    """Seconds of the contents API, by the size of its chunks."""
    browser.run(_CONTENTS)
    _choose(browser, "window.peer", file)
    found = {}
    for name, chunk in (("contents API, 8 MiB", 8 << 20), ("contents API, 1 MiB", 1 << 20)):
        browser.run(f"window.done = false, window.upload({chunk}).then(() => {{ window.done = true }}), 0")
        found[name] = _until(browser, "window.done")
        same = (root / "peer.bin").stat().st_size == file.stat().st_size
        (root / "peer.bin").unlink()
        if not same:
            raise RuntimeError("the contents API did not store the whole file")
    return found


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure, and yield a row each for speed, memory and unpacking."""
    with tempfile.TemporaryDirectory() as scratch:
        home, root, profile, store = (Path(scratch) / name for name in ("home", "root", "profile", "store"))
        for folder in (home, root, profile, store):
            folder.mkdir()
        file = Path(scratch) / "large.zip"
        _write_zip(file, QUICK_SIZE if quick else SIZE)
        megabytes = file.stat().st_size / 1e6
        with jupyterlab(home, root) as url, contextlib.closing(Browser(profile)) as browser:
            browser.call("Page.navigate", url=url)
            browser.wait("Boolean(window.jupyterapp?.restored)")
            browser.run("window.jupyterapp.restored.then(() => window.jupyterapp.shell.collapseLeft())")
            _open_panel(browser, root, store)
            ours = _ours(browser, root, file)
            theirs = {name: megabytes / taken for name, taken in _theirs(browser, root, file).items()}
    what = f"upload of {megabytes / 1000:.2g} GB through the browser"
    yield Row(what, megabytes / ours["sent"], "MB/s", theirs, goal=GOAL, has_helpers=True)
    yield Row("… the kernel's memory meanwhile", ours["rise"], "MB", limit=MEMORY_LIMIT, has_helpers=True)
    yield Row("… unpacking it afterwards", ours["unpacked"], "s", has_helpers=True)
    yield Row("… the kernel's memory, unpacking too", ours["rise unpacking"], "MB", has_helpers=True)


if __name__ == "__main__":
    run_alone(rows, __doc__)
