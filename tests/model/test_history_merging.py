"""Two people's edits of one document, joined."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from voxshelf.model import apply_changes, diff_documents, merge_documents

BASE: dict[str, Any] = {
    "title": "Retina",
    "tags": ["em"],
    "dataLayers": [{"name": "color", "alpha": 100}, {"name": "seg", "alpha": 20}],
}
bounded = settings(deadline=None, max_examples=200, derandomize=True)


def _edited(edit: Any) -> dict[str, Any]:
    document = copy.deepcopy(BASE)
    edit(document)
    return document


def test_edits_of_different_fields_go_together() -> None:
    mine = _edited(lambda document: document["dataLayers"][0].update(alpha=50))
    theirs = _edited(lambda document: document["dataLayers"].reverse() or document.update(title="Cortex"))
    merge = merge_documents(BASE, mine, theirs)
    assert merge.is_clean
    assert merge.document == {
        "title": "Cortex",
        "tags": ["em"],
        "dataLayers": [{"name": "seg", "alpha": 20}, {"name": "color", "alpha": 50}],
    }


def test_the_same_edit_by_both_is_no_conflict() -> None:
    both = _edited(lambda document: document.update(title="Cortex", new={"a": 1}))
    merge = merge_documents(BASE, both, copy.deepcopy(both))
    assert (merge.is_clean, merge.document) == (True, both)


def test_different_values_for_one_field_are_a_conflict_at_its_place() -> None:
    merge = merge_documents(
        BASE,
        _edited(lambda document: document["dataLayers"][1].update(alpha=30)),
        _edited(
            lambda document: document["dataLayers"][1].update(alpha=40) or document.update(title="Cortex")
        ),
    )
    (conflict,) = merge.conflicts
    assert conflict.place == ("dataLayers", "seg", "alpha")
    assert str(conflict) == (
        "dataLayers.seg.alpha: you: Changed dataLayers.seg.alpha from 20 to 30."
        " They: Changed dataLayers.seg.alpha from 20 to 40."
    )
    assert merge.document["dataLayers"][1]["alpha"] == 40
    assert merge.document_with_mine["dataLayers"][1]["alpha"] == 30
    assert merge.document_with_mine["title"] == "Cortex"


def test_a_person_chooses_conflict_by_conflict() -> None:
    mine = _edited(lambda document: document.update(title="Mine", tags=["mine"]))
    theirs = _edited(lambda document: document.update(title="Theirs", tags=["theirs"]))
    merge = merge_documents(BASE, mine, theirs)
    chosen = merge.choose([("tags",)])
    assert (chosen["title"], chosen["tags"]) == ("Theirs", ["mine"])
    assert merge.choose([]) == theirs
    assert merge.choose([conflict.place for conflict in merge.conflicts]) == mine


def test_changing_what_the_other_removed_is_a_conflict_over_the_whole() -> None:
    mine = _edited(lambda document: document["dataLayers"][1].update(alpha=30, color=[1, 2, 3]))
    theirs = _edited(lambda document: document["dataLayers"].pop())
    (conflict,) = merge_documents(BASE, mine, theirs).conflicts
    assert conflict.place == ("dataLayers", "seg")
    assert (len(conflict.mine), len(conflict.theirs)) == (2, 1)


def test_both_setting_the_first_values_of_a_group_go_together() -> None:
    merge = merge_documents({}, {"layers": {"color": {"alpha": 50}}}, {"layers": {"seg": {"alpha": 10}}})
    assert merge.is_clean
    assert merge.document == {"layers": {"color": {"alpha": 50}, "seg": {"alpha": 10}}}


def test_both_adding_the_first_item_of_a_list_go_together() -> None:
    merge = merge_documents({}, {"metadata": [{"key": "a"}]}, {"metadata": [{"key": "b"}]})
    assert sorted(item["key"] for item in merge.document["metadata"]) == ["a", "b"]


def test_layers_that_both_put_in_front_go_together() -> None:
    mine = _edited(lambda document: document["dataLayers"].insert(0, {"name": "mine"}))
    theirs = _edited(lambda document: document["dataLayers"].insert(0, {"name": "theirs"}))
    merge = merge_documents(BASE, mine, theirs)
    assert merge.is_clean
    names = [layer["name"] for layer in merge.document["dataLayers"]]
    assert set(names[:2]) == {"mine", "theirs"}
    assert names[2:] == ["color", "seg"]


def test_a_new_layer_goes_together_with_a_new_order() -> None:
    mine = _edited(lambda document: document["dataLayers"].insert(1, {"name": "mine"}))
    theirs = _edited(lambda document: document["dataLayers"].reverse())
    for merge in (merge_documents(BASE, mine, theirs), merge_documents(BASE, theirs, mine)):
        assert merge.is_clean
        names = [layer["name"] for layer in merge.document["dataLayers"]]
        assert sorted(names) == ["color", "mine", "seg"]
        assert names.index("seg") < names.index("color")


def test_two_new_orders_of_the_same_layers_are_a_conflict() -> None:
    base = {"dataLayers": [{"name": name} for name in "abc"]}
    mine, theirs = ({"dataLayers": [{"name": name} for name in order]} for order in ("cab", "bca"))
    merge = merge_documents(base, mine, theirs)
    assert [conflict.place for conflict in merge.conflicts] == [("dataLayers",)]
    assert (merge.document, merge.document_with_mine) == (theirs, mine)


def test_replacing_a_list_that_the_other_reordered_is_a_conflict() -> None:
    mine = _edited(lambda document: document.update(dataLayers="none"))
    theirs = _edited(lambda document: document["dataLayers"].reverse())
    for first, second in ((mine, theirs), (theirs, mine)):
        merge = merge_documents(BASE, first, second)
        assert [conflict.place for conflict in merge.conflicts] == [("dataLayers",)]
        assert (merge.document, merge.document_with_mine) == (second, first)


values = st.integers(0, 3) | st.dictionaries(st.sampled_from("xy"), st.integers(0, 3), max_size=2)
layers = st.lists(
    st.builds(lambda name, alpha: {"name": name, "alpha": alpha}, st.sampled_from("pqrs"), st.integers(0, 2)),
    unique_by=lambda layer: layer["name"],
    max_size=4,
)
documents = st.builds(
    lambda values, layers: {**values, "layers": layers},
    st.dictionaries(st.sampled_from("abcd"), values),
    layers,
)


@bounded
@given(documents, documents, documents)
def test_edits_of_disjoint_fields_merge_into_both_applied(
    base: dict[str, Any], one: dict[str, Any], other: dict[str, Any]
) -> None:
    mine = {**base, **{key: one[key] for key in "ab" if key in one}}
    theirs = {**base, **{key: other[key] for key in "cd" if key in other}, "layers": other["layers"]}
    merge = merge_documents(base, mine, theirs)
    assert merge.is_clean
    both = apply_changes(apply_changes(base, diff_documents(base, theirs)), diff_documents(base, mine))
    assert merge.document == merge.document_with_mine == both


@bounded
@given(documents, documents)
def test_an_edit_of_one_person_alone_is_taken_as_it_is(base: dict[str, Any], edited: dict[str, Any]) -> None:
    for merge in (merge_documents(base, edited, base), merge_documents(base, base, edited)):
        assert merge.is_clean
        assert merge.document == merge.document_with_mine == edited


@bounded
@given(documents, documents, documents)
def test_every_merge_can_be_decided_for_either_side(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    merge = merge_documents(base, mine, theirs)
    for conflict in merge.conflicts:
        assert conflict.mine
        assert conflict.theirs
    assert merge.choose([]) == merge.document
    contested = [conflict.place for conflict in merge.conflicts]
    for change in diff_documents(merge.choose(contested), merge.document_with_mine):
        assert str(change.kind) == "reordered"
