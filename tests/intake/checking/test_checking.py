"""Every kind of damage to a good dataset is found, and a good dataset is left in peace."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import wkw

from voxshelf.errors import OperationCancelledError
from voxshelf.intake.checking import check_dataset
from voxshelf.model import Severity
from voxshelf.testing.folders import write_dataset

SIDE = 64
"""Cubes of 2³ blocks of 32³ voxels."""


def _write(
    folder: Path, topleft: tuple[int, int, int], data: np.ndarray[Any, Any], *, compressed: bool
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    kind = wkw.Header.BLOCK_TYPE_LZ4 if compressed else wkw.Header.BLOCK_TYPE_RAW
    header = wkw.Header(data.dtype.type, block_len=32, file_len=2, block_type=kind)
    with (
        wkw.Dataset.create(str(folder), header)
        if not (folder / "header.wkw").exists()
        else wkw.Dataset.open(str(folder)) as dataset
    ):
        dataset.write(topleft, data)


@pytest.fixture(params=["raw", "compressed"])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A good dataset: colour in two cubes of mag 1 and one of mag 2, and a segmentation."""
    rng = np.random.default_rng(1)
    compressed = request.param == "compressed"
    color = np.asfortranarray(rng.integers(1, 255, (2 * SIDE, SIDE, SIDE), np.uint8))
    _write(tmp_path / "color" / "1", (0, 0, 0), color, compressed=compressed)
    _write(
        tmp_path / "color" / "2",
        (0, 0, 0),
        np.asfortranarray(np.resize(color, (SIDE,) * 3)),
        compressed=compressed,
    )
    ids = np.asfortranarray(rng.integers(0, 50, (2 * SIDE, SIDE, SIDE)).astype(np.uint32))
    ids[0, 0, 0] = 99
    _write(tmp_path / "segmentation" / "1", (0, 0, 0), ids, compressed=compressed)
    box = {"topLeft": [0, 0, 0], "width": 2 * SIDE, "height": SIDE, "depth": SIDE}
    document = {
        "id": {"name": "good", "team": "org"},
        "scale": {"factor": [1, 1, 1], "unit": "nanometer"},
        "dataLayers": [
            {
                "name": "color",
                "category": "color",
                "elementClass": "uint8",
                "dataFormat": "wkw",
                "boundingBox": box,
                "mags": [{"mag": [1, 1, 1], "cubeLength": SIDE}, {"mag": [2, 2, 2], "cubeLength": SIDE}],
            },
            {
                "name": "segmentation",
                "category": "segmentation",
                "elementClass": "uint32",
                "dataFormat": "wkw",
                "boundingBox": box,
                "mags": [{"mag": [1, 1, 1], "cubeLength": SIDE}],
                "largestSegmentId": 99,
            },
        ],
    }
    (tmp_path / "datasource-properties.json").write_text(json.dumps(document))
    return tmp_path


def _edit(folder: Path, layer: int, **values: Any) -> None:
    path = folder / "datasource-properties.json"
    document = json.loads(path.read_text())
    document["dataLayers"][layer].update(values)
    path.write_text(json.dumps(document))


def _found(folder: Path, *, deep: bool = False) -> list[tuple[str, str]]:
    return [(problem.where, problem.message) for problem in check_dataset(folder, deep=deep)]


@pytest.mark.parametrize("deep", [False, True])
def test_nothing_is_wrong_with_a_good_dataset(folder: Path, deep: bool) -> None:
    assert _found(folder, deep=deep) == []


def test_a_missing_mag_folder_is_found(folder: Path) -> None:
    shutil.rmtree(folder / "color" / "2")
    ((place, message),) = _found(folder)
    assert place == "dataLayers[0].mags[1]"
    assert "is missing" in message


def test_a_truncated_cube_is_found_without_decoding_everything(folder: Path) -> None:
    cube = folder / "color" / "1" / "z0" / "y0" / "x1.wkw"
    cube.write_bytes(cube.read_bytes()[:100])
    ((place, message),) = _found(folder)
    assert place == "dataLayers[0].mags[0]"
    assert "x1.wkw" in message


@pytest.mark.parametrize("folder", ["compressed"], indirect=True)  # raw blocks: any bytes are voxels
def test_a_damaged_block_is_found_by_a_deep_check(folder: Path) -> None:
    cube = folder / "segmentation" / "1" / "z0" / "y0" / "x1.wkw"
    data = bytearray(cube.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 2000] = b"\xff" * 2000
    cube.write_bytes(data)
    assert _found(folder) == []
    assert any("x1.wkw" in message for _, message in _found(folder, deep=True))


