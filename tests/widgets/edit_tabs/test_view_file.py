"""Files with view configurations, as the browser sends them."""

from __future__ import annotations

from typing import Any

import pytest

from voxshelf.widgets.edit_tabs.view_file import ViewFile


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def file(said: list[str]) -> ViewFile:
    return ViewFile(said.append, said.append)


def test_the_text_of_a_file_is_handed_over_without_its_mark(
    file: ViewFile, said: list[str], front_end: Any
) -> None:
    front_end(file).custom({"kind": "file", "name": "view.json", "text": '\ufeff{"zoom": 2}'})
    assert said == ['{"zoom": 2}']


def test_a_file_that_is_too_large_is_refused_with_a_sentence(
    file: ViewFile, said: list[str], front_end: Any
) -> None:
    front_end(file).custom({"kind": "too large", "name": "film.mp4", "size": 5_000_000})
    assert said == ["film.mp4 has 5,000,000 bytes: that is no view configuration."]
