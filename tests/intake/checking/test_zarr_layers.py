"""Datasets of Zarr arrays are checked as far as their metadata tell."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.intake.checking import check_dataset
from voxshelf.model import Severity
from voxshelf.testing.series import write_series

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(params=[2, 3])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return write_series(tmp_path / "series", version=request.param)


def _found(folder: Path, severity: Severity, **layer: Any) -> list[tuple[str, str]]:
    file = folder / "datasource-properties.json"
    document = json.loads(file.read_text())
    document["dataLayers"][0].update(layer)
    file.write_text(json.dumps(document))
    return [(p.where, p.message) for p in check_dataset(folder) if p.severity is severity]


def test_a_good_series_is_left_in_peace(folder: Path) -> None:
    (problem,) = check_dataset(folder, deep=True)
    assert (problem.where, problem.severity) == ("dataLayers[0].dataFormat", Severity.INFO)


def test_a_missing_and_a_broken_array_are_errors(folder: Path) -> None:
    shutil.rmtree(folder / "color" / "2-2-1")
    for name in ("zarr.json", ".zarray"):
        if (folder / "color" / "1" / name).exists():
            (folder / "color" / "1" / name).write_text("{")
    found = _found(folder, Severity.ERROR)
    assert [where for where, _ in found] == ["dataLayers[0].mags[0]", "dataLayers[0].mags[1]"]
    assert "not readable JSON" in found[0][1]
    assert "does not exist" in found[1][1]


def test_a_box_and_an_axis_that_reach_beyond_the_arrays_are_told(folder: Path) -> None:
    box = {"topLeft": [0, 0, 0], "width": 96, "height": 64, "depth": 20}
    found = _found(folder, Severity.WARNING, boundingBox=box)
    assert [where for where, _ in found] == ["dataLayers[0].mags[0]", "dataLayers[0].mags[1]"]
    assert "(96, 64, 12)" in found[0][1]
    box["depth"] = 13
    assert len(_found(folder, Severity.WARNING, boundingBox=box)) == 2  # no mag is coarse along z
    box["depth"] = 12
    axes = [{"name": "t", "bounds": [0, 9], "index": 1}]
    found = _found(folder, Severity.WARNING, boundingBox=box, additionalAxes=axes)
    assert len(found) == 2
    assert "7 positions on axis 't'" in found[0][1]
