"""Frames per second in the browser: the slice viewer beside bqplot's own Image mark fed with PNG, in one run.

Real JupyterLab in headless Chromium without a GPU, spoken to over raw CDP: Playwright copies every websocket frame
to its driver and would halve what it measures. The volume is noise, so that nothing shrinks it, in raw WKW written by
the ``wkw`` package. *flood*: 60 wheel steps a second for some seconds; counted are the distinct slices that were
on screen, frame by frame; *tail* is the time from the last step to the last slice. *far*: from a jump to a slice that
no cache knows until it is on screen; *next*: the same for one step to a slice that was fetched ahead. *sharp*: from the
last event of zooming through several mags, or of dragging a magnified picture, until the picture for just that view is
on screen. All medians, of the longest waits the largest.

Run it alone: ``python -m benchmarks.bench_viewer``.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import wkw

from benchmarks.browser import Browser, jupyterlab
from benchmarks.running import run_alone
from benchmarks.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

SIDES = (512, 1024)
DEPTH = 256
_UNTOUCHED = 190  # the flood stays below, so that no cache knows what lies beyond
FLOOD_SECONDS = 2.5
JUMPS = 7
GOAL = 2.0
NEXT_LIMIT = 5.0
SHARP_LIMIT = 100.0
_MARK, _VIEWER = "bqplot mark, PNG", "slice viewer"
_VIEWER_CELL = """
import voxshelf as vx
viewer = vx.SliceViewer(vx.open_dataset({path!r}), height=640)
viewer
"""
_MARK_CELL = """
import io
import anywidget, bqplot, ipywidgets, numpy as np
from PIL import Image
import voxshelf as vx
mag = vx.open_dataset({path!r})["color"].mag("1")
class Feeder(anywidget.AnyWidget):
    _esm = "export default {{render({{model}}) {{ window.ask = z => model.send({{z}}) }}}}"
x, y = bqplot.LinearScale(min=0, max={side}), bqplot.LinearScale(min={side}, max=0)
def png(z):
    sink = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(mag[:, :, z].T)).save(sink, "png", compress_level=1)
    return sink.getvalue()
# The mark listens to its image being exchanged, not to its value: two pictures take turns.
pictures = [ipywidgets.Image(value=png(0), format="png") for _ in range(2)]
mark = bqplot.Image(image=pictures[0], scales={{"x": x, "y": y}}, x=[0, {side}], y=[{side}, 0])
def came(_widget, message, _buffers):
    pictures.reverse()
    pictures[0].value = png(message["z"])
    mark.image = pictures[0]
feeder = Feeder()
feeder.on_msg(came)
figure = bqplot.Figure(marks=[mark], axes=[bqplot.Axis(scale=x), bqplot.Axis(scale=y, side="left")],
    fig_margin=dict(top=8, right=12, bottom=42, left=62), min_aspect_ratio=0.01, max_aspect_ratio=100,
    layout=ipywidgets.Layout(width="auto", height="640px"))
