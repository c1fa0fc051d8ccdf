"""Searching datasets: every word of the query must be somewhere in the dataset's text.

The *text* of a dataset is its key, display name, tags and description, *folded*: compatibility forms are
unified (NFKC: ``µ`` and ``μ``, ``é`` and ``e`` + accent) and case is dropped (``Straße`` = ``STRASSE``). The
query is folded alike, split at white space, and each *token* must be a substring of the text; so wildcards have
no meaning, and both databases find the same.

Tokens of three letters or more are looked up in an index of trigrams: FTS5 in SQLite, ``pg_trgm`` in
PostgreSQL. Where a database has neither (an old SQLite, or no right to create the extension), and for shorter
tokens, the narrow table ``dataset_search`` is read through. Both indexes are made by :func:`install_index`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, column, exists, func, inspect, select, table, text
from sqlalchemy.exc import OperationalError

from voxshelf.catalog.column_types import storable
from voxshelf.catalog.tables import DatasetRow, SearchRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Connection, Select
    from sqlalchemy.orm import Session

TRIGRAM_LENGTH = 3
COMMON = 10_000
"""A query that more datasets than this match is answered by walking down the list, not by collecting them."""

_TRIGRAMS = table("dataset_search_trigrams", column("rowid"), column("dataset_search_trigrams"))

_SQLITE_INDEX = (
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
    "INSERT INTO dataset_search_trigrams(dataset_search_trigrams) VALUES ('rebuild')",
)
# A block of its own: what fails in it is undone alone, and the catalog works without the index.
_POSTGRESQL_INDEX = """DO $$ BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX ix_dataset_search_trigrams ON dataset_search USING gin (search_text gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN NULL;
END $$"""


def install_index(connection: Connection) -> None:
    """Create the index of trigrams over ``dataset_search``, where the database can have one."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(_POSTGRESQL_INDEX))
        return
    savepoint = connection.begin_nested()
    try:
        for statement in _SQLITE_INDEX:
            connection.exec_driver_sql(statement)
    except OperationalError:  # this SQLite has no FTS5, or none with trigrams (before 3.34)
        savepoint.rollback()
    else:
        savepoint.commit()


def fold(value: str) -> str:
    """``value`` as it is compared: one form per letter, without case."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold())
    return storable(folded.replace("\0", " "))


def search_text(key: str, display_name: str = "", tags: Iterable[str] = (), description: str = "") -> str:
    """The folded text that a search for this dataset looks into."""
    return fold("\n".join(part for part in (key, display_name, *tags, description) if part))


@dataclass(frozen=True)
class Search:
    """A query, ready to be put into a statement over :class:`~voxshelf.catalog.tables.DatasetRow`.

    Parameters
    ----------
    matches : Select
        The ids of all datasets that match, as the index has them.
    along : ColumnElement
        The condition that looks at one dataset's text: right where many match and a page of them is wanted.
    """

    matches: Select[Any]
    along: ColumnElement[bool]

    @property
    def among(self) -> ColumnElement[bool]:
        """The condition that collects all matches first: right where few match."""
        return DatasetRow.id.in_(self.matches)

    def is_common(self, session: Session) -> bool:
        """Whether so many datasets match that a list is better walked along than collected."""
        if session.get_bind().dialect.name != "sqlite":
            return False  # PostgreSQL's planner knows best
        few = self.matches.limit(COMMON + 1).subquery()
        return (session.scalar(select(func.count()).select_from(few)) or 0) > COMMON


def search(session: Session, query: str) -> Search | None:
    """What ``query`` means; None if it has no word in it.

    Parameters
    ----------
    session : Session
        On the database that will be asked.
    query : str
        Words, separated by white space, as a person types them.
    """
    tokens = list(dict.fromkeys(fold(query).split()))
    if not tokens:
        return None
    ids = select(SearchRow.dataset_id)
    if session.get_bind().dialect.name == "postgresql":
        contains = and_(*(SearchRow.search_text.contains(token, autoescape=True) for token in tokens))
        return Search(ids.where(contains), exists().where(SearchRow.dataset_id == DatasetRow.id, contains))
    long = [token for token in tokens if len(token) >= TRIGRAM_LENGTH]
    indexed = long if long and has_trigrams(session) else []
    rest = [token for token in tokens if token not in indexed]
    if not indexed:
        matches: Select[Any] = ids.where(_holds(rest))
    elif not rest:
        matches = _trigram_matches(indexed)
    else:
        matches = ids.where(SearchRow.dataset_id.in_(_trigram_matches(indexed)), _holds(rest))
    return Search(matches, exists().where(SearchRow.dataset_id == DatasetRow.id, _holds(tokens)))


def has_trigrams(session: Session) -> bool:
    """Whether this SQLite database has the index of trigrams."""
    return inspect(session.connection()).has_table(_TRIGRAMS.name)


def _holds(tokens: list[str]) -> ColumnElement[bool]:
    return and_(*(func.instr(SearchRow.search_text, token) > 0 for token in tokens))


def _trigram_matches(tokens: list[str]) -> Select[Any]:
    # In FTS5's language a text in double quotes is taken literally; a quote in it is doubled.
    phrases = " AND ".join('"' + token.replace('"', '""') + '"' for token in tokens)
    return select(_TRIGRAMS.c.rowid).where(_TRIGRAMS.c.dataset_search_trigrams.op("MATCH")(phrases))
