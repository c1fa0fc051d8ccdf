from __future__ import annotations

import threading
from typing import Any

import pytest

from voxshelf.widgets.upload.book import Book
from voxshelf.widgets.upload.items import Stage, UploadItem


@pytest.fixture
def seen() -> list[Any]:
    return []


@pytest.fixture
def book(seen: list[Any]) -> Book:
    book = Book(seen.append)
    book.add(UploadItem("1", "a.zip", 10, "a", "a"))
    return book


def test_a_change_is_told(book: Book, seen: list[Any]) -> None:
    book.change("1", offset=3)
    assert seen[-1][0].offset == 3


def test_a_change_from_another_stage_is_not_made(book: Book) -> None:
    assert book.change("1", Stage.SENDING, offset=3) is None
    assert book.items[0].offset == 0


def test_what_was_removed_is_not_changed(book: Book) -> None:
    book.remove("1")
    assert book.change("1", offset=3) is None


def test_of_two_threads_that_take_a_stage_one_gets_it(book: Book) -> None:
    got: list[Any] = []
    start = threading.Barrier(8)

    def take() -> None:
        start.wait()
        got.append(book.change("1", Stage.WAITING, stage=Stage.SENDING))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(item is not None for item in got) == 1
