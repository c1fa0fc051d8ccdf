"""Folders as they come: odd names, pipes, damaged files, and those that may not be read or written."""

from __future__ import annotations

import os
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.intake import explore
from voxshelf.model import BoundingBox, Origin, Proposal
from voxshelf.testing.folders import properties, write_dataset, write_layer, write_properties

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 65534
PATIENCE = 30
CUBE = BoundingBox((0, 0, 0), (32, 32, 32))
JSON_NAME = "datasource-properties.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_dataset(tmp_path, "lab/one", layers={"color": "uint8"}, with_json=False)


@contextmanager
def unprivileged() -> Iterator[None]:
    """Permissions hold for everybody but root: become somebody else for a while."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A dataset folder that an unprivileged user can reach."""
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        yield write_dataset(Path(place), "lab/one", layers={"color": "uint8"}, with_json=False)


def box(proposal: Proposal) -> Any:
    place = ("layers", "color", "bounding_box")
    return next(finding.value for finding in proposal.findings if finding.place == place)


def messages(proposal: Proposal) -> str:
    return "\n".join(str(problem) for problem in proposal.problems)


def explored_in_time(folder: Path) -> Proposal:
    """The proposal; fails where exploring waits for something that never comes."""
    done: list[Proposal] = []
    explorer = threading.Thread(target=lambda: done.append(explore(folder, name="lab/one")), daemon=True)
    explorer.start()
    explorer.join(PATIENCE)
    assert done, "it hangs"
    return done[0]


@pytest.mark.parametrize(
    "name",
    ["x5.wkw.tmp", "X5.wkw", "x-5.wkw", "x5", ".x5.wkw", "x5.wkw~", f"x{'9' * 30}.wkw"],
)
def test_a_file_that_is_named_like_no_cube_does_not_widen_the_box(folder: Path, name: str) -> None:
    (folder / "color" / "1" / "z0" / "y0" / name).touch()
    assert box(explore(folder, name="lab/one")) == CUBE


def test_a_folder_in_a_cubes_place_does_not_widen_the_box(folder: Path) -> None:
    (folder / "color" / "1" / "z0" / "y0" / "x5.wkw").mkdir()
    assert box(explore(folder, name="lab/one")) == CUBE


def test_a_file_in_a_folders_place_is_told_and_the_rest_is_read(folder: Path) -> None:
    (folder / "color" / "1" / "z7").touch()
    proposal = explore(folder, name="lab/one")
    assert box(proposal) == CUBE
    assert "cannot be read (Not a directory)" in messages(proposal)
    assert "color/1/z7" in messages(proposal)


@pytest.mark.parametrize("name", ["color/1/header.wkw", JSON_NAME, "color/1/z0/y0/x3.wkw", "color/2", "pipe"])
def test_a_pipe_among_the_files_is_not_waited_for(folder: Path, name: str) -> None:
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    explored_in_time(folder)


def test_a_header_that_is_no_file_is_told(folder: Path) -> None:
    (folder / "color" / "1" / "header.wkw").unlink()
    os.mkfifo(folder / "color" / "1" / "header.wkw")
    assert "header.wkw is no file" in messages(explored_in_time(folder))


def test_a_json_that_is_a_folder_is_told(folder: Path) -> None:
    (folder / JSON_NAME).mkdir()
    proposal = explore(folder, name="lab/one")
    assert f"{JSON_NAME} is no file" in messages(proposal)
    assert proposal.layer_names == ("color",)


def test_a_layer_whose_name_is_no_text_is_told_and_left_out(folder: Path) -> None:
    write_layer(Path(os.fsdecode(os.fsencode(folder) + b"/bad\xff")))
    proposal = explore(folder, name="lab/one")
    assert proposal.layer_names == ("color",)
    assert "not valid UTF-8" in messages(proposal)


@pytest.mark.parametrize("name", [".hidden", "__MACOSX", ".trash"])
def test_hidden_folders_are_no_layers(folder: Path, name: str) -> None:
    write_layer(folder / name)
    assert explore(folder, name="lab/one").layer_names == ("color",)


def test_a_json_without_layers_says_so_and_the_layers_on_disk_are_proposed(folder: Path) -> None:
    write_properties(folder, properties() | {"dataLayers": []})
    proposal = explore(folder, name="lab/one")
    assert "no layer" in messages(proposal)
    assert proposal.layer_names == ("color",)


def test_view_configurations_of_a_json_are_kept_at_both_levels(folder: Path) -> None:
    document = properties(defaultViewConfiguration={"position": [1, 2, 3]})
    document["dataLayers"][0]["defaultViewConfiguration"] = {"color": [255, 0, 0]}
    write_properties(folder, document)
    found = {
        finding.place: finding
        for finding in explore(folder, name="lab/one").findings
        if finding.place[-1] == "default_view_configuration"
    }
    assert [finding.origin for finding in found.values()] == [Origin.FILE] * 2
    assert found["layers", "color", "default_view_configuration"].value == {"color": [255, 0, 0]}


def test_a_folder_that_may_not_be_written_is_explored_and_left_as_it_is(open_folder: Path) -> None:
    before = sorted(open_folder.rglob("*"))
    for path in (*before, open_folder):
        path.chmod(path.stat().st_mode & ~0o222)
    try:
        with unprivileged():
            proposal = explore(open_folder, name="lab/one")
        assert proposal.layer_names == ("color",)
        assert sorted(open_folder.rglob("*")) == before
    finally:
        for path in (open_folder, *before):
            path.chmod(path.stat().st_mode | 0o200)


@pytest.mark.parametrize("name", ["color", "color/1", "color/1/z0", "color/1/header.wkw", JSON_NAME])
def test_what_may_not_be_read_is_told_with_its_path(open_folder: Path, name: str) -> None:
    write_properties(open_folder, properties())
    mode = (open_folder / name).stat().st_mode
    (open_folder / name).chmod(0)
    try:
        with unprivileged():
            proposal = explore(open_folder, name="lab/one")
    finally:
        (open_folder / name).chmod(mode)
    assert str(open_folder / name) in messages(proposal)


@pytest.mark.parametrize("name", ["stuff", "stuff/1", "stuff/1/z0/y0/x0.wkw"])
def test_a_folder_with_nothing_but_what_may_not_be_read_is_explored_to_the_end(
    open_folder: Path, name: str
) -> None:
    (open_folder / "color").rename(open_folder / "stuff")
    (open_folder / name).chmod(0)
    try:
        with unprivileged():
            proposal = explore(open_folder, name="lab/one")
    finally:
        (open_folder / name).chmod(0o755)
    assert proposal.problems
