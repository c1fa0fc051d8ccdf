"""What a scan looks at, and what it leaves alone."""

from __future__ import annotations

import logging
import os
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from voxshelf.catalog import Catalog, dataset_row
from voxshelf.errors import DatasetNotFoundError
from voxshelf.intake import scan_dataset
from voxshelf.model import ChangeEvent, DatasetStatus
from voxshelf.store import LocalDatasetStore
from voxshelf.store.examining import Places, examine
from voxshelf.store.fingerprints import SETTLED_AFTER_NS, fingerprint, is_unchanged
from voxshelf.store.importing import Importer
from voxshelf.store.scanning import Scanner
from voxshelf.testing.folders import properties, write_dataset, write_layer, write_properties

if TYPE_CHECKING:
    from collections.abc import Iterator

LATER = 60 * 10**9


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(f"sqlite:///{tmp_path / 'catalog.db'}")
    yield opened
    opened.close()


def _make_old(folder: Path) -> None:
    """Let a folder look as if it was written an hour ago."""
    hour_ago = time.time_ns() - 3600 * 10**9
    for path in (folder / "datasource-properties.json", folder):
        if path.exists():
            os.utime(path, ns=(hour_ago, hour_ago))


def _rewrite_unseen(folder: Path) -> None:
    """Change the JSON so that size and times stay as they were: only reading it would show the change."""
    path = folder / "datasource-properties.json"
    state = path.stat()
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("11.24", "22.48"), encoding="utf-8")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


