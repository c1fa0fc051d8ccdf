"""Where problems stand in a text."""

from __future__ import annotations

import pytest

from voxshelf.widgets.edit_tabs.json_lines import line_at, read_json

TEXT = """{
  "scale": [11, 11, -1],
  "dataLayers": [
    {"name": "color", "category": "color",
     "boundingBox": {"topLeft": [0, 0, 0], "width": 0, "height": 1, "depth": 1},
     "elementClass": "uint8",
     "mags": [1]}
  ]
}
"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ((), 1),
        (("scale",), 2),
        (("dataLayers", 0), 4),
        (("dataLayers", 0, "boundingBox", "width"), 5),
        (("dataLayers", 0, "largestSegmentId"), 4),
        (("dataLayers", 7, "name"), 3),
    ],
)
def test_a_value_is_found_in_its_line_or_else_what_should_hold_it(
    place: tuple[str | int, ...], line: int
) -> None:
    assert line_at(TEXT, place) == line


def test_of_a_key_that_stands_twice_the_last_counts() -> None:
    assert line_at('{\n"a": 1,\n"a": 2\n}', ("a",)) == 3


def test_problems_come_by_line() -> None:
    reading = read_json(TEXT)
    assert reading.document is not None
    assert [each.line for each in reading.problems][:1] == [2]


def test_a_text_that_is_no_json_says_where_it_ends_being_some() -> None:
    reading = read_json('{\n"scale": [1,\n')
    assert reading.document is None
    assert reading.problems[0].problem.message.startswith("Line 3, column 1")


def test_another_json_than_an_object_is_no_document() -> None:
    assert read_json("[1]").document is None
