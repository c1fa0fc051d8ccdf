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
_KINDS = ("FOUND", "IMPORTED", "EDITED", "VANISHED", "DELETED", "RESTORED", "ACCESS")
_SECTIONS = ("DATA", "DETAILS", "VIEW", "PERMISSIONS")
_DECISIVE = ("is_public", "has_team", "owner", "folder_id")
# Those that refer to others before those others.
_DROPPED = (
    "links",
    "edits",
    "change_log",
    "dataset_search",
    "view_configurations",
    "dataset_teams",
    "dataset_tags",
    "datasets",
    "folder_teams",
    "folders",
    "memberships",
    "teams",
    "users",
    "organizations",
)

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
        sa.Column("upload_quota", sa.BigInteger()),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organizations"),
        sa.UniqueConstraint("name", name="uq_organizations_name"),
    )
    _create_people()
    _create_folders()
    _create_datasets()
    _create_parts_of_datasets()
    _create_search()
    _create_edits()
    _create_links()
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
        sa.Column("trash_id", sa.Text(), nullable=False),
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
        sa.Column("description_html", sa.Text(), nullable=False),
        sa.Column("metadata", sa.JSON(), nullable=False),
        sa.Column("publication_date", sa.Date()),
        sa.Column("folder_id", _ID),
        sa.Column("owner", _SORT_TEXT, nullable=False),
        sa.Column("uploaded_bytes", sa.BigInteger(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("has_team", sa.Boolean(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("last_used", sa.BigInteger(), nullable=False),
        sa.Column("version", _ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_datasets"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_datasets_organization_id_organizations"
        ),
        sa.ForeignKeyConstraint(["folder_id"], ["folders.id"], name="fk_datasets_folder_id_folders"),
        sa.UniqueConstraint("key", "trash_id", name="uq_datasets_key_trash_id"),
    )
    for column in ("sort_name", "created", "changed", "last_used"):
        columns = [column, "key", "status", "organization_id", *_DECISIVE]
        op.create_index(f"ix_datasets_by_{column}", "datasets", columns)
    columns = ["status", "sort_name", "key", "organization_id", *_DECISIVE]
    op.create_index("ix_datasets_by_status", "datasets", columns)
    for name, columns in {
        "by_organization": ["organization_id", "status", "key"],
        "has_team": ["organization_id", "has_team", "status"],
        "owner": ["organization_id", "owner", "status", "has_team"],
        "is_public": ["is_public", "status", "organization_id", "has_team"],
        "folder_id": ["folder_id", "status"],
    }.items():
        op.create_index(f"ix_datasets_{name}", "datasets", columns)


def _create_parts_of_datasets() -> None:
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

    op.create_table(
        "dataset_teams",
        sa.Column("dataset_id", _ID, nullable=False),
        sa.Column("team_id", _ID, nullable=False),
        sa.PrimaryKeyConstraint("dataset_id", "team_id", name="pk_dataset_teams"),
        _cascade("dataset_teams", "dataset_id", "datasets"),
        _cascade("dataset_teams", "team_id", "teams"),
    )
    op.create_index("ix_dataset_teams_team_id", "dataset_teams", ["team_id", "dataset_id"])
    op.create_table(
        "view_configurations",
        sa.Column("dataset_id", _ID, nullable=False),
        sa.Column("person", _SORT_TEXT, nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dataset_id", "person", name="pk_view_configurations"),
        _cascade("view_configurations", "dataset_id", "datasets"),
    )
    op.create_index("ix_view_configurations_person", "view_configurations", ["person"])


def _create_people() -> None:
    op.create_table(
        "users",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organization_id", _ID, nullable=False),
        sa.Column("login", _SORT_TEXT, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("is_dataset_manager", sa.Boolean(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        _of_organization("users"),
        sa.UniqueConstraint("organization_id", "login", name="uq_users_organization_id_login"),
    )
    op.create_index("ix_users_login", "users", ["login"])
    op.create_table(
        "teams",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organization_id", _ID, nullable=False),
        sa.Column("name", _SORT_TEXT, nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_teams"),
        _of_organization("teams"),
        sa.UniqueConstraint("organization_id", "name", name="uq_teams_organization_id_name"),
    )
    op.create_table(
        "memberships",
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("team_id", _ID, nullable=False),
        sa.Column("is_manager", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "team_id", name="pk_memberships"),
        _cascade("memberships", "user_id", "users"),
        _cascade("memberships", "team_id", "teams"),
    )
    op.create_index("ix_memberships_team_id", "memberships", ["team_id", "user_id"])


def _create_folders() -> None:
    op.create_table(
        "folders",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organization_id", _ID, nullable=False),
        sa.Column("path", _SORT_TEXT, nullable=False),
        sa.Column("metadata", sa.JSON(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_folders"),
        _of_organization("folders"),
        sa.UniqueConstraint("organization_id", "path", name="uq_folders_organization_id_path"),
    )
    op.create_table(
        "folder_teams",
        sa.Column("folder_id", _ID, nullable=False),
        sa.Column("team_id", _ID, nullable=False),
        sa.Column("is_inherited", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("folder_id", "team_id", name="pk_folder_teams"),
        _cascade("folder_teams", "folder_id", "folders"),
        _cascade("folder_teams", "team_id", "teams"),
    )
    op.create_index("ix_folder_teams_team_id", "folder_teams", ["team_id", "folder_id"])


def _create_edits() -> None:
    op.create_table(
        "edits",
        sa.Column("id", _ID, nullable=False),
        sa.Column("dataset_id", _ID, nullable=False),
        sa.Column("section", sa.Enum(*_SECTIONS, native_enum=False, length=32), nullable=False),
        sa.Column("person", _SORT_TEXT, nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("version", _ID, nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("python", sa.Text(), nullable=False),
        sa.Column("undoes", _ID),
        sa.PrimaryKeyConstraint("id", name="pk_edits"),
        _cascade("edits", "dataset_id", "datasets"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_edits_dataset_id", "edits", ["dataset_id", "id"])
    op.create_index("ix_edits_version", "edits", ["dataset_id", "section", "version"])


def _create_links() -> None:
    op.create_table(
        "links",
        sa.Column("id", _SORT_TEXT, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("dataset_id", _ID, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("view", sa.JSON()),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("expires", sa.BigInteger()),
        sa.Column("revoked", sa.BigInteger()),
        sa.Column("use_count", sa.BigInteger(), nullable=False),
        sa.Column("last_used", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
        _cascade("links", "dataset_id", "datasets"),
    )
    op.create_index("ix_links_dataset_id", "links", ["dataset_id", "created"])


def _of_organization(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_organization_id_organizations"
    return sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=name)


def _cascade(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target}"
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE")


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
    for table in _DROPPED:
        op.drop_table(table)
