"""Cells that come later than their rows: the table's script on a blank page, with pictures decoded when told to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.widgets.dataset_table.painter import Painter

if TYPE_CHECKING:
    from playwright.sync_api import Page

_BENCH = """
async script => {
  const { default: painter } = await import(URL.createObjectURL(new Blob([script], {type: 'text/javascript'})))
  const data = {key: [1000], Box: ['off'], Picture: ['']}
  const loads = []
  const renderer = {isReady: () => false, load: () => new Promise(done => loads.push(done))}
  const grid = {renderers: {Picture: renderer}, grid: {repaintRegion: () => {}}}
  const gridModel = {
    on: () => {}, off: () => {}, get: () => [], views: {one: Promise.resolve({grid})},
    data_model: {dataset: {data}, columnNameToIndex: () => 0},
  }
  const heard = []
  const model = {
    on: (event, act) => heard.push(act), off: () => {}, send: () => {}, get: () => 'IPY_MODEL_grid',
    widget_manager: {get_model: async () => gridModel},
  }
  await painter.initialize({model})
  window.bench = {data, loads, come: cells => heard[0]({edition: 1000, cells})}
}
"""


@pytest.fixture
def bench(page: Page) -> Page:
    script: Any = Painter._esm
    page.evaluate(_BENCH, str(script))
    return page


def test_a_check_mark_does_not_wait_for_the_picture_that_came_with_it(bench: Page) -> None:
    bench.evaluate("() => { bench.come([['Picture', 0, 'data:,'], ['Box', 0, 'on']]) }")
    bench.wait_for_function("() => bench.loads.length && bench.data.Box[0] === 'on'")
    assert bench.evaluate("() => bench.data.Picture[0]") == ""


def test_a_later_check_mark_is_not_undone_by_an_earlier_one_that_came_with_a_picture(bench: Page) -> None:
    bench.evaluate("() => { bench.come([['Picture', 0, 'data:,'], ['Box', 0, 'on']]) }")
    bench.wait_for_function("() => bench.loads.length")
    bench.evaluate("() => { bench.come([['Box', 0, 'off again']]) }")
    bench.wait_for_function("() => bench.data.Box[0] === 'off again'")
    bench.evaluate("() => bench.loads.forEach(done => done())")
    bench.wait_for_function("() => bench.data.Picture[0] === 'data:,'")
    assert bench.evaluate("() => bench.data.Box[0]") == "off again"
