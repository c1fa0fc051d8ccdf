"""JSON text: every oddity with its place, and edits that change only what changed."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxshelf.dataset.json_edit import edit_text, new_text
from voxshelf.dataset.json_text import DEEPEST, locate, parse_text
from voxshelf.model import Severity

PLAY = """{
  "id" : {
    "name" : "ROI",
    "team" : "Zürich"
  },
  "dataLayers" : [ {
    "name" : "color",
    "boundingBox" : {
      "topLeft" : [ 0, 0, 0 ],
      "width" : 1024
    },
    "mags" : [ {
      "mag" : [ 1, 1, 1 ]
    } ]
  } ],
  "scale" : [ 11.240, 11.240, 28 ]
}"""
PYTHON = json.dumps(json.loads(PLAY), indent=4) + "\n"
COMPACT = json.dumps(json.loads(PLAY), separators=(",", ":"))
WINDOWS = json.dumps(json.loads(PLAY), indent="\t", ensure_ascii=False).replace("\n", "\r\n")
STYLES = {"play": PLAY, "python": PYTHON, "compact": COMPACT, "windows": WINDOWS}

plain = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6)
)
values = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)
layouts = st.sampled_from(
    [
        {"indent": 2},
        {"indent": "\t", "ensure_ascii": False},
        {"separators": (",", ":")},
        {"separators": (" , ", " : ")},
        {},
    ]
)


def _diff(old: str, new: str) -> tuple[list[str], list[str]]:
    """The lines that only the old, and only the new text has."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    return [line for line in before if line not in after], [line for line in after if line not in before]


@settings(deadline=None, derandomize=True, max_examples=150)
@given(old=values, new=values, layout=layouts)
def test_an_edited_text_says_what_it_shall_say(old: Any, new: Any, layout: dict[str, Any]) -> None:
    text = json.dumps(old, **layout)
    assert parse_text(edit_text(text, old, new)).document == new


@settings(deadline=None, derandomize=True, max_examples=60)
@given(old=values, layout=layouts)
def test_an_edit_that_changes_nothing_changes_no_character(old: Any, layout: dict[str, Any]) -> None:
    text = " " + json.dumps(old, **layout) + "\n\n"
    assert edit_text(text, old, copy.deepcopy(old)) == text


@settings(deadline=None, derandomize=True, max_examples=60)
@given(value=values)
def test_a_new_text_says_what_it_shall_say(value: Any) -> None:
    assert json.loads(new_text(value)) == value


@pytest.mark.parametrize("style", STYLES)
def test_a_changed_number_changes_only_its_own_characters(style: str) -> None:
    text = STYLES[style]
    document = json.loads(text)
    document["dataLayers"][0]["boundingBox"]["width"] = 77
    assert edit_text(text, json.loads(text), document) == text.replace("1024", "77")


@pytest.mark.parametrize(
    ("style", "line"),
    [
        ("play", '      "mag" : [ 2, 2, 1 ]\n'),
        ("python", "                        2,\n"),
        ("windows", "\t\t\t\t\t\t2,\r\n"),
    ],
)
def test_a_new_list_entry_follows_the_layout_around_it(style: str, line: str) -> None:
    text = STYLES[style]
    document = json.loads(text)
    document["dataLayers"][0]["mags"].append({"mag": [2, 2, 1]})
    _, added = _diff(text, edit_text(text, json.loads(text), document))
    assert line in added


def test_a_compact_text_stays_in_one_line() -> None:
    document = json.loads(COMPACT)
    document["new"] = {"a": [1, {"b": 2}]}
    assert edit_text(COMPACT, json.loads(COMPACT), document) == COMPACT[:-1] + ',"new":{"a":[1,{"b":2}]}}'


def test_an_untouched_number_keeps_its_written_form() -> None:
    document = json.loads(PLAY)
    document["scale"][2] = 30
    assert '"scale" : [ 11.240, 11.240, 30 ]' in edit_text(PLAY, json.loads(PLAY), document)


def test_escapes_are_used_where_the_text_uses_them() -> None:
    document = json.loads(PYTHON)
    document["id"]["name"] = "größer"
    assert '"gr\\u00f6\\u00dfer"' in edit_text(PYTHON, json.loads(PYTHON), document)


def test_a_new_value_that_json_has_no_form_for_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        edit_text("{}", {}, {"a": float("nan")})


def test_old_nans_stay_as_they_were() -> None:
    text = '{"a": NaN, "b": 1}'
    assert edit_text(text, {"a": float("nan"), "b": 1}, {"a": float("nan"), "b": 2}) == '{"a": NaN, "b": 2}'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ('{"a": 1,\n "b": }', "Line 2, column 7"),
        ('{"a": 1,}', "comma"),
        ('{"a": 1} x', "more text follows"),
        ("[" * 100_000, "deep"),
        ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "deep"),
    ],
)
def test_a_text_that_is_no_json_is_told_with_its_place(text: str, message: str) -> None:
    (problem,) = parse_text(text).problems
    assert message in str(problem)


@pytest.mark.parametrize(
    ("text", "where", "severity"),
    [
        ('{"a": [1,\n {"b": 1, "b": 2}]}', "a[1].b", Severity.WARNING),
        ('{"a": [1,\n NaN]}', "a[1]", Severity.WARNING),
        ('{"a": [1,\n -Infinity]}', "a[1]", Severity.WARNING),
        ('{"a": [1,\n 1e999]}', "a[1]", Severity.ERROR),
        ('{"a": [1,\n 18446744073709551616]}', "a[1]", Severity.ERROR),
        ('{"a": [1,\n ' + "9" * 5000 + "]}", "a[1]", Severity.ERROR),
    ],
)
def test_what_is_odd_is_told_with_place_and_line(text: str, where: str, severity: Severity) -> None:
    (problem,) = parse_text(text).problems
    assert (problem.where, problem.severity) == (where, severity)
    assert "line 2" in problem.message


def test_of_double_keys_the_last_one_counts() -> None:
    assert parse_text('{"a": 1, "a": 2}').document == {"a": 2}


def test_spans_lead_to_every_value() -> None:
    span = locate(PLAY)
    scale = dict(zip(span.keys, span.children, strict=True))["scale"]
    assert PLAY[scale.start : scale.end] == "[ 11.240, 11.240, 28 ]"
