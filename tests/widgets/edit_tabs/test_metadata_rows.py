"""Key/value metadata while it is typed."""

from __future__ import annotations

from typing import Any

import pytest

from voxshelf.widgets.edit_tabs.metadata_rows import MetadataRow, doubles


def row(key: str, text: str, type: str = "string") -> MetadataRow:  # noqa: A002 - as metadata call it
    made = MetadataRow()
    made.key, made.text, made.type = key, text, type
    return made


@pytest.mark.parametrize(
    ("type", "text", "value"),
    [
        ("string", "mouse", "mouse"),
        ("number", " 12 ", 12),
        ("number", "1.5", 1.5),
        ("string[]", "one, two", ["one", "two"]),
        ("string[]", '["a, b", "c"]', ["a, b", "c"]),
    ],
)
def test_a_row_becomes_an_entry(type: str, text: str, value: Any) -> None:  # noqa: A002
    assert row("what", text, type).entry == {"key": "what", "type": type, "value": value}


@pytest.mark.parametrize("value", ["mouse", 12, 1.5, ["one", "two"], ["a, b", "c"], []])
def test_an_entry_is_written_so_that_it_is_read_as_the_same(value: Any) -> None:
    kind = "string[]" if isinstance(value, list) else "string" if isinstance(value, str) else "number"
    entry = {"key": "what", "type": kind, "value": value}
    assert MetadataRow(entry).entry == entry


def test_an_empty_row_is_neither_wrong_nor_an_entry() -> None:
    assert (MetadataRow().error, MetadataRow().entry) == ("", None)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (row("", "mouse"), "Give it a name."),
        (row("age", "three", "number"), "'three' is not a number."),
        (row("age", "inf", "number"), "'inf' is not a number."),
        (row("x" * 201, "1"), "Its name is longer than 200 letters."),
    ],
)
def test_what_is_wrong_is_said(made: MetadataRow, why: str) -> None:
    assert (made.error, made.entry) == (why, None)


def test_names_that_come_twice_are_found() -> None:
    assert doubles([row("a", "1"), row("b", "2"), row(" a", "3")]) == ["a"]
