from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., Any]


KEY = "lab/new"


def record(run_json: Run) -> dict[str, Any]:
    found: dict[str, Any] = run_json("info", KEY)["record"]
    return found


def layer(run_json: Run, name: str) -> dict[str, Any]:
    return next(one for one in run_json("info", KEY)["layers"] if one["name"] == name)


# -- details and permissions ---------------------------------------------------------------------


def test_details_are_changed(run: Run, run_json: Run, ready: Path) -> None:
    run(
        "edit",
        KEY,
        "--display-name",
        "Mouse",
        "--folder",
        "Datasets/2026",
        "--publication-date",
        "2026-11-01",
    )
    found = record(run_json)
    assert (found["display_name"], found["folder"]) == ("Mouse", "Datasets/2026")
    assert found["publication_date"] == "2026-11-01"


def test_what_is_not_named_stays(run: Run, run_json: Run, ready: Path) -> None:
    run("edit", KEY, "--display-name", "Mouse", "--folder", "Datasets")
    run("edit", KEY, "--folder", "")
    assert (record(run_json)["display_name"], record(run_json)["folder"]) == ("Mouse", "")


def test_what_changed_is_told_with_the_line_of_python(run: Run, ready: Path) -> None:
    text = run("edit", KEY, "--display-name", "Mouse").stdout
    assert 'Changed display_name from "" to "Mouse".' in text
    assert "In Python: store.update_details('lab/new', display_name='Mouse')" in text


def test_an_edit_that_changes_nothing_says_so(run: Run, ready: Path) -> None:
    assert "nothing to change" in run("edit", KEY, "--display-name", "").stdout


def test_an_edit_as_json_gives_record_and_edits(run_json: Run, ready: Path) -> None:
    result = run_json("edit", KEY, "--display-name", "Mouse", "--public")
    assert result["record"]["is_public"] is True
    assert [edit["section"] for edit in result["edits"]] == ["permissions", "details"]


def test_the_description_comes_from_a_file(run: Run, run_json: Run, ready: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# Mouse\n\nµm\n", encoding="utf-8")
    run("edit", KEY, "--description", f"@{tmp_path / 'notes.md'}")
    assert record(run_json)["description"] == "# Mouse\n\nµm"


def test_a_description_file_that_is_not_there_is_wrong_usage(run: Run, ready: Path) -> None:
    assert "cannot be read" in run("edit", KEY, "--description", "@nowhere.md", code=2).stderr


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="the system has no file without an end")
def test_a_file_without_an_end_is_refused(run: Run) -> None:
    assert "longer than" in run("edit", KEY, "--description", "@/dev/zero", code=2).stderr


def test_metadata_is_added_replaced_and_removed(run: Run, run_json: Run, ready: Path) -> None:
    run("edit", KEY, "--metadata", "age=12", "--metadata", "species=mouse")
    run("edit", KEY, "--metadata", "age=13.5", "--remove-metadata", "species", "--metadata", "note=a=b")
    entries = [(entry["key"], entry["value"]) for entry in record(run_json)["metadata"]]
    assert entries == [("age", 13.5), ("note", "a=b")]


def test_teams_are_set_and_taken_away(run: Run, run_json: Run, ready: Path) -> None:
    run("people", "teams", "add", "mice")
    run("edit", KEY, "--team", "mice", "--team", "lab")
    assert record(run_json)["teams"] == ["lab", "mice"]
    run("edit", KEY, "--no-team")
    assert record(run_json)["teams"] == []


def test_the_owner_is_changed(run: Run, run_json: Run, ready: Path) -> None:
    run("people", "users", "add", "ann")
    run("edit", KEY, "--owner", "ann")
    assert record(run_json)["owner"] == "ann"


def test_an_unknown_team_is_a_problem_that_names_the_known(run: Run, ready: Path) -> None:
    assert "The teams are: lab" in run("edit", KEY, "--team", "nobody", code=1).stderr


# -- data ----------------------------------------------------------------------------------------


def test_the_voxel_size_is_changed(run: Run, run_json: Run, ready: Path) -> None:
    run("edit", KEY, "--voxel-size", "5,5,40")
    assert run_json("info", KEY)["voxel_size"] == {"factor": [5.0, 5.0, 40.0], "unit": "nanometer"}


def test_the_unit_alone_keeps_the_edges(run: Run, run_json: Run, ready: Path) -> None:
    run("edit", KEY, "--unit", "µm")
    assert run_json("info", KEY)["voxel_size"] == {"factor": [4.0, 4.0, 35.0], "unit": "micrometer"}


def test_values_of_layers_are_changed(run: Run, run_json: Run, ready: Path) -> None:
    run("edit", KEY, "--bounding-box", "color=0,0,0,50,40,30", "--largest-segment-id", "segmentation=100")
    assert layer(run_json, "color")["bounding_box"] == {"topleft": [0, 0, 0], "size": [50, 40, 30]}
    assert layer(run_json, "segmentation")["largest_segment_id"] == 100


def test_the_largest_segment_id_is_computed(run: Run, run_json: Run, ready: Path) -> None:
    run("edit", KEY, "--largest-segment-id", "segmentation=")
    assert layer(run_json, "segmentation")["largest_segment_id"] is None
    run("edit", KEY, "--compute-largest-segment-id")
    assert layer(run_json, "segmentation")["largest_segment_id"] == 77


