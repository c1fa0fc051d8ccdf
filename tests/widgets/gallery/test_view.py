from __future__ import annotations

from typing import Any

import pytest

from voxshelf.widgets import Gallery
from voxshelf.widgets.gallery import GalleryState


@pytest.fixture
def gallery(store: Any, record: Any, at_once: Any) -> Gallery:
    for number in range(3):
        store.records[f"lab/open_{number}"] = record(f"lab/open_{number}", is_public=True)
    return Gallery(store, state=GalleryState(store, page_size=2, aside=at_once))


def press(gallery: Gallery, front_end: Any, key: str) -> None:
    front_end(gallery.cards).custom({"k": "do", "card": key, "action": "open"})


def test_a_pressed_card_is_selected_and_opened(gallery: Any, front_end: Any) -> None:
    press(gallery, front_end, "lab/open_1")
    assert gallery.selected == gallery.cards.current == "lab/open_1"
    assert [type(child).__name__ for child in gallery._below.children] == ["SliceViewer"]
    gallery.close()


def test_a_page_around_it_may_open_it_itself(store: Any, record: Any, at_once: Any, front_end: Any) -> None:
    opened: list[str] = []
    store.records["lab/x"] = record("lab/x", is_public=True)
    gallery = Gallery(store, state=GalleryState(store, aside=at_once), on_open=opened.append)
    press(gallery, front_end, "lab/x")
    assert (opened, gallery._below.children) == (["lab/x"], ())


def test_the_line_of_python_follows_search_and_selection(gallery: Any, front_end: Any) -> None:
    gallery.state.search = "open"
    assert gallery._python.code == 'store.list(search="open", status="ready", is_public=True)'
    press(gallery, front_end, "lab/open_1")
    assert gallery._python.code == 'vx.show(store["lab/open_1"])'
    gallery.close()


def test_pages_are_turned_where_there_are_several(gallery: Any) -> None:
    assert (gallery._range.value, gallery._back.disabled, gallery._next.disabled) == ("1–2 of 3", True, False)
    gallery._next.click()
    assert (gallery._range.value, gallery._next.disabled) == ("3–3 of 3", True)


def test_the_empty_gallery_says_so_in_place_of_cards(empty_store: Any, at_once: Any) -> None:
    gallery = Gallery(empty_store, state=GalleryState(empty_store, aside=at_once))
    assert gallery._empty.layout.display == "block"
    assert gallery._range.value == "0 public datasets"


def test_a_dataset_that_cannot_be_opened_says_why(
    gallery: Any, store: Any, front_end: Any, unavailable: Any
) -> None:
    store.opening_fails = unavailable
    press(gallery, front_end, "lab/open_1")
    assert unavailable.what in gallery._message.value


def test_pictures_reach_the_cards(gallery: Any) -> None:
    assert set(gallery.cards.pictures) == {"lab/open_0", "lab/open_1"}
