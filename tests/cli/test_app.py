from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STAND_IN = """
import json, os, socket, sys
port = next(int(option.partition("=")[2]) for option in sys.argv if option.startswith("--port="))
facts = {name: os.environ.get(name) for name in ("VOXSHELF_ROOT", "JUPYTER_TOKEN")}
print("STARTED " + json.dumps({"arguments": sys.argv[1:], **facts}), flush=True)
with socket.create_server(("127.0.0.1", port)) as server:
    server.accept()
    if "--stay" in sys.argv:
        server.accept()
sys.exit(7)
"""


@pytest.fixture
def begin(tmp_path: Path, root: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts ``voxshelf app`` with a stand-in for Voilà, which takes one call and ends with 7."""
    (tmp_path / "fake" / "voila").mkdir(parents=True)
    (tmp_path / "fake" / "voila" / "__init__.py").write_text("")
    (tmp_path / "fake" / "voila" / "__main__.py").write_text(STAND_IN)
    running = []

    def run(*arguments: str, **environment: str) -> subprocess.Popen[str]:
        path = os.pathsep.join([str(tmp_path / "fake"), *sys.path])
        around = {**os.environ, "PYTHONPATH": path, "BROWSER": "true", **environment}
        command = [str(Path(sys.executable).parent / "voxshelf"), "app", *arguments]
        process = subprocess.Popen(
            command, env=around, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture
def start(begin: Callable[..., subprocess.Popen[str]]) -> Callable[..., dict[str, Any]]:
    """Runs it to its end; what Voilà was started with, what was printed and the exit code."""

    def run(*arguments: str, **environment: str) -> dict[str, Any]:
        process = begin(*arguments, **environment)
        output, errors = process.communicate(timeout=60)
        line = next((line for line in output.splitlines() if line.startswith("STARTED ")), None)
        assert line is not None, errors
        return {**json.loads(line.removeprefix("STARTED ")), "output": output, "code": process.returncode}

    return run


def test_voila_shows_the_apps_notebook_on_the_root(start: Any, root: Path) -> None:
    started = start(str(root), "--no-browser")
    assert Path(started["arguments"][0]).name == "app.ipynb"
    assert started["VOXSHELF_ROOT"] == str(root)


def test_the_root_comes_from_the_environment_and_is_made(start: Any, tmp_path: Path) -> None:
    assert start("--no-browser", VOXSHELF_ROOT=str(tmp_path / "new"))["VOXSHELF_ROOT"] == str(
        tmp_path / "new"
    )
    assert (tmp_path / "new").is_dir()


def test_the_printed_address_carries_the_token_and_the_command_does_not(start: Any, root: Path) -> None:
    started = start(str(root), "--no-browser")
    token = started["JUPYTER_TOKEN"]
    assert len(token) >= 32
    assert f"?token={token}" in started["output"]
    assert not any(token in argument for argument in started["arguments"])
    assert "--Voila.auto_token=True" in started["arguments"]


def test_two_starts_have_two_tokens(start: Any, root: Path) -> None:
    first, second = (start(str(root), "--no-browser")["JUPYTER_TOKEN"] for _ in range(2))
    assert first != second


def test_a_token_of_ones_own_is_kept(start: Any, root: Path) -> None:
    assert "?token=mine" in start(str(root), "--no-browser", JUPYTER_TOKEN="mine")["output"]


def test_options_go_to_voila(start: Any, root: Path) -> None:
    arguments = start(str(root), "--no-browser", "--ip", "127.0.0.1", "--dark", "--Voila.log_level=DEBUG")[
        "arguments"
    ]
    assert {"--Voila.ip=127.0.0.1", "--theme=dark", "--Voila.log_level=DEBUG"} <= set(arguments)


def test_a_taken_port_is_not_taken_again(start: Any, root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        # Its usual port may be free; a port of one's own is passed on as it is.
        arguments = start(str(root), "--no-browser")["arguments"]
        assert f"--port={port}" not in arguments
    assert f"--port={port}" in start(str(root), "--no-browser", "--port", str(port))["arguments"]


def test_the_exit_code_is_voilas(start: Any, root: Path) -> None:
    assert start(str(root), "--no-browser")["code"] == 7


def test_ending_it_ends_voila(begin: Any, root: Path) -> None:
    process = begin(str(root), "--no-browser", "--stay")
    ready = ""
    while "is ready" not in ready:
        ready = process.stdout.readline()
    port = int(re.search(r":(\d+)/", ready)[1])
    process.send_signal(signal.SIGTERM)
    process.wait(20)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_missing_voila_is_told_with_the_line_that_installs_it() -> None:
    code = (
        "import importlib.util as u; real = u.find_spec;"
        "u.find_spec = lambda name, *rest: None if name == 'voila' else real(name, *rest);"
        "import sys; sys.argv = ['voxshelf', 'app']; from voxshelf.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pip install 'voxshelf[jupyter]'" in done.stderr
