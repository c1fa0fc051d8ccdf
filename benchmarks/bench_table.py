"""The table of 100,000 datasets in real JupyterLab: until it is painted, what reaches the browser, and typing.

The catalog is in SQLite; the datasets of the first page are links to one piece of tissue, so that their pictures are
drawn and sent as well. *painted*: from running the cell until rows are on the canvas, in a kernel that has drawn a
table before (*first* is the one that also loads the libraries). *sent*: what the kernel sends until the pictures are
there. *typing*: letters at eight a second into the search; *frame* is the longest time without a frame, *answer* the
time from the last letter until the narrowed list is there, of which 200 ms are a pause in which the table waits for more.

Run it alone: ``python -m benchmarks.bench_table``.
"""

from __future__ import annotations

import contextlib
import json
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from benchmarks.browser import Browser, jupyterlab
from benchmarks.running import run_alone
from benchmarks.table import Row
from voxshelf.catalog import Catalog, add_datasets
from voxshelf.intake.samples import make_tissue_sample
from voxshelf.store import LocalDatasetStore

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = 100_000
PAINTED_LIMIT = 1000.0
SENT_LIMIT = 1000.0
FRAME_LIMIT = 100.0
_ORGANIZATIONS = 20
_WORDS = ("cortex", "retina", "hippocampus", "striatum")
_TYPED = "cortex_0043"
_TABLE = """
import voxshelf as vx
from voxshelf.store import LocalDatasetStore
store = LocalDatasetStore({root!r}, catalog_url={url!r})
table = vx.DatasetTable(store)
table
"""
_PORT = """
window.grid = () => [...document.querySelectorAll('.lm-DataGrid canvas')].at(-2)
// Whether something dark stands where the first row has its name, or its picture.
window.inked = (left, right) => {
  const canvas = grid()
  if (!canvas || !canvas.clientWidth) return false
  const scale = canvas.width / canvas.clientWidth
  const {data} = canvas.getContext('2d').getImageData(left * scale, 36 * scale, (right - left) * scale, 40 * scale)
  return data.some((value, index) => index % 4 === 0 && value < 90 && data[index + 3] > 200)
}
window.frame = () => new Promise(requestAnimationFrame)
window.count = () => { window.sent = 0
  window.nb.sessionContext.session.kernel.anyMessage.connect((_, {msg, direction}) => {
    if (direction !== 'recv') return
    window.sent += JSON.stringify(msg.content).length + (msg.buffers ?? []).reduce((sum, one) => sum + one.byteLength, 0)
  }) }
"""
_RUN = """
async (index, left, right) => {
  const book = window.nb.content
  const start = performance.now()
  book.activeCellIndex = index
  window.jupyterapp.commands.execute('notebook:run-cell')
  while (book.widgets[index].node.querySelector('.lm-DataGrid canvas') === null || !inked(left, right)) {
    await frame()
    if (performance.now() - start > 60000) throw new Error('nothing was painted')
  }
  return performance.now() - start
}
"""
_PICTURED = "async () => { const end = performance.now() + 30000; while (!inked(110, 155) && performance.now() < end) await frame(); return sent }"
_TYPE = """
async (typed, waits) => {
  const box = [...document.querySelectorAll('input[placeholder^="Search name"]')].at(-1)
  const label = () => [...document.querySelectorAll('.vx-root .widget-label')].map(node => node.textContent).join('|')
  let [longest, before, running] = [0, performance.now(), true]
  const watching = (async () => {
    while (running) { await frame(); const now = performance.now(); longest = Math.max(longest, now - before); before = now }
  })()
  box.focus()
  for (const letter of typed) {
    box.value += letter
    box.dispatchEvent(new Event('input', {bubbles: true}))
    await new Promise(resolve => setTimeout(resolve, 125))
  }
  const [last, typing] = [performance.now() - 125, longest]
  while (!label().includes(waits) && performance.now() - last < 20000) await frame()
  const answer = performance.now() - last
  for (let more = 0; more < 10; more++) await frame()
  running = false
  await watching
  return {typing, painting: longest, answer}
}
"""


