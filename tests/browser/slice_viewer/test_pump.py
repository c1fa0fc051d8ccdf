"""Which slices the viewer's script asks for: driven on a blank page with a kernel that answers when told to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.widgets.slice_viewer.driver import joined_script

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

_BENCH = """
window.fresh = ({limit = 1e9, bytes = 100, thick = 1} = {}) => {
  const shown = [], sent = [], states = []
  const pump = new vx.Pump({
    send: message => sent.push(message), show: entry => shown.push(entry.depths[0]),
    waiting: since => states.push(since !== null), cache: new vx.SliceCache(limit),
  })
  const want = (depth, key = 'view') => pump.want({key, depth, range: [0, 99], request: at => ({depth: at})})
  const answer = (message = sent.at(-1), problems = []) => {
    const first = Math.floor(message.depth / thick) * thick
    pump.receive({seq: message.seq, depths: [first, first + thick], layers: [], bytes, problems})
  }
  const wanted = () => sent.filter(message => !message.ahead).map(message => message.depth)
  const ahead = () => sent.filter(message => message.ahead).map(message => message.depth)
  const settle = () => { for (let i = 0; i < 50 && pump.flights.size; i++) answer(sent.find(m => pump.flights.has(m.seq))) }
  return {pump, want, answer, settle, shown, sent, states, wanted, ahead}
}
"""


@pytest.fixture(scope="module")
def run(browser: Browser) -> Iterator[Callable[[str], Any]]:
    """Run statements with ``fresh`` in scope; the value is that of ``return``."""
    page = browser.new_page()
    page.evaluate(
        "async script => { window.vx = await import(URL.createObjectURL(new Blob([script], {type: 'text/javascript'}))) }",
        joined_script(),
    )
    page.evaluate(f"() => {{ {_BENCH} }}")
    yield lambda body: page.evaluate(f"() => {{ {body} }}")
    page.close()


def test_many_steps_while_one_is_in_flight_ask_for_the_last_only(run: Any) -> None:
    found = run("""
        const {want, answer, wanted} = fresh()
        for (let z = 0; z < 40; z++) want(z)
        const before = wanted()
        answer()
        return [before, wanted()]
    """)
    assert found == [[0], [0, 39]]


def test_a_late_picture_still_shows_the_movement(run: Any) -> None:
    assert run("const {want, answer, shown} = fresh(); want(3); want(9); answer(); return shown") == [3]


def test_the_next_slices_are_fetched_in_the_direction_of_travel(run: Any) -> None:
    up = run("const {want, settle, ahead} = fresh(); want(49); settle(); want(50); settle(); return ahead()")
    assert set(range(51, 57)) <= set(up)
    down = run(
        "const {want, settle, ahead} = fresh(); want(51); settle(); want(50); settle(); return ahead()"
    )
    assert set(range(44, 50)) <= set(down)


def test_big_steps_are_fetched_ahead_as_big_steps_and_jumps_are_not(run: Any) -> None:
    steps = run(
        "const {want, settle, ahead} = fresh(); want(10); settle(); want(20); settle(); return ahead()"
    )
    assert {30, 40, 50} <= set(steps)
    jump = run(
        "const {want, settle, ahead} = fresh(); want(10); settle(); want(80); settle(); return ahead()"
    )
    assert {81, 82} <= set(jump)


def test_a_slice_fetched_ahead_is_shown_without_asking(run: Any) -> None:
    found = run("""
        const {want, settle, shown, wanted} = fresh()
        want(50); settle(); want(51); want(52)
        return [shown, wanted()]
    """)
    assert found == [[50, 51, 52], [50]]


def test_a_slice_fetched_ahead_is_not_shown_before_its_time(run: Any) -> None:
    assert run("const {want, settle, shown} = fresh(); want(50); settle(); return shown") == [50]


def test_no_more_than_one_wanted_and_one_ahead_are_in_flight(run: Any) -> None:
    found = run("""
        const {want, answer, pump, sent} = fresh()
        want(50); answer(); want(70); want(71); want(72)
        return [pump.flights.size, sent.map(m => m.ahead)]
    """)
    assert found == [2, [False, True, False]]


def test_who_moves_faster_than_pictures_come_has_two_in_flight(run: Any) -> None:
    found = run("""
        const {want, answer, sent, pump} = fresh()
        const flying = () => sent.filter(message => pump.flights.has(message.seq)).map(message => message.depth)
        const all = []
        want(10); want(11); want(12); all.push(flying())  // nobody knows yet how long a picture takes
        answer(sent[0]); all.push(flying())               // it came 2 slices too late
        want(13); answer(sent[1]); all.push(flying())     // 13 was fetched along and is wanted now; 14 flies beside it
        want(14); want(15); answer(sent[2]); all.push(flying())
        return all
    """)
    assert found == [[10], [12, 13], [13, 14], [14, 15]]


def test_slices_fetched_along_show_the_movement_and_never_go_back(run: Any) -> None:
    found = run("""
        const {want, answer, sent, shown, pump} = fresh()
        want(10); want(12); answer(sent[0])        // 12 and, along with it, 13 are on their way
        want(16); answer(sent[1]); answer(sent[2])
        want(5); answer(sent.at(-1))               // 18, fetched along on the way up
        return [sent.map(message => message.depth), shown]
    """)
    assert found == [[10, 12, 13, 16, 18, 5], [10, 12, 13]]


def test_a_slice_fetched_ahead_that_is_wanted_takes_the_wanted_ones_place(run: Any) -> None:
    found = run("""
        const {want, answer, sent, wanted, states, pump} = fresh()
        want(50); answer(); want(51); want(52)     // 51 was on its way already
        const before = wanted()
        answer(sent[1])
        return [before, wanted(), [...pump.flights.values()].filter(flight => !flight.ahead).length, states]
    """)
    assert found == [[50], [50, 52], 1, [True, False, True, True]]


def test_nothing_is_fetched_along_once_the_person_stands_still(run: Any) -> None:
    found = run("""
        const {want, answer, settle, sent, pump} = fresh()
        want(10); want(12); answer(sent[0]); settle()
        pump.hurriedUntil = 0                      // a while later
        want(60)
        return [...pump.flights.values()].map(flight => flight.depth)
    """)
    assert found == [60]


def test_a_late_picture_does_not_cover_the_wanted_one(run: Any) -> None:
    found = run("""
        const {want, answer, settle, sent, shown} = fresh()
        want(50); settle(); want(80); want(51)     // 51 is known already
        answer(sent.findLast(message => message.depth === 80))
        return shown
    """)
    assert found == [50, 51]


def test_the_volumes_ends_are_not_passed(run: Any) -> None:
    found = run(
        "const {want, settle, ahead} = fresh(); want(97); settle(); want(98); settle(); return ahead()"
    )
    assert max(found) == 99
    assert min(run("const {want, settle, ahead} = fresh(); want(0); settle(); return ahead()")) >= 0


def test_a_picture_of_a_coarse_mag_serves_all_of_its_depths(run: Any) -> None:
    found = run("""
        const {want, answer, wanted, pump} = fresh({thick: 4})
        want(8); answer(); want(9); want(11)
        return [wanted(), pump.settled]
    """)
    assert found == [[8], True]


def test_a_picture_of_a_coarse_mag_is_not_asked_for_twice(run: Any) -> None:
    found = run("""
        const {want, answer, sent} = fresh({thick: 4})
        want(8); answer(); want(13); want(14)      // 12 to 15 are on their way, fetched ahead or wanted
        want(17); answer(); want(18); answer(); want(19); answer()
        return sent.map(message => Math.floor(message.depth / 4))
    """)
    assert len(found) == len(set(found))


def test_the_cache_keeps_within_its_bytes_and_drops_the_oldest(run: Any) -> None:
    found = run("""
        const {want, settle, pump} = fresh({limit: 1000, bytes: 100})
        for (let z = 0; z < 60; z++) { want(z); settle() }
        return [pump.cache.bytes, pump.cache.has('view', 59), pump.cache.has('view', 5)]
    """)
    assert found == [1000, True, False]


def test_damaged_slices_are_shown_but_asked_for_again(run: Any) -> None:
    found = run("""
        const {want, answer, settle, wanted, shown, pump} = fresh()
        want(5); answer(undefined, ['damaged']); settle(); want(20); settle(); want(5)
        return [wanted().filter(z => z === 5).length, shown[0]]
    """)
    assert found == [2, 5]


def test_a_damaged_slice_ahead_does_not_keep_it_asking_forever(run: Any) -> None:
    found = run("""
        const {want, answer, sent, pump, ahead} = fresh()
        want(50); answer()
        for (let i = 0; i < 30 && pump.flights.size; i++) answer(undefined, ['damaged'])
        return [pump.flights.size, ahead().length]
    """)
    assert found[0] == 0
    assert found[1] <= 7


def test_a_new_view_forgets_nothing_that_can_come_back(run: Any) -> None:
    found = run("""
        const {want, settle, wanted} = fresh()
        want(5, 'near'); settle(); want(5, 'far'); settle(); want(5, 'near')
        return wanted().length
    """)
    assert found == 2


def test_refreshing_asks_again(run: Any) -> None:
    assert run("""
        const {want, settle, wanted, pump} = fresh()
        want(5); settle(); pump.refresh()
        return wanted()
    """) == [5, 5]


def test_answers_that_nobody_waits_for_are_ignored(run: Any) -> None:
    found = run("""
        const {want, pump, shown} = fresh()
        want(5)
        pump.receive({seq: 999, depths: [5, 6], layers: [], bytes: 1, problems: []})
        return shown
    """)
    assert found == []


def test_it_tells_when_a_picture_is_missing_and_when_no_more(run: Any) -> None:
    assert run("const {want, answer, states} = fresh(); want(5); answer(); return states.slice(0, 2)") == [
        True,
        False,
    ]


def test_where_one_slice_takes_long_none_are_read_ahead(run: Any) -> None:
    found = run("""
        const {want, answer, pump, ahead} = fresh()
        want(5)
        for (const flight of pump.flights.values()) flight.start -= 5000
        answer()
        return ahead()
    """)
    assert found == []


_TWO = """
window.two = () => {
  const lane = new vx.Lane(), sent = [], shown = []
  const make = name => {
    const pump = new vx.Pump({
      lane, send: message => sent.push({...message, name}), show: entry => shown.push(`${name}${entry.depths[0]}`),
    })
    const want = (depth, key = name) => pump.want({key, depth, range: [0, 99], request: at => ({depth: at})})
    return {pump, want}
  }
  const panes = {a: make('a'), b: make('b')}
  const answer = (message = sent.at(-1), problems = []) => panes[message.name].pump.receive(
    {seq: message.seq, depths: [message.depth, message.depth + 1], layers: [], bytes: 100, problems})
  const wanted = () => sent.filter(message => !message.ahead).map(message => message.name + message.depth)
  const ahead = () => sent.filter(message => message.ahead).map(message => message.name + message.depth)
  return {lane, ...panes, answer, sent, shown, wanted, ahead}
}
"""


@pytest.fixture
def lane(run: Any) -> Any:
    run(_TWO)
    return run


def test_of_several_panes_one_picture_is_in_flight(lane: Any) -> None:
    assert lane("const {a, b, wanted} = two(); a.want(1); b.want(2); a.want(3); return wanted()") == ["a1"]


def test_panes_take_turns_and_ask_for_their_latest(lane: Any) -> None:
    found = lane("""
        const {a, b, answer, wanted} = two()
        a.want(1); b.want(2); a.want(3); b.want(4)
        answer(); answer()
        return wanted()
    """)
    assert found == ["a1", "b4", "a3"]


def test_nothing_is_fetched_ahead_while_another_pane_waits(lane: Any) -> None:
    found = lane("""
        const {a, b, answer, ahead} = two()
        a.want(1); b.want(2); answer()
        const early = ahead()
        answer()
        return [early, ahead()]
    """)
    assert found == [[], ["a2"]]


def test_nothing_is_fetched_along_while_another_pane_waits(lane: Any) -> None:
    found = lane("""
        const {a, b, answer, ahead} = two()
        a.want(1); a.want(3); answer()             // a3 and, along with it, a4 are on their way
        b.want(20); a.want(5); answer()
        return ahead()
    """)
    assert found == ["a4"]


def test_the_pane_that_moved_last_fetches_ahead(lane: Any) -> None:
    found = lane("""
        const {a, b, answer, sent, ahead} = two()
        const flying = () => sent.find(m => ({a, b})[m.name].pump.flights.has(m.seq))
        const settle = () => { for (let i = 0; i < 50 && flying(); i++) answer(flying()) }
        a.want(10); settle(); b.want(50); settle()
        const first = ahead().length
        b.want(51); settle()
        return ahead().slice(first)
    """)
    assert found[0] == "b52"
    assert all(name.startswith("b") for name in found)


def test_a_pane_that_is_closed_leaves_its_turn_to_the_others(lane: Any) -> None:
    found = lane("""
        const {a, b, wanted} = two()
        a.want(1); b.want(2); a.pump.stop()
        return wanted()
    """)
    assert found == ["a1", "b2"]


def test_a_damaged_picture_can_be_asked_for_again(run: Any) -> None:
    asked = run("""
        const {want, answer, wanted, pump} = fresh()
        want(5); answer(undefined, ['gone'])
        const before = wanted().length
        pump.again()
        answer()
        return [before, wanted(), pump.settled]
    """)
    assert asked == [1, [5, 5], True]