@contextmanager
def _unprivileged() -> Iterator[None]:
    """Permissions hold for everybody but root: become somebody else for a while."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_layer_that_may_not_be_looked_into_breaks_its_dataset_and_no_scan() -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        root.chmod(0o755)
        layer = write_dataset(root, "lab/a") / "color"
        found = scan_dataset(root, "lab", "a")
        assert found is not None
        layer.chmod(0o000)
        with _unprivileged():
            examined = examine(found, Places(root))
        layer.chmod(0o755)
    assert examined.status is DatasetStatus.BROKEN
    assert "may not be read" in examined.status_message


def test_a_folder_that_did_not_change_is_not_read_again(root: Path) -> None:
    folder = write_dataset(root, "lab/one")
    _make_old(folder)
    with LocalDatasetStore(root) as store:
        store.refresh()
        _rewrite_unseen(folder)
        assert store.refresh().unchanged == 1
        assert str(store.record("lab/one").voxel_size) == "11.24 × 11.24 × 28 nm"


def test_a_folder_that_was_just_written_is_read_again(root: Path) -> None:
    folder = write_dataset(root, "lab/one")
    with LocalDatasetStore(root) as store:
        store.refresh()
        _rewrite_unseen(folder)
        assert store.refresh().changed == ("lab/one",)
        assert str(store.record("lab/one").voxel_size) == "22.48 × 22.48 × 28 nm"


def test_a_folder_settles_with_time(catalog: Catalog, root: Path) -> None:
    folder = write_dataset(root, "lab/one")
    told: list[ChangeEvent] = []
    now = [time.time_ns()]
    scanner = Scanner(catalog, Places(root), told.extend, clock=lambda: now[0])
    assert scanner.scan().found == ("lab/one",)
    now[0] += LATER
    assert scanner.scan().unchanged == 1
    _rewrite_unseen(folder)
    assert scanner.scan().unchanged == 1
    assert len(told) == 1


@pytest.mark.parametrize("change", ["json", "layer", "removed json", "replaced folder"])
def test_what_changes_in_a_folder_changes_its_fingerprint(root: Path, change: str) -> None:
    folder = write_dataset(root, "lab/one")
    _make_old(folder)
    before = scan_dataset(root, "lab", "one")
    assert before is not None
    recorded = fingerprint(before, [], before.mtime_ns + SETTLED_AFTER_NS)
    assert is_unchanged(before, recorded)
    if change == "json":
        write_properties(folder, properties(scale=[1, 1, 1]))
    elif change == "layer":
        write_layer(folder / "more")
    elif change == "removed json":
        (folder / "datasource-properties.json").unlink()
    else:
        folder.rename(root / "lab" / "moved")
        write_dataset(root, "lab/one")
        _make_old(folder)
    after = scan_dataset(root, "lab", "one")
    assert after is not None
    assert not is_unchanged(after, recorded)


def test_an_organization_that_cannot_be_entered_keeps_its_datasets(
    root: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_dataset(tmp_path, "mount/one")
    write_dataset(root, "lab/two")
    (root / "far").symlink_to(tmp_path / "mount")
    with LocalDatasetStore(root) as store:
        store.refresh()
        (tmp_path / "mount").rename(tmp_path / "unmounted")
        with caplog.at_level(logging.WARNING):
            report = store.refresh()
        assert (report.vanished, report.broken) == ((), ("far/one",))
        record = store.record("far/one")
        assert record.status is DatasetStatus.BROKEN
        assert "mount" in record.status_message
        assert record.layers
        assert "mount" in caplog.text
        version = store.record("far/one").version
        store.refresh()
        assert store.record("far/one").version == version
        (tmp_path / "unmounted").rename(tmp_path / "mount")
        assert store.refresh().changed == ("far/one",)
        assert store.record("far/one").status is DatasetStatus.READY


def test_a_dataset_in_an_organizations_place_is_not_taken_for_an_organization(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_layer(root / "misplaced" / "color")
    write_properties(root / "misplaced", properties())
    with LocalDatasetStore(root) as store:
        store.refresh()
        assert list(store) == []
        assert "one level down" in caplog.text


def test_an_unlikely_voxel_size_is_a_warning_and_the_dataset_is_ready(root: Path) -> None:
    folder = write_dataset(root, "lab/one")
    write_properties(folder, {**properties(), "scale": [4, 4, 35_000]})
    with LocalDatasetStore(root) as store:
        store.refresh()
        record = store.record("lab/one")
        assert record.status is DatasetStatus.READY
        assert [(problem.severity, problem.place) for problem in record.problems] == [("warning", ("scale",))]
        assert record.problems[0].message == "z is 8,750 times x."


def test_a_layer_that_is_not_on_disk_is_a_warning(root: Path) -> None:
    folder = write_dataset(root, "lab/one", mags=("1", "2"))
    (folder / "color" / "2").rename(folder / "color" / "away")
    with LocalDatasetStore(root) as store:
        store.refresh()
        record = store.record("lab/one")
        assert record.status is DatasetStatus.READY
        assert [problem.severity for problem in record.problems] == ["warning"]
        assert "color/2" in record.problems[0].message


def test_links_lead_only_where_the_operator_allows(root: Path, tmp_path: Path) -> None:
    for place in ("allowed", "forbidden"):
        write_dataset(tmp_path / place, "x/whole")
        write_layer(tmp_path / place / "layer")
        (root / "lab" / place).mkdir(parents=True)
        (root / "lab" / place / "color").symlink_to(tmp_path / place / "layer")
        write_properties(root / "lab" / place, properties())
        (root / "lab" / f"{place}_whole").symlink_to(tmp_path / place / "x" / "whole")
    with LocalDatasetStore(root, allowed_roots=[tmp_path / "allowed"]) as store:
        store.refresh()
        statuses = {record.name: record.status for record in store.list().items}
        assert statuses == {
            "allowed": DatasetStatus.READY,
            "allowed_whole": DatasetStatus.READY,
            "forbidden": DatasetStatus.BROKEN,
            "forbidden_whole": DatasetStatus.BROKEN,
        }
        assert "allowed roots" in store.record("lab/forbidden_whole").status_message
        assert store["lab/allowed_whole"].layers.keys() == {"color"}
        for ask in (store.__getitem__, store.propose_import, store.import_dataset):
            with pytest.raises(DatasetNotFoundError, match="outside"):
                ask("lab/forbidden_whole")


def test_a_target_that_is_exchanged_under_a_link_is_noticed(root: Path, tmp_path: Path) -> None:
    folder = write_dataset(root, "lab/one")
    (folder / "color").rename(tmp_path / "first")
    write_layer(tmp_path / "second")
    (folder / "color").symlink_to(tmp_path / "layer")
    (tmp_path / "layer").symlink_to(tmp_path / "first")
    _make_old(folder)
    found = scan_dataset(root, "lab", "one")
    assert found is not None
    recorded = fingerprint(found, ["color"], time.time_ns())
    assert is_unchanged(found, recorded)
    (tmp_path / "layer").unlink()
    (tmp_path / "layer").symlink_to(tmp_path / "second")
    assert not is_unchanged(found, recorded)


def test_an_import_that_is_faster_than_a_scan_stays(catalog: Catalog, root: Path) -> None:
    write_dataset(root, "lab/one", with_json=False)
    places = Places(root)
    Scanner(catalog, places, lambda _: None).scan()

    def import_meanwhile() -> int:
        """Between what the scan saw of the folder and what it makes of it."""
        if not (root / "lab" / "one" / "datasource-properties.json").exists():
            write_properties(root / "lab" / "one", properties())
            Importer(catalog, places, lambda _: None).import_dataset("lab/one", None, by="ada")
        return time.time_ns()

    Scanner(catalog, places, lambda _: None, import_meanwhile).scan()
    with catalog.reading() as session:
        assert dataset_row(session, "lab/one").status is DatasetStatus.READY
