"""What the gallery lists in a real store, for its operator and for somebody with an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.model import User
from voxshelf.store import LocalDatasetStore
from voxshelf.testing.folders import write_dataset
from voxshelf.widgets.gallery import GalleryState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def real(tmp_path: Path) -> Iterator[LocalDatasetStore]:
    for name in ("hidden", "shown", "shown_too"):
        write_dataset(tmp_path, f"lab/{name}")
    with LocalDatasetStore(tmp_path) as store:
        store.refresh()
        for name in ("shown", "shown_too"):
            store.update_permissions(f"lab/{name}", is_public=True)
        yield store


def keys(store: Any, search: str = "") -> list[str]:
    gallery = GalleryState(store)
    gallery.search = search
    assert gallery.wait()
    gallery.close()
    assert gallery.total == len(gallery.records)
    return [record.key for record in gallery.records]


def test_the_operator_sees_what_visitors_see(real: LocalDatasetStore) -> None:
    assert keys(real) == ["lab/shown", "lab/shown_too"]


def test_somebody_of_the_organization_sees_the_public_ones_only(real: LocalDatasetStore) -> None:
    admin = real.acting_as(User(id="ada", organization="lab", is_admin=True))
    assert keys(admin) == ["lab/shown", "lab/shown_too"]
    admin.close()


def test_the_search_is_the_stores(real: LocalDatasetStore) -> None:
    assert keys(real, "too") == ["lab/shown_too"]


def test_the_store_stays_open(real: LocalDatasetStore) -> None:
    keys(real)
    assert "lab/hidden" in real
