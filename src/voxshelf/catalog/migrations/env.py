"""Alembic's entry: runs the migrations on the connection that :mod:`voxshelf.catalog.schema` hands over.

``render_as_batch``: SQLite cannot alter a column or constraint, so a migration copies the table there.
"""

from __future__ import annotations

from alembic import context

from voxshelf.catalog.tables import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
