"""The house rules that no linter knows: sizes, names, and what stands in the tree."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for path in (ROOT / "src").rglob("*.py") if "__pycache__" not in path.parts)
SCRIPTS = sorted((ROOT / "src").rglob("*.js"))
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
JUNK_DRAWERS = {"utils", "util", "helpers", "common", "core", "base", "misc"}


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [*SOURCES, *SCRIPTS], ids=_name)
def test_no_file_is_longer_than_a_person_reads_at_once(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_no_function_is_longer_than_a_screen(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_no_module_is_a_junk_drawer() -> None:
    names = {part.removesuffix(".py") for path in SOURCES for part in path.relative_to(ROOT).parts}
    assert names & JUNK_DRAWERS == set()


def test_nothing_in_the_tree_names_this_machine_or_a_registry() -> None:
    # Spelled in parts, so that this file does not find itself.
    traces = re.compile(
        "|".join(["/" + "root/", "/" + "work/", '"resolved": *"' + "http", "^index" + "-url"]), re.MULTILINE
    )
    folders = [ROOT / name for name in ("src", "tests", "benchmarks", "docs", "notebooks", "binder", ".ci")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    files += [path for path in ROOT.iterdir() if path.is_file()]
    text_files = [
        path for path in files if path.suffix in {".py", ".js", ".md", ".toml", ".txt", ".ipynb", ".css", ""}
    ]
    found = [
        _name(path)
        for path in text_files
        if traces.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_what_the_documents_call_held_is_held_by_a_test_that_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "requirement.md").read_text(encoding="utf-8")))
    sources = [*(ROOT / "tests").rglob("test_*.py"), *(ROOT / "src" / "voxshelf" / "testing").glob("*.py")]
    written = {
        name for path in sources for name in re.findall(r"def (test_\w+)\(", path.read_text(encoding="utf-8"))
    }
    assert named
    assert named - written == set()
