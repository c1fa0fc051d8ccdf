"""What a catalog keeps of links' tokens: nothing that could be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import MetaData, create_engine, select

from voxshelf.catalog import Catalog
from voxshelf.store import LocalDatasetStore
from voxshelf.testing.folders import write_dataset

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'catalog.db'}"
    address: str = request.getfixturevalue("postgres_server").new_catalog()
    return address


def test_no_row_of_any_table_holds_a_token(url: str, tmp_path: Path) -> None:
    write_dataset(tmp_path / "data", "lab/one")
    with LocalDatasetStore(tmp_path / "data", catalog_url=url) as store:
        store.refresh()
        first = store.create_link("lab/one", label="for Eve")
        second = store.renew_link(first.id)
        store.with_link(second.token)
    catalog = Catalog(url)
    engine = create_engine(catalog.url)
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        rows = [repr(row) for table in tables.sorted_tables for row in connection.execute(select(table))]
    engine.dispose()
    catalog.close()
    everything = "\n".join(rows)
    assert first.id in everything
    for link in (first, second):
        assert link.token not in everything
        assert link.token.split("_", 2)[2] not in everything
