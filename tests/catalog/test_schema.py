"""Creating tables, migrating them, and finding something else in their place."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, select, text

from voxshelf.catalog import Catalog, DatasetRow, schema
from voxshelf.catalog.engine import WRITING, make_engine, read_url
from voxshelf.catalog.tables import Row
from voxshelf.errors import StoreUnavailableError

if TYPE_CHECKING:
    from pathlib import Path


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    return config


def _migrate(url: str, target: str = "head") -> Engine:
    engine = make_engine(read_url(url))
    config = _alembic()
    with engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
        config.attributes["connection"] = connection
        if target == "base":
            command.downgrade(config, target)
        else:
            command.upgrade(config, target)
    return engine


def _description(engine: Engine) -> dict[str, Any]:
    """Everything about the tables that must agree, in a comparable form."""
    inspector = inspect(engine)
    tables = {
        name: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column.get("autoincrement"))
                for column in inspector.get_columns(name)
            },
            "indexes": sorted(
                (str(index["name"]), index["column_names"], index["unique"])
                for index in inspector.get_indexes(name)
            ),
            "primary key": inspector.get_pk_constraint(name),
            "foreign keys": inspector.get_foreign_keys(name),
            "unique": inspector.get_unique_constraints(name),
        }
        for name in inspector.get_table_names()
    }
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
            tables["triggers"] = {name: " ".join(sql.split()) for name, sql in rows}
    return tables


@pytest.fixture
def other_url(url: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'other.db'}"
    return request.getfixturevalue("postgres_server").new_database()


def test_creating_the_tables_and_migrating_to_them_end_in_the_same(url: str, other_url: str) -> None:
    created = Catalog(url)
    migrated = _migrate(other_url)
    assert _description(created.engine) == _description(migrated)
    created.close()
    migrated.dispose()


def test_the_migrations_say_what_the_tables_say(url: str) -> None:
    engine = _migrate(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Row.metadata)
    engine.dispose()
    ours = [entry for entry in differences if "dataset_search_trigrams" not in str(entry)]
    assert ours == []


def test_the_head_in_the_code_is_the_newest_revision() -> None:
    assert ScriptDirectory.from_config(_alembic()).get_current_head() == schema.HEAD


def test_a_migrated_database_can_be_taken_back_to_nothing(url: str) -> None:
    _migrate(url).dispose()
    engine = _migrate(url, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    engine.dispose()


def test_a_catalog_that_was_migrated_is_used_as_it_is(url: str) -> None:
    _migrate(url).dispose()
    catalog = Catalog(url)
    assert catalog.last_sequence() == 0
    catalog.close()


def test_a_catalog_of_a_newer_version_is_refused_with_advice(catalog: Catalog, url: str) -> None:
    with catalog.writing() as writing:
        writing.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreUnavailableError, match="newer voxshelf") as caught:
        Catalog(url)
    assert "pip install --upgrade" in caught.value.hint


def test_a_database_with_foreign_tables_of_our_names_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "foreign.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE datasets (x)")
    connection.close()
    with pytest.raises(StoreUnavailableError, match="did not make"):
        Catalog(f"sqlite:///{file}")
    connection = sqlite3.connect(file)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("datasets",)]
    connection.close()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "catalog.db"
    file.write_bytes(b"this is not a database, but long enough to be taken for one" * 40)
    with pytest.raises(StoreUnavailableError, match="not a database"):
        Catalog(f"sqlite:///{file}")


def test_before_an_upgrade_a_sqlite_catalog_is_copied(tmp_path: Path) -> None:
    catalog = Catalog(f"sqlite:///{tmp_path / 'catalog.db'}")
    with catalog.engine.connect() as connection:
        copy = schema.back_up(connection, "0001")
    catalog.close()
    assert copy is not None
    assert copy.name.startswith("catalog.revision-0001.")
    restored = Catalog(f"sqlite:///{copy}")
    assert restored.last_sequence() == 0
    restored.close()


def test_an_older_catalog_is_upgraded_and_keeps_its_rows(catalog: Catalog, url: str, tmp_path: Path) -> None:
    with catalog.writing() as writing:
        writing.session.execute(
            text("INSERT INTO organizations (name, display_name, created) VALUES ('lab', '', 0)")
        )
    migrations = tmp_path / "migrations"
    (migrations / "versions").mkdir(parents=True)
    revisions = sorted((schema.MIGRATIONS / "versions").glob("r*.py"))
    for part in ("env.py", "script.py.mako", *(f"versions/{revision.name}" for revision in revisions)):
        (migrations / part).write_bytes((schema.MIGRATIONS / part).read_bytes())
    (migrations / "versions" / "r9999.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision, down_revision, branch_labels, depends_on = '9999', '{schema.HEAD}', None, None\n"
        "def upgrade():\n"
        "    with op.batch_alter_table('organizations') as batch:\n"
        "        batch.alter_column('display_name', nullable=True)\n"
        "        batch.add_column(sa.Column('motto', sa.Text()))\n"
        "def downgrade(): pass\n"
    )
    schema.prepare(catalog.engine, head="9999", migrations=migrations)
    with catalog.reading() as session:
        assert session.execute(text("SELECT name, motto FROM organizations")).all() == [("lab", None)]
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    copies = list(tmp_path.glob(f"catalog.revision-{schema.HEAD}.*.db"))
    assert len(copies) == (1 if url.startswith("sqlite") else 0)


def test_a_catalog_from_before_categories_were_columns_knows_them_afterwards(url: str) -> None:
    first = _migrate(url, "0001")
    layers = {
        name: json.dumps([{"name": '"category": "color"', "category": category} for category in categories])
        for name, categories in {
            "a": ["color"],
            "b": ["segmentation"],
            "c": ["segmentation", "color"],
            "d": [],
        }.items()
    }
    insertion = (
        "INSERT INTO datasets (organization_id, key, trash_id, name, sort_name, path, real_path, status, "
        "status_message, problems, fingerprint, layers, display_name, description, description_html, metadata, "
        "owner, uploaded_bytes, is_public, has_team, created, changed, last_used, version) VALUES (1, :key, '', '', "
        "'', '', '', 'READY', '', '[]', '', :layers, '', '', '', '[]', '', 0, false, false, 0, 0, 0, 1)"
    )
    with first.begin() as connection:
        connection.execute(
            text("INSERT INTO organizations (id, name, display_name, created) VALUES (1, 'x', '', 0)")
        )
        connection.execute(text(insertion), [{"key": key, "layers": text_} for key, text_ in layers.items()])
    first.dispose()
    catalog = Catalog(url)
    with catalog.reading() as session:
        found = {
            row.key: (row.has_color, row.has_segmentation) for row in session.scalars(select(DatasetRow))
        }
    catalog.close()
    assert found == {"a": (True, False), "b": (False, True), "c": (True, True), "d": (False, False)}


@pytest.mark.parametrize("revision", [None, "0001"])
def test_processes_that_open_a_new_or_an_old_catalog_at_once_all_succeed(
    url: str, revision: str | None
) -> None:
    if revision is not None:
        _migrate(url, revision).dispose()
    script = (
        "import sys\nfrom voxshelf.catalog import Catalog\nprint('ready', flush=True)\nsys.stdin.read()\n"
        "catalog = Catalog(sys.argv[1])\nprint(catalog.last_sequence())\ncatalog.close()"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    answers = []
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
    for process in processes:
        output, errors = process.communicate(timeout=60)
        answers.append((output.strip(), errors))
    assert answers == [("0", "")] * 4
