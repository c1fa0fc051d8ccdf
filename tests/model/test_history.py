"""Changes between two documents: found, told, made and taken back."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxshelf.errors import EditConflict
from voxshelf.model import Change, EditKind, apply_changes, diff_documents, undo_changes

BASE: dict[str, Any] = {
    "id": {"name": "retina", "team": ""},
    "scale": {"factor": [11.24, 11.24, 28], "unit": "nanometer"},
    "dataLayers": [
        {"name": "color", "category": "color", "mags": [{"mag": 1, "cubeLength": 1024}, {"mag": [2, 2, 1]}]},
        {"name": "segmentation", "category": "segmentation", "mags": []},
    ],
}
bounded = settings(deadline=None, max_examples=200, derandomize=True)


def _changed(edit: Any) -> tuple[Change, ...]:
    after = copy.deepcopy(BASE)
    edit(after)
    changes = diff_documents(BASE, after)
    assert apply_changes(BASE, changes) == after
    assert list(apply_changes(BASE, changes)["dataLayers"]) == after["dataLayers"]
    assert undo_changes(after, changes) == BASE
    return changes


def test_equal_documents_differ_in_nothing() -> None:
    assert diff_documents(BASE, copy.deepcopy(BASE)) == ()


def test_a_number_written_otherwise_is_no_change() -> None:
    assert diff_documents({"a": [28, 1.0]}, {"a": [28.0, 1]}) == ()


def test_true_is_not_one() -> None:
    assert [str(change) for change in diff_documents({"a": 1}, {"a": True})] == ["Changed a from 1 to true."]


def test_not_a_number_equals_itself() -> None:
    assert diff_documents({"a": float("nan")}, {"a": float("nan")}) == ()


def test_a_change_within_an_object_has_its_own_place() -> None:
    (change,) = _changed(lambda document: document["scale"].update(unit="micrometer"))
    assert str(change) == 'Changed scale.unit from "nanometer" to "micrometer".'


def test_a_change_within_a_layer_is_placed_by_the_layers_name() -> None:
    (change,) = _changed(lambda document: document["dataLayers"][1].update(category="color"))
    assert change.place == ("dataLayers", "segmentation", "category")


def test_a_change_within_a_mag_is_placed_by_the_mag() -> None:
    (change,) = _changed(lambda document: document["dataLayers"][0]["mags"][1].update(cubeLength=512))
    assert change.place == ("dataLayers", "color", "mags", "2-2-1", "cubeLength")


def test_both_forms_of_a_mag_name_the_same_one() -> None:
    (change,) = _changed(lambda document: document["dataLayers"][0]["mags"][0].update(mag=[1, 1, 1]))
    assert change.place == ("dataLayers", "color", "mags", "1", "mag")


def test_another_layer_at_the_front_is_an_addition_and_an_order() -> None:
    changes = _changed(lambda document: document["dataLayers"].insert(0, {"name": "new"}))
    assert [(change.kind, change.place) for change in changes] == [
        (EditKind.ADDED, ("dataLayers", "new")),
        (EditKind.REORDERED, ("dataLayers",)),
    ]


def test_another_layer_at_the_end_needs_no_order() -> None:
    assert [change.kind for change in _changed(lambda d: d["dataLayers"].append({"name": "new"}))] == [
        EditKind.ADDED
    ]


def test_a_removed_layer_comes_back_where_it_stood() -> None:
    changes = _changed(lambda document: document["dataLayers"].pop(0))
    assert str(changes[0]).startswith("Removed dataLayers.color, which was {")


def test_exchanged_layers_are_told_by_name() -> None:
    (change,) = _changed(lambda document: document["dataLayers"].reverse())
    assert str(change) == "Reordered dataLayers: segmentation, color; before: color, segmentation."


def test_the_first_item_of_a_list_is_an_addition() -> None:
    (change,) = _changed(lambda document: document["dataLayers"][1]["mags"].append({"mag": 1}))
    assert (change.kind, change.place[-1]) == (EditKind.ADDED, "1")


@pytest.mark.parametrize(
    "items", [[1, 2], [{"name": "a"}, {"name": "a"}], [{"name": "a"}, {"key": "b"}], [{"name": 3}], ["a"]]
)
def test_a_list_whose_items_have_no_names_is_one_value(items: list[Any]) -> None:
    changes = diff_documents({"list": items}, {"list": [*items, *items[:1]]})
    assert [(change.kind, change.place) for change in changes] == [(EditKind.CHANGED, ("list",))]


def test_null_is_a_value() -> None:
    assert [str(change) for change in diff_documents({}, {"a": None})] == ["Added a: null."]


def test_long_values_are_told_in_short() -> None:
    (change,) = diff_documents({}, {"description": "x" * 1000})
    assert len(str(change)) < 110


def test_a_change_keeps_its_values_when_the_document_is_altered_later() -> None:
    after = {"a": {"b": [1]}}
    (change,) = diff_documents({}, after)
    made = apply_changes({}, [change])
    after["a"]["b"].append(2)
    made["a"]["b"].append(3)
    assert change.after == {"b": [1]}


def test_neither_applying_nor_undoing_alters_the_given_document() -> None:
    after = copy.deepcopy(BASE)
    after["dataLayers"][0]["mags"].pop()
    before_call = copy.deepcopy(after)
    undo_changes(after, diff_documents(BASE, after))
    assert after == before_call


def test_later_edits_elsewhere_stay_when_an_edit_is_undone() -> None:
    first = {**BASE, "version": 1}
    second = copy.deepcopy(first)
    second["dataLayers"][0]["category"] = "segmentation"
    undone = undo_changes(second, diff_documents(BASE, first))
    assert "version" not in undone
    assert undone["dataLayers"][0]["category"] == "segmentation"


def test_undoing_what_was_edited_again_names_every_field_in_the_way() -> None:
    edited = {"a": 1, "b": {"c": 1}, "d": [{"name": "x", "e": 1}]}
    changes = diff_documents({"a": 0, "b": {"c": 0}, "d": [{"name": "x", "e": 0}]}, edited)
    with pytest.raises(EditConflict, match="in the meantime at: ") as caught:
        undo_changes({"a": 2, "b": 5, "d": []}, changes)
    assert all(place in str(caught.value) for place in ("a", "b.c", "d.x.e"))


def test_adding_what_is_there_already_is_a_conflict() -> None:
    with pytest.raises(EditConflict, match="at: a"):
        apply_changes({"a": 1}, [Change(place=("a",), kind=EditKind.ADDED, after=1)])


def test_a_change_survives_being_written_as_json() -> None:
    for change in diff_documents(BASE, {"id": None, "dataLayers": BASE["dataLayers"][::-1]}):
        assert Change.model_validate_json(change.model_dump_json()) == change


names = st.sampled_from(["name", "key", "mag", "a", "b"])
scalars = st.none() | st.booleans() | st.integers(-2, 4) | st.sampled_from(["", "x", "y", "1", "2"])
documents = st.dictionaries(
    names,
    st.recursive(
        scalars,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(names, inner, max_size=3)
            | st.lists(
                st.builds(
                    lambda name, more: {**more, "name": name},
                    st.sampled_from("pqr"),
                    st.dictionaries(st.sampled_from(["mag", "a"]), inner, max_size=2),
                ),
                unique_by=lambda item: item["name"],
                max_size=3,
            )
            | st.lists(
                st.builds(
                    lambda mag, more: {**more, "mag": mag},
                    st.sampled_from([1, 2, (4, 4, 1)]).map(
                        lambda mag: list(mag) if isinstance(mag, tuple) else mag
                    ),
                    st.dictionaries(st.sampled_from(["name", "a"]), inner, max_size=2),
                ),
                max_size=3,
            )
        ),
        max_leaves=12,
    ),
    max_size=4,
)


@bounded
@given(documents, documents)
def test_applied_changes_make_the_other_document(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert apply_changes(before, diff_documents(before, after)) == after


@bounded
@given(documents, documents)
def test_undone_changes_make_the_first_document_again(before: dict[str, Any], after: dict[str, Any]) -> None:
    changes = diff_documents(before, after)
    assert undo_changes(apply_changes(before, changes), changes) == before


@bounded
@given(documents, documents)
def test_only_equal_documents_have_no_changes(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert bool(diff_documents(before, after)) or before == after
