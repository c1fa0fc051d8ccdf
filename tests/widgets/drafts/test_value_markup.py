"""JSON values in words."""

from __future__ import annotations

from typing import Any

import pytest

from voxshelf.widgets.drafts import value_markup


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "<i>nothing</i>"),
        ("", "<i>nothing</i>"),
        ([], "<i>nothing</i>"),
        (0, "0"),
        (False, "no"),
        (1.0, "1"),
        (["em", "mouse"], "em, mouse"),
        ([11.24, 11.24, 28.0], "11.24, 11.24, 28"),
        ({"key": "age", "type": "number", "value": 28}, "28"),
        ({"a": 1}, "{&quot;a&quot;: 1}"),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_a_value_is_said_in_words(value: Any, shown: str) -> None:
    assert value_markup(value) == shown


def test_a_long_value_is_shortened() -> None:
    assert value_markup("x" * 1000).endswith("xx…")
