from __future__ import annotations

from typing import Any

from voxshelf.errors import DownloadError
from voxshelf.store.samples import SampleState

RETINA = "Sample_e2006"
OFFLINE = DownloadError("It could not be fetched.", hint="Check the network.")


def test_the_samples_are_those_of_the_store(state: Any) -> None:
    assert [item.info.name for item in state.items] == ["tissue", RETINA]
    assert {item.state for item in state.items} == {SampleState.AVAILABLE}


def test_adding_makes_it_present_and_tells_its_key(state: Any) -> None:
    state.add(RETINA)
    assert state.item(RETINA).state is SampleState.PRESENT
    assert state.added == "samples/Sample_e2006"


def test_while_it_is_added_it_tells_how_far_it_is(state: Any, store: Any) -> None:
    seen: list[Any] = []

    def adding(progress: Any) -> None:
        progress(0.25)
        seen.append((state.item(RETINA).state, state.item(RETINA).share))

    store.samples.while_adding = adding
    state.add(RETINA)
    assert seen == [(SampleState.DOWNLOADING, 0.25)]


def test_cancelling_leaves_it_available_and_says_what_is_kept(state: Any, store: Any) -> None:
    store.samples.while_adding = lambda _progress: state.cancel(RETINA)
    state.add(RETINA)
    item = state.item(RETINA)
    assert (item.state, item.message.text) == (SampleState.AVAILABLE, "Cancelled.")
    assert item.message.hint == "It goes on from here next time."
    assert state.added is None


def test_a_failure_is_told_with_its_reason_and_can_be_tried_again(state: Any, store: Any) -> None:
    store.samples.fails = OFFLINE
    state.add(RETINA)
    item = state.item(RETINA)
    assert (item.state, item.message.text, item.message.hint) == (
        SampleState.FAILED,
        "It could not be fetched.",
        "Check the network.",
    )
    store.samples.fails = None
    state.add(RETINA)
    assert state.item(RETINA).state is SampleState.PRESENT


def test_one_that_is_being_added_is_not_added_twice(state: Any, store: Any) -> None:
    calls: list[Any] = []

    def adding(_progress: Any) -> None:
        calls.append(1)
        state.add(RETINA)

    store.samples.while_adding = adding
    state.add(RETINA)
    assert calls == [1]


def test_why_it_failed_elsewhere_is_told(state: Any, store: Any) -> None:
    store.samples.put(RETINA, state=SampleState.FAILED, message="The disk is full.")
    state.reload()
    assert state.item(RETINA).message.text == "The disk is full."
    assert state.item(RETINA).message.tone == "error"


def test_a_sample_that_came_by_another_way_is_present(state: Any, store: Any, record: Any) -> None:
    store.samples.put("tissue", state=SampleState.PRESENT)
    store.put(record("samples/tissue"))
    assert state.item("tissue").state is SampleState.PRESENT


def test_a_store_that_cannot_be_reached_says_so(state: Any, store: Any, unavailable: Any) -> None:
    store.fails = unavailable
    state.reload()
    assert (state.message.text, state.message.hint) == (unavailable.what, unavailable.hint)
    store.fails = None
    state.reload()
    assert state.message.text == ""


def test_nothing_is_followed_after_the_end(state: Any, store: Any, record: Any) -> None:
    state.close()
    store.samples.put("tissue", state=SampleState.PRESENT)
    store.put(record("samples/tissue"))
    assert state.item("tissue").state is SampleState.AVAILABLE
