"""A laboratory's store: ``lab/cells`` with colour and segmentation, ``lab/plain`` beside it, and people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.store import LocalDatasetStore
from voxshelf.testing.folders import write_dataset
from voxshelf.widgets.edit_tabs import EditTabsState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voxshelf.widgets.edit_tabs import DatasetEdits

KEY = "lab/cells"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of ``lab/cells``."""
    return tmp_path / KEY


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[LocalDatasetStore]:
    write_dataset(tmp_path, KEY, layers={"color": "uint8", "segmentation": "uint32"})
    write_dataset(tmp_path, "lab/plain")
    with LocalDatasetStore(tmp_path, user="me") as store:
        store.refresh()
        store.people.add_user("ada", title="Ada", is_admin=True, organization="lab")
        store.people.add_user("mia", organization="lab")
        yield store


@pytest.fixture
def ada(lab: LocalDatasetStore) -> LocalDatasetStore:
    """The same store for an admin of the laboratory: somebody else."""
    return lab.acting_as("lab/ada")


@pytest.fixture
def states(at_once: Any) -> Iterator[Any]:
    """Opens the editor's state for a store."""
    made: list[EditTabsState] = []

    def make(store: LocalDatasetStore, key: str = KEY) -> EditTabsState:
        made.append(EditTabsState(store, key, aside=at_once))
        return made[-1]

    yield make
    for state in made:
        state.close()


@pytest.fixture
def state(lab: LocalDatasetStore, states: Any) -> EditTabsState:
    return states(lab)


@pytest.fixture
def edits(state: EditTabsState) -> DatasetEdits:
    return state.edits


@pytest.fixture
def mias(lab: LocalDatasetStore, states: Any) -> DatasetEdits:
    """What somebody sees who may look, and nothing else."""
    lab.update_permissions(KEY, is_public=True)
    return states(lab.acting_as("lab/mia")).edits
