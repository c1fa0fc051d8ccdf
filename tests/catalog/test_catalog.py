"""Connections, transactions and the log of changes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from voxshelf.catalog import Catalog, dataset_row, rows_to_change
from voxshelf.catalog.engine import read_url
from voxshelf.catalog.filesystems import network_file_system
from voxshelf.errors import MissingExtraError, ReadOnlyError, StoreUnavailableError
from voxshelf.model import ChangeKind

if TYPE_CHECKING:
    from conftest import Add


def _pragma(catalog: Catalog, name: str) -> str:
    with catalog.reading() as session:
        return str(session.scalar(text(f"PRAGMA {name}")))


def test_sqlite_is_opened_with_a_write_ahead_log_and_patience(tmp_path: Path) -> None:
    catalog = Catalog(f"sqlite:///{tmp_path / 'catalog.db'}")
    names = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
    assert [_pragma(catalog, name) for name in names] == ["wal", "1", "10000", "1"]
    catalog.close()


def test_on_a_network_file_system_sqlite_keeps_a_rollback_journal(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    catalog = Catalog(f"sqlite:///{tmp_path / 'catalog.db'}", detect_network=lambda _: "NFS")
    assert [_pragma(catalog, name) for name in ("journal_mode", "synchronous")] == ["delete", "2"]
    assert "network file system (NFS)" in caplog.text
    catalog.close()


def test_a_catalog_that_moves_to_a_network_file_system_changes_its_journal(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'catalog.db'}"
    Catalog(url).close()
    catalog = Catalog(url, detect_network=lambda _: "NFS")
    assert _pragma(catalog, "journal_mode") == "delete"
    catalog.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux's statfs")
def test_a_folder_of_the_kernel_is_no_network_file_system() -> None:
    assert network_file_system(Path("/proc")) is None
    assert network_file_system(Path("/does/not/exist")) is None


def test_what_is_logged_becomes_visible_with_its_change(catalog: Catalog, add: Add) -> None:
    other = Catalog(catalog.url, user="bob")
    assert other.changes_by_others(0) == ([], 0)
    add("lab/one")
    events, newest = other.changes_by_others(0)
    assert [(event.kind, event.key) for event in events] == [(ChangeKind.FOUND, "lab/one")]
    assert newest == events[0].sequence == catalog.last_sequence()
    assert catalog.changes_by_others(0) == ([], newest)
    with other.reading() as session:
        assert session.execute(text("SELECT user_name FROM change_log")).all() == [("ada",)]
    other.close()


def test_a_transaction_that_fails_leaves_neither_change_nor_log(catalog: Catalog, add: Add) -> None:
    add("lab/one")
    before = catalog.last_sequence()

    def fail_halfway() -> None:
        with catalog.writing() as writing:
            dataset_row(writing.session, "lab/one").display_name = "half"
            writing.log(ChangeKind.EDITED, "lab/one")
            raise KeyError

    with pytest.raises(KeyError):
        fail_halfway()
    assert catalog.last_sequence() == before
    with catalog.reading() as session:
        assert dataset_row(session, "lab/one").display_name == ""


def test_sequences_are_not_used_again_after_the_log_was_cut(catalog: Catalog, add: Add) -> None:
    add("lab/one")
    before = catalog.last_sequence()
    with catalog.writing() as writing:
        writing.session.execute(text("DELETE FROM change_log"))
    add("lab/two")
    assert catalog.last_sequence() > before


def test_threads_that_write_at_once_lose_nothing(catalog: Catalog, add: Add) -> None:
    add("lab/one")

    def count_up(_: int) -> int:
        with catalog.writing() as writing:
            row = rows_to_change(writing.session, ["lab/one"])["lab/one"]
            row.version += 1
            writing.log(ChangeKind.EDITED, "lab/one")
        return writing.events[0].sequence

    with ThreadPoolExecutor(8) as pool:
        sequences = list(pool.map(count_up, range(80)))
    assert len(set(sequences)) == 80
    with catalog.reading() as session:
        assert dataset_row(session, "lab/one").version == 81


def test_a_lock_is_held_by_one_thread_at_a_time(catalog: Catalog) -> None:
    inside = threading.Semaphore(1)

    def enter(_: int) -> bool:
        with catalog.exclusively("something"):
            alone = inside.acquire(blocking=False)
            other = catalog.last_sequence()  # the database can be used meanwhile
            inside.release()
            return alone and other == 0

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(enter, range(30)))


def test_an_error_under_a_lock_stays_what_it_is(catalog: Catalog) -> None:
    with pytest.raises(FileNotFoundError), catalog.exclusively("something"):
        raise FileNotFoundError
    with catalog.exclusively("something"):
        pass


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_after_a_fork_the_child_uses_connections_of_its_own(url: str) -> None:
    # In a process of its own: pytest's has threads, which a fork does not copy.
    script = (
        "import os, sys\nfrom voxshelf.catalog import Catalog, add_datasets\n"
        "catalog = Catalog(sys.argv[1])\nengine = catalog.engine\n"
        "def add(key):\n"
        "    with catalog.writing() as writing: add_datasets(writing, [key])\n"
        "add('lab/before')\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    assert catalog.engine is not engine\n"
        "    add('lab/child')\n"
        "    os._exit(0)\n"
        "assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0\n"
        "add('lab/after')\n"
        "assert catalog.engine is engine\n"
        "catalog.close()"
    )
    done = subprocess.run([sys.executable, "-c", script, url], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    catalog = Catalog(url)
    with catalog.reading() as session:
        keys = set(session.scalars(text("SELECT key FROM datasets")))
    assert keys == {"lab/before", "lab/child", "lab/after"}
    catalog.close()


def test_a_busy_database_says_what_to_do(tmp_path: Path) -> None:
    catalog = Catalog(f"sqlite:///{tmp_path / 'catalog.db'}")
    other = Catalog(f"sqlite:///{tmp_path / 'catalog.db'}", busy_seconds=0.05)
    with catalog.writing() as busy:
        busy.session.execute(text("DELETE FROM datasets"))
        with pytest.raises(StoreUnavailableError, match="locked") as caught, other.writing() as writing:
            writing.session.execute(text("DELETE FROM datasets"))
    assert "try again" in caught.value.hint
    catalog.close()
    other.close()


def test_a_catalog_in_a_place_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ReadOnlyError) as caught:
        Catalog(f"sqlite:///{tmp_path / 'file' / 'catalog.db'}")
    assert "catalog_url" in caught.value.hint


def test_a_server_that_does_not_answer_says_so_without_the_password() -> None:
    with pytest.raises(StoreUnavailableError) as caught:
        Catalog("postgresql://ada:secret@127.0.0.1:1/none")
    assert "server is running" in caught.value.hint
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("address", ["no url", "mysql://host/db", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_is_no_catalogs_is_refused_with_examples(address: str) -> None:
    with pytest.raises(StoreUnavailableError) as caught:
        read_url(address)
    assert "postgresql://" in caught.value.hint


def test_without_its_driver_postgresql_names_the_line_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError) as caught:
        read_url("postgresql://host/db")
    assert 'pip install "voxshelf[postgres]"' in caught.value.hint


def test_a_folder_with_odd_letters_can_hold_a_catalog(tmp_path: Path) -> None:
    file = tmp_path / "50% ? #1 größe" / "catalog.db"
    catalog = Catalog(URL.create("sqlite", database=str(file)))
    assert catalog.last_sequence() == 0
    assert file.exists()
    catalog.close()
