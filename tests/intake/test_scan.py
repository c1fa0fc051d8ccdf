from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from voxshelf.errors import StoreUnavailableError
from voxshelf.intake import FoundFolder, SkippedFolder, scan_dataset, scan_root

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 65534


@pytest.fixture
def open_root() -> Iterator[Path]:
    """A root that an unprivileged user can reach."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


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


def found_in(root: Path) -> dict[str, FoundFolder]:
    return {item.key: item for item in scan_root(root) if isinstance(item, FoundFolder)}


def skipped_in(root: Path) -> list[SkippedFolder]:
    return [item for item in scan_root(root) if isinstance(item, SkippedFolder)]


def make_dataset(root: Path, key: str, *, json: bool = True) -> Path:
    folder = root / key
    folder.mkdir(parents=True)
    if json:
        (folder / "datasource-properties.json").write_text("{}")
    return folder


def test_datasets_come_sorted_by_organization_and_name(tmp_path: Path) -> None:
    for key in ("lab/b", "lab/a", "archive/z"):
        make_dataset(tmp_path, key)
    assert list(found_in(tmp_path)) == ["archive/z", "lab/a", "lab/b"]


def test_a_found_folder_tells_whether_it_has_a_json(tmp_path: Path) -> None:
    make_dataset(tmp_path, "lab/with")
    make_dataset(tmp_path, "lab/without", json=False)
    found = found_in(tmp_path)
    assert (found["lab/with"].has_json, found["lab/without"].has_json) == (True, False)


def test_staging_folders_and_files_are_left_alone(tmp_path: Path) -> None:
    make_dataset(tmp_path, "lab/good")
    for name in (
        ".trash",
        ".uploading",
        ".samples",
        ".unpacked",
        ".converting",
        "__for_conversion_1",
        "__MACOSX",
    ):
        make_dataset(tmp_path, f"lab/{name}")
    make_dataset(tmp_path, ".voxshelf/inner")
    (tmp_path / "lab" / "notes.txt").write_text("a file")
    (tmp_path / "notes.txt").write_text("a file")
    assert list(scan_root(tmp_path)) == [found_in(tmp_path)["lab/good"]]


def test_unchanged_folders_keep_their_fingerprint(tmp_path: Path) -> None:
    make_dataset(tmp_path, "lab/a")
    assert found_in(tmp_path)["lab/a"].fingerprint == found_in(tmp_path)["lab/a"].fingerprint


@pytest.mark.parametrize("change", ["layer", "json"])
def test_a_new_layer_or_another_json_changes_the_fingerprint(tmp_path: Path, change: str) -> None:
    folder = make_dataset(tmp_path, "lab/a")
    before = found_in(tmp_path)["lab/a"].fingerprint
    if change == "layer":
        (folder / "color").mkdir()
        os.utime(folder, ns=(1, 1))
    else:
        (folder / "datasource-properties.json").write_text('{"scale": 1}')
    assert found_in(tmp_path)["lab/a"].fingerprint != before


def test_links_to_dataset_folders_are_followed(tmp_path: Path) -> None:
    target = make_dataset(tmp_path / "elsewhere", "data")
    (tmp_path / "root" / "lab").mkdir(parents=True)
    (tmp_path / "root" / "lab" / "linked").symlink_to(target)
    linked = found_in(tmp_path / "root")["lab/linked"]
    assert (linked.is_link, linked.has_json, linked.inode) == (True, True, target.stat().st_ino)


def test_links_to_organizations_are_followed(tmp_path: Path) -> None:
    make_dataset(tmp_path / "elsewhere", "lab/a")
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "lab").symlink_to(tmp_path / "elsewhere" / "lab")
    assert list(found_in(tmp_path / "root")) == ["lab/a"]


def test_a_broken_link_is_reported_with_its_target(tmp_path: Path) -> None:
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "gone").symlink_to("/cluster/gone")
    problem = found_in(tmp_path)["lab/gone"].problem
    assert problem is not None
    assert "/cluster/gone" in problem.message
    assert "Mount" in problem.hint


@pytest.mark.parametrize("target", ["..", "../..", "."])
def test_a_link_back_up_is_reported_and_not_followed(tmp_path: Path, target: str) -> None:
    root = tmp_path / "root"
    make_dataset(root, "lab/a")
    (root / "lab" / "loop").symlink_to(target)
    found = found_in(root)
    assert list(found) == ["lab/a", "lab/loop"]
    assert found["lab/loop"].problem is not None


def test_links_that_lead_in_a_circle_are_reported(tmp_path: Path) -> None:
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "a").symlink_to("b")
    (tmp_path / "lab" / "b").symlink_to("a")
    problem = found_in(tmp_path)["lab/a"].problem
    assert problem is not None
    assert "circle" in problem.message


def test_an_organization_that_leads_back_to_the_root_is_skipped(tmp_path: Path) -> None:
    make_dataset(tmp_path, "lab/a")
    (tmp_path / "self").symlink_to(".")
    (skipped,) = skipped_in(tmp_path)
    assert (skipped.organization, list(found_in(tmp_path))) == ("self", ["lab/a"])


def test_an_unreadable_dataset_folder_is_reported_with_its_path(open_root: Path) -> None:
    folder = make_dataset(open_root, "lab/private")
    folder.chmod(0o000)
    with unprivileged():
        problem = found_in(open_root)["lab/private"].problem
    folder.chmod(0o755)
    assert problem is not None
    assert str(folder) in problem.message


def test_an_unreadable_organization_is_skipped_not_emptied(open_root: Path) -> None:
    make_dataset(open_root, "lab/a")
    (open_root / "lab").chmod(0o000)
    with unprivileged():
        (skipped,) = skipped_in(open_root)
    (open_root / "lab").chmod(0o755)
    assert skipped.organization == "lab"
    assert "may not be read" in skipped.problem.message


def test_a_dataset_in_an_organizations_place_is_reported(tmp_path: Path) -> None:
    make_dataset(tmp_path, "dataset")
    (skipped,) = skipped_in(tmp_path)
    assert "one level down" in skipped.problem.hint


def test_a_name_that_is_no_text_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "lab").mkdir()
    Path(os.fsdecode(os.fsencode(tmp_path / "lab") + b"/bad\xff")).mkdir()
    (skipped,) = skipped_in(tmp_path)
    assert "UTF-8" in skipped.problem.message


def test_a_missing_root_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match="nowhere"):
        list(scan_root(tmp_path / "nowhere"))


def test_only_the_organizations_asked_for_are_scanned(tmp_path: Path) -> None:
    make_dataset(tmp_path, "lab/a")
    make_dataset(tmp_path, "other/b")
    items = list(scan_root(tmp_path, organizations=["lab"]))
    assert [item.organization for item in items] == ["lab"]


def test_one_dataset_looks_as_in_the_whole_scan(tmp_path: Path) -> None:
    make_dataset(tmp_path, "lab/a")
    assert scan_dataset(tmp_path, "lab", "a") == found_in(tmp_path)["lab/a"]


def test_one_dataset_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert scan_dataset(tmp_path, "lab", "a") is None
