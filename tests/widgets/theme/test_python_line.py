"""The line of Python beside an action: it is Python, and says what was meant."""

from __future__ import annotations

import ast
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxshelf.store import LocalDatasetStore
from voxshelf.testing.folders import write_dataset
from voxshelf.widgets.theme import PythonLine, call, literal, runnable

STORE = SimpleNamespace(root=Path("/data/lab shelf"))
PLAIN = st.none() | st.booleans() | st.integers() | st.text()
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner)
)


@given(VALUES)
def test_a_literal_reads_back_as_the_value(value: Any) -> None:
    assert ast.literal_eval(literal(value)) == value


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (call("store.delete", "lab/brain"), 'store.delete("lab/brain")'),
        (call("store.list", tags=("em", "mouse"), limit=5), 'store.list(tags=("em", "mouse"), limit=5)'),
        (call("f", ["a"], {"b": None}), 'f(["a"], {"b": None})'),
        (call("f", "it's"), 'f("it\'s")'),
    ],
)
def test_a_call_looks_as_a_person_would_write_it(line: str, expected: str) -> None:
    assert line == expected


def test_the_code_is_sent_to_the_browser() -> None:
    assert PythonLine("store.refresh()").get_state()["code"] == "store.refresh()"


def test_what_is_copied_opens_the_store_first() -> None:
    line = PythonLine(store=STORE)
    line.code = 'store.delete("lab/brain")'
    assert line.copied == (
        'import voxshelf as vx\nstore = vx.open_store("/data/lab shelf")\nstore.delete("lab/brain")'
    )
    assert line.code == 'store.delete("lab/brain")'


@pytest.mark.parametrize(
    ("code", "before"),
    [
        ("vx.VoxelSize((1, 1, 1))", "import voxshelf as vx\n"),
        ("import voxshelf as vx\nvx.open_dataset('a')", ""),
        ("store = open('a')\nstore.read()", ""),
        ("https://lab.example.org/s/token", ""),
        ("store.", ""),
        ("", ""),
    ],
)
def test_nothing_is_added_that_is_not_needed(code: str, before: str) -> None:
    assert runnable(code, STORE) == before + code


def test_a_store_that_has_no_folder_is_left_to_the_person() -> None:
    assert runnable("store.trash()", object()) == "store.trash()"


def test_what_is_copied_runs_where_nothing_was_run_before(tmp_path: Path) -> None:
    write_dataset(tmp_path, "lab/brain")
    with LocalDatasetStore(tmp_path) as store:
        store.refresh()
        copied = runnable("found = [record.key for record in store.list().items]", store)
    names: dict[str, Any] = {}
    exec(copied, names)
    assert names["found"] == ["lab/brain"]
    names["store"].close()
