from __future__ import annotations

from typing import Any

import pytest

from voxshelf.store import Capabilities, Capability
from voxshelf.widgets import SamplePicker

RETINA = "Sample_e2006"


@pytest.fixture
def opened() -> list[str]:
    return []


@pytest.fixture
def picker(store: Any, state: Any, opened: list[str]) -> SamplePicker:
    return SamplePicker(store, state=state, on_open=opened.append)


def press(picker: SamplePicker, front_end: Any, action: str, name: str = RETINA) -> None:
    front_end(picker.cards).custom({"k": "do", "card": name, "action": action})


def test_add_adds_and_open_opens(picker: Any, front_end: Any, opened: list[str]) -> None:
    press(picker, front_end, "add")
    assert picker.added == "samples/Sample_e2006"
    press(picker, front_end, "open")
    assert (opened, picker.opened) == (["samples/Sample_e2006"], "samples/Sample_e2006")


def test_each_action_shows_the_line_of_python(picker: Any, front_end: Any) -> None:
    press(picker, front_end, "add")
    assert picker._python.code == 'store.samples.add("Sample_e2006")'
    press(picker, front_end, "open")
    assert picker._python.code == 'vx.show(store["samples/Sample_e2006"])'


def test_progress_is_sent_apart_from_the_cards(picker: Any, store: Any, front_end: Any) -> None:
    seen: list[Any] = []

    def adding(progress: Any) -> None:
        progress(0.5)
        seen.append(dict(picker.cards.progress))

    store.samples.while_adding = adding
    press(picker, front_end, "add")
    assert seen == [{RETINA: [0.5, "Downloading · 50%"]}]
    assert picker.cards.progress == {}


def test_an_action_of_a_sample_that_is_not_there_does_nothing(
    picker: Any, front_end: Any, opened: Any
) -> None:
    press(picker, front_end, "open", "gone")
    assert opened == []


def test_without_a_page_around_it_the_viewer_opens_below(store: Any, state: Any, front_end: Any) -> None:
    picker = SamplePicker(store, state=state)
    press(picker, front_end, "add", "tissue")
    press(picker, front_end, "open", "tissue")
    assert [type(child).__name__ for child in picker._below.children] == ["SliceViewer"]
    picker.close()


def test_a_sample_that_cannot_be_opened_says_why(
    store: Any, state: Any, front_end: Any, unavailable: Any
) -> None:
    picker = SamplePicker(store, state=state)
    press(picker, front_end, "add", "tissue")
    store.opening_fails = unavailable
    press(picker, front_end, "open", "tissue")
    assert unavailable.what in picker._message.value


def test_whoever_may_not_add_samples_is_told_why(store: Any, state: Any) -> None:
    store.capabilities = Capabilities({Capability.UPLOAD: "Only the owner may."})
    picker = SamplePicker(store, state=state)
    assert "Only the owner may." in picker._message.value
    assert all(card["actions"] == [] for card in picker.cards.cards)
