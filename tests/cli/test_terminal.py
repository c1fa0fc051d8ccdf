"""What only people see: bars, questions, lines that end where the terminal does."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., Any]

COLUMNS = 70


@pytest.fixture
def run_on_terminal(root: Path) -> Callable[..., tuple[int, str]]:
    """Runs ``voxshelf`` on a terminal of 70 columns, types an answer, and gives exit code and what it showed."""

    def call(*arguments: str, typed: str = "") -> tuple[int, str]:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
        around = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
        command = [str(Path(sys.executable).parent / "voxshelf"), *arguments]
        with subprocess.Popen(
            command, env={**around, "VOXSHELF_ROOT": str(root)}, stdin=theirs, stdout=theirs, stderr=theirs
        ) as process:
            os.close(theirs)
            os.write(ours, typed.encode())
            shown = read_all(ours)
        os.close(ours)
        return process.returncode, shown

    return call


def read_all(terminal: int) -> str:
    """Everything until nobody has the other end open any more."""
    parts = []
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # so Linux says that the other end is closed
            break
        if not part:
            break
        parts.append(part)
    return b"".join(parts).decode()


def test_a_long_task_draws_a_bar(run_on_terminal: Run, ready: Path) -> None:
    code, shown = run_on_terminal("check", "new", "--deep")
    assert code == 0
    assert "Checking lab/new:" in shown
    assert shown.rstrip().endswith("lab/new: nothing is wrong.")


def test_nothing_is_drawn_where_nobody_looks(run_process: Run, ready: Path) -> None:
    done = run_process("check", "new", "--deep")
    assert (done.stdout, done.stderr) == ("lab/new: nothing is wrong.\n", "")


def test_lines_of_a_table_end_where_the_terminal_does(run_on_terminal: Run, run: Run, ready: Path) -> None:
    run("edit", "new", "--display-name", "A long name for a mouse of the barrel cortex, layer 4")
    _, shown = run_on_terminal("list")
    lines = shown.replace("\r", "").splitlines()
    assert max(map(len, lines)) == COLUMNS
    assert lines[1].endswith("…")


def test_an_import_asks_for_the_voxel_size_until_it_can_be_understood(
    run_on_terminal: Run, ready: Path, root: Path
) -> None:
    (ready / "datasource-properties.json").unlink()
    code, shown = run_on_terminal("import", "new", typed="4,4\n4,4,35\ny\n")
    assert code == 0
    assert "write three numbers" in shown
    assert "lab/new is imported." in shown


def test_an_import_that_is_not_wanted_writes_nothing(run_on_terminal: Run, ready: Path) -> None:
    (ready / "datasource-properties.json").unlink()
    code, _ = run_on_terminal("import", "new", typed="4,4,35\nn\n")
    assert code == 1
    assert not (ready / "datasource-properties.json").exists()


def test_purging_asks_first(run_on_terminal: Run, run: Run, run_json: Run, ready: Path) -> None:
    run("delete", "new")
    code, shown = run_on_terminal("trash", "purge", "new", typed="n\n")
    assert code == 1
    assert "Remove 1 dataset for good?" in shown
    assert len(run_json("trash", "list")) == 1
    assert run_on_terminal("trash", "purge", "new", typed="y\n")[0] == 0
    assert run_json("trash", "list") == []


def test_the_list_says_what_to_do_with_what_is_not_imported(run_on_terminal: Run) -> None:
    assert "voxshelf import DATASET" in run_on_terminal("list")[1]
