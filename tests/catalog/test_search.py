"""What a search finds: the same in both databases, with and without an index of trigrams."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from voxshelf.catalog import Catalog, DatasetQuery, add_datasets, dataset_row, find_datasets, set_details
from voxshelf.catalog.search import COMMON, fold, search_text
from voxshelf.model import DatasetStatus

if TYPE_CHECKING:
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


def test_a_word_that_very_many_datasets_have_is_found_in_order_and_counted_without_the_trash(
    searched: Catalog, add: Add
) -> None:
    with searched.writing() as writing:
        add_datasets(writing, [f"lab/region_{number}" for number in range(COMMON + 100)])
    add("lab/thrown_region", status=DatasetStatus.DELETED)
    add("other/place")
    expected = [f"region_{number}" for number in range(COMMON + 100)]
    for query in ("region", "re", "region ab"):
        assert _found(searched, query) == expected
    with searched.reading() as session:
        wanted = DatasetQuery(search="region", organization="lab", offset=COMMON, limit=3)
        rows, total = find_datasets(session, wanted)
    assert ([row.name for row in rows], total) == (expected[COMMON : COMMON + 3], COMMON + 100)


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
