"""Creating the tables, and bringing older ones up to date.

A new, empty database gets its tables at once and is stamped with the newest revision; an older one is taken
through the migrations in ``migrations/versions``, after a copy was made of it (SQLite). Both ways end in the
same tables, which a test checks. Only one process does so at a time: a lock file beside a SQLite database, an
advisory lock in PostgreSQL.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock
from sqlalchemy import Column, MetaData, PrimaryKeyConstraint, String, Table, inspect, select, text

from voxshelf.catalog.column_types import now
from voxshelf.catalog.engine import WRITING, sqlite_file
from voxshelf.catalog.search import install_index
from voxshelf.catalog.tables import Row
from voxshelf.errors import StoreUnavailableError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

HEAD = "0003"
"""The newest revision in ``migrations/versions``."""

MIGRATIONS = Path(__file__).parent / "migrations"

_SCHEMA_LOCK = 0x766F78_0000
_REVISION = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def prepare(engine: Engine, *, head: str = HEAD, migrations: Path = MIGRATIONS) -> None:
    """Make sure that the database has today's tables.

    Parameters
    ----------
    engine : Engine
        Of the catalog.
    head : str
        The revision that today's tables have.
    migrations : Path
        Alembic's folder, which leads there.

    Raises
    ------
    StoreUnavailableError
        If the database was made by a newer voxshelf, or holds something else.
    """
    if _revision_in(engine) == head:
        return
    file = sqlite_file(engine.url)
    if file is None:
        _prepare_alone(engine, head, migrations)
        return
    with FileLock(f"{file}.lock"):
        _prepare_alone(engine, head, migrations)


def _revision_in(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return _revision(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_REVISION.name):
        return None
    return connection.scalar(select(_REVISION.c.version_num))


def _prepare_alone(engine: Engine, head: str, migrations: Path) -> None:
    with engine.connect().execution_options(**{WRITING: True}) as connection:
        if connection.dialect.name == "sqlite":
            # A migration may rebuild a table, and must not take the rows that refer to it along.
            raw: Any = connection.connection.driver_connection
            raw.execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            _wait_for_others(connection)
            revision = _revision(connection)
            if revision is None:
                _create(connection)
        if revision not in (None, head):
            _upgrade(connection, str(revision), head, migrations)
        # Pragmas live as long as the connection: this one is not used again.
        connection.invalidate()


def _wait_for_others(connection: Connection) -> None:
    """Have this transaction change the tables alone; in SQLite the caller has seen to that."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _SCHEMA_LOCK})


def _create(connection: Connection) -> None:
    strangers = inspect(connection).get_table_names()
    ours = sorted(set(strangers) & set(Row.metadata.tables))
    if ours:
        raise StoreUnavailableError(
            f"The database has tables named {', '.join(ours)} that voxshelf did not make.",
            hint="Give the catalog a database of its own.",
        )
    Row.metadata.create_all(connection)
    install_index(connection)
    _REVISION.create(connection)
    connection.execute(_REVISION.insert().values(version_num=HEAD))


def _upgrade(connection: Connection, revision: str, head: str, migrations: Path) -> None:
    # Alembic takes 0.2 s to load, and nearly every start needs none of it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision not in known:
        raise StoreUnavailableError(
            f"The catalog was made by a newer voxshelf (revision {revision}, this one knows {head}).",
            hint="Update voxshelf: pip install --upgrade voxshelf",
        )
    back_up(connection, revision)
    config.attributes["connection"] = connection
    with connection.begin():
        _wait_for_others(connection)
        command.upgrade(config, head)  # does nothing where another process was quicker


def back_up(connection: Connection, revision: str) -> Path | None:
    """Copy a SQLite database to a file beside it, named by its revision and the moment.

    Returns
    -------
    Path or None
        The copy; None for PostgreSQL, whose backups are the business of whoever runs it.
    """
    file = sqlite_file(connection.engine.url)
    if file is None:
        return None
    target = file.with_name(f"{file.stem}.revision-{revision}.{now():%Y%m%dT%H%M%S%f}{file.suffix}")
    # Not within a transaction, which SQLAlchemy's own execute would begin.
    raw: Any = connection.connection.driver_connection
    raw.execute("VACUUM INTO ?", (str(target),))
    return target
