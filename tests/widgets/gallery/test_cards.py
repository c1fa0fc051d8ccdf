from __future__ import annotations

from typing import Any

import pytest

from voxshelf.widgets.gallery import GalleryState
from voxshelf.widgets.gallery.cards import dataset_card, empty_text


def test_a_card_has_the_display_name_and_says_where_it_lies(record: Any) -> None:
    card = dataset_card(record("lab/brain", display_name="A mouse's brain"))
    assert card.title == "A mouse's brain"
    assert card.sub.startswith("lab/brain · 64 × 48 × 16 voxels · ")


def test_markdown_becomes_text_with_its_shape(record: Any) -> None:
    body = dataset_card(
        record("lab/brain", description="# Title\n\n*See* [paper](https://doi.org/10.1/x)")
    ).body
    assert "<h1>Title</h1>" in body
    assert "<em>See</em>" in body
    assert 'href="https://doi.org/10.1/x"' in body


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "![x](https://spy.example/p.png)",
    ],
)
def test_a_description_cannot_do_anything_to_the_page(record: Any, attack: str) -> None:
    body = dataset_card(record("lab/brain", description=attack)).body
    for trace in ("<script", 'href="javascript:', "<img"):
        assert trace not in body


def test_tags_are_escaped(record: Any) -> None:
    assert "<b>" not in dataset_card(record("lab/brain", tags=("<b>",))).chips


def test_without_public_datasets_it_says_how_one_becomes_public(empty_store: Any, at_once: Any) -> None:
    assert "Sharing &amp; permissions" in empty_text(GalleryState(empty_store, aside=at_once))


def test_a_search_without_result_names_the_search(empty_store: Any, at_once: Any) -> None:
    state = GalleryState(empty_store, aside=at_once)
    state.search = "<em>"
    assert "“&lt;em&gt;”" in empty_text(state)
