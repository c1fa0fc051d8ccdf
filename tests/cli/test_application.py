from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., Any]

COMMANDS = [
    *(
        "lab",
        "app",
        "list",
        "scan",
        "info",
        "import",
        "check",
        "edit",
        "tag",
        "history",
        "upload",
        "sample",
        "link",
    ),
    *("access", "people", "trash", "delete", "warm"),
]
HEAVY = ("numpy", "numba", "sqlalchemy", "pydantic", "ipywidgets", "httpx", "zarr")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    assert "Usage:" in run(command, "--help").stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_the_list_of_commands_says_what_each_commands_own_help_says(run: Run, command: str) -> None:
    line = next(line for line in run("--help").stdout.splitlines() if line.split()[:1] == [command])
    summary = line.split(maxsplit=1)[1].rstrip(".")
    own = " ".join(run(command, "--help").stdout.split())
    assert summary in own


def test_help_is_printed_without_loading_what_the_commands_need() -> None:
    code = (
        "import sys; sys.argv = ['voxshelf', '--help']\n"
        "from voxshelf.cli import main\n"
        "try: main()\n"
        f"finally: print('LOADED', [name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "LOADED []"


def test_the_version_is_the_packages(run: Run) -> None:
    assert run("--version").stdout.strip() == f"voxshelf {version('voxshelf')}"


def test_an_unknown_command_is_wrong_usage(run: Run) -> None:
    run("fly", code=2)


def test_a_store_over_http_is_refused_honestly(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXSHELF_URL", "https://example.org")
    result = run("list", code=1)
    assert "not part of this version" in result.stderr
    assert "unset VOXSHELF_URL" in result.stderr


def test_a_wrong_setting_is_told_by_its_name(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXSHELF_ORGANIZATION", "a/b")
    assert "VOXSHELF_ORGANIZATION" in run("sample", "list", code=1).stderr


def test_warm_says_how_long_it_took(run: Run) -> None:
    assert json.loads(run("warm", "--json").stdout)["seconds"] > 0


# -- as people run it --------------------------------------------------------------------------


def test_the_installed_command_lists(run_process: Run) -> None:
    done = run_process("list")
    assert (done.returncode, done.stderr) == (0, "")
    assert "lab/new" in done.stdout


def test_a_problem_goes_to_the_error_stream_without_a_traceback(run_process: Run) -> None:
    done = run_process("import", "lab/new")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "voxshelf: lab/new cannot be imported yet." in done.stderr


@pytest.mark.parametrize("command", [("info", "--view"), ("check",), ("edit", "--view", "zoom=2")])
def test_a_link_that_leads_in_a_circle_is_a_problem_without_a_traceback(
    run_process: Run, root: Path, command: tuple[str, ...]
) -> None:
    (root / "lab" / "circle").symlink_to("circle")
    done = run_process(*command, "lab/circle")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "circle" in done.stderr


def test_a_reader_that_goes_away_is_no_problem_to_tell() -> None:
    command = f"{Path(sys.executable).parent / 'voxshelf'} --help | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert (done.stdout.startswith("Usage:"), done.stderr) == (True, "")


def test_wrong_usage_is_exit_code_2(run_process: Run) -> None:
    assert run_process("list", "--limit", "many").returncode == 2


def test_a_root_that_cannot_be_made_is_a_problem(run_process: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run_process("list", VOXSHELF_ROOT=str(tmp_path / "file"))
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_documentation_names_every_command(command: str) -> None:
    page = Path(__file__).parents[2] / "docs" / "command-line.md"
    assert f"`{command}" in page.read_text(encoding="utf-8")
