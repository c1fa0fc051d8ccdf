"""The first tables.

Written out, not taken from today's ``tables.py``: a revision must stay what it was.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.exc import OperationalError

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORT_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_STATUSES = ("READY", "NOT_IMPORTED", "BROKEN", "MISSING", "DELETED", "UPLOADING")
_KINDS = ("FOUND", "IMPORTED", "EDITED", "VANISHED", "DELETED", "RESTORED")

_SQLITE_SEARCH_INDEX = (
    """CREATE VIRTUAL TABLE dataset_search_trigrams USING fts5(
        search_text, content='dataset_search', content_rowid='dataset_id', tokenize='trigram case_sensitive 1')""",
    """CREATE TRIGGER dataset_search_added AFTER INSERT ON dataset_search BEGIN
        INSERT INTO dataset_search_trigrams(rowid, search_text) VALUES (new.dataset_id, new.search_text); END""",
    """CREATE TRIGGER dataset_search_removed AFTER DELETE ON dataset_search BEGIN
        INSERT INTO dataset_search_trigrams(dataset_search_trigrams, rowid, search_text)
        VALUES ('delete', old.dataset_id, old.search_text); END""",
    """CREATE TRIGGER dataset_search_changed AFTER UPDATE ON dataset_search BEGIN
        INSERT INTO dataset_search_trigrams(dataset_search_trigrams, rowid, search_text)
        VALUES ('delete', old.dataset_id, old.search_text);
        INSERT INTO dataset_search_trigrams(rowid, search_text) VALUES (new.dataset_id, new.search_text); END""",
)
_POSTGRESQL_SEARCH_INDEX = """DO $$ BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX ix_dataset_search_trigrams ON dataset_search USING gin (search_text gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN NULL;
END $$"""


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "organizations",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", _SORT_TEXT, nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organizations"),
        sa.UniqueConstraint("name", name="uq_organizations_name"),
    )
    _create_datasets()
    _create_search()
    op.create_table(
        "change_log",
        sa.Column("seq", _ID, nullable=False),
        sa.Column("kind", sa.Enum(*_KINDS, native_enum=False, length=32), nullable=False),
        sa.Column("key", _SORT_TEXT, nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("writer", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_change_log"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_change_log_key", "change_log", ["key", "seq"])


def _create_datasets() -> None:
    op.create_table(
        "datasets",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organization_id", _ID, nullable=False),
        sa.Column("key", _SORT_TEXT, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sort_name", _SORT_TEXT, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("real_path", sa.Text(), nullable=False),
        sa.Column("status", sa.Enum(*_STATUSES, native_enum=False, length=32), nullable=False),
        sa.Column("status_message", sa.Text(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("voxel_size", sa.JSON()),
        sa.Column("layers", sa.JSON(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("folder", _SORT_TEXT, nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("last_used", sa.BigInteger(), nullable=False),
        sa.Column("version", _ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_datasets"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_datasets_organization_id_organizations"
        ),
        sa.UniqueConstraint("key", name="uq_datasets_key"),
    )
    for column in ("sort_name", "created", "changed", "last_used"):
        op.create_index(f"ix_datasets_by_{column}", "datasets", [column, "key", "status", "organization_id"])
    op.create_index("ix_datasets_by_status", "datasets", ["status", "sort_name", "key", "organization_id"])
    op.create_index("ix_datasets_by_organization", "datasets", ["organization_id", "status", "key"])
    op.create_index("ix_datasets_folder", "datasets", ["folder"])
    op.create_table(
        "dataset_tags",
        sa.Column("dataset_id", _ID, nullable=False),
        sa.Column("tag", _SORT_TEXT, nullable=False),
        sa.PrimaryKeyConstraint("dataset_id", "tag", name="pk_dataset_tags"),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["datasets.id"], name="fk_dataset_tags_dataset_id_datasets", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_dataset_tags_tag", "dataset_tags", ["tag", "dataset_id"])


def _create_search() -> None:
    op.create_table(
        "dataset_search",
        sa.Column("dataset_id", _ID, nullable=False, autoincrement=False),
        sa.Column("search_text", _SORT_TEXT, nullable=False),
        sa.PrimaryKeyConstraint("dataset_id", name="pk_dataset_search"),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["datasets.id"], name="fk_dataset_search_dataset_id_datasets", ondelete="CASCADE"
        ),
    )
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute(_POSTGRESQL_SEARCH_INDEX)
        return
    savepoint = connection.begin_nested()
    try:
        for statement in _SQLITE_SEARCH_INDEX:
            connection.exec_driver_sql(statement)
    except (
        OperationalError
    ):  # this SQLite has no FTS5, or none with trigrams: searches read the table through
        savepoint.rollback()
    else:
        savepoint.commit()


def downgrade() -> None:
    """To an empty database."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE IF EXISTS dataset_search_trigrams")
    for table in ("change_log", "dataset_search", "dataset_tags", "datasets", "organizations"):
        op.drop_table(table)
