from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.store import LocalDatasetStore

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., Any]


@pytest.fixture
def archive(root: Path, tmp_path: Path) -> Path:
    """``upload.zip`` with the layers of ``lab/new``, without a JSON."""
    return Path(shutil.make_archive(str(tmp_path / "upload"), "zip", root / "lab" / "new"))


def test_a_zip_file_becomes_a_dataset_of_its_name(run: Run, archive: Path, root: Path) -> None:
    text = run("upload", str(archive)).stdout
    assert "Next: voxshelf import lab/upload" in text
    assert (root / "lab" / "upload" / "color" / "1" / "header.wkw").exists()


def test_it_can_be_imported_then(run: Run, archive: Path) -> None:
    run("upload", str(archive))
    assert "lab/upload is imported." in run("import", "upload", "--voxel-size", "4,4,35").stdout


def test_with_a_json_in_it_it_is_imported_at_once(run: Run, ready: Path, tmp_path: Path) -> None:
    whole = shutil.make_archive(str(tmp_path / "whole"), "zip", ready)
    assert "lab/whole is uploaded and imported." in run("upload", whole).stdout


def test_a_file_name_that_no_dataset_may_have_is_made_one(run_json: Run, archive: Path) -> None:
    renamed = archive.rename(archive.with_name("my data (1).zip"))
    assert run_json("upload", str(renamed))["name"] == "my_data_1"


def test_organization_and_name_can_be_given(run_json: Run, archive: Path) -> None:
    record = run_json("upload", str(archive), "other/mouse")
    assert (record["organization"], record["name"]) == ("other", "mouse")


def test_an_interrupted_upload_goes_on_with_the_same_file(
    run: Run, run_json: Run, archive: Path, root: Path
) -> None:
    facts = archive.stat()
    with LocalDatasetStore(root) as store:
        info = store.uploads.begin(
            "upload",
            facts.st_size,
            organization="lab",
            file_key=f"{archive.name} {facts.st_size} {facts.st_mtime_ns}",
        )
        store.uploads.append(info.id, 0, archive.read_bytes()[: facts.st_size // 2])
    assert [one["id"] for one in run_json("upload", "--unfinished")] == [info.id]
    assert "50% had arrived before" in run("upload", str(archive), "lab/upload").stderr
    assert run_json("upload", "--unfinished") == []


def test_an_unfinished_upload_is_listed_and_cancelled(run: Run, run_json: Run, root: Path) -> None:
    assert "No upload is unfinished." in run("upload", "--unfinished").stdout
    with LocalDatasetStore(root) as store:
        info = store.uploads.begin("later", 1000, organization="lab", file_key="later.zip")
    assert "lab/later  0%" in run("upload", "--unfinished").stdout
    assert run_json("upload", "--cancel", info.id) == {"cancelled": info.id}
    assert "No upload is unfinished." in run("upload", "--unfinished").stdout


def test_a_name_that_is_taken_is_a_problem(run: Run, ready: Path, archive: Path) -> None:
    assert "already a dataset lab/new" in run("upload", str(archive), "lab/new", code=1).stderr


def test_what_is_no_archive_is_a_problem_and_leaves_nothing(run: Run, root: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.zip").write_text("no archive at all")
    run("upload", str(tmp_path / "notes.zip"), "lab/notes", code=1)
    assert not (root / "lab" / "notes").exists()
    assert "No upload is unfinished." in run("upload", "--unfinished").stdout


def test_an_archive_that_would_write_elsewhere_is_refused(run: Run, root: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as evil:
        evil.writestr("../../evil.txt", "x")
    run("upload", str(tmp_path / "evil.zip"), "lab/evil", code=1)
    assert not (root / "lab" / "evil").exists()


def test_a_folder_is_told_where_it_goes(run: Run, root: Path) -> None:
    assert "<root>/<organization>/<dataset>" in run("upload", str(root / "lab" / "new"), code=1).stderr


def test_a_file_that_is_not_there_is_a_problem(run: Run) -> None:
    assert "no file" in run("upload", "nowhere.zip", code=1).stderr


@pytest.mark.parametrize("arguments", [(), ("x.zip", "--unfinished"), ("--unfinished", "--cancel", "x")])
def test_wrong_usage_has_exit_code_2(run: Run, arguments: tuple[str, ...]) -> None:
    run("upload", *arguments, code=2)
