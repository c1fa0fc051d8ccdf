"""Reading the JSON as a person left it."""

from __future__ import annotations

import pytest

from voxshelf.widgets.edit_tabs.json_reading import read_json


def test_a_text_that_is_no_json_says_in_which_line() -> None:
    reading = read_json('{\n"scale": [1,\n')
    assert reading.document is None
    assert reading.problems[0].message.startswith("Line 3, column 1")


def test_all_that_breaks_the_schema_comes_with_its_place() -> None:
    reading = read_json('{"scale": [11, 11, -1], "dataLayers": [{"name": "color"}]}')
    assert reading.document is not None
    assert {("scale", 2), ("dataLayers", 0, "boundingBox")} <= {problem.place for problem in reading.problems}


def test_a_key_that_stands_twice_is_told() -> None:
    messages = [problem.message for problem in read_json('{"scale": 1,\n"scale": [1, 1, 1]}').problems]
    assert any("stands 2 times (line" in message for message in messages)


@pytest.mark.parametrize("text", ["[1]", "3", '"text"'])
def test_another_json_than_an_object_is_no_document(text: str) -> None:
    assert read_json(text).document is None
