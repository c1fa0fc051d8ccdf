from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voxshelf.dataset import create_dataset
from voxshelf.errors import DatasetNotFoundError, UnsupportedFormatError, VoxshelfError
from voxshelf.store import Capability, LocalDatasetStore
from voxshelf.testing.folders import write_dataset
from voxshelf.widgets import Manager, SliceViewer
from voxshelf.wiring import open_store, read_settings, show

if TYPE_CHECKING:
    from pathlib import Path

WITHOUT_WIDGETS = """
import importlib.util, sys
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name in ("bqplot", "ipywidgets") else real(name, *rest)
import voxshelf
try:
    voxshelf.show("anything")
except voxshelf.errors.MissingExtraError as error:
    print(error.what, "|", error.hint)
"""


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ROOT", "URL", "TOKEN", "CATALOG_URL", "ORGANIZATION", "ALLOWED_ROOTS", "PUBLIC_URL"):
        monkeypatch.delenv(f"VOXSHELF_{name}", raising=False)


def test_a_path_opens_a_local_store(tmp_path: Path) -> None:
    with open_store(tmp_path / "shelf") as store:
        assert isinstance(store, LocalDatasetStore)
        assert store.root == tmp_path / "shelf"


def test_without_a_target_the_environment_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXSHELF_ROOT", str(tmp_path / "shelf"))
    with open_store() as store:
        assert isinstance(store, LocalDatasetStore)
        assert store.root == tmp_path / "shelf"


def test_a_catalog_of_its_own_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXSHELF_CATALOG_URL", f"sqlite:///{tmp_path / 'elsewhere.db'}")
    with open_store(tmp_path / "shelf") as store:
        store.refresh()
    assert (tmp_path / "elsewhere.db").exists()


def test_samples_come_from_the_address_that_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOXSHELF_SAMPLES_URL", "https://institute.example/samples/")
    monkeypatch.setenv("VOXSHELF_ORGANIZATION", "teaching")
    with open_store(tmp_path / "shelf") as store:
        downloads = [sample for sample in store.samples.available() if not sample.builtin]
    assert downloads
    assert all(sample.url.startswith("https://institute.example/samples/") for sample in downloads)
    assert all(sample.key.startswith("teaching/") for sample in downloads)


@pytest.mark.parametrize("url", ["https://example.org/voxshelf", "s3://bucket/data"])
def test_a_url_is_refused_honestly(url: str) -> None:
    with pytest.raises(UnsupportedFormatError, match="not part of this version") as refused:
        open_store(url)
    assert refused.value.hint


def test_a_url_in_the_environment_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXSHELF_URL", "https://example.org")
    with pytest.raises(UnsupportedFormatError):
        open_store()


def test_a_token_for_a_folder_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(VoxshelfError, match="token"):
        open_store(tmp_path, token="secret")


def test_every_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXSHELF_ORGANIZATION", "a/b")
    with pytest.raises(VoxshelfError, match="VOXSHELF_ORGANIZATION"):
        read_settings()


def test_a_store_is_shown_as_the_manager(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        manager = show(store)
        assert isinstance(manager, Manager)
        manager.close()


def test_a_dataset_is_shown_in_the_viewer(tmp_path: Path) -> None:
    dataset = create_dataset(tmp_path / "a", voxel_size=(1, 1, 1))
    layer = dataset.add_layer("color", category="color", dtype="uint8", file_len=1)
    layer.write(np.ones((8, 8, 8), np.uint8))
    for thing in (dataset, tmp_path / "a", str(tmp_path / "a")):
        viewer = show(thing)
        assert isinstance(viewer, SliceViewer)
        viewer.close()


def test_a_stores_root_is_shown_as_the_manager(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    manager = show(tmp_path)
    assert isinstance(manager, Manager)
    manager.close()


@pytest.mark.parametrize("has_json", [True, False])
def test_a_root_that_no_store_was_opened_in_is_shown_as_the_manager(
    tmp_path: Path, *, has_json: bool
) -> None:
    folder = write_dataset(tmp_path, "lab/one")
    if not has_json:
        (folder / "datasource-properties.json").unlink()
    manager = show(str(tmp_path))
    assert isinstance(manager, Manager)
    assert manager.table.state.wait()
    manager.close()


def test_a_store_begins_in_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "shelf").mkdir()
    manager = show(tmp_path / "shelf")
    assert isinstance(manager, Manager)
    manager.close()
    assert (tmp_path / "shelf" / ".voxshelf").is_dir()


def test_for_an_organization_its_store_is_named(tmp_path: Path) -> None:
    write_dataset(tmp_path, "lab/one")
    with pytest.raises(DatasetNotFoundError) as refused:
        show(tmp_path / "lab")
    assert f'vx.show("{tmp_path}")' in refused.value.hint
    assert not (tmp_path / "lab" / ".voxshelf").exists()


def test_a_folder_of_other_things_becomes_no_store(tmp_path: Path) -> None:
    (tmp_path / "home" / "photos" / "2024").mkdir(parents=True)
    with pytest.raises(DatasetNotFoundError):
        show(tmp_path / "home")
    assert not (tmp_path / "home" / ".voxshelf").exists()


def test_where_no_folder_is_it_is_said_how_a_store_begins(tmp_path: Path) -> None:
    with pytest.raises(DatasetNotFoundError) as refused:
        show(tmp_path / "nowhere")
    assert f'vx.open_store("{tmp_path / "nowhere"}")' in refused.value.hint


def test_a_folder_that_is_not_there_cannot_be_shown(tmp_path: Path) -> None:
    with pytest.raises(DatasetNotFoundError):
        show(tmp_path / "nowhere")


def test_missing_widget_libraries_are_named_with_the_line_that_installs_them() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_WIDGETS], capture_output=True, text=True, check=True)
    assert "ipywidgets, bqplot" in done.stdout
    assert "pip install 'voxshelf[jupyter]'" in done.stdout


def test_opening_a_store_loads_no_widget_library(tmp_path: Path) -> None:
    code = (
        "import sys, voxshelf; voxshelf.open_store(sys.argv[1]).close();"
        "print([name for name in ('ipywidgets', 'bqplot', 'IPython', 'numba') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_links_lead_where_a_service_shows_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXSHELF_PUBLIC_URL", "https://lab.example.org/voxshelf/")
    write_dataset(tmp_path, "lab/one")
    with open_store(tmp_path) as store:
        store.refresh()
        link = store.create_link("lab/one")
        assert link.url == f"https://lab.example.org/voxshelf/s/{link.token}"
        assert store.capabilities.can(Capability.SERVE_LINKS)