def _fill(catalog: Catalog, count: int) -> None:
    """Datasets that are ready, with two layers each."""
    for start in range(0, count, 5000):
        with catalog.writing() as writing:
            add_datasets(
                writing,
                [
                    f"lab{at % _ORGANIZATIONS}/{_WORDS[at % len(_WORDS)]}_{at:06d}"
                    for at in range(start, start + 5000)
                ],
            )
    common = {"bounding_box": {"topleft": [0, 0, 0], "size": [256, 256, 32]}, "mags": [[1, 1, 1]]}
    layers = [
        {"name": "color", "category": "color", "element_class": "uint8", **common},
        {"name": "segmentation", "category": "segmentation", "element_class": "uint32", **common},
    ]
    values = {"size": '{"factor": [11.24, 11.24, 28.0], "unit": "nanometer"}', "layers": json.dumps(layers)}
    with catalog.writing() as writing:
        writing.session.execute(
            text("UPDATE datasets SET status = 'READY', voxel_size = :size, layers = :layers"), values
        )


def _prepare(scratch: Path, count: int) -> tuple[str, str]:
    """The store's root and the address of its catalog; the first page's folders are there."""
    root = scratch / "store"
    root.mkdir()
    url = f"sqlite:///{scratch}/catalog.db"
    catalog = Catalog(url)
    _fill(catalog, count)
    catalog.close()
    tissue = scratch / "tissue"
    make_tissue_sample(tissue, size=(256, 256, 32))
    with LocalDatasetStore(root, catalog_url=url) as store:
        for record in store.list(limit=50).items:
            Path(record.path).parent.mkdir(exist_ok=True)
            Path(record.path).symlink_to(tissue)
    return str(root), url


def _open(browser: Browser, root: Path, cells: list[str]) -> None:
    """A notebook with cells that have not been run, its kernel ready."""
    made: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "id": f"cell{at}",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": source,
        }
        for at, source in enumerate(cells)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": made}
    (root / "table.ipynb").write_text(json.dumps(book), encoding="utf-8")
    browser.run(
        """(async () => {
            const app = window.jupyterapp
            await app.commands.execute('docmanager:open', {path: 'table.ipynb', factory: 'Notebook'})
            window.nb = [...app.shell.widgets('main')].find(widget => widget.context?.path === 'table.ipynb')
        })()"""
    )
    browser.wait("window.nb?.sessionContext.session?.kernel?.connectionStatus === 'connected'")
    browser.run(f"(() => {{{_PORT}; count()}})()")


def measure(*, quick: bool = False) -> dict[str, float]:
    """All figures: times in milliseconds, ``sent`` in kilobytes."""
    repeats = 3 if quick else 5
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        home, root, profile = (scratch / name for name in ("home", "root", "profile"))
        for place in (home, root, profile):
            place.mkdir()
        where, url = _prepare(scratch, ROWS // 10 if quick else ROWS)
        cell = _TABLE.format(root=where, url=url)
        with jupyterlab(home, root) as address, contextlib.closing(Browser(profile)) as browser:
            browser.call("Page.navigate", url=address)
            browser.wait("Boolean(window.jupyterapp?.restored)")
            browser.run("window.jupyterapp.restored.then(() => window.jupyterapp.shell.collapseLeft())")
            _open(browser, root, [cell] * (repeats + 1))
            times = [browser.run(f"({_RUN})(0, 170, 300)")]
            sent = browser.run(f"({_PICTURED})()")
            times += [_again(browser) for _ in range(repeats)]
            typed: Any = browser.run(f"({_TYPE})({_TYPED!r}, {'25 datasets' if not quick else 'dataset'!r})")
    return {
        "first": times[0],
        "painted": statistics.median(times[1:]),
        "sent": sent / 1e3,
        "typing": typed["typing"],
        "painting": typed["painting"],
        "answer": typed["answer"],
    }


def _again(browser: Browser) -> float:
    """Run the first cell once more: its output is cleared, and everything is drawn anew."""
    browser.run("(async () => { window.nb.content.widgets[0].model.clearExecution(); await frame() })()")
    taken: float = browser.run(f"({_RUN})(0, 170, 300)")
    return taken


def rows(*, quick: bool = False) -> Iterator[Row | str]:
    """Painting, sending and typing."""
    found = measure(quick=quick)
    what = f"table of {ROWS // (10 if quick else 1):,} datasets"
    yield Row(f"{what}: painted", found["painted"], limit=PAINTED_LIMIT, has_helpers=True)
    yield Row(f"{what}: painted, first in its kernel", found["first"], has_helpers=True)
    yield Row(f"{what}: sent to the browser", found["sent"], "kB", limit=SENT_LIMIT, has_helpers=True)
    yield Row(f"{what}: longest frame while typing", found["typing"], limit=FRAME_LIMIT, has_helpers=True)
    yield Row(f"{what}: longest frame while the answer is painted", found["painting"], has_helpers=True)
    yield Row(f"{what}: from the last letter to the answer", found["answer"], has_helpers=True)


if __name__ == "__main__":
    run_alone(rows, __doc__)
