"""The behaviour that every store has, for the one over local folders, with either catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from voxshelf.model import Actor
from voxshelf.store import DatasetStore, LocalDatasetStore
from voxshelf.testing import DatasetStoreTests

if TYPE_CHECKING:
    from pathlib import Path


class LocalDatasetStoreTests(DatasetStoreTests):
    def open_store(self, root: Path, request: pytest.FixtureRequest) -> DatasetStore:
        return LocalDatasetStore(root, clock=request.getfixturevalue("clock"))

    def act_as(self, store: DatasetStore, who: str) -> DatasetStore:
        assert isinstance(store, LocalDatasetStore)
        return store.acting_as(who or Actor.anonymous())

    def with_link(self, store: DatasetStore, token: str) -> DatasetStore:
        assert isinstance(store, LocalDatasetStore)
        return store.with_link(token)


class TestLocalDatasetStoreOnSqlite(LocalDatasetStoreTests):
    pass


@pytest.mark.postgres
class TestLocalDatasetStoreOnPostgresql(LocalDatasetStoreTests):
    @pytest.fixture
    def database(self, request: pytest.FixtureRequest) -> str:
        url: str = request.getfixturevalue("postgres_server").new_catalog()
        return url

    def open_store(self, root: Path, request: pytest.FixtureRequest) -> DatasetStore:
        clock, url = request.getfixturevalue("clock"), request.getfixturevalue("database")
        return LocalDatasetStore(root, catalog_url=url, clock=clock)
