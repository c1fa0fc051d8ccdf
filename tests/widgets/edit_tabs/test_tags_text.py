"""Tags in one line of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.widgets.edit_tabs.tags_text import TagsText, read_tags

if TYPE_CHECKING:
    from voxshelf.store import LocalDatasetStore
    from voxshelf.widgets.edit_tabs import DatasetEdits

KEY = "lab/cells"


@pytest.fixture
def tags(edits: DatasetEdits) -> TagsText:
    return TagsText(edits.details)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", []),
        ("em", ["em"]),
        (" em ,mouse, ", ["em", "mouse"]),
        ("em, em", ["em"]),
        ("two words", ["two words"]),
    ],
)
def test_commas_separate_tags(text: str, read: list[str]) -> None:
    assert read_tags(text) == read


def test_what_is_typed_becomes_tags_and_stays_as_it_is(
    tags: TagsText, edits: DatasetEdits, front_end: Any
) -> None:
    front_end(tags._text).state(value="mouse, em, ")
    assert edits.details.draft.mine["tags"] == ["em", "mouse"]
    assert tags._text.value == "mouse, em, "


def test_tags_of_somebody_else_appear(tags: TagsText, lab: LocalDatasetStore) -> None:
    lab.update_details(KEY, tags=["retina", "em"])
    assert tags._text.value == "em, retina"
