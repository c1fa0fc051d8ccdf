"""Which viewers are open, of which store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from voxshelf.widgets.open_viewers import OpenViewers


class Viewer:
    """Shows something."""


class Store:
    """Lies over a folder, or over none."""


def store_over(root: str | None) -> Any:
    store: Any = Store()
    if root is not None:
        store.root = Path(root)
    return store


def test_a_viewer_is_found_through_another_store_over_the_same_folder() -> None:
    viewers, store, viewer = OpenViewers(), store_over("/data"), Viewer()
    viewers.add(viewer, store, "lab/brain")
    assert viewers.latest(store_over("/data"), "lab/brain") is viewer
    assert viewers.latest(store_over("/other"), "lab/brain") is None


def test_a_store_that_lies_over_no_folder_has_no_viewer_of_one_that_does() -> None:
    viewers, store, viewer = OpenViewers(), store_over("/data"), Viewer()
    viewers.add(viewer, store, "lab/brain")
    assert viewers.latest(store_over(None), "lab/brain") is None
