"""The partial documents that levels store: checked, reset, copied; and the reference of keys."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxshelf.model import (
    BoundingBox,
    Category,
    DataSource,
    ElementClass,
    LayerProperties,
    LayerViewConfiguration,
    Severity,
    ViewConfiguration,
    ViewLevel,
    ViewLevels,
    VoxelSize,
    copy_view_document,
    partial_view,
    rename_layers_in_view,
    reset_view_document,
    resolve_view,
    view_document_of,
    view_reference,
)


def _layer(name: str, category: str = "color", **more: Any) -> LayerProperties:
    element_class = ElementClass.UINT8 if category == "color" else ElementClass.UINT32
    return LayerProperties(
        name=name,
        category=Category(category),
        element_class=element_class,
        bounding_box=BoundingBox((0, 0, 0), (9, 9, 9)),
        **more,
    )


LAYERS = (_layer("color"), _layer("seg", "segmentation"))
DOCUMENT: dict[str, Any] = {
    "zoom": 2,
    "layers": {"color": {"alpha": 5, "isDisabled": True}, "seg": {"alpha": 6}},
}


def test_a_partial_document_stays_partial_and_in_its_order() -> None:
    document = {"layers": {"seg": {"isDisabled": True, "alpha": 1}}, "zoom": 1}
    checked = partial_view(document, LAYERS)
    assert (checked.document, checked.problems) == (document, ())
    assert (list(checked.document), list(checked.document["layers"]["seg"])) == (["layers", "zoom"], ["isDisabled", "alpha"])  # fmt: skip


def test_unknown_keys_stay_in_what_is_stored_and_are_warned_of() -> None:
    document = {"quality": 0, "layers": {"seg": {"brightness": {"a": [1]}}, "blue": {"alpha": 1}}}
    checked = partial_view(document, LAYERS)
    assert checked.document == document
    assert {problem.severity for problem in checked.problems} == {Severity.WARNING}
    assert len(checked.problems) == 3


def test_values_that_cannot_be_used_are_errors_and_not_stored() -> None:
    checked = partial_view({"zoom": 0, "fourBit": True, "layers": {"seg": {"alpha": "x"}}}, LAYERS)
    assert checked.document == {"fourBit": True}
    assert [(problem.where, problem.severity) for problem in checked.problems] == [
        ("zoom", "error"),
        ("layers.seg.alpha", "error"),
    ]


def test_nulls_of_known_keys_are_not_stored() -> None:
    assert partial_view({"zoom": None, "layers": {"seg": {"alpha": None, "other": None}}}).document == {
        "layers": {"seg": {"other": None}}
    }


def test_without_layers_any_name_will_do() -> None:
    assert partial_view({"layers": {"anything": {"alpha": 1}}}).problems == ()


def test_the_level_of_the_editor_is_named() -> None:
    (problem,) = partial_view({"zoom": 0}, level=ViewLevel.USER).problems
    assert str(problem).startswith("your settings, zoom: ")


@pytest.mark.parametrize(("extra", "fits"), [(0, True), (1, False)])
def test_a_level_stores_at_most_20480_bytes(extra: int, fits: bool) -> None:
    checked = partial_view({"note": "é" * ((20_480 - len('{"note":""}') + 1) // 2 - 1) + "x" * (1 + extra)})
    errors = [problem for problem in checked.problems if problem.severity is Severity.ERROR]
    assert (errors == []) is fits
    assert fits or "20,480 is the limit" in errors[0].message


def test_checking_does_not_alter_the_given_document() -> None:
    document = copy.deepcopy(DOCUMENT)
    partial_view(document, LAYERS).document["layers"]["seg"]["alpha"] = 99
    assert document == DOCUMENT


@pytest.mark.parametrize(
    ("place", "left"),
    [
        ((), {}),
        (("zoom",), {"layers": DOCUMENT["layers"]}),
        (("layers", "seg"), {"zoom": 2, "layers": {"color": DOCUMENT["layers"]["color"]}}),
        (("layers", "seg", "alpha"), {"zoom": 2, "layers": {"color": DOCUMENT["layers"]["color"]}}),
        (("layers", "color", "alpha"), {"zoom": 2, "layers": {"color": {"isDisabled": True}, "seg": {"alpha": 6}}}),
        (("layers",), {"zoom": 2}),
        (("layers", "blue", "alpha"), DOCUMENT),
        (("position",), DOCUMENT),
    ],
)  # fmt: skip
def test_a_reset_forgets_one_value_one_layer_or_everything(
    place: tuple[str, ...], left: dict[str, Any]
) -> None:
    assert reset_view_document(DOCUMENT, place) == left


@pytest.mark.parametrize(
    ("level", "kept"),
    [
        (ViewLevel.BUILT_IN, ""),
        (ViewLevel.FILE, "file"),
        (ViewLevel.DATASET, "file dataset"),
        (ViewLevel.USER, "file dataset user"),
    ],
)
def test_a_reset_to_a_level_forgets_what_is_above_it(level: ViewLevel, kept: str) -> None:
    levels = ViewLevels(file={"zoom": 1}, dataset={"zoom": 2}, user={"zoom": 3})
    reset = levels.reset_to(level)
    assert [name for name in reset._fields if getattr(reset, name)] == kept.split()
    assert resolve_view(LAYERS, **levels._asdict()).value("zoom").value == 3


def test_a_reset_to_a_level_may_concern_one_place() -> None:
    levels = ViewLevels(file={}, dataset=DOCUMENT, user=DOCUMENT)
    assert levels.reset_to(ViewLevel.DATASET, ("zoom",)).user == {"layers": DOCUMENT["layers"]}


def test_copying_takes_dataset_wide_keys_and_layers_of_the_same_name_and_category() -> None:
    target = (_layer("color"), _layer("seg"), _layer("other"))
    assert copy_view_document(DOCUMENT, LAYERS, target) == {
        "zoom": 2,
        "layers": {"color": {"alpha": 5, "isDisabled": True}},
    }


def test_copying_to_a_dataset_without_common_layers_takes_no_layers() -> None:
    assert copy_view_document(DOCUMENT, LAYERS, [_layer("other")]) == {"zoom": 2}


def test_the_files_document_unites_both_places_and_leaves_the_source_alone() -> None:
    source = DataSource(
        voxel_size=VoxelSize((1, 1, 1)),
        layers=(_layer("color", default_view_configuration={"alpha": 1}), LAYERS[1]),
        default_view_configuration=DOCUMENT,
    )
    assert view_document_of(source) == {
        "zoom": 2,
        "layers": {"color": {"alpha": 1, "isDisabled": True}, "seg": {"alpha": 6}},
    }
    assert source.default_view_configuration == DOCUMENT


def test_a_file_without_view_configuration_says_nothing() -> None:
    assert view_document_of(DataSource(voxel_size=VoxelSize((1, 1, 1)), layers=LAYERS)) == {}


def test_the_reference_has_every_key_of_the_nouns() -> None:
    by_level = {
        level: {key.key for key in view_reference() if key.level == level} for level in ("dataset", "layer")
    }
    assert by_level["dataset"] == {field.alias for field in ViewConfiguration.model_fields.values()}
    assert by_level["layer"] == {field.alias for field in LayerViewConfiguration.model_fields.values()}


def test_the_reference_gives_meaning_range_and_default() -> None:
    keys = {key.key: key for key in view_reference()}
    assert all(key.title and key.meaning.endswith(".") for key in keys.values())
    assert (keys["alpha"].range, keys["alpha"].default) == ("a number from 0 to 100", 100)
    assert keys["blendMode"].range == '"Additive" or "Cover"'
    assert keys["zoom"].range == "a number of 0.005 or more"
    assert keys["color"].range == "3 numbers from 0 to 255"


def test_the_reference_shows_the_defaults_of_a_layer_and_an_era() -> None:
    reference = view_reference("2020", category=Category.SEGMENTATION, element_class=ElementClass.UINT32)
    keys = {key.key: key.default for key in reference}
    assert (keys["interpolation"], keys["alpha"], keys["intensityRange"]) == (True, 20, None)


def test_each_default_of_the_reference_can_be_set() -> None:
    assert all(key.default is None or key.check(key.default) == key.default for key in view_reference())


def test_each_key_has_a_json_schema() -> None:
    schemas = {key.key: key.json_schema for key in view_reference()}
    assert schemas["zoom"]["minimum"] == 0.005
    assert schemas["color"]["items"] == {"type": "number", "minimum": 0, "maximum": 255}
    assert schemas["loadingStrategy"]["enum"] == ["BEST_QUALITY_FIRST", "PROGRESSIVE_QUALITY"]
    assert schemas["alpha"]["default"] == 100


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["name", "type", "a"]), inner)
    ),
    max_leaves=6,
)


@settings(deadline=None, max_examples=300, derandomize=True)
@given(st.sampled_from(view_reference()), json_values)
def test_what_passes_the_check_the_nouns_accept_as_well(key: Any, value: Any) -> None:
    try:
        checked = key.check(value)
    except ValueError as error:
        assert str(error).startswith(f"{key.key} must ")  # noqa: PT017 - both outcomes are fine, a strange message is not
    else:
        if key.key != "layers":
            noun = ViewConfiguration if key.level == "dataset" else LayerViewConfiguration
            noun.model_validate({key.key: checked})


def test_layers_are_renamed_wherever_a_document_names_them() -> None:
    document = {
        "zoom": 2,
        "layers": {"color": {"alpha": 1}, "other": {}},
        "colorLayerOrder": ["other", "color"],
        "nativelyRenderedLayerName": "color",
    }
    before = copy.deepcopy(document)
    assert rename_layers_in_view(document, {"color": "em"}) == {
        "zoom": 2,
        "layers": {"em": {"alpha": 1}, "other": {}},
        "colorLayerOrder": ["other", "em"],
        "nativelyRenderedLayerName": "em",
    }
    assert document == before


@pytest.mark.parametrize(
    "document",
    [{}, {"layers": None}, {"layers": 5, "colorLayerOrder": "x"}, {"nativelyRenderedLayerName": None}],
)
def test_a_document_that_names_no_layers_stays_as_it_is(document: dict[str, Any]) -> None:
    assert rename_layers_in_view(document, {"color": "em"}) == document


def test_a_renamed_layer_of_a_data_source_takes_its_appearance_along() -> None:
    layer = LayerProperties(
        name="color",
        category=Category.COLOR,
        element_class=ElementClass.UINT8,
        bounding_box=BoundingBox((0, 0, 0), (1, 1, 1)),
    )
    source = DataSource(
        voxel_size=VoxelSize((1, 1, 1)),
        layers=(layer,),
        default_view_configuration={"layers": {"color": {"alpha": 5}}},
    )
    renamed = source.renamed_layer("color", "em")
    assert renamed.default_view_configuration == {"layers": {"em": {"alpha": 5}}}
    assert (
        renamed.renamed_layer("em", "color").default_view_configuration == source.default_view_configuration
    )
