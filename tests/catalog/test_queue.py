"""Writers to a SQLite catalog queue up, and nobody depends on the queue."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from voxshelf.catalog import Catalog, organization_ids, organization_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 20


@pytest.fixture
def file(tmp_path: Path) -> Path:
    Catalog(f"sqlite:///{tmp_path / 'catalog.db'}").close()
    return tmp_path / "catalog.db"


@contextmanager
def _opened(file: Path, **options: float) -> Iterator[Catalog]:
    catalog = Catalog(f"sqlite:///{file}", **options)  # type: ignore[arg-type]
    yield catalog
    catalog.close()


def _add(catalog: Catalog, name: str) -> None:
    with catalog.writing() as writing:
        organization_ids(writing, [name])


def _names(catalog: Catalog) -> tuple[str, ...]:
    with catalog.reading() as session:
        return organization_names(session)


def _queue(file: Path) -> Path:
    return file.with_name("catalog.db.locks") / "queue.lock"


@contextmanager
def _at_its_head(file: Path) -> Iterator[None]:
    """Somebody else's turn."""
    _queue(file).parent.mkdir(exist_ok=True)
    with _queue(file).open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _is_anybody_waiting(file: Path) -> bool:
    """The kernel lists those who wait for a lock with an arrow, and the file by its number."""
    number = f":{_queue(file).stat().st_ino} "
    return any("->" in line and number in line for line in Path("/proc/locks").read_text().splitlines())


def _is_anybody_there(file: Path) -> bool:
    """Somebody holds the lock, or waits for it."""
    if not _queue(file).exists():
        return False
    number = f":{_queue(file).stat().st_ino} "
    return any("WRITE" in line and number in line for line in Path("/proc/locks").read_text().splitlines())


def _wait_for(condition: Callable[[Path], bool], file: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition(file):
        assert time.monotonic() < deadline, "nobody came"
        os.sched_yield()


def test_a_newcomer_lines_up_behind_whoever_is_in_the_queue(file: Path) -> None:
    with _opened(file) as catalog:
        with _at_its_head(file):
            writer = threading.Thread(target=_add, args=(catalog, "lab"))
            writer.start()
            _wait_for(_is_anybody_waiting, file)
            assert _names(catalog) == ()
        writer.join(PATIENCE)
        assert _names(catalog) == ("lab",)


def test_nobody_who_waits_is_passed_again_and_again_by_one_who_writes_all_the_time(file: Path) -> None:
    with _opened(file) as mine, _opened(file) as others:
        with mine.writing() as writing:
            organization_ids(writing, ["first"])
            waiting = threading.Thread(target=_add, args=(others, "patient"))
            waiting.start()
            _wait_for(_is_anybody_there, file)
        for number in range(10):
            _add(mine, f"hasty {number}")
        waiting.join(PATIENCE)
        with mine.reading() as session:
            rows = session.connection().exec_driver_sql("SELECT name FROM organizations ORDER BY id")
            order = [name for (name,) in rows]
        assert order.index("patient") == 1


def test_nobody_lines_up_while_nobody_else_writes(file: Path) -> None:
    with _opened(file) as catalog, catalog.writing() as writing:
        organization_ids(writing, ["lab"])
        assert not _is_anybody_there(file)


def test_a_writer_whose_turn_does_not_come_goes_on_without_the_queue(file: Path) -> None:
    with _opened(file, busy_seconds=0.05) as catalog, _at_its_head(file):
        _add(catalog, "lab")
        _add(catalog, "clinic")
        assert _names(catalog) == ("clinic", "lab")
        assert _is_anybody_waiting(file)
    deadline = time.monotonic() + PATIENCE
    while _is_anybody_waiting(file):
        assert time.monotonic() < deadline, "those who gave up stay in the queue"
    with _opened(file) as catalog:
        _add(catalog, "office")


def test_a_turn_ends_with_the_process_that_has_it(file: Path) -> None:
    script = (
        "import sys\nfrom voxshelf.catalog import Catalog, organization_ids\ncatalog = Catalog(sys.argv[1])\n"
        "with catalog.writing() as writing:\n    organization_ids(writing, ['dead'])"
    )
    with _opened(file) as catalog:
        with catalog.writing() as writing:
            organization_ids(writing, ["lab"])
            other = subprocess.Popen([sys.executable, "-c", script, f"sqlite:///{file}"])
            _wait_for(_is_anybody_there, file)
            other.kill()
            other.wait(PATIENCE)
            assert not _is_anybody_there(file)
        _add(catalog, "clinic")
        assert _names(catalog) == ("clinic", "lab")


def test_a_turn_that_a_fork_has_open_ends_when_it_is_over(file: Path) -> None:
    with _opened(file) as mine, _opened(file) as others:
        with mine.writing() as writing:
            organization_ids(writing, ["lab"])
            waiting = threading.Thread(target=_add, args=(others, "patient"))
            waiting.start()
            _wait_for(_is_anybody_there, file)
            reading, writing_end = os.pipe()
            child = os.fork()
            if not child:
                os.close(writing_end)
                os.read(reading, 1)
                os._exit(0)
            os.close(reading)
        waiting.join(PATIENCE)
        assert not _is_anybody_there(file)
        os.close(writing_end)
        os.waitpid(child, 0)


def test_where_no_queue_can_be_made_one_writes_without(file: Path) -> None:
    shutil.rmtree(_queue(file).parent)
    _queue(file).parent.write_text("in the way")
    with _opened(file) as catalog:
        _add(catalog, "lab")
        assert _names(catalog) == ("lab",)


def test_on_a_network_file_system_nobody_queues_up(tmp_path: Path) -> None:
    catalog = Catalog(f"sqlite:///{tmp_path / 'catalog.db'}", detect_network=lambda _folder: "NFS")
    _add(catalog, "lab")
    catalog.close()
    assert not _queue(tmp_path / "catalog.db").exists()
