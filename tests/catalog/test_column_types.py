"""What goes into a column comes out of it, in either database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from voxshelf.catalog import Catalog, DatasetRow, dataset_row, storable
from voxshelf.errors import DatasetNotFoundError

if TYPE_CHECKING:
    from conftest import Add


@pytest.mark.parametrize(
    ("text", "kept"),
    [("größe ✓ 𝔐", "größe ✓ 𝔐"), ("a\0b", "a�b"), ("\ud800x", "�x"), ("\udcff", "�"), ("", "")],
)
def test_text_is_kept_without_what_no_database_holds(
    catalog: Catalog, add: Add, text: str, kept: str
) -> None:
    add("lab/one", status_message=text, owner=text)
    with catalog.reading() as session:
        row = session.scalars(select(DatasetRow)).one()
        assert (row.status_message, row.owner) == (kept, kept)
    assert storable(text) == kept


@pytest.mark.parametrize("key", ["lab/o\0ne", "lab/\ud800", "\0"])
def test_what_no_database_holds_is_found_nowhere(catalog: Catalog, add: Add, key: str) -> None:
    add("lab/one")
    with catalog.reading() as session, pytest.raises(DatasetNotFoundError):
        dataset_row(session, key)