def test_the_largest_id_is_computed_of_what_the_other_options_made(
    run: Run, run_json: Run, ready: Path
) -> None:
    run(
        *("edit", KEY, "--compute-largest-segment-id"),
        *("--rename-layer", "segmentation=cells", "--layer-category", "color=segmentation"),
    )
    assert layer(run_json, "cells")["largest_segment_id"] == 77
    assert layer(run_json, "color")["largest_segment_id"] == 77


def test_a_category_is_changed(run: Run, run_json: Run, ready: Path) -> None:
    run("edit", KEY, "--layer-category", "color=segmentation")
    assert layer(run_json, "color")["category"] == "segmentation"


def test_a_layer_is_renamed_and_still_read(run: Run, run_json: Run, ready: Path) -> None:
    run("edit", KEY, "--rename-layer", "segmentation=cells", "--largest-segment-id", "segmentation=99")
    assert layer(run_json, "cells")["largest_segment_id"] == 99
    assert run_json("check", KEY, "--deep") == {KEY: []}


def test_a_layer_is_removed_and_added_again(run: Run, run_json: Run, ready: Path) -> None:
    run("edit", KEY, "--remove-layer", "segmentation")
    assert [one["name"] for one in run_json("info", KEY)["layers"]] == ["color"]
    run("edit", KEY, "--add-layer", "segmentation")
    assert [one["name"] for one in run_json("info", KEY)["layers"]] == ["color", "segmentation"]


def test_the_whole_document_comes_from_a_file(run: Run, run_json: Run, ready: Path, tmp_path: Path) -> None:
    text = run("info", KEY, "--document").stdout
    (tmp_path / "new.json").write_text(text.replace("35.0", "36.0"))
    run("edit", KEY, "--json-file", str(tmp_path / "new.json"))
    assert run_json("info", KEY)["voxel_size"]["factor"] == [4.0, 4.0, 36.0]


def test_a_document_that_breaks_a_rule_is_refused_with_its_place(
    run: Run, ready: Path, tmp_path: Path
) -> None:
    text = run("info", KEY, "--document").stdout
    (tmp_path / "new.json").write_text(text.replace("35.0", "-1"))
    result = run("edit", KEY, "--json-file", str(tmp_path / "new.json"), code=1)
    assert "scale.factor[2]" in result.stderr
    assert run("info", KEY, "--document").stdout == text


def test_a_dataset_that_is_not_imported_has_no_data_to_edit(run: Run) -> None:
    result = run("edit", KEY, "--voxel-size", "1,1,1", code=1)
    assert "voxelsize" not in result.stderr
    assert "mport" in result.stderr


# -- the view ------------------------------------------------------------------------------------


def test_view_values_are_set_and_reset(run: Run, run_json: Run, ready: Path) -> None:
    run("edit", KEY, "--view", "zoom=2", "--view", "layers.color.alpha=40", "--view", "position=1,2,3")
    assert view(run_json)["layers.color.alpha"] == (40, "dataset")
    assert view(run_json)["position"] == ([1, 2, 3], "dataset")
    run("edit", KEY, "--reset-view", "zoom", "--reset-view", "layers.color")
    assert "zoom" not in view(run_json)
    assert view(run_json)["layers.color.alpha"] == (100, "built-in")
    assert view(run_json)["position"] == ([1, 2, 3], "dataset")
    run("edit", KEY, "--reset-view", "all")
    assert "position" not in view(run_json)


def test_a_view_for_oneself_lies_over_the_datasets(run: Run, run_json: Run, ready: Path) -> None:
    run("edit", KEY, "--view", "zoom=2")
    assert "for yourself" in run("edit", KEY, "--view", "zoom=3", "--for-me").stdout
    assert view(run_json)["zoom"] == (3, "user")
    run("edit", KEY, "--reset-view", "zoom", "--for-me")
    assert view(run_json)["zoom"] == (2, "dataset")


def test_a_view_value_out_of_range_is_a_problem(run: Run, ready: Path) -> None:
    assert "from 0 to 100" in run("edit", KEY, "--view", "layers.color.alpha=400", code=1).stderr


def view(run_json: Run) -> dict[str, tuple[Any, str]]:
    values = run_json("info", KEY, "--view")["view"]
    return {".".join(value["place"]): (value["value"], value["origin"]) for value in values}


# -- wrong usage ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--voxel-size", "1,2"),
        ("--unit", "parsnips"),
        ("--bounding-box", "color=1,2,3"),
        ("--bounding-box", "nothing=0,0,0,1,1,1"),
        ("--largest-segment-id", "segmentation=-4"),
        ("--layer-category", "color=colour"),
        ("--rename-layer", "color=segmentation"),
        ("--remove-layer", "nothing"),
        ("--add-layer", "color"),
        ("--add-layer", "nothing"),
        ("--metadata", "age"),
        ("--remove-metadata", "age"),
        ("--team", "lab", "--no-team"),
        ("--json-file", "/nowhere.json"),
        ("--json-file", "-", "--voxel-size", "1,1,1"),
        ("--view", "zoom"),
        ("--view", "layers.color=40"),
        ("--reset-view", "layers"),
        ("--for-me",),
        ("--display-name", "Mouse", "--voxel-size", "1"),
    ],
)
def test_wrong_usage_has_exit_code_2_and_changes_nothing(
    run: Run, run_json: Run, ready: Path, options: tuple[str, ...]
) -> None:
    before = record(run_json)["version"]
    run("edit", KEY, *options, code=2)
    assert record(run_json)["version"] == before
