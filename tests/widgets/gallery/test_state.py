from __future__ import annotations

from typing import Any

import pytest

from voxshelf.model import DatasetStatus
from voxshelf.widgets.gallery import GalleryState


@pytest.fixture
def gallery(store: Any, record: Any, at_once: Any) -> GalleryState:
    for number in range(5):
        store.records[f"lab/open_{number}"] = record(f"lab/open_{number}", is_public=True)
    return GalleryState(store, page_size=2, aside=at_once)


def keys(gallery: Any) -> list[str]:
    return [record.key for record in gallery.records]


def test_only_public_datasets_are_shown_page_by_page(gallery: Any) -> None:
    assert (keys(gallery), gallery.total, gallery.pages) == (["lab/open_0", "lab/open_1"], 5, 3)
    gallery.turn(2)
    assert keys(gallery) == ["lab/open_4"]


def test_turning_stays_within_the_pages(gallery: Any) -> None:
    gallery.turn(-1)
    assert gallery.page == 0
    gallery.turn(10)
    assert gallery.page == 2


def test_a_search_narrows_it_and_begins_at_the_first_page(gallery: Any) -> None:
    gallery.turn(1)
    gallery.search = "open_3"
    assert (keys(gallery), gallery.page) == (["lab/open_3"], 0)


def test_a_public_dataset_that_cannot_be_read_is_left_out(gallery: Any, store: Any, record: Any) -> None:
    store.put(record("lab/open_0", is_public=True, status=DatasetStatus.BROKEN))
    assert "lab/open_0" not in keys(gallery)


def test_what_becomes_public_appears_by_itself(gallery: Any, store: Any, record: Any) -> None:
    store.put(record("lab/brain", is_public=True))
    assert keys(gallery)[0] == "lab/brain"


def test_what_becomes_private_disappears_by_itself(gallery: Any, store: Any, record: Any) -> None:
    store.put(record("lab/open_0", is_public=False))
    assert gallery.total == 4


def test_a_page_that_is_gone_is_left(gallery: Any, store: Any, record: Any) -> None:
    gallery.turn(2)
    store.put(record("lab/open_4", is_public=False))
    assert (gallery.page, keys(gallery)) == (1, ["lab/open_2", "lab/open_3"])


def test_a_page_of_cards_costs_one_question(gallery: Any, store: Any) -> None:
    before = len(store.asked)
    gallery.turn(1)
    (asked,) = store.asked[before:]
    assert (asked["is_public"], asked["limit"], asked["offset"]) == (True, 2, 2)


def test_pictures_are_drawn_for_the_page_on_screen(gallery: Any) -> None:
    assert set(gallery.pictures) == {"lab/open_0", "lab/open_1"}
    assert all(uri.startswith("data:image/jpeg;base64,") for uri in gallery.pictures.values())


def test_a_dataset_without_a_picture_says_so_with_an_empty_one(store: Any, record: Any, at_once: Any) -> None:
    store.records = {"lab/a": record("lab/a", is_public=True)}
    store.opening_fails = OSError("the disk went away")
    assert GalleryState(store, aside=at_once).pictures == {"lab/a": ""}


def test_a_store_that_cannot_be_reached_says_so_and_recovers(
    gallery: Any, store: Any, unavailable: Any
) -> None:
    store.fails = unavailable
    gallery.reload()
    assert gallery.message.text == unavailable.what
    store.fails = None
    gallery.reload()
    assert gallery.message.text == ""
