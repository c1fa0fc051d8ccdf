"""The upload panel's script alone, on a blank page: what it sends, when, and when it stops."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import voxshelf.widgets.upload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

SCRIPT = Path(voxshelf.widgets.upload.__file__).with_name("upload.js")
STAND_IN = """
async script => {
  const heard = {}
  const state = {rows: [], progress: {}, job: {}, piece: 1000, in_flight: 2, tail: 22, refusal: ''}
  window.model = {
    sent: [],
    get: name => state[name],
    set(name, value) { state[name] = value; for (const act of heard[`change:${name}`] ?? []) act() },
    on(name, act) { (heard[name] ??= []).push(act) },
    off() {},
    send(message, _callbacks, buffers) { this.sent.push({...message, sizes: buffers.map(one => one.byteLength)}) },
    say(message) { for (const act of heard['msg:custom'] ?? []) act(message) },
    of(kind) { return this.sent.filter(message => message.k === kind) },
    take() { const {session, number} = this.of('piece').find(piece => !piece.taken && (piece.taken = true))
             this.say({k: 'taken', session, number}) },
  }
  const url = URL.createObjectURL(new Blob([script], {type: 'text/javascript'}))
  const widget = (await import(url)).default()
  widget.initialize({model: window.model})
  document.body.innerHTML = '<div id="here"></div>'
  widget.render({model: window.model, el: document.querySelector('#here')})
}
"""


@pytest.fixture
def script(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The script with a stand-in for the kernel, and a file of 5,500 bytes that was chosen."""
    page = browser.new_page()
    page.clock.install()
    page.evaluate(STAND_IN, SCRIPT.read_text(encoding="utf-8"))
    (tmp_path / "five.zip").write_bytes(bytes(5500))
    page.set_input_files(".vxu-drop input", tmp_path / "five.zip")
    page.wait_for_function("() => model.of('file').length === 1")
    yield page
    page.close()


def begin_job(page: Page, run: int = 1, offset: int = 0) -> None:
    page.evaluate(
        """([run, offset]) => {
            const {session, token} = model.of('file')[0]
            model.set('job', {run, item: '1', session, token, offset})
        }""",
        [run, offset],
    )


def wait_for_pieces(page: Page, count: int) -> list[Any]:
    page.wait_for_function(f"() => model.of('piece').length >= {count}")
    pieces: list[Any] = page.evaluate("() => model.of('piece').map(p => [p.run, p.offset, p.sizes[0]])")
    assert len(pieces) == count
    return pieces


def test_a_chosen_file_is_told_with_its_ends_only(script: Page) -> None:
    told = script.evaluate("() => model.of('file')[0]")
    assert (told["name"], told["size"], told["sizes"]) == ("five.zip", 5500, [4, 22])


def test_no_more_pieces_are_on_their_way_than_allowed(script: Page) -> None:
    begin_job(script)
    assert wait_for_pieces(script, 2) == [[1, 0, 1000], [1, 1000, 1000]]
    script.evaluate("() => model.take()")
    assert wait_for_pieces(script, 3)[-1] == [1, 2000, 1000]


def test_the_last_piece_is_what_is_left(script: Page) -> None:
    begin_job(script, offset=5000)
    assert wait_for_pieces(script, 1) == [[1, 5000, 500]]


def test_another_job_ends_the_one_before(script: Page) -> None:
    begin_job(script)
    wait_for_pieces(script, 2)
    begin_job(script, run=2, offset=5000)
    script.evaluate("() => { model.take(); model.take() }")
    assert wait_for_pieces(script, 3)[-1] == [2, 5000, 500]


def test_a_job_of_another_page_is_left_to_it(script: Page) -> None:
    script.evaluate("() => model.set('job', {run: 1, item: '1', session: 'another', token: '1', offset: 0})")
    begin_job(script, run=2, offset=5000)
    assert wait_for_pieces(script, 1) == [[2, 5000, 500]]


def test_a_file_that_this_page_does_not_hold_is_told(script: Page) -> None:
    script.evaluate(
        "() => model.set('job', {run: 3, item: '1', session: model.of('file')[0].session, token: 'x', offset: 0})"
    )
    assert script.evaluate("() => model.of('unreadable')[0].run") == 3


def test_a_file_that_changed_on_disk_is_told(script: Page, tmp_path: Path) -> None:
    (tmp_path / "five.zip").write_bytes(bytes(99))
    begin_job(script)
    script.wait_for_function("() => model.of('unreadable').length === 1")


def test_a_kernel_that_is_silent_is_told_until_it_answers(script: Page) -> None:
    begin_job(script)
    wait_for_pieces(script, 2)
    script.clock.fast_forward(15_000)
    assert script.evaluate("() => model.of('stalled').map(one => one.run)") == [1]
    assert "does not answer" in script.locator(".vxu-silence").inner_text()
    script.evaluate("() => model.take()")
    assert script.locator(".vxu-silence").inner_text() == ""


def test_the_roll_is_answered(script: Page) -> None:
    before = script.evaluate("() => model.of('here').length")
    script.evaluate("() => model.say({k: 'roll call'})")
    assert script.evaluate("() => model.of('here').length") == before + 1


def test_a_new_job_after_silence_is_sent_whole(script: Page) -> None:
    begin_job(script)
    wait_for_pieces(script, 2)
    begin_job(script, run=2, offset=1000)
    assert wait_for_pieces(script, 4)[2:] == [[2, 1000, 1000], [2, 2000, 1000]]
