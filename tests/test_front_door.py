"""``import voxshelf``: what it offers, and what it does not load."""

from __future__ import annotations

import subprocess
import sys

import pytest

import voxshelf as vx

PUBLIC = [
    "BoundingBox",
    "Dataset",
    "DatasetTable",
    "EditTabs",
    "Gallery",
    "ImportForm",
    "Layer",
    "Mag",
    "MagView",
    "SamplePicker",
    "SharingLinks",
    "SliceViewer",
    "UploadPanel",
    "VoxelSize",
    "VoxshelfError",
    "__version__",
    "create_dataset",
    "open_dataset",
    "open_store",
    "show",
]
HEAVY = {"numba", "zarr", "dask", "sqlalchemy", "pandas", "PIL", "typer"}
WIDGET_LIBRARIES = {"ipywidgets", "ipydatagrid", "bqplot", "anywidget", "IPython", "traitlets"}


def _modules_after(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after ``code``."""
    report = "import sys; print(' '.join({name.partition('.')[0] for name in sys.modules}))"
    result = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"], capture_output=True, text=True, check=True
    )
    return set(result.stdout.split())


def test_the_front_door_offers_exactly_these_names() -> None:
    assert vx.__all__ == PUBLIC


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_leads_somewhere(name: str) -> None:
    assert getattr(vx, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Datset'"):
        vx.Datset  # noqa: B018 - looking it up is the test


def test_importing_voxshelf_loads_neither_numpy_nor_anything_heavier() -> None:
    loaded = _modules_after("import voxshelf")
    assert loaded & (HEAVY | WIDGET_LIBRARIES | {"numpy", "pydantic"}) == set()


def test_opening_a_dataset_loads_no_widget_library_and_no_array_library_but_numpy() -> None:
    loaded = _modules_after("import voxshelf; voxshelf.open_dataset")
    assert loaded & (HEAVY | WIDGET_LIBRARIES) == set()


def test_a_store_loads_no_widget_library() -> None:
    loaded = _modules_after("import voxshelf; voxshelf.open_store; import voxshelf.store, voxshelf.cli")
    assert loaded & WIDGET_LIBRARIES == set()


def test_loading_a_name_leaves_the_garbage_collector_as_it_was() -> None:
    code = (
        "import gc, voxshelf\n"
        "voxshelf.BoundingBox\nassert gc.isenabled()\n"
        "gc.disable()\nvoxshelf.open_dataset\nassert not gc.isenabled()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
