from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]


def test_the_name_alone_is_enough_where_it_is_unique(run: Run) -> None:
    assert "lab/new" in run("info", "new").stdout


def test_a_name_that_two_have_is_a_problem_that_tells_both(run: Run, root: Path) -> None:
    (root / "other" / "new").mkdir(parents=True)
    result = run("info", "new", code=1)
    assert "lab/new, other/new" in result.stderr


def test_a_folder_below_the_root_means_its_dataset(run: Run, root: Path) -> None:
    assert run("tag", "add", str(root / "lab" / "new"), "em").stdout.startswith("lab/new: em")


def test_a_folder_that_was_copied_just_now_is_found(run: Run, root: Path) -> None:
    run("scan")
    (root / "lab" / "later").mkdir()
    assert "lab/later: em" in run("tag", "add", "later", "em").stdout


def test_a_slip_of_the_pen_gets_a_suggestion(run: Run) -> None:
    assert "Did you mean lab/new?" in run("tag", "add", "lab/nwe", "em", code=1).stderr


def test_what_is_in_the_trash_is_told_with_the_way_back(run: Run) -> None:
    run("delete", "new")
    assert "voxshelf trash restore lab/new" in run("tag", "add", "lab/new", "em", code=1).stderr


@pytest.mark.parametrize("text", ["", "/", "..", "lab", "lab/", "a/b/c", "lab/../lab/new"])
def test_what_names_no_dataset_is_a_problem(run: Run, text: str) -> None:
    assert "Traceback" not in run("history", "show", text, code=1).output