def test_a_wrong_element_class_is_found(folder: Path) -> None:
    _edit(folder, 1, elementClass="uint16")
    ((place, message),) = _found(folder)
    assert place == "dataLayers[1].mags[0]"
    assert "1 × uint32" in message


def test_a_wrong_cube_length_is_found(folder: Path) -> None:
    _edit(folder, 1, mags=[{"mag": [1, 1, 1], "cubeLength": 1024}])
    ((place, message),) = _found(folder)
    assert (place, "64 voxels" in message) == ("dataLayers[1].mags[0].cubeLength", True)


def test_a_box_that_is_larger_than_the_data_is_found(folder: Path) -> None:
    _edit(folder, 1, boundingBox={"topLeft": [0, 0, 0], "width": 500, "height": SIDE, "depth": SIDE})
    ((place, message),) = _found(folder)
    assert place == "dataLayers[1].boundingBox"
    assert "cover 0,0,0,128,64,64" in message


def test_large_cubes_of_coarse_mags_do_not_excuse_a_large_box(folder: Path) -> None:
    _write(folder / "color" / "4", (0, 0, 0), np.ones((SIDE,) * 3, np.uint8), compressed=False)
    mags = [{"mag": [mag] * 3, "cubeLength": SIDE} for mag in (1, 2, 4)]
    box = {"topLeft": [0, 0, 0], "width": 4 * SIDE, "height": SIDE, "depth": SIDE}
    _edit(folder, 0, mags=mags, boundingBox=box)
    assert ("dataLayers[0].boundingBox", True) in [
        (place, "larger than the data" in message) for place, message in _found(folder)
    ]


def test_cubes_outside_of_the_box_are_found(folder: Path) -> None:
    _edit(folder, 1, boundingBox={"topLeft": [0, 0, 0], "width": 10, "height": 10, "depth": 10})
    ((place, message),) = _found(folder)
    assert place == "dataLayers[1].boundingBox"
    assert message.startswith("1 cube file(s) lie outside")


def test_a_mag_of_another_kind_is_found(folder: Path) -> None:
    shutil.rmtree(folder / "color" / "2")
    data = np.ones((SIDE,) * 3, np.uint16)
    _write(folder / "color" / "2", (0, 0, 0), data, compressed=False)
    found = dict(_found(folder))
    assert found["dataLayers[0].mags"].startswith(
        "The mags do not belong together: mag 1 holds 1 × uint8, mag 2"
    )
    assert "hold 1 × uint16, the JSON says 1 × uint8" in found["dataLayers[0].mags[1]"]


def test_a_cube_of_another_kind_than_its_neighbours_is_found(folder: Path) -> None:
    _write(folder / "other", (0, 0, 0), np.ones((SIDE,) * 3, np.uint32), compressed=False)
    (folder / "other" / "z0" / "y0" / "x0.wkw").rename(folder / "color" / "1" / "z0" / "y0" / "x1.wkw")
    shutil.rmtree(folder / "other")
    ((place, message),) = _found(folder)
    assert place == "dataLayers[0].mags[0]"
    assert "x1.wkw" in message


def test_a_folder_in_the_place_of_a_cube_file_is_found(folder: Path) -> None:
    cube = folder / "color" / "1" / "z0" / "y0" / "x1.wkw"
    cube.unlink()
    cube.mkdir()
    assert any("x1.wkw" in message for place, message in _found(folder) if place == "dataLayers[0].mags[0]")


def test_a_lost_cube_is_found_where_a_coarser_mag_has_its_voxels(folder: Path) -> None:
    (folder / "color" / "1" / "z0" / "y0" / "x1.wkw").unlink()
    (problem,) = (one for one in check_dataset(folder) if one.severity is Severity.ERROR)
    assert problem.where == "dataLayers[0].mags[0]"
    assert "missing, although mag 2 has data there: z0/y0/x1.wkw" in problem.message


