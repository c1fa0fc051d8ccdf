"""The behaviour that every store has, for the one over local folders, with either catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from voxshelf.store import DatasetStore, LocalDatasetStore
from voxshelf.testing import DatasetStoreTests

if TYPE_CHECKING:
    from pathlib import Path


class TestLocalDatasetStoreOnSqlite(DatasetStoreTests):
    def open_store(self, root: Path, request: pytest.FixtureRequest) -> DatasetStore:
        return LocalDatasetStore(root)


@pytest.mark.postgres
class TestLocalDatasetStoreOnPostgresql(DatasetStoreTests):
    @pytest.fixture
    def database(self, request: pytest.FixtureRequest) -> str:
        url: str = request.getfixturevalue("postgres_server").new_catalog()
        return url

    def open_store(self, root: Path, request: pytest.FixtureRequest) -> DatasetStore:
        return LocalDatasetStore(root, catalog_url=request.getfixturevalue("database"))
