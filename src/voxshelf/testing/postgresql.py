"""A PostgreSQL server for tests: made in a temporary folder, reached by a socket in it, gone afterwards.

It takes the server binaries that the distribution installed (``apt install postgresql``), listens on no network
port and, unless it is to be measured, gives up every safety that only matters for data worth keeping.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path

import psycopg
import pytest

from voxshelf.catalog import Catalog

REQUIRED = "VOXSHELF_REQUIRE_POSTGRES"
"""Set to anything (as in CI), a missing server is a failure instead of a reason to skip."""

_SHARED: pytest.StashKey[PostgresServer] = pytest.StashKey()
_START_SECONDS = 60
_OPTIONS = ("listen_addresses=", "max_connections=60")
_CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_INSTALLED = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> PostgresServer:
    """The server of this test session, however many ``conftest.py`` import this fixture."""
    stash = request.config.stash
    if _SHARED not in stash:
        binaries = find_binaries()
        if binaries is None:
            advice = "PostgreSQL's server binaries are not installed (apt install postgresql)."
            if os.environ.get(REQUIRED):
                pytest.fail(advice)
            pytest.skip(advice)
        stash[_SHARED] = PostgresServer(binaries)
        request.config.add_cleanup(stash[_SHARED].stop)
    return stash[_SHARED]


def find_binaries() -> Path | None:
    """The folder of ``initdb`` and ``postgres``, the newest version; None where there is none."""
    on_path = shutil.which("initdb")
    if on_path and shutil.which("postgres"):
        return Path(on_path).parent
    folders = [folder for pattern in _INSTALLED for folder in Path("/").glob(pattern.removeprefix("/"))]
    usable = [folder for folder in folders if (folder / "postgres").exists()]
    return max(
        usable, key=lambda folder: [int(part) for part in folder.parts if part.isdigit()], default=None
    )


class PostgresServer:
    """A running server.

    Parameters
    ----------
    binaries : Path
        From :func:`find_binaries`.
    is_durable : bool
        Wait for the disk, as a server does whose data is worth keeping.
    """

    def __init__(self, binaries: Path, *, is_durable: bool = False) -> None:
        # Not in pytest's temporary folders: those are closed to other users, and the name of a socket is short.
        self.folder = Path(tempfile.mkdtemp(prefix="voxshelf-pg-"))
        self._numbers = count(1)
        self._template: str | None = None
        self._account = _account()
        if self._account is not None:
            os.chown(self.folder, self._account.pw_uid, self._account.pw_gid)
        data = str(self.folder / "data")
        initdb = [str(binaries / "initdb"), "-D", data, "-U", "voxshelf", "-A", "trust", "-E", "UTF8", "-N"]
        self._start([*initdb, "--locale=C.UTF-8"]).wait()
        options = _OPTIONS if is_durable else (*_OPTIONS, *_CARELESS)
        settings = [part for option in options for part in ("-c", option)]
        self._process = self._start(
            [str(binaries / "postgres"), "-D", data, "-k", str(self.folder), *settings]
        )
        self._wait_until_ready()

    def new_database(self, template: str = "template0") -> str:
        """Create a database, empty or like the one named, and return its URL."""
        name = f"catalog_{next(self._numbers)}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return f"postgresql://voxshelf@/{name}?host={self.folder}"

    def new_catalog(self) -> str:
        """Create a catalog that has its tables already, which is faster than making them; return its URL."""
        if self._template is None:
            url = self.new_database()
            Catalog(url).close()
            self._template = f"catalog_{url.partition('catalog_')[2].partition('?')[0]}"
        return self.new_database(self._template)

    def stop(self) -> None:
        """End the server and remove its folder."""
        self._process.send_signal(signal.SIGINT)  # a fast shutdown: clients are cut off
        self._process.wait(timeout=30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        account = self._account
        with (self.folder / "server.log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - the distribution's own server, with our arguments
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=None if account is None else account.pw_uid,
                group=None if account is None else account.pw_gid,
                extra_groups=None if account is None else [],
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
            )

    def _address(self, database: str) -> str:
        return f"user=voxshelf dbname={database} host={self.folder}"

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                psycopg.connect(self._address("postgres")).close()
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    log = (self.folder / "server.log").read_text(encoding="utf-8", errors="replace")
                    raise RuntimeError(f"PostgreSQL did not start:\n{log[-4000:]}") from None
                time.sleep(0.02)
            else:
                return


def _account() -> pwd.struct_passwd | None:
    """Who runs the server: it refuses to run as root. None: whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None
