"""``datasource-properties.json`` in all its historical forms, good and bad."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from voxshelf.errors import InvalidDataSourceError
from voxshelf.model import BoundingBox, Mag, Reading, Severity, VoxelSize, read_document, write_document

OLD: dict[str, Any] = {
    "id": {"name": "ROI2017_wkw", "team": "Connectomics department"},
    "dataLayers": [
        {
            "name": "color",
            "category": "color",
            "boundingBox": {"topLeft": [0, 0, 0], "width": 1024, "height": 1024, "depth": 1024},
            "wkwResolutions": [{"resolution": 1, "cubeLength": 1024}, {"resolution": 2, "cubeLength": 512}],
            "elementClass": "uint8",
            "dataFormat": "wkw",
        }
    ],
    "scale": [11.239999771118164, 11.239999771118164, 28],
}
TODAY: dict[str, Any] = {
    "version": 1,
    "id": {"name": "l4", "team": "sample_organization"},
    "dataLayers": [
        {
            "name": "segmentation",
            "boundingBox": {"topLeft": [10, 20, 30], "width": 24, "height": 24, "depth": 12},
            "category": "segmentation",
            "elementClass": "uint32",
            "dataFormat": "wkw",
            "mags": [
                {"mag": [16, 16, 8], "cubeLength": 64, "axisOrder": {"x": 1, "y": 2, "z": 3, "c": 0}},
                {"mag": [2, 2, 1], "cubeLength": 1024},
                {"mag": [1, 1, 1]},
            ],
            "largestSegmentId": None,
            "mappings": ["larger5um1", "axons"],
            "attachments": {"meshes": [{"name": "a", "path": "b", "dataFormat": "hdf5"}]},
            "coordinateTransformations": [{"type": "affine", "matrix": [[1, 0, 0, 10]]}],
        }
    ],
    "scale": {"unit": "nanometer", "factor": [11.24, 11.24, 28.0]},
    "somethingNew": {"a": [1, 2]},
}
BETWEEN: dict[str, Any] = {
    "id": {"name": "simple_wkw_dataset", "team": ""},
    "scale": [1, 1, 1],
    "defaultViewConfiguration": {"position": [12, 12, 12]},
    "dataLayers": [
        {
            "dataFormat": "wkw",
            "name": "color",
            "category": "color",
            "elementClass": "uint24",
            "numChannels": 3,
            "boundingBox": {"topLeft": [0, 0, 0], "width": 24, "height": 24, "depth": 24},
            "wkwResolutions": [{"resolution": [1, 1, 1], "cubeLength": 32}],
            "defaultViewConfiguration": {"color": [255, 0, 0]},
        }
    ],
}
FORMS = {"old": OLD, "today": TODAY, "between": BETWEEN}


def _read(document: Any) -> Reading:
    return read_document(copy.deepcopy(document))


def _places(reading: Reading) -> list[str]:
    return [problem.where for problem in reading.problems]


@pytest.mark.parametrize("form", FORMS)
def test_every_historical_form_is_read_without_complaint(form: str) -> None:
    assert _read(FORMS[form]).problems == ()


@pytest.mark.parametrize("form", FORMS)
def test_writing_what_was_read_changes_nothing_not_even_the_order(form: str) -> None:
    data_source = _read(FORMS[form]).require(source=form)
    assert json.dumps(write_document(data_source, FORMS[form])) == json.dumps(FORMS[form])


@pytest.mark.parametrize("form", FORMS)
def test_a_document_written_anew_reads_as_the_same_data_source(form: str) -> None:
    data_source = _read(FORMS[form]).require(source=form)
    again = _read(write_document(data_source)).require(source=form)
    assert again.model_copy(update={"other": {}}) == data_source.model_copy(update={"other": {}})


def test_unsorted_mags_are_sorted_when_read() -> None:
    layer = _read(TODAY).require(source="test").layer("segmentation")
    assert [str(entry.mag) for entry in layer.mags] == ["1", "2-2-1", "16-16-8"]


def test_an_edit_keeps_the_scale_an_array_where_it_was_one() -> None:
    data_source = _read(OLD).require(source="test").model_copy(update={"voxel_size": VoxelSize((1, 2, 3))})
    assert write_document(data_source, OLD)["scale"] == [1.0, 2.0, 3.0]


def test_an_array_of_nanometres_becomes_an_object_when_the_unit_is_another() -> None:
    data_source = (
        _read(OLD).require(source="test").model_copy(update={"voxel_size": VoxelSize((1, 2, 3), "µm")})
    )
    assert write_document(data_source, OLD)["scale"] == {"factor": [1.0, 2.0, 3.0], "unit": "micrometer"}


def test_a_new_mag_is_written_in_the_documents_own_form() -> None:
    data_source = _read(OLD).require(source="test")
    layer = data_source.layer("color")
    more = layer.model_copy(update={"mags": (*layer.mags, layer.mags[0].model_copy(update={"mag": Mag(4)}))})
    written = write_document(data_source.with_layer(more), OLD)["dataLayers"][0]
    assert written["wkwResolutions"][-1] == {"resolution": 4, "cubeLength": 1024}
    assert "mags" not in written


def test_a_changed_box_leaves_unknown_keys_where_they_were() -> None:
    data_source = _read(TODAY).require(source="test")
    layer = data_source.layer("segmentation").model_copy(
        update={"bounding_box": BoundingBox((0, 0, 0), (5, 6, 7))}
    )
    written = write_document(data_source.with_layer(layer), TODAY)
    expected = copy.deepcopy(TODAY)
    expected["dataLayers"][0]["boundingBox"] = {"topLeft": [0, 0, 0], "width": 5, "height": 6, "depth": 7}
    assert json.dumps(written) == json.dumps(expected)


def test_a_missing_cube_length_is_no_mistake() -> None:
    document = copy.deepcopy(OLD)
    del document["dataLayers"][0]["wkwResolutions"][0]["cubeLength"]
    reading = _read(document)
    assert reading.problems == ()
    assert reading.require(source="test").layer("color").mag(1).cube_length is None


def test_every_problem_is_reported_with_its_place() -> None:
    document = copy.deepcopy(OLD)
    document["scale"] = [0, "x", 28]
    layer = document["dataLayers"][0]
    layer["category"] = "colour"
    layer["boundingBox"] = {"topLeft": [0, 0], "width": -1, "height": 5, "depth": 1}
    layer["wkwResolutions"][1]["resolution"] = "two"
    assert _places(_read(document)) == [
        "scale[0]",
        "scale[1]",
        "dataLayers[0].category",
        "dataLayers[0].boundingBox.topLeft",
        "dataLayers[0].boundingBox.width",
        "dataLayers[0].wkwResolutions[1].resolution",
    ]


def test_a_half_broken_document_keeps_its_good_half() -> None:
    document = copy.deepcopy(OLD)
    document["dataLayers"][0]["elementClass"] = "uint9"
    reading = _read(document)
    assert reading.data_source is None
    assert reading.values["voxel_size",].factor == (11.239999771118164, 11.239999771118164, 28.0)
    assert reading.values["layers", "color", "bounding_box"] == BoundingBox((0, 0, 0), (1024, 1024, 1024))
    assert [str(entry.mag) for entry in reading.values["layers", "color", "mags"]] == ["1", "2"]


def test_a_document_that_cannot_be_used_says_why_when_it_is_required() -> None:
    with pytest.raises(InvalidDataSourceError, match=r"scale: The voxel size is missing") as caught:
        _read({"dataLayers": OLD["dataLayers"]}).require(source="here.json")
    assert caught.value.problems


@pytest.mark.parametrize("document", [None, [], "text", 5])
def test_what_is_no_object_at_all_is_one_problem_about_the_whole(document: Any) -> None:
    reading = read_document(document)
    assert [problem.place for problem in reading.problems] == [()]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (
            {"boundingBox": {"topLeft": [0, 0, 0], "width": 0, "height": 1, "depth": 1}},
            "dataLayers[0].boundingBox",
        ),
        ({"name": "a/b"}, "dataLayers[0].name"),
        ({"name": ".hidden"}, "dataLayers[0].name"),
        ({"category": "segmentation", "elementClass": "float"}, "dataLayers[0].elementClass"),
        ({"category": "segmentation", "largestSegmentId": 256}, "dataLayers[0].largestSegmentId"),
        ({"wkwResolutions": [{"resolution": 1}, {"resolution": 1}]}, "dataLayers[0].mags"),
        ({"wkwResolutions": [{"resolution": [2, 2, 1]}, {"resolution": [1, 1, 2]}]}, "dataLayers[0].mags"),
        ({"wkwResolutions": []}, "dataLayers[0].mags"),
    ],
)
def test_what_breaks_a_rule_between_values_is_found(change: dict[str, Any], place: str) -> None:
    document = copy.deepcopy(OLD)
    document["dataLayers"][0].update(change)
    reading = _read(document)
    assert place in _places(reading)
    assert reading.data_source is None


def test_two_layers_of_one_name_are_refused() -> None:
    document = copy.deepcopy(OLD)
    document["dataLayers"].append(copy.deepcopy(document["dataLayers"][0]))
    assert _places(_read(document)) == ["dataLayers[1].name"]


def test_a_segment_id_on_a_color_layer_is_only_a_warning() -> None:
    document = copy.deepcopy(OLD)
    document["dataLayers"][0]["largestSegmentId"] = 5
    reading = _read(document)
    assert [problem.severity for problem in reading.problems] == [Severity.WARNING]
    assert reading.data_source is not None


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("dataLayers", 0, "wkwResolutions", 0, "resolution"), [float("inf"), 1, 1]),
        (("dataLayers", 0, "wkwResolutions", 0, "resolution"), [1.5, 1, 1]),
        (("dataLayers", 0, "wkwResolutions", 0, "cubeLength"), 0),
        (("dataLayers", 0, "wkwResolutions", 0, "cubeLength"), 1e308),
        (("dataLayers", 0, "numChannels"), 0),
        (("dataLayers", 0, "boundingBox", "width"), 2**64),
    ],
)
def test_a_number_out_of_range_is_a_problem_at_its_place(place: tuple[Any, ...], value: Any) -> None:
    document = copy.deepcopy(OLD)
    node: Any = document
    for key in place[:-1]:
        node = node[key]
    node[place[-1]] = value
    assert [problem.place for problem in _read(document).problems] == [place]


@pytest.mark.parametrize("name", [[], {}, None, 7])
def test_a_document_with_a_senseless_name_can_be_written_over(name: Any) -> None:
    broken = copy.deepcopy(OLD)
    broken["dataLayers"][0]["name"] = name
    data_source = _read(OLD).require(source="test")
    assert _read(write_document(data_source, broken)).require(source="test").layer("color").name == "color"


def test_rules_between_values_are_checked_also_where_other_values_cannot_be_read() -> None:
    document = copy.deepcopy(OLD) | {"scale": [0, 1, 1]}
    broken = copy.deepcopy(document["dataLayers"][0]) | {"category": "colour"}
    document["dataLayers"] = [broken, document["dataLayers"][0] | {"name": "a/b", "largestSegmentId": 5}]
    places = {tuple(map(str, problem.place)) for problem in read_document(document).problems}
    assert {("scale", "0"), ("dataLayers", "0", "category")} <= places
    assert {("dataLayers", "1", "name"), ("dataLayers", "1", "largestSegmentId")} <= places
