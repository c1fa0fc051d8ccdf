"""The form without a browser: what is proposed, completed, checked and imported."""

from __future__ import annotations

from typing import Any

import pytest

from voxshelf.errors import InvalidDataSourceError
from voxshelf.model import Category, Origin, Problem, VoxelSize
from voxshelf.widgets.import_form import ImportFormState


@pytest.fixture
def form(store: Any, at_once: Any) -> ImportFormState:
    return ImportFormState(store, "lab/new", aside=at_once)


@pytest.fixture
def filled(form: ImportFormState) -> ImportFormState:
    form.voxel_size.text = "11.24, 11.24, 28"
    return form


def open_places(form: ImportFormState) -> list[Any]:
    return [place for place, _ in form.open_points]


def test_it_shows_what_was_proposed(form: ImportFormState) -> None:
    assert [layer.name for layer in form.layers] == ["color", "segmentation"]
    color = form.layer("color")
    assert color.category.text == "color"
    assert color.bounding_box.text == "0, 0, 0, 64, 48, 16"
    assert color.bounding_box.origin is Origin.DATA
    assert {fact.label: fact.text for fact in color.facts} == {
        "Element class": "uint8",
        "Channels": "1",
        "Mags": "1, 2-2-1",
    }


def test_what_nobody_but_a_person_knows_needs_her(form: ImportFormState) -> None:
    assert form.voxel_size.needs_you
    assert form.layer("segmentation").largest_segment_id.needs_you
    assert not form.layer("color").bounding_box.needs_you
    assert open_places(form) == [("voxel_size",)]


def test_a_typed_value_comes_from_the_person(filled: ImportFormState) -> None:
    assert filled.voxel_size.value == VoxelSize((11.24, 11.24, 28))
    assert filled.voxel_size.origin is Origin.PERSON
    assert filled.open_points == ()


def test_the_detected_value_typed_again_has_its_origin_again(form: ImportFormState) -> None:
    field = form.layer("color").bounding_box
    field.text = "0,0,0,1,1"
    assert (field.origin, field.value) == (Origin.PERSON, None)
    field.text = "0,0,0,64,48,16"
    assert field.origin is Origin.DATA


def test_an_error_is_said_at_its_field(filled: ImportFormState) -> None:
    filled.layer("color").bounding_box.text = "nonsense"
    assert "six whole numbers" in filled.layer("color").bounding_box.error
    assert open_places(filled) == [("layers", "color", "bounding_box")]


def test_a_rule_between_values_is_said_at_the_field_it_is_about(filled: ImportFormState) -> None:
    filled.layer("segmentation").largest_segment_id.text = str(2**40)
    assert open_places(filled) == [("layers", "segmentation", "largest_segment_id")]
    assert "does not fit into uint32" in filled.open_points[0][1]


def test_import_hands_the_values_to_the_store(filled: ImportFormState, store: Any) -> None:
    filled.layer("segmentation").largest_segment_id.text = "1,234"
    filled.layer("color").bounding_box.text = "0,0,0,32,32,16"
    filled.import_now()
    source = store.imported["lab/new"]
    assert source.voxel_size == VoxelSize((11.24, 11.24, 28))
    assert source.layer("segmentation").largest_segment_id == 1234
    assert str(source.layer("color").bounding_box) == "0,0,0,32,32,16"
    assert filled.imported == "lab/new"
    assert filled.message.tone == "success"


def test_nothing_is_imported_while_something_is_open(form: ImportFormState, store: Any) -> None:
    form.import_now()
    assert store.imported == {}
    assert "Voxel size is missing." in form.message.hint


def test_a_layer_can_be_left_out(filled: ImportFormState, store: Any) -> None:
    filled.layer("segmentation").included = False
    filled.import_now()
    assert [layer.name for layer in store.imported["lab/new"].layers] == ["color"]


def test_a_wrong_value_of_a_layer_that_is_left_out_hinders_nothing(filled: ImportFormState) -> None:
    filled.layer("segmentation").bounding_box.text = "?"
    assert filled.open_points != ()
    filled.layer("segmentation").included = False
    assert filled.open_points == ()


def test_without_any_layer_nothing_can_be_imported(filled: ImportFormState) -> None:
    for layer in filled.layers:
        layer.included = False
    assert [sentence for _, sentence in filled.open_points] == ["There is no layer to import."]


def test_a_layer_that_becomes_colour_loses_its_segment_id(filled: ImportFormState, store: Any) -> None:
    layer = filled.layer("segmentation")
    layer.largest_segment_id.text = "5"
    layer.category.text = "color"
    assert not layer.shows_segment_id
    filled.import_now()
    imported = store.imported["lab/new"].layer("segmentation")
    assert (imported.category, imported.largest_segment_id) == (Category.COLOR, None)


def test_a_store_that_fails_is_said_and_the_form_stays_as_it_is(
    filled: ImportFormState, store: Any, unavailable: Exception
) -> None:
    store.fails = unavailable
    filled.import_now()
    assert (filled.message.text, filled.message.hint) == (
        "The folder /data cannot be reached.",
        "Connect the drive.",
    )
    store.fails = None
    filled.import_now()
    assert filled.imported == "lab/new"


def test_what_the_store_refuses_is_said_at_the_fields(filled: ImportFormState, store: Any) -> None:
    problem = Problem(place=("dataLayers", 1, "boundingBox", "width"), message="The box is too large.")
    store.fails = InvalidDataSourceError("Not like this.", problems=[problem])
    filled.import_now()
    assert filled.open_points == ((("layers", "segmentation", "bounding_box"), "The box is too large."),)
    assert filled.imported is None


def test_a_folder_that_cannot_be_looked_at_can_be_looked_at_again(
    store: Any, at_once: Any, unavailable: Exception
) -> None:
    store.fails = unavailable
    form = ImportFormState(store, "lab/new", aside=at_once)
    assert (form.stage.value, form.message.tone) == ("failed", "error")
    store.fails = None
    form.look()
    assert (form.stage.value, len(form.layers)) == ("ready", 2)


def test_an_import_made_elsewhere_is_mentioned(form: ImportFormState, store: Any) -> None:
    store.import_dataset("lab/new", store_source(form))
    assert "elsewhere" in form.message.text
    assert form.message.tone == "warning"


def store_source(form: ImportFormState) -> Any:
    form.voxel_size.text = "1, 1, 1"
    return form.data_source()
