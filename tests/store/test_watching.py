"""Following a catalog whose server goes away for a while."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import psycopg
import pytest

from voxshelf.store import LocalDatasetStore
from voxshelf.testing.folders import write_dataset

if TYPE_CHECKING:
    from pathlib import Path

    from voxshelf.testing.postgresql import PostgresServer

PATIENCE = 30
LISTENERS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"


@pytest.mark.postgres
def test_a_connection_that_is_cut_is_made_again_and_nothing_is_missed(
    postgres_server: PostgresServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = postgres_server.new_database()
    heard = threading.Event()
    with (
        LocalDatasetStore(tmp_path / "data", catalog_url=url) as store,
        LocalDatasetStore(tmp_path / "data", catalog_url=url) as other,
        psycopg.connect(url, autocommit=True) as admin,
    ):
        store.changed.connect(lambda _: heard.set())
        deadline = time.monotonic() + PATIENCE
        while not admin.execute(LISTENERS).fetchall():
            assert time.monotonic() < deadline
        admin.execute(f"SELECT pg_terminate_backend(pid) FROM ({LISTENERS}) AS listener".encode())
        write_dataset(tmp_path / "data", "lab/one")
        other.refresh()
        assert heard.wait(PATIENCE)
    assert "not seen at the moment" in caplog.text
