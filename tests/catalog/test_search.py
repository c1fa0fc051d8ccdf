"""What a search finds: the same in both databases, with and without an index of trigrams."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from voxshelf.catalog import (
    Catalog,
    DatasetQuery,
    DatasetRow,
    add_datasets,
    dataset_row,
    find_datasets,
    set_details,
)
from voxshelf.catalog.search import COMMON, fold, search, search_text
from voxshelf.model import DatasetStatus

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Add


def _found(catalog: Catalog, query: str) -> list[str]:
    with catalog.reading() as session:
        rows, total = find_datasets(session, DatasetQuery(search=query, limit=None))
        assert total == len(rows)
        return [row.name for row in rows]


@pytest.fixture(params=["trigrams", "no trigrams"])
def searched(request: pytest.FixtureRequest, catalog: Catalog) -> Catalog:
    if request.param == "no trigrams":
        with catalog.writing() as writing:
            if catalog.file is not None:
                for name in ("added", "removed", "changed"):
                    writing.session.execute(text(f"DROP TRIGGER dataset_search_{name}"))
                writing.session.execute(text("DROP TABLE dataset_search_trigrams"))
            else:
                writing.session.execute(text("DROP INDEX ix_dataset_search_trigrams"))
    return catalog


CASES = [
    ("mouse", {"mouse_cortex"}),
    ("MOUSE", {"mouse_cortex"}),
    ("use_cor", {"mouse_cortex"}),
    ("cortex mouse", {"mouse_cortex"}),
    ("mouse retina", set()),
    ("lab", {"mouse_cortex", "e2006", "plain", "mixed"}),
    ("lab/e2", {"e2006"}),
    ("e2", {"e2006"}),
    ("2", {"e2006", "mixed"}),
    ("e2 006", {"e2006"}),
    ("   ", {"mouse_cortex", "e2006", "plain", "mixed"}),
    ("straße", {"plain"}),
    ("STRASSE", {"plain"}),
    ("µm", {"plain"}),
    ("μm", {"plain"}),
    ("café", {"plain"}),
    ("cafe\u0301", {"plain"}),
    ("100%", {"mixed"}),
    ("%", {"mixed"}),
    ("o_s", set()),
    ("_", {"mouse_cortex"}),
    ('say "hi"', {"mixed"}),
    ('"', {"mixed"}),
    ("it's", {"mixed"}),
    ("back\\slash", {"mixed"}),
    ("神経", {"mixed"}),
    ("神経細胞", {"mixed"}),
    ("😀", {"mixed"}),
    ("mouse\0cortex", {"mouse_cortex"}),
    ("NEAR(a b)", set()),
    ("cortex OR e2006", set()),
    ("sbem", {"e2006"}),
]


def test_every_word_must_be_somewhere_in_the_text_as_it_is_typed(searched: Catalog, add: Add) -> None:
    add("lab/mouse_cortex")
    add("lab/e2006", tags=("SBEM", "retina"))
    add("lab/plain", display_name="Straße 5 µm", description="Cafe\u0301 au lait")
    add("lab/mixed", description='100% of 12: say "hi", it\'s back\\slash 神経細胞 😀')
    assert {query: set(_found(searched, query)) for query, _ in CASES} == dict(CASES)


def test_what_is_edited_is_found_by_its_new_text_only(catalog: Catalog, add: Add) -> None:
    add("lab/one", display_name="before", tags=("old",))
    with catalog.writing() as writing:
        row = dataset_row(writing.session, "lab/one")
        set_details(writing.session, row, display_name="afterwards", tags=("new", "old"))
    assert _found(catalog, "before") == []
    assert _found(catalog, "afterwards new old") == ["one"]
    with catalog.writing() as writing:
        set_details(writing.session, dataset_row(writing.session, "lab/one"), tags=())
    assert _found(catalog, "new") == []


def test_a_deleted_row_is_found_no_more(catalog: Catalog, add: Add) -> None:
    add("lab/one")
    with catalog.writing() as writing:
        writing.session.execute(text("DELETE FROM datasets"))
    add("lab/other")
    assert _found(catalog, "one") == []
    assert _found(catalog, "lab") == ["other"]


def test_looking_along_the_list_finds_the_same_as_collecting_first(searched: Catalog, add: Add) -> None:
    for key, description in (("lab/mouse_1", "retina"), ("lab/mouse_2", "50% ö"), ("lab/cat", "mousetrap")):
        add(key, description=description)
    with searched.reading() as session:
        for query in ("mouse", "mouse retina", "ab", "50% mouse", "Ö", "1 mouse", "none"):
            found = search(session, query)
            assert found is not None
            along, among = (
                set(session.scalars(select(DatasetRow.key).where(condition)))
                for condition in (found.along, found.among)
            )
            assert along == among, query


def test_a_word_that_very_many_datasets_have_is_found_in_order_and_counted_without_the_trash(
    tmp_path: Path,
) -> None:
    catalog = Catalog(f"sqlite:///{tmp_path / 'catalog.db'}")
    count = COMMON + 100
    with catalog.writing() as writing:
        add_datasets(writing, [f"lab/region_{number}" for number in range(count)])
        add_datasets(writing, ["lab/thrown_region", "other/place"])
        dataset_row(writing.session, "lab/thrown_region").status = DatasetStatus.DELETED
    expected = [f"region_{number}" for number in range(count)]
    with catalog.reading() as session:
        for query in ("region", "re", "region ab"):
            rows, total = find_datasets(session, DatasetQuery(search=query, offset=count - 5))
            assert ([row.name for row in rows], total) == (expected[-5:], count)
        rows, total = find_datasets(session, DatasetQuery(search="region", organization="lab", limit=3))
        assert ([row.name for row in rows], total) == (expected[:3], count)
    catalog.close()


def test_folding_unifies_letters_and_drops_case() -> None:
    assert fold("ﬁbre ＡＢＣ É") == fold("FIBRE abc e\u0301")
    assert search_text("lab/A", "Ä", ["T"], "") == "lab/a\nä\nt"


@pytest.fixture(scope="module")
def hunted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return Catalog(f"sqlite:///{tmp_path_factory.mktemp('hunt') / 'catalog.db'}")


@settings(deadline=None, max_examples=60, derandomize=True)
@given(
    texts=st.lists(st.text(alphabet="ab%_\\\"'*- ßΣéñ\n", max_size=12), min_size=1, max_size=4),
    query=st.text(alphabet="ab%_\\\"'*- ßΣéñ", max_size=6),
)
def test_a_search_finds_exactly_what_python_finds(hunted: Catalog, texts: list[str], query: str) -> None:
    with hunted.writing() as writing:
        writing.session.execute(text("DELETE FROM datasets"))
        for number, description in enumerate(texts):
            add_datasets(writing, [f"x/{number}"])
            set_details(writing.session, dataset_row(writing.session, f"x/{number}"), description=description)
    expected = {
        str(number)
        for number, description in enumerate(texts)
        if all(token in search_text(f"x/{number}", description=description) for token in fold(query).split())
    }
    assert set(_found(hunted, query)) == expected


@pytest.mark.parametrize("query", ["\ud800", "corte\ud800x", "co \udcff"])
def test_letters_that_no_database_holds_are_found_nowhere(searched: Catalog, add: Add, query: str) -> None:
    add("lab/cortex")
    assert _found(searched, query) == []
