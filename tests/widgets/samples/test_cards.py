from __future__ import annotations

from typing import Any

import pytest

from voxshelf.store.samples import SampleState
from voxshelf.widgets.samples.cards import progress_of, sample_card
from voxshelf.widgets.samples.state import SampleItem

RETINA = "Sample_e2006"


def told(store: Any, name: str, **changes: Any) -> SampleItem:
    return SampleItem(store.samples.infos[name].model_copy(update=changes))


def actions(item: SampleItem) -> list[str]:
    return [action for action, _, _ in sample_card(item).actions]


def test_a_card_names_citation_doi_and_size(store: Any) -> None:
    card = sample_card(told(store, RETINA))
    assert "M Helmstaedter. Nature. 2013." in card.body
    assert 'href="https://doi.org/10.1038/nature12346"' in card.body
    assert "120 MB to download" in card.chips


def test_a_sample_that_is_made_here_downloads_nothing(store: Any) -> None:
    assert "no download" in sample_card(told(store, "tissue")).chips


def test_what_a_sample_says_is_escaped(store: Any) -> None:
    assert "&lt;and&gt;" in sample_card(told(store, RETINA)).body


def test_every_state_offers_what_can_be_done(store: Any) -> None:
    offered = {state: actions(told(store, RETINA, state=state)) for state in SampleState}
    assert offered == {
        SampleState.AVAILABLE: ["add"],
        SampleState.DOWNLOADING: [],
        SampleState.PRESENT: ["open"],
        SampleState.FAILED: ["add"],
    }


def test_what_is_added_here_can_be_cancelled_here(store: Any) -> None:
    item = SampleItem(store.samples.infos[RETINA], share=0.5)
    assert actions(item) == ["cancel"]
    assert progress_of(item) == (0.5, "Downloading · 50%")


def test_what_is_added_elsewhere_is_only_watched(store: Any) -> None:
    item = told(store, RETINA, state=SampleState.DOWNLOADING, share=0.3)
    assert progress_of(item) == (0.3, "Being added elsewhere · 30%")


@pytest.mark.parametrize("state", list(SampleState))
def test_where_a_sample_stands_is_said_in_words(store: Any, state: SampleState) -> None:
    words = {
        SampleState.AVAILABLE: "not added yet",
        SampleState.DOWNLOADING: "downloading",
        SampleState.PRESENT: "in the store",
        SampleState.FAILED: "failed",
    }
    assert words[state] in sample_card(told(store, RETINA, state=state)).chips
