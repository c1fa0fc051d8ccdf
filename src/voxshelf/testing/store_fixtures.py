"""What the tests of a store share: how it is opened, and what lies in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from voxshelf.model import (
    VoxelSize,
)
from voxshelf.testing.folders import write_dataset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from voxshelf.model import DataSource
    from voxshelf.store import DatasetStore


SIZE = VoxelSize((11.24, 11.24, 28))


class StoreFixtures:
    """A test gets ``root``, the folder whose datasets the store shows, and ``store``; see ``DatasetStoreTests``."""

    def open_store(self, root: Path, request: pytest.FixtureRequest) -> DatasetStore:
        """Open the store over ``root``; called again in one test, it opens the same one once more."""
        raise NotImplementedError

    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        """The folder that holds one folder per organization."""
        folder = tmp_path / "data"
        folder.mkdir()
        return folder

    @pytest.fixture
    def open_another(
        self, root: Path, request: pytest.FixtureRequest
    ) -> Iterator[Callable[[], DatasetStore]]:
        """Opens the store once more, as another process would."""
        opened: list[DatasetStore] = []

        def open_one() -> DatasetStore:
            opened.append(self.open_store(root, request))
            return opened[-1]

        yield open_one
        for store in opened:
            store.close()

    @pytest.fixture
    def store(self, open_another: Callable[[], DatasetStore]) -> DatasetStore:
        """The store under test, empty."""
        return open_another()

    @pytest.fixture
    def filled(self, store: DatasetStore, root: Path) -> DatasetStore:
        """The store with some datasets in two organizations."""
        for number in range(1, 13):
            write_dataset(root, f"lab/region_{number}", with_json=number % 2 == 0)
        write_dataset(root, "clinic/Scan")
        store.refresh()
        return store

    def propose(self, store: DatasetStore, key: str, size: VoxelSize = SIZE) -> DataSource:
        """What an import of that folder would write, with the voxel size that only a person knows."""
        return store.propose_import(key).with_value(("voxel_size",), size).data_source()
