"""The view configuration hierarchy: who overrules whom, and what happens to what cannot be used."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxshelf.errors import LayerNotFoundError
from voxshelf.model import (
    BoundingBox,
    Category,
    DataSource,
    ElementClass,
    LayerProperties,
    LayerSummary,
    Severity,
    ViewLevel,
    VoxelSize,
    resolve_view,
    shortest_view_document,
    view_reference,
)

BOX = BoundingBox((0, 0, 0), (64, 64, 64))


def _layer(name: str, element_class: str = "uint8", category: str = "color", **more: Any) -> LayerProperties:
    return LayerProperties(
        name=name,
        category=Category(category),
        element_class=ElementClass(element_class),
        bounding_box=BOX,
        **more,
    )


LAYERS = (_layer("color"), _layer("red", "uint16"), _layer("seg", "uint32", "segmentation"))


def _alpha(value: float) -> dict[str, Any]:
    return {"layers": {"seg": {"alpha": value}}}


def test_without_any_setting_the_built_in_defaults_hold() -> None:
    assert resolve_view(LAYERS).document() == {
        "interpolation": False,
        "fourBit": False,
        "renderMissingDataBlack": False,
        "loadingStrategy": "PROGRESSIVE_QUALITY",
        "segmentationPatternOpacity": 40,
        "selectiveSegmentVisibility": False,
        "blendMode": "Additive",
        "colorLayerOrder": ["color", "red"],
        "layers": {
            name: {"color": [255, 255, 255], "alpha": alpha, "gammaCorrectionValue": 1}
            | ({} if top is None else {"intensityRange": [0, top]})
            | {"isDisabled": False, "isInverted": False, "isInEditMode": False}
            for name, alpha, top in (("color", 100, 255), ("red", 100, 65535), ("seg", 20, None))
        },
    }


@pytest.mark.parametrize(
    ("levels", "value", "origin"),
    [
        ("", 20, ViewLevel.BUILT_IN),
        ("file", 31, ViewLevel.FILE),
        ("file dataset", 32, ViewLevel.DATASET),
        ("file dataset user", 33, ViewLevel.USER),
        ("dataset", 32, ViewLevel.DATASET),
        ("file user", 33, ViewLevel.USER),
    ],
)
def test_the_strongest_level_that_speaks_is_heard(levels: str, value: float, origin: ViewLevel) -> None:
    says = {"file": _alpha(31), "dataset": _alpha(32), "user": _alpha(33)}
    resolved = resolve_view(LAYERS, **{level: says[level] for level in levels.split()})
    found = resolved.value(("layers", "seg", "alpha"))
    assert (found.value, found.origin) == (value, origin)


def test_levels_are_merged_key_by_key_for_the_dataset_and_for_each_layer() -> None:
    resolved = resolve_view(
        LAYERS,
        file={
            "zoom": 1,
            "interpolation": True,
            "layers": {"seg": {"alpha": 35}, "red": {"color": [255, 0, 0]}},
        },
        dataset={"zoom": 2, "layers": {"seg": {"isInverted": True}}},
        user={"position": [1, 2, 3], "layers": {"red": {"alpha": 50}}},
    )
    document = resolved.document()
    assert (document["zoom"], document["interpolation"], document["position"]) == (2, True, [1, 2, 3])
    assert (document["layers"]["seg"]["alpha"], document["layers"]["seg"]["isInverted"]) == (35, True)
    assert (document["layers"]["red"]["alpha"], document["layers"]["red"]["color"]) == (50, [255, 0, 0])
    assert resolved.problems == ()


def test_a_later_default_still_reaches_a_user_who_once_saved_something_else() -> None:
    assert resolve_view(LAYERS, dataset={"zoom": 4}, user=_alpha(1)).document()["zoom"] == 4


def test_everything_that_was_overridden_is_remembered_the_nearest_first() -> None:
    found = resolve_view(LAYERS, file=_alpha(35), dataset=_alpha(25), user=_alpha(15)).value(
        "layers.seg.alpha"
    )
    assert [(below.level, below.value) for below in found.overridden] == [
        (ViewLevel.DATASET, 25),
        (ViewLevel.FILE, 35),
        (ViewLevel.BUILT_IN, 20),
    ]


@pytest.mark.parametrize(
    ("levels", "place", "words"),
    [
        ({"file": _alpha(35), "dataset": _alpha(20)}, "layers.seg.alpha", "alpha 20: from Edit View; overrides the file's 35."),
        ({"file": _alpha(35)}, "layers.seg.alpha", "alpha 35: from the JSON file; overrides the built-in 20."),
        ({}, ("layers", "seg", "alpha"), "alpha 20: from the built-in defaults."),
        ({"dataset": {"fourBit": False}, "user": {"fourBit": True}}, "fourBit", "fourBit true: from your settings; overrides Edit View's false."),
        ({}, "zoom", "zoom: nobody set it, so the viewer chooses."),
        ({}, "layers.red.mapping", "layers.red.mapping: nobody set it, so the viewer chooses."),
        ({}, "layers.blue.alpha", "layers.blue.alpha is no value of this view configuration."),
        ({"file": {"zoom": -1}}, "zoom", "zoom: nobody set it, so the viewer chooses. In the JSON file: zoom must be a number of 0.005 or more, but is -1."),
        ({"dataset": {"layers": {"color": {"min": 9}}}}, "layers.color.intensityRange", "intensityRange [9, 255]: from the built-in defaults (clamped to min and max)."),
    ],
)  # fmt: skip
def test_each_value_is_explained_in_words(levels: dict[str, Any], place: Any, words: str) -> None:
    assert resolve_view(LAYERS, **levels).explain(place) == words


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("fourBit", 1), ("interpolation", "yes"), ("zoom", 0.004), ("zoom", "1"), ("zoom", True),
        ("zoom", float("nan")), ("zoom", float("inf")), ("zoom", 10**400), ("position", [1, 2]),
        ("position", [1, 2, "3"]), ("rotation", {"x": 1}), ("segmentationPatternOpacity", 101),
        ("segmentationPatternOpacity", -0.1), ("loadingStrategy", "FAST"), ("blendMode", 3),
        ("colorLayerOrder", "color"), ("colorLayerOrder", [1]), ("nativelyRenderedLayerName", 3),
        ("layers", []), ("nativelyRenderedLayerName", "\ud800"),
    ],
)  # fmt: skip
def test_a_value_that_the_dataset_cannot_have_is_reported_and_not_used(key: str, value: Any) -> None:
    resolved = resolve_view(LAYERS, file={key: value})
    assert resolved.document() == resolve_view(LAYERS).document()
    (problem,) = resolved.problems
    assert (problem.level, problem.place, problem.severity) == (ViewLevel.FILE, (key,), Severity.ERROR)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("color", [1, 2]), ("color", [0, 0, 256]), ("color", "red"), ("alpha", 100.1), ("alpha", "high"),
        ("gammaCorrectionValue", 11), ("intensityRange", [5]), ("intensityRange", [9, 5]), ("min", "0"),
        ("isDisabled", "false"), ("isInverted", 0), ("isInEditMode", []),
    ],
)  # fmt: skip
def test_a_value_that_a_layer_cannot_have_falls_back_to_the_level_below(key: str, value: Any) -> None:
    good = {"layers": {"color": {"color": [1, 1, 1], "alpha": 50, "gammaCorrectionValue": 2, "intensityRange": [5, 9],
                                 "isDisabled": True, "isInverted": True, "isInEditMode": True}}}  # fmt: skip
    resolved = resolve_view(LAYERS, file=good, dataset={"layers": {"color": {key: value}}})
    assert resolved.document() == resolve_view(LAYERS, file=good).document()
    assert [(problem.level, problem.place) for problem in resolved.problems] == [
        (ViewLevel.DATASET, ("layers", "color", key))
    ]


def test_all_problems_are_reported_each_with_its_level_and_place() -> None:
    resolved = resolve_view(
        LAYERS,
        file={
            "zoom": 0,
            "quality": 1,
            "layers": {"color": {"brightness": 3}, "blue": {"alpha": 1}, "red": 3},
        },
        dataset={"position": "here"},
        user={"layers": {"seg": {"intensityRange": [0, 1]}}},
    )
    assert {(problem.level, problem.where, problem.severity) for problem in resolved.problems} == {
        ("file", "zoom", "error"),
        ("file", "quality", "warning"),
        ("file", "layers.color.brightness", "warning"),
        ("file", "layers.blue", "warning"),
        ("file", "layers.red", "error"),
        ("dataset", "position", "error"),
        ("user", "layers.seg.intensityRange", "warning"),
    }


def test_a_misspelt_key_is_told_its_likely_name() -> None:
    (problem,) = resolve_view(LAYERS, dataset={"layers": {"seg": {"alhpa": 3}}}).problems
    assert (
        str(problem)
        == "Edit View, layers.seg.alhpa: alhpa is no key of a view configuration. Do you mean alpha?"
    )


@pytest.mark.parametrize("document", [[], "x", 3, True])
def test_a_level_that_is_no_object_is_one_problem(document: Any) -> None:
    resolved = resolve_view(LAYERS, file=document)
    assert resolved.document() == resolve_view(LAYERS).document()
    assert [problem.place for problem in resolved.problems] == [()]


def test_null_means_that_a_level_says_nothing() -> None:
    resolved = resolve_view(
        LAYERS,
        file={"zoom": 2} | _alpha(9),
        dataset={"zoom": None, "layers": None},
        user={"layers": {"seg": {"alpha": None}, "color": None}},
    )
    assert (resolved.document()["zoom"], resolved.document()["layers"]["seg"]["alpha"]) == (2, 9)
    assert resolved.problems == ()


def test_the_order_of_colour_layers_is_completed() -> None:
    resolved = resolve_view(LAYERS, dataset={"colorLayerOrder": ["red"]})
    assert resolved.document()["colorLayerOrder"] == ["red", "color"]
    assert resolved.problems == ()


def test_the_order_of_colour_layers_names_none_but_existing_colour_layers_once() -> None:
    resolved = resolve_view(LAYERS, user={"colorLayerOrder": ["red", "blue", "seg", "red", "color"]})
    assert resolved.document()["colorLayerOrder"] == ["red", "color"]
    assert [str(problem) for problem in resolved.problems] == [
        (
            "your settings, colorLayerOrder: colorLayerOrder names what is no colour layer of this dataset: 'blue', 'seg'. "
            "That is left out of the order."
        )
    ]


@pytest.mark.parametrize(
    "element_class", [element for element in ElementClass if element.may_be(Category.COLOR)]
)
def test_the_intensity_range_of_a_colour_layer_is_that_of_its_type(element_class: ElementClass) -> None:
    resolved = resolve_view([_layer("a", element_class)])
    assert tuple(resolved.document()["layers"]["a"]["intensityRange"]) == element_class.value_range


@pytest.mark.parametrize(
    ("limits", "wanted", "clamped"),
    [
        ({"min": 10, "max": 200}, [0, 255], [10, 200]),
        ({"min": 10}, [0, 255], [10, 255]),
        ({"max": 200}, [50, 255], [50, 200]),
        ({"min": 10, "max": 200}, [20, 100], [20, 100]),
        ({"min": 10, "max": 200}, [300, 400], [10, 200]),
        ({"min": 10, "max": 10}, [0, 255], [10, 10]),
    ],
)
def test_the_intensity_range_is_clamped_to_the_histograms_limits_of_any_level(
    limits: dict[str, float], wanted: list[float], clamped: list[float]
) -> None:
    resolved = resolve_view(
        LAYERS, file={"layers": {"color": limits}}, user={"layers": {"color": {"intensityRange": wanted}}}
    )
    assert resolved.document()["layers"]["color"]["intensityRange"] == clamped
    assert [problem.level for problem in resolved.problems] == ([ViewLevel.USER] if clamped != wanted else [])


def test_limits_that_contradict_each_other_are_ignored_and_blamed_on_the_stronger_level() -> None:
    resolved = resolve_view(
        LAYERS, file={"layers": {"color": {"max": 10}}}, dataset={"layers": {"color": {"min": 20}}}
    )
    assert not resolved.document()["layers"]["color"].keys() & {"min", "max"}
    assert [(problem.level, problem.where) for problem in resolved.problems] == [
        ("dataset", "layers.color.min")
    ]


MAPPED = _layer(
    "seg",
    "uint32",
    "segmentation",
    other={"mappings": ["axons"], "attachments": {"agglomerates": [{"name": "agglomerate_view_75"}]}},
)


@pytest.mark.parametrize(
    ("layer", "name", "is_used"),
    [
        (MAPPED, "axons", True),
        (MAPPED, "agglomerate_view_75", True),
        (MAPPED, "dendrites", False),
        (LAYERS[2], "nobody knows", True),
        (_layer("seg"), "axons", False),
    ],
)
def test_a_mapping_is_for_segmentations_that_have_it(
    layer: LayerProperties, name: str, is_used: bool
) -> None:
    mapping = {"name": name, "type": "JSON"}
    resolved = resolve_view([layer], dataset={"layers": {"seg": {"mapping": mapping}}})
    assert resolved.document()["layers"]["seg"].get("mapping") == (mapping if is_used else None)
    assert len(resolved.problems) == (0 if is_used else 1)


def test_a_natively_rendered_layer_must_exist() -> None:
    resolved = resolve_view(LAYERS, dataset={"nativelyRenderedLayerName": "blue"})
    assert "nativelyRenderedLayerName" not in resolved.document()
    assert resolve_view(LAYERS, dataset={"nativelyRenderedLayerName": "seg"}).problems == ()


def test_the_profile_of_2020_interpolates_and_shows_missing_data_black() -> None:
    document = resolve_view(LAYERS, profile="2020").document()
    assert (document["interpolation"], document["renderMissingDataBlack"]) == (True, True)


def test_a_data_source_brings_the_files_level_along() -> None:
    source = DataSource(
        voxel_size=VoxelSize((1, 1, 1)),
        layers=(_layer("color", default_view_configuration={"alpha": 10}),),
        default_view_configuration={"zoom": 3, "layers": {"color": {"alpha": 99, "isDisabled": True}}},
    )
    resolved = resolve_view(source, dataset={"layers": {"color": {"isDisabled": False}}})
    assert resolved.explain("layers.color.alpha").startswith("alpha 10: from the JSON file")
    assert resolved.value("layers.color.isDisabled").value is False
    assert resolve_view(source, file={}).value("zoom") is None


def test_summaries_of_layers_are_enough() -> None:
    summary = LayerSummary(
        name="color", category=Category.COLOR, element_class=ElementClass.INT8, bounding_box=BOX
    )
    assert resolve_view([summary]).layer("color").intensity_range == (-128, 127)


def test_a_layer_that_is_not_there_is_an_error_that_names_those_that_are() -> None:
    with pytest.raises(LayerNotFoundError, match="'color', 'red', 'seg'"):
        resolve_view(LAYERS).layer("blue")


def test_a_layer_may_have_dots_in_its_name() -> None:
    resolved = resolve_view([_layer("a.b")], user={"layers": {"a.b": {"alpha": 7}}})
    assert resolved.value("layers.a.b.alpha").value == resolved.value(("layers", "a.b", "alpha")).value == 7


def test_the_current_view_is_stored_as_what_differs_from_the_levels_below() -> None:
    below = resolve_view(LAYERS, file=_alpha(35))
    wanted = below.document() | {"zoom": 2}
    wanted["layers"]["seg"]["alpha"] = 20
    assert shortest_view_document(wanted, below) == {"zoom": 2, "layers": {"seg": {"alpha": 20}}}
    assert (
        resolve_view(LAYERS, file=_alpha(35), dataset=shortest_view_document(wanted, below)).document()
        == wanted
    )


layer_documents = st.fixed_dictionaries(
    {},
    optional={
        "alpha": st.sampled_from([0, 20, 35, 100, 101, "x", None]),
        "color": st.sampled_from([[1, 2, 3], [1, 2]]),
        "intensityRange": st.sampled_from([[0, 255], [5, 90], [90, 5]]),
        "min": st.sampled_from([0, 50, 300]),
        "max": st.sampled_from([0, 60, 300]),
        "isDisabled": st.sampled_from([True, False, 1]),
        "alhpa": st.just(1),
        "mapping": st.sampled_from([{"name": "a", "type": "JSON"}, {"name": "a"}]),
    },
)
documents = st.fixed_dictionaries(
    {},
    optional={
        "zoom": st.sampled_from([1, 2.5, 0, None, "1"]),
        "position": st.sampled_from([[1, 2, 3], [1, 2], "x"]),
        "blendMode": st.sampled_from(["Additive", "Cover", "Other"]),
        "colorLayerOrder": st.lists(st.sampled_from(["color", "red", "seg", "blue"]), max_size=4),
        "quality": st.just(0),
        "layers": st.dictionaries(
            st.sampled_from(["color", "red", "seg", "blue"]), layer_documents, max_size=4
        )
        | st.just([]),
    },
)
bounded = settings(deadline=None, max_examples=150, derandomize=True)


@bounded
@given(documents, documents, documents)
def test_whatever_is_stored_the_result_is_complete_valid_and_json(
    file: dict[str, Any], dataset: dict[str, Any], user: dict[str, Any]
) -> None:
    resolved = resolve_view(LAYERS, file=file, dataset=dataset, user=user)
    document = json.loads(json.dumps(resolved.document(), allow_nan=False))
    plain = resolve_view(LAYERS).document()
    assert plain.keys() <= document.keys()
    assert all(plain["layers"][name].keys() <= document["layers"][name].keys() for name in plain["layers"])
    assert resolved.configuration().layers.keys() == {"color", "red", "seg"}
    for key in view_reference():
        if key.level == "dataset" and key.key in document:
            assert key.check(document[key.key]) == document[key.key]


@bounded
@given(documents, documents, documents)
def test_a_resolved_document_resolves_to_itself(
    file: dict[str, Any], dataset: dict[str, Any], user: dict[str, Any]
) -> None:
    document = resolve_view(LAYERS, file=file, dataset=dataset, user=user).document()
    again = resolve_view(LAYERS, user=document)
    assert (again.document(), again.problems) == (document, ())


@bounded
@given(documents, documents)
def test_any_view_can_be_stored_over_weaker_levels_unless_it_lacks_what_they_set(
    file: dict[str, Any], wanted: dict[str, Any]
) -> None:
    below = resolve_view(LAYERS, file=file)
    target = resolve_view(LAYERS, file=file, dataset=wanted).document()
    assert resolve_view(LAYERS, file=file, dataset=shortest_view_document(target, below)).document() == target
