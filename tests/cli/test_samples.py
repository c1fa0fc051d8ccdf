from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from voxshelf.intake.samples import make_tissue_sample

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]


def test_the_list_tells_which_samples_are_there(run: Run, root: Path) -> None:
    assert [sample["present"] for sample in json.loads(run("sample", "list", "--json").stdout)] == [False]
    make_tissue_sample(root / "samples" / "tissue", size=(32, 32, 32))
    assert [sample["present"] for sample in json.loads(run("sample", "list", "--json").stdout)] == [True]
    assert "present" in run("sample", "list").stdout


def test_a_sample_that_is_there_is_left_alone(run: Run, root: Path) -> None:
    make_tissue_sample(root / "mine" / "tissue", size=(32, 32, 32))
    assert "was there already" in run("sample", "add", "tissue", "--organization", "mine").stdout
    added = json.loads(run("sample", "add", "tissue", "--organization", "mine", "--json").stdout)
    assert (added["dataset"], added["added"]) == ("mine/tissue", False)


def test_an_unknown_sample_is_a_problem_that_names_the_known(run: Run) -> None:
    assert "tissue" in run("sample", "add", "nothing", code=1).stderr


def test_a_folder_with_something_else_is_not_touched(run: Run, root: Path) -> None:
    (root / "samples" / "tissue").mkdir(parents=True)
    assert "already" in run("sample", "add", "tissue", code=1).stderr
