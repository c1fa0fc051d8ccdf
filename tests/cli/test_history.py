from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]


def test_edits_are_listed_the_newest_first(run: Run, ready: Path) -> None:
    run("edit", "new", "--display-name", "Mouse")
    run("edit", "new", "--public")
    lines = run("history", "new").stdout.splitlines()
    assert lines[0].endswith("permissions")
    assert "Changed is_public from false to true." in lines[1]


def test_the_lines_of_python_can_be_left_out(run: Run, ready: Path) -> None:
    run("edit", "new", "--public")
    assert "store." in run("history", "new").stdout
    assert "store." not in run("history", "new", "--no-python").stdout


def test_the_list_can_be_limited(run_json: Run, run: Run, ready: Path) -> None:
    for name in ("a", "b", "c"):
        run("edit", "new", "--display-name", name)
    assert len(run_json("history", "new", "--limit", "2")) == 2
    assert len(run_json("history", "new", "--limit", "0")) == 4


def test_options_may_stand_before_the_dataset(run: Run) -> None:
    assert "Nobody has edited lab/new yet." in run("history", "--limit", "1", "new").stdout


def test_an_edit_is_taken_back(run: Run, run_json: Run, ready: Path) -> None:
    run("edit", "new", "--display-name", "Mouse")
    edit = run_json("history", "new")[0]["id"]
    text = run("history", "undo", "new", str(edit)).stdout
    assert 'Changed display_name from "Mouse" to "".' in text
    assert run_json("info", "new")["record"]["display_name"] == ""
    assert run_json("history", "new")[0]["undoes"] == edit


def test_taking_back_what_was_edited_again_is_a_problem(run: Run, run_json: Run, ready: Path) -> None:
    run("edit", "new", "--display-name", "Mouse")
    edit = run_json("history", "new")[0]["id"]
    run("edit", "new", "--display-name", "Rat")
    assert "display_name" in run("history", "undo", "new", str(edit), code=1).stderr


def test_an_edit_that_is_not_there_is_a_problem(run: Run) -> None:
    assert "no edit 99" in run("history", "undo", "new", "99", code=1).stderr


def test_an_edit_that_is_no_number_is_wrong_usage(run: Run) -> None:
    run("history", "undo", "new", "first", code=2)


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_without_a_dataset_it_explains_itself(run: Run, arguments: tuple[str, ...]) -> None:
    text = run("history", *arguments, code=0 if arguments else 2).output
    assert "undo  Take one edit back." in text