ipywidgets.VBox([feeder, figure])
"""
# Both ends speak the same words: go(z) wants a slice, seen() names the one on screen.
_VIEWER_PORT = """
const figure = document.querySelector('.vxs-figure')
const slider = document.querySelector('.vxs-slider')
window.seen = () => figure.dataset.shown
window.isAt = z => figure.dataset.shown === `XY ${z}`
window.step = () => figure.dispatchEvent(new WheelEvent('wheel', {deltaY: 100, bubbles: true, cancelable: true}))
window.go = z => { slider.value = z; slider.dispatchEvent(new Event('input')) }
"""
_MARK_PORT = """
const image = () => document.querySelector('.bqplot image')
let [at, wanted, asked, before, flying] = [0, 0, 0, '', false]
window.seen = () => image()?.getAttribute('href')
const pump = () => {
  if (flying && seen() !== before) { flying = false; at = asked }
  if (!flying && wanted !== at) { flying = true; before = seen(); asked = wanted; window.ask(asked) }
}
new MutationObserver(pump).observe(document.querySelector('.bqplot'), {subtree: true, childList: true, attributes: true})
window.isAt = z => at === z
window.go = z => { wanted = z; pump() }
window.step = () => go(wanted + 1)
"""
_PORTS = {
    _MARK: (_MARK_CELL, ".bqplot image[href]", _MARK_PORT),
    _VIEWER: (_VIEWER_CELL, ".vxs-figure[data-shown]", _VIEWER_PORT),
}
_FLOOD = """
async (milliseconds, last) => {
  const frame = () => new Promise(requestAnimationFrame)
  let [count, before, running] = [0, seen(), true]
  const watching = (async () => {
    while (running) { await frame(); if (seen() !== before) { before = seen(); count += 1 } }
  })()
  const start = performance.now()
  let fired = 0
  while (performance.now() - start < milliseconds) {
    const due = Math.floor((performance.now() - start) * 0.06)
    for (; fired < due && fired < last; fired++) step()
    await new Promise(resolve => setTimeout(resolve, 4))
  }
  const [counted, target] = [count, fired]
  const end = performance.now()
  while (!isAt(target) && performance.now() - end < 5000) await frame()
  running = false
  await watching
  return {fps: counted / (milliseconds / 1000), tail: performance.now() - end}
}
"""
# Bursts of events 16 ms apart, and after each burst the time until the picture is the right one for where one is.
_SHARP = """
async (bursts) => {
  const figure = document.querySelector('.vxs-figure')
  const frame = () => new Promise(requestAnimationFrame)
  const area = figure.getBoundingClientRect()
  const place = {clientX: area.left + area.width / 2, clientY: area.top + area.height / 2, bubbles: true, cancelable: true}
  const zoom = delta => figure.dispatchEvent(new WheelEvent('wheel', {...place, deltaY: delta, ctrlKey: true}))
  let [x, y] = [place.clientX, place.clientY]
  const pointer = (kind, dx = 0, dy = 0) => {
    [x, y] = [x + dx, y + dy]
    figure.dispatchEvent(new PointerEvent(kind, {...place, clientX: x, clientY: y, pointerId: 1, button: 0}))
  }
  figure.setPointerCapture = () => {}
  const sharp = async () => {
    const end = performance.now()
    do { await frame() } while (figure.dataset.sharp !== 'yes' && performance.now() - end < 5000)
    return performance.now() - end
  }
  const found = {zoom: [], drag: []}
  for (let burst = 0; burst < bursts; burst++) {
    for (let i = 0; i < 20; i++) { zoom(burst % 2 ? 60 : -60); await frame() }
    found.zoom.push(await sharp())
    await new Promise(resolve => setTimeout(resolve, 150))
    pointer('pointerdown')
    for (let i = 0; i < 20; i++) { pointer('pointermove', burst % 4 < 2 ? 12 : -12, 7 * (burst % 2 ? 1 : -1)); await frame() }
    found.drag.push(await sharp())
    pointer('pointerup')
    await new Promise(resolve => setTimeout(resolve, 150))
  }
  return found
}
"""
_LATENCY = """
async (act, target) => {
  const start = performance.now()
  act()
  while (!isAt(target)) { await new Promise(requestAnimationFrame); if (performance.now() - start > 5000) break }
  return performance.now() - start
}
"""


def _write_volume(folder: Path, side: int, mags: tuple[int, ...] = (1,)) -> str:
    """A dataset of noise, raw WKW, one layer ``color``."""
    voxels = np.random.default_rng(7).integers(0, 256, (side, side, DEPTH), np.uint8)
    for factor in mags:
        mag = folder / "color" / str(factor)
        mag.mkdir(parents=True)
        with wkw.Dataset.create(str(mag), wkw.Header(np.uint8)) as dataset:
            dataset.write((0, 0, 0), np.asfortranarray(voxels[::factor, ::factor, ::factor]))
    box = {"topLeft": [0, 0, 0], "width": side, "height": side, "depth": DEPTH}
    layer = {
        "name": "color",
        "category": "color",
        "elementClass": "uint8",
        "dataFormat": "wkw",
        "boundingBox": box,
        "wkwResolutions": [{"resolution": factor, "cubeLength": 1024} for factor in mags],
    }
    document = {"id": {"name": "noise", "team": ""}, "scale": [8, 8, 8], "dataLayers": [layer]}
    (folder / "datasource-properties.json").write_text(json.dumps(document), encoding="utf-8")
    return str(folder)


@contextlib.contextmanager
def _notebook(browser: Browser, root: Path, name: str, cell: str, ready: str) -> Iterator[None]:
    """A notebook of one cell, run, until ``ready`` can be found; closed with its kernel at the end."""
    source: dict[str, Any] = {
        "cell_type": "code",
        "id": "cell",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": cell,
    }
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": [source]}
    (root / name).write_text(json.dumps(book), encoding="utf-8")
    browser.run(
        f"""(async () => {{
            const app = window.jupyterapp
            await app.commands.execute('docmanager:open', {{path: {name!r}, factory: 'Notebook'}})
            window.nb = [...app.shell.widgets('main')].find(widget => widget.context?.path === {name!r})
        }})()"""
    )
    browser.wait("window.nb?.sessionContext.session?.kernel?.connectionStatus === 'connected'")
    browser.run("window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => 0)")
    browser.wait(f"document.querySelector({ready!r}) !== null")
    yield
    browser.run(
        """(async () => {
            await window.nb.sessionContext.shutdown()
            window.nb.context.model.dirty = false
            window.nb.dispose()
        })()"""
    )


def _measure(browser: Browser, *, quick: bool) -> dict[str, float]:
    """Flood and latencies of the port that the page has now."""
    jumps = np.random.default_rng(3).permutation(np.arange(_UNTOUCHED, DEPTH - 8, 7))[: 3 if quick else JUMPS]
    times: dict[str, list[float]] = {"far": [], "next": []}
    for z in jumps:
        times["far"].append(browser.run(f"({_LATENCY})(() => go({z}), {z})"))
        time.sleep(0.35)  # for what comes next to be fetched ahead
        times["next"].append(browser.run(f"({_LATENCY})(() => step(), {z + 1})"))
    browser.run(f"({_LATENCY})(() => go(0), 0)")
    flood = browser.run(f"({_FLOOD})({FLOOD_SECONDS * 1000 / (2 if quick else 1)}, {DEPTH - 1})")
    return {**flood, **{name: float(np.median(taken)) for name, taken in times.items()}}


def _measure_four(browser: Browser, *, quick: bool) -> dict[str, float]:
    """The flood in four panes."""
    browser.run("document.querySelector('.vxs-button[aria-label^=\"Three planes\"]').click()")
    browser.wait("document.querySelectorAll('.vxs-figure[data-sharp=yes]').length === 3")
    browser.run(f"({_LATENCY})(() => go(0), 0)")
    flood = browser.run(f"({_FLOOD})({FLOOD_SECONDS * 1000 / (2 if quick else 1)}, {DEPTH - 1})")
    return {"fps_four": flood["fps"], "tail_four": flood["tail"]}


def _measure_sharpness(browser: Browser, *, quick: bool) -> dict[str, float]:
    """The longest waits for a sharp picture."""
    waits = browser.run(f"({_SHARP})({4 if quick else 10})")
    return {name: max(taken) for name, taken in waits.items()}


def measure(*, quick: bool = False) -> dict[tuple[str, int], dict[str, float]]:
    """All figures: ``{(who, side): {"fps", "tail", "far", "next"}}``, times in milliseconds; side 0 is sharpness."""
    found = {}
    with tempfile.TemporaryDirectory() as scratch:
        home, root, profile = (Path(scratch) / name for name in ("home", "root", "profile"))
        for folder in (home, root, profile):
            folder.mkdir()
        paths = {side: _write_volume(root / f"noise-{side}", side) for side in SIDES}
        with jupyterlab(home, root) as url, contextlib.closing(Browser(profile)) as browser:
            browser.call("Page.navigate", url=url)
            browser.wait("Boolean(window.jupyterapp?.restored)")
            browser.run("window.jupyterapp.restored.then(() => window.jupyterapp.shell.collapseLeft())")
            # Side by side, so that what else the machine does meets both.
            for side, path in paths.items():
                for who, (cell, ready, port) in _PORTS.items():
                    name = f"{who[:6].strip()}-{side}.ipynb"
                    text = cell.format(path=path, side=side)
                    with _notebook(browser, root, name, text, ready):
                        browser.run(f"(() => {{{port}}})()")
                        found[who, side] = _measure(browser, quick=quick)
                        if who == _VIEWER:
                            found[who, side] |= _measure_four(browser, quick=quick)
            pyramid = _write_volume(root / "pyramid", SIDES[-1], (1, 2, 4))
            cell = _VIEWER_CELL.format(path=pyramid)
            with _notebook(browser, root, "pyramid.ipynb", cell, ".vxs-figure[data-sharp=yes]"):
                found[_VIEWER, 0] = _measure_sharpness(browser, quick=quick)
    return found


def rows(*, quick: bool = False) -> Iterator[Row | str]:
    """Frames per second, and how long one waits for a slice."""
    found = measure(quick=quick)
    for side in SIDES:
        ours, mark = found[_VIEWER, side], found[_MARK, side]
        row = partial(Row, has_helpers=True)
        yield row(f"{side}²: 60 slices/s asked", ours["fps"], "frames/s", {_MARK: mark["fps"]}, GOAL)
        yield row(f"{side}²: then until the last slice", ours["tail"], peers={_MARK: mark["tail"]})
        yield row(
            f"{side}²: next slice, fetched ahead", ours["next"], peers={_MARK: mark["next"]}, limit=NEXT_LIMIT
        )
        yield row(f"{side}²: a slice far away", ours["far"], peers={_MARK: mark["far"]})
        yield row(f"{side}²: 60 slices/s asked, four panes", ours["fps_four"], "frames/s")
        yield row(f"{side}²: then until the last slice", ours["tail_four"])
    for what, wait in found[_VIEWER, 0].items():
        yield Row(
            f"{SIDES[-1]}² in mags 1, 2, 4: {what} stopped until sharp",
            wait,
            limit=SHARP_LIMIT,
            has_helpers=True,
        )


if __name__ == "__main__":
    run_alone(rows, __doc__)
