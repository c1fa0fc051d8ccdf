"""Axes besides x, y, z in ``datasource-properties.json``: read, checked, written back as they were."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from voxshelf.model import AdditionalAxis, AxisOrder, Reading, Severity, read_document, write_document

ORDER = {"c": 0, "x": 4, "y": 3, "z": 2}
AXES = [{"name": "t", "bounds": [0, 7], "index": 1}]


def _document(axes: Any = AXES, order: Any = ORDER, **layer: Any) -> dict[str, Any]:
    return {
        "id": {"name": "series", "team": "lab"},
        "dataLayers": [
            {
                "name": "color",
                "category": "color",
                "boundingBox": {"topLeft": [0, 0, 0], "width": 12, "height": 10, "depth": 5},
                "elementClass": "int8",
                "dataFormat": "zarr3",
                "mags": [
                    {
                        "mag": [1, 1, 1],
                        "path": "./color/1",
                        "axisOrder": copy.deepcopy(order),
                        "channelIndex": 0,
                    }
                ],
                "numChannels": 1,
                "additionalAxes": copy.deepcopy(axes),
                "somethingElse": 3,
                **layer,
            }
        ],
        "scale": {"factor": [11, 11, 30], "unit": "nanometer"},
        "version": 1,
    }


def _read(document: Any) -> Reading:
    return read_document(copy.deepcopy(document))


def _errors(document: Any) -> list[str]:
    return [problem.where for problem in _read(document).problems if problem.severity is Severity.ERROR]


def test_axes_and_their_order_are_read() -> None:
    source = _read(_document()).require(source="it")
    layer = source.layer("color")
    assert layer.additional_axes == (AdditionalAxis(name="t", bounds=(0, 7), index=1),)
    assert (layer.mags[0].axis_order, layer.mags[0].channel_index) == (AxisOrder(x=4, y=3, z=2, c=0), 0)
    assert layer.other == {"somethingElse": 3}


@pytest.mark.parametrize(
    ("axes", "order"),
    [
        (AXES, ORDER),
        (None, None),
        ([], {"x": 1, "y": 0}),
        ([{"index": 1.0, "unit": "s", "bounds": [0, 7.0], "name": "t"}], {"z": None, **ORDER, "new": "key"}),
        ([*AXES, {"name": "angle", "bounds": [2, 4], "index": 5}], {"y": 3, "x": 4}),
    ],
)
def test_an_unchanged_document_is_written_back_unchanged(axes: Any, order: Any) -> None:
    document = _document(axes, order)
    written = write_document(_read(document).require(source="it"), document)
    assert written == document
    assert str(written) == str(document)


def test_a_changed_axis_is_written_in_the_usual_form_and_keeps_what_nobody_knows() -> None:
    document = _document([{"index": 1, "unit": "s", "bounds": [0, 7], "name": "t"}])
    source = _read(document).require(source="it")
    (axis,) = source.layer("color").additional_axes
    changed = source.changed_layer("color", additional_axes=(axis.model_copy(update={"bounds": (0, 9)}),))
    (layer,) = write_document(changed, document)["dataLayers"]
    assert layer["additionalAxes"] == [{"name": "t", "bounds": [0, 9], "index": 1, "unit": "s"}]
    assert layer["somethingElse"] == 3
    without = source.changed_layer("color", additional_axes=())
    assert write_document(without, document)["dataLayers"][0]["additionalAxes"] == []


def test_a_new_document_has_the_axes() -> None:
    source = _read(_document()).require(source="it")
    written = write_document(source)
    assert written["dataLayers"][0]["additionalAxes"] == AXES
    assert written["dataLayers"][0]["mags"][0]["axisOrder"] == ORDER
    assert _read(written).data_source == source.model_copy(update={"other": {"version": 1}})


T = AXES[0]
LAYER = "dataLayers[0]"


@pytest.mark.parametrize(
    ("axes", "order", "places"),
    [
        ([{**T, "bounds": [3, 3]}], ORDER, [f"{LAYER}.additionalAxes[0].bounds"]),
        ([{**T, "bounds": [-1, 3]}], ORDER, [f"{LAYER}.additionalAxes[0].bounds"]),
        ([{**T, "bounds": [0]}], ORDER, [f"{LAYER}.additionalAxes[0].bounds"]),
        ([T, {**T, "index": 5}], ORDER, [f"{LAYER}.additionalAxes[{n}].name" for n in (0, 1)]),
        ([T, {**T, "name": "u"}], ORDER, [f"{LAYER}.additionalAxes[{n}].index" for n in (0, 1)]),
        ([{**T, "index": 3}], ORDER, [f"{LAYER}.additionalAxes[0].index"]),
        ([{**T, "name": "z"}], ORDER, [f"{LAYER}.additionalAxes[0].name"]),
        ([{**T, "name": ""}], ORDER, [f"{LAYER}.additionalAxes[0].name"]),
        (
            [{"name": 5, "bounds": [0, 1]}],
            ORDER,
            [f"{LAYER}.additionalAxes[0].{k}" for k in ("name", "index")],
        ),
        (["t"], ORDER, [f"{LAYER}.additionalAxes[0]"]),
        ({"t": 7}, ORDER, [f"{LAYER}.additionalAxes"]),
        (AXES, {**ORDER, "y": 4}, [f"{LAYER}.mags[0].axisOrder.{k}" for k in ("x", "y")]),
        (AXES, {"x": "4"}, [f"{LAYER}.mags[0].axisOrder.{k}" for k in ("x", "y")]),
        (AXES, [4, 3, 2], [f"{LAYER}.mags[0].axisOrder"]),
    ],
)
def test_each_mistake_is_told_at_its_place(axes: Any, order: Any, places: list[str]) -> None:
    assert _errors(_document(axes, order)) == places


def test_wkw_layers_have_no_such_axes_and_stay_usable() -> None:
    reading = _read(_document([{**T, "bounds": [3, 3]}], dataFormat="wkw"))
    assert [(p.where, p.severity) for p in reading.problems] == [
        (f"{LAYER}.additionalAxes", Severity.WARNING)
    ]
    assert reading.data_source is not None


def test_two_axes_cannot_be_one_dimension() -> None:
    with pytest.raises(ValueError, match="same dimension"):
        AxisOrder(x=0, y=0)