def test_an_empty_place_that_every_mag_leaves_out_is_no_mistake(folder: Path) -> None:
    (folder / "color" / "1" / "z0" / "y0" / "x1.wkw").unlink()
    shutil.rmtree(folder / "color" / "2")
    half = np.zeros((SIDE,) * 3, np.uint8)
    half[: SIDE // 2] = 1
    _write(folder / "color" / "2", (0, 0, 0), np.asfortranarray(half), compressed=False)
    assert [problem for problem in check_dataset(folder) if problem.severity is Severity.ERROR] == []


def test_gaps_that_no_other_mag_explains_are_a_note(folder: Path) -> None:
    (folder / "segmentation" / "1" / "z0" / "y0" / "x1.wkw").rename(
        folder / "segmentation" / "1" / "z0" / "y0" / "x2.wkw"
    )
    _edit(folder, 1, boundingBox={"topLeft": [0, 0, 0], "width": 3 * SIDE, "height": SIDE, "depth": SIDE})
    (problem,) = check_dataset(folder)
    assert problem.severity is Severity.INFO
    assert problem.message.startswith("1 of the 3 cubes")


def test_a_mag_that_the_json_does_not_list_is_found(folder: Path) -> None:
    _write(folder / "color" / "4", (0, 0, 0), np.ones((SIDE,) * 3, np.uint8), compressed=False)
    ((place, message),) = _found(folder)
    assert place == "dataLayers[0].mags"
    assert "does not list: 4" in message


def test_a_layer_that_the_json_does_not_name_is_found(folder: Path) -> None:
    _write(folder / "mask" / "1", (0, 0, 0), np.ones((SIDE,) * 3, np.uint8), compressed=False)
    ((place, message),) = _found(folder)
    assert place == "dataLayers"
    assert "mask looks like a layer" in message


def test_a_renamed_layers_folder_is_no_stray(folder: Path) -> None:
    _edit(folder, 1, name="cells", mags=[{"mag": [1, 1, 1], "path": "./segmentation/1", "cubeLength": SIDE}])
    assert _found(folder) == []


def test_a_coarse_mag_with_a_hole_is_found(folder: Path) -> None:
    (folder / "color" / "2" / "z0" / "y0" / "x0.wkw").rename(folder / "color" / "2" / "z0" / "y0" / "x5.wkw")
    assert any("Mag 2 has no data where mag 1 has some" in message for _, message in _found(folder))


def test_an_id_above_the_largest_is_found_by_a_deep_check(folder: Path) -> None:
    _edit(folder, 1, largestSegmentId=98)
    assert _found(folder) == []
    ((place, message),) = _found(folder, deep=True)
    assert (place, "holds the id 99" in message) == ("dataLayers[1].largestSegmentId", True)


def test_a_deep_check_names_the_id_that_the_json_lacks(folder: Path) -> None:
    _edit(folder, 1, largestSegmentId=None)
    (problem,) = check_dataset(folder, deep=True)
    assert (problem.severity, problem.hint) == (Severity.WARNING, "Set it to 99.")


def test_ids_outside_of_the_box_do_not_count(folder: Path) -> None:
    box = {"topLeft": [1, 1, 1], "width": 2 * SIDE - 1, "height": SIDE - 1, "depth": SIDE - 1}
    _edit(folder, 1, largestSegmentId=49, boundingBox=box)
    assert _found(folder, deep=True) == []


def test_a_folder_without_json_is_a_warning_that_says_what_to_do(folder: Path) -> None:
    (folder / "datasource-properties.json").unlink()
    (problem,) = check_dataset(folder)
    assert (problem.severity, problem.hint) == (Severity.WARNING, "Import it first.")


def test_problems_of_the_json_are_reported_with_those_of_the_files(folder: Path) -> None:
    _edit(folder, 1, boundingBox={"topLeft": [0, 0, 0], "width": 0, "height": 1, "depth": 1})
    shutil.rmtree(folder / "color" / "2")
    places = [place for place, _ in _found(folder)]
    assert "dataLayers[1].boundingBox" in places
    assert "dataLayers[0].mags[1]" in places


def test_a_check_can_be_cancelled(folder: Path) -> None:
    with pytest.raises(OperationCancelledError):
        check_dataset(folder, cancel=lambda: True)


@pytest.mark.parametrize("deep", [False, True])
def test_a_check_tells_its_share_up_to_the_end(folder: Path, deep: bool) -> None:
    shares: list[float] = []
    check_dataset(folder, deep=deep, progress=shares.append)
    assert shares == sorted(shares)
    assert (shares[0] < 1, shares[-1]) == (True, 1.0)


def test_a_link_that_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    (problem,) = check_dataset(tmp_path / "gone")
    assert (problem.severity, "leads nowhere" in problem.message) == (Severity.ERROR, True)


def test_a_layer_that_may_not_be_looked_into_is_a_problem_of_its_dataset() -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        layer = write_dataset(Path(name), "lab/a") / "color"
        layer.chmod(0o000)
        is_root = not os.geteuid()
        try:
            if is_root:
                os.seteuid(65534)
            problems = check_dataset(Path(name) / "lab" / "a")
        finally:
            if is_root:
                os.seteuid(0)
            layer.chmod(0o755)
    assert any("may not be read" in problem.message for problem in problems)
