"""Simple ⇄ Advanced: the values survive the way there and back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from voxshelf.model import DataSource, Origin, VoxelSize, read_document
from voxshelf.widgets.import_form import ImportFormState


@pytest.fixture
def form(store: Any, at_once: Any) -> ImportFormState:
    return ImportFormState(store, "lab/new", aside=at_once)


def edit(form: ImportFormState, change: Any) -> None:
    document = json.loads(form.json_text)
    change(document)
    form.json_text = json.dumps(document)


def test_a_missing_value_is_null_in_the_json(form: ImportFormState) -> None:
    form.show_advanced()
    document = json.loads(form.json_text)
    assert document["scale"] is None
    assert document["dataLayers"][0]["boundingBox"]["width"] == 64


def test_a_value_typed_before_stands_in_the_json(form: ImportFormState) -> None:
    form.voxel_size.text = "1, 2, 3 micrometer"
    form.show_advanced()
    assert json.loads(form.json_text)["scale"] == {"factor": [1, 2, 3], "unit": "micrometer"}


def test_a_value_written_in_the_json_stands_in_its_field(form: ImportFormState) -> None:
    form.show_advanced()
    edit(form, lambda document: document.update(scale=[11.24, 11.24, 28]))
    form.show_simple()
    assert not form.advanced
    assert form.voxel_size.value == VoxelSize((11.24, 11.24, 28))
    assert form.voxel_size.origin is Origin.PERSON
    assert form.open_points == ()


def test_there_and_back_changes_nothing(form: ImportFormState) -> None:
    def snapshot() -> list[Any]:
        return [(f.place, f.text, f.value, f.origin, f.needs_you) for f in form.fields]

    before = snapshot()
    form.show_advanced()
    form.show_simple()
    assert snapshot() == before


def test_a_text_that_cannot_be_read_survives_the_way_there_and_back(form: ImportFormState) -> None:
    form.voxel_size.text = "11, 12, abc nanometer"
    form.show_advanced()
    assert json.loads(form.json_text)["scale"] is None
    form.show_simple()
    assert form.voxel_size.text == "11, 12, abc nanometer"


def test_broken_json_names_the_line_and_holds_one_there(form: ImportFormState) -> None:
    form.show_advanced()
    form.json_text = form.json_text.replace('"dataLayers": [', '"dataLayers": {', 1)
    assert form.json_blocked
    assert "Line" in form.json_problems[0].message
    form.show_simple()
    assert form.advanced


def test_an_unreadable_value_is_named_by_its_place_and_holds_one_there(form: ImportFormState) -> None:
    form.show_advanced()
    edit(form, lambda document: document["dataLayers"][1].update(category="labels"))
    assert form.json_blocked
    assert "dataLayers[1].category" in [problem.where for problem in form.json_problems]
    edit(form, lambda document: document["dataLayers"][1].update(category="segmentation"))
    assert not form.json_blocked


def test_a_broken_rule_does_not_hold_one_there_and_is_said_at_the_field(form: ImportFormState) -> None:
    form.voxel_size.text = "1, 1, 1"
    form.show_advanced()
    edit(form, lambda document: document["dataLayers"][1].update(largestSegmentId=2**40))
    assert not form.json_blocked
    form.show_simple()
    assert [place for place, _ in form.open_points] == [("layers", "segmentation", "largest_segment_id")]


def test_a_layer_removed_in_the_json_is_left_out_and_can_be_taken_in_again(form: ImportFormState) -> None:
    form.show_advanced()
    edit(form, lambda document: document["dataLayers"].pop(0))
    form.show_simple()
    assert not form.layer("color").included
    assert form.layer("segmentation").included
    form.layer("color").included = True
    assert form.layer("color").bounding_box.text == "0, 0, 0, 64, 48, 16"


def test_unknown_keys_written_in_the_json_are_imported(form: ImportFormState, store: Any) -> None:
    form.show_advanced()

    def change(document: dict[str, Any]) -> None:
        document.update(scale=[1, 1, 1], myKey={"a": 1})
        document["dataLayers"][0]["mine"] = 7

    edit(form, change)
    form.import_now()
    source = store.imported["lab/new"]
    assert source.other["myKey"] == {"a": 1}
    assert source.layer("color").other == {"mine": 7}


def test_unknown_keys_of_an_existing_json_survive_an_import(store: Any, at_once: Any, proposal: Any) -> None:
    found = proposal("lab/new", voxel_size=VoxelSize((1, 1, 1)))
    layer = found.data_source().layers[0].model_copy(update={"other": {"keep": True}})
    base = DataSource(voxel_size=VoxelSize((1, 1, 1)), layers=(layer,), other={"also": "me"})
    store.proposals["lab/new"] = found.model_copy(update={"base": base})
    form = ImportFormState(store, "lab/new", aside=at_once)
    form.layer("color").bounding_box.text = "0,0,0,8,8,8"
    form.import_now()
    source = store.imported["lab/new"]
    assert source.other == {"also": "me"}
    assert source.layer("color").other == {"keep": True}


def test_importing_from_the_json_takes_its_values(form: ImportFormState, store: Any) -> None:
    form.show_advanced()
    edit(form, lambda document: document.update(scale={"factor": [1, 1, 2], "unit": "micrometer"}))
    form.import_now()
    assert store.imported["lab/new"].voxel_size == VoxelSize((1, 1, 2), "micrometer")


def test_nothing_is_imported_from_json_that_cannot_be_read(form: ImportFormState, store: Any) -> None:
    form.show_advanced()
    form.json_text = "{"
    form.import_now()
    assert store.imported == {}
    assert "cannot be read" in form.message.text


def test_the_json_is_a_datasource_properties_document(form: ImportFormState) -> None:
    form.voxel_size.text = "1, 1, 1"
    form.show_advanced()
    read = read_document(json.loads(form.json_text)).data_source
    assert read is not None
    assert (read.voxel_size, read.layers) == (form.data_source().voxel_size, form.data_source().layers)
