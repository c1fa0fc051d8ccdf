from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.dataset import read_properties
from voxshelf.model import Category

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from voxshelf.model import DataSource

    Run = Callable[..., Any]


def imported(root: Path) -> DataSource:
    return read_properties(root / "lab" / "new").reading.require(source="the test's dataset")


def test_import_writes_what_was_detected_and_given(run: Run, root: Path) -> None:
    run("import", "lab/new", "--voxel-size", "4,4,35")
    data_source = imported(root)
    assert data_source.voxel_size.factor == (4, 4, 35)
    assert data_source.layer("segmentation").category is Category.SEGMENTATION
    assert "lab/new  ready" in run("list").stdout


def test_import_says_where_each_value_comes_from(run: Run) -> None:
    text = run("import", "lab/new", "--voxel-size", "4,4,35", "--dry-run").stdout
    assert "layers.color.element_class" in text
    assert "header" in text
    assert "folder name" in text


def test_a_dry_run_writes_nothing(run: Run, root: Path) -> None:
    run("import", "lab/new", "--voxel-size", "4,4,35", "--dry-run")
    assert not (root / "lab" / "new" / "datasource-properties.json").exists()


def test_a_missing_voxel_size_is_a_problem_that_says_how_to_find_it(run: Run, root: Path) -> None:
    result = run("import", "lab/new", code=1)
    assert "voxel size is missing" in result.stderr
    assert "microscope" in result.stderr
    assert not (root / "lab" / "new" / "datasource-properties.json").exists()


def test_options_overrule_what_was_detected(run: Run, root: Path) -> None:
    run(
        *("import", "lab/new", "--voxel-size", "0.004,0.004,0.035", "--unit", "µm"),
        *("--layer-category", "color=segmentation", "--largest-segment-id", "color=200"),
        *("--bounding-box", "color=0,0,0,50,40,30"),
    )
    data_source = imported(root)
    assert data_source.voxel_size.unit == "micrometer"
    color = data_source.layer("color")
    assert (color.category, color.largest_segment_id) == (Category.SEGMENTATION, 200)
    assert color.bounding_box.size == (50, 40, 30)


def test_the_largest_segment_id_can_be_computed(run: Run, root: Path) -> None:
    text = run("import", "lab/new", "--voxel-size", "4,4,35", "--compute-largest-segment-id").stdout
    assert "The largest segment id of segmentation is 77." in text
    assert imported(root).layer("segmentation").largest_segment_id == 77


def test_an_id_that_was_given_is_not_told_as_found(run: Run) -> None:
    ids = ("--largest-segment-id", "segmentation=99", "--compute-largest-segment-id")
    assert "The largest segment id" not in run("import", "lab/new", "--voxel-size", "4,4,35", *ids).stdout


def test_boxes_can_be_tightened(run: Run, root: Path) -> None:
    run("import", "lab/new", "--voxel-size", "4,4,35", "--tighten")
    assert imported(root).layer("color").bounding_box.size == (50, 40, 30)


def test_any_folder_can_be_imported_without_a_store(run: Run, root: Path, tmp_path: Path) -> None:
    folder = (root / "lab" / "new").rename(tmp_path / "loose")
    run("import", str(folder), "--voxel-size", "4,4,35", "--compute-largest-segment-id")
    data_source = read_properties(folder).reading.require(source="the test's dataset")
    assert data_source.layer("segmentation").largest_segment_id == 77
    assert not (root / ".voxshelf").exists()


def test_the_path_of_a_stores_dataset_means_that_dataset(run: Run, root: Path) -> None:
    text = run("import", str(root / "lab" / "new"), "--voxel-size", "4,4,35").stdout
    assert "lab/new is imported" in text


def test_a_name_means_the_stores_dataset_also_beside_a_folder_of_that_name(
    run: Run, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(root / "lab" / "new", tmp_path / "new")
    monkeypatch.chdir(tmp_path)
    assert "lab/new is imported" in run("import", "new", "--voxel-size", "4,4,35").stdout
    assert "in no store, is imported" in run("import", "./new", "--voxel-size", "4,4,35").stdout


def test_a_second_import_keeps_what_stands_in_the_json(run: Run, root: Path) -> None:
    run("import", "lab/new", "--voxel-size", "4,4,35")
    before = (root / "lab" / "new" / "datasource-properties.json").read_bytes()
    assert "existing JSON" in run("import", "lab/new").stdout
    assert (root / "lab" / "new" / "datasource-properties.json").read_bytes() == before


def test_import_as_json(run: Run) -> None:
    result = json.loads(run("import", "lab/new", "--voxel-size", "4,4,35", "--json").stdout)
    assert result["imported"] is True
    assert [layer["name"] for layer in result["dataSource"]["dataLayers"]] == ["color", "segmentation"]


def test_a_dry_run_as_json_shows_what_is_missing(run: Run) -> None:
    result = json.loads(run("import", "lab/new", "--dry-run", "--json", code=1).stdout)
    assert result["imported"] is False
    assert result["missing"][0]["place"] == ["scale"]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--voxel-size", "4,4"),
        ("--voxel-size", "4,4,-1"),
        ("--voxel-size", "a,b,c"),
        ("--unit", "nanometer"),
        ("--layer-category", "color"),
        ("--layer-category", "nothing=color"),
        ("--layer-category", "color=colour"),
        ("--largest-segment-id", "segmentation=-1"),
        ("--largest-segment-id", "segmentation=many"),
        ("--bounding-box", "color=1,2,3"),
    ],
)
def test_wrong_usage_has_exit_code_2(run: Run, option: str, value: str) -> None:
    result = run("import", "lab/new", option, value, code=2)
    assert option in result.stderr


def test_an_unknown_unit_is_wrong_usage(run: Run) -> None:
    assert (
        "parsnips" in run("import", "lab/new", "--voxel-size", "1,1,1", "--unit", "parsnips", code=2).stderr
    )


def test_nothing_to_import_is_a_problem(run: Run) -> None:
    assert "There is no dataset 'lab/nothing'" in run("import", "lab/nothing", code=1).stderr


def test_a_folder_without_layers_says_why(run: Run, root: Path) -> None:
    (root / "lab" / "images").mkdir()
    (root / "lab" / "images" / "a.tif").write_bytes(b"x")
    assert "convert them to WKW" in run("import", "lab/images", "--voxel-size", "1,1,1", code=1).stderr
