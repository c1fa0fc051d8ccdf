from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]


@pytest.fixture
def broken(ready: Path) -> Path:
    """``lab/new`` with a cube file cut short."""
    cube = ready / "color" / "1" / "z0" / "y0" / "x0.wkw"
    cube.write_bytes(cube.read_bytes()[:100])
    return cube


def test_a_good_dataset_has_exit_code_0(run: Run, ready: Path) -> None:
    assert run("check", "new").stdout == "lab/new: nothing is wrong.\n"
    assert run("check", "new", "--deep").stdout == "lab/new: nothing is wrong.\n"


def test_an_error_has_exit_code_1_and_says_how_to_mend_it(run: Run, broken: Path) -> None:
    result = run("check", "new", code=1)
    assert result.stdout == "lab/new: 1 problem.\n"
    assert result.stderr.startswith("problem: dataLayers[0].mags[0]: ")
    assert "x0.wkw" in result.stderr


def test_a_mere_remark_has_exit_code_0(run: Run) -> None:
    result = run("check", "new")
    assert result.stdout == "lab/new: 1 remark.\n"
    assert "Import it first." in result.stderr


def test_an_unlikely_voxel_size_is_a_remark(run: Run, ready: Path) -> None:
    run("edit", "new", "--voxel-size", "4,4,35000")
    result = run("check", "new")
    assert result.stdout == "lab/new: 1 remark.\n"
    assert "scale: z is 8,750 times x. Is that right?" in result.stderr


def test_the_deep_check_finds_ids_that_are_too_high(run: Run, ready: Path) -> None:
    run("edit", "new", "--largest-segment-id", "segmentation=76")
    assert run("check", "new").stdout == "lab/new: nothing is wrong.\n"
    assert "Set it to 77 or more." in run("check", "new", "--deep", code=1).stderr


def test_all_are_checked(run: Run, run_json: Run, broken: Path, root: Path) -> None:
    (root / "lab" / "other").mkdir()
    found = run_json("check", "--all", code=1)
    assert {key: len(problems) for key, problems in found.items()} == {"lab/new": 1, "lab/other": 1}


def test_problems_as_json_have_place_severity_and_hint(run_json: Run, broken: Path) -> None:
    (problem,) = run_json("check", "new", code=1)["lab/new"]
    assert (problem["place"], problem["severity"]) == (["dataLayers", 0, "mags", 0], "error")
    assert problem["hint"]


def test_any_folder_is_checked_without_a_store(run: Run, ready: Path, tmp_path: Path) -> None:
    folder = ready.rename(tmp_path / "loose")
    text = run("check", str(folder), "--root", str(tmp_path / "none")).stdout
    assert text == f"{folder}: nothing is wrong.\n"
    assert not (tmp_path / "none").exists()


def test_a_link_that_leads_nowhere_is_an_error(run: Run, root: Path) -> None:
    (root / "lab" / "gone").symlink_to("/nowhere/at/all")
    assert "leads nowhere" in run("check", "gone", code=1).stderr


def test_an_empty_store_has_nothing_to_check(run: Run, tmp_path: Path) -> None:
    assert "no dataset to check" in run("check", "--all", "--root", str(tmp_path / "empty")).stdout


@pytest.mark.parametrize("arguments", [(), ("new", "--all")])
def test_wrong_usage_has_exit_code_2(run: Run, arguments: tuple[str, ...]) -> None:
    run("check", *arguments, code=2)
