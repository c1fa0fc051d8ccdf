from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pytest

from voxshelf.catalog import Catalog, Writing, add_datasets, dataset_row, set_details
from voxshelf.model import ChangeKind
from voxshelf.testing.postgresql import PostgresServer, postgres_server

__all__ = ["postgres_server"]

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Put(Protocol):
    def __call__(self, writing: Writing, key: str, *, tags: tuple[str, ...] = (), **values: Any) -> None: ...


class Add(Protocol):
    def __call__(self, key: str, *, tags: tuple[str, ...] = (), **values: Any) -> None: ...


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'catalog.db'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.new_database()


@pytest.fixture
def catalog(url: str) -> Iterator[Catalog]:
    opened = Catalog(url, user="ada")
    yield opened
    opened.close()


@pytest.fixture
def put() -> Put:
    """Puts a dataset with these column values into the catalog, within a transaction."""

    def put_one(writing: Writing, key: str, *, tags: tuple[str, ...] = (), **values: Any) -> None:
        add_datasets(writing, [key])
        row = dataset_row(writing.session, key)
        details = {name: values.pop(name) for name in ("display_name", "description") if name in values}
        for name, value in values.items():
            setattr(row, name, value)
        set_details(writing.session, row, tags=tags, **details)
        writing.log(ChangeKind.FOUND, key)

    return put_one


@pytest.fixture
def add(catalog: Catalog, put: Put) -> Add:
    """Puts a dataset with these column values into the catalog."""

    def add_one(key: str, *, tags: tuple[str, ...] = (), **values: Any) -> None:
        with catalog.writing() as writing:
            put(writing, key, tags=tags, **values)

    return add_one
