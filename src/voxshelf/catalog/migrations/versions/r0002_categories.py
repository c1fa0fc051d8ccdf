"""Which categories of layers a dataset has, as columns of their own and in the indexes of long lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ADDED = ("has_color", "has_segmentation")
_DECISIVE = ("is_public", "has_team", "owner", "folder_id")
_INDEXES = {
    **{
        f"by_{column}": (column, "key", "status", "organization_id", *_DECISIVE)
        for column in ("sort_name", "created", "changed", "last_used")
    },
    "by_status": ("status", "sort_name", "key", "organization_id", *_DECISIVE),
    "has_team": ("organization_id", "has_team", "status"),
    "owner": ("organization_id", "owner", "status", "has_team"),
    "is_public": ("is_public", "status", "organization_id", "has_team"),
    "folder_id": ("folder_id", "status"),
}


def upgrade() -> None:
    """To this revision."""
    for column in _ADDED:
        op.add_column("datasets", sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.false()))
    # The summaries of layers were all written by one adapter, with this very key and these values.
    layers = sa.cast(sa.column("layers", sa.JSON()), sa.Text())
    has = {column: layers.like(f'%"category": "{column.removeprefix("has_")}"%') for column in _ADDED}
    op.execute(sa.update(sa.table("datasets", *map(sa.column, _ADDED))).values(has))
    for name, columns in _INDEXES.items():
        op.drop_index(f"ix_datasets_{name}", "datasets")
        op.create_index(f"ix_datasets_{name}", "datasets", [*columns, *_ADDED])


def downgrade() -> None:
    """To the revision before."""
    for name, columns in _INDEXES.items():
        op.drop_index(f"ix_datasets_{name}", "datasets")
        op.create_index(f"ix_datasets_{name}", "datasets", list(columns))
    for column in _ADDED:
        op.drop_column("datasets", column)
