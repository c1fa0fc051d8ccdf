"""Edits that are being made, for whoever comes after a killed process."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SORT_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "intents",
        sa.Column("key", _SORT_TEXT, nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("python", sa.Text(), nullable=False),
        sa.Column("undoes", sa.BigInteger().with_variant(sa.Integer(), "sqlite")),
        sa.Column("is_import", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_intents"),
    )


def downgrade() -> None:
    """To the revision before."""
    op.drop_table("intents")
