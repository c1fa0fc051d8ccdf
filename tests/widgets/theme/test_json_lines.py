"""From places in a document to lines of its text."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from voxshelf.model import Problem
from voxshelf.widgets.theme import JsonEditor, json_problem_list, line_of, lines_of

TEXT = """{
  "scale": [1,
    2, 3],
  "layers": [
    {"name": "a \\"quoted\\" {name}"},
    {
      "box": {
        "width": 5
      }
    }
  ]
}"""
JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def places_in(document: Any, place: tuple[Any, ...] = ()) -> set[tuple[Any, ...]]:
    children: Any = ()
    if isinstance(document, dict):
        children = document.items()
    elif isinstance(document, list):
        children = enumerate(document)
    return {place}.union(*(places_in(child, (*place, key)) for key, child in children))


def test_a_place_has_the_line_of_its_key() -> None:
    assert line_of(TEXT, ("layers", 1, "box", "width")) == 8
    assert line_of(TEXT, ("scale", 1)) == 3
    assert line_of(TEXT, ()) == 1


def test_what_is_missing_has_the_line_of_what_it_is_missing_in() -> None:
    assert line_of(TEXT, ("layers", 1, "box", "depth")) == 7
    assert line_of(TEXT, ("layers", 0, "category")) == 5


def test_in_a_text_with_a_mistake_what_stands_before_it_has_lines() -> None:
    torn = TEXT[: TEXT.index('"width"')]
    assert line_of(torn, ("scale",)) == 2
    assert line_of("", ("scale",)) == 1
    assert line_of("[" * 100_000, ()) == 1


@given(JSON)
def test_every_place_of_every_document_has_a_line(document: Any) -> None:
    assert set(lines_of(json.dumps(document, indent=1))) == places_in(document)


@given(JSON)
def test_indented_documents_have_one_member_per_line(document: Any) -> None:
    text = json.dumps(document, indent=1)
    lines = list(lines_of(text).values())
    assert len(set(lines)) == len(lines)


def test_problems_are_marked_and_listed_at_their_lines() -> None:
    editor = JsonEditor()
    editor.value = TEXT
    problems = [
        Problem(place=("layers", 1, "box", "width"), message="<Too wide>."),
        Problem(place=("scale",), message="Too small.", severity="warning"),
        Problem(message="Not a dataset."),
    ]
    editor.mark(problems)
    assert [(mark["line"], mark["tone"]) for mark in editor.marks] == [(8, "bad"), (2, "warn")]
    listed = json_problem_list(TEXT, problems)
    assert listed.index("Not a dataset.") < listed.index("<b>Line 2</b>") < listed.index("<b>Line 8</b>")
    assert "&lt;Too wide&gt;." in listed
