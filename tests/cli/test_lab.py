from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import voxshelf.cli

STAND_IN = """
import json, os, sys
names = ("VOXSHELF_ROOT", "JUPYTER_CONFIG_PATH")
print("STARTED " + json.dumps({"arguments": sys.argv[1:], **{name: os.environ[name] for name in names}}))
"""


@pytest.fixture
def start(tmp_path: Path, root: Path) -> Any:
    """Runs ``voxshelf lab`` with a stand-in for JupyterLab, and gives what it was started with."""
    (tmp_path / "fake" / "jupyterlab").mkdir(parents=True)
    (tmp_path / "fake" / "jupyterlab" / "__init__.py").write_text("")
    (tmp_path / "fake" / "jupyterlab" / "__main__.py").write_text(STAND_IN)

    def call(*arguments: str, **environment: str) -> dict[str, Any]:
        around = {**os.environ, "PYTHONPATH": str(tmp_path / "fake"), **environment}
        command = [str(Path(sys.executable).parent / "voxshelf"), "lab", *arguments]
        done = subprocess.run(command, env=around, capture_output=True, text=True, check=True)
        line = next(line for line in done.stdout.splitlines() if line.startswith("STARTED "))
        started: dict[str, Any] = json.loads(line.removeprefix("STARTED "))
        return started

    return call


def test_jupyterlab_starts_in_the_root(start: Any, root: Path) -> None:
    started = start(str(root))
    assert f"--ServerApp.root_dir={root}" in started["arguments"]
    assert started["VOXSHELF_ROOT"] == str(root)


def test_options_go_to_jupyterlab(start: Any, root: Path) -> None:
    arguments = start(
        *(str(root), "--no-browser", "--port", "9001", "--ip", "127.0.0.1", "--allow-root"),
        "--IdentityProvider.token=abc",
    )["arguments"]
    for option in (
        "--no-browser",
        "--port=9001",
        "--ip=127.0.0.1",
        "--allow-root",
        "--IdentityProvider.token=abc",
    ):
        assert option in arguments


def test_a_browser_is_opened_and_no_token_set_by_default(start: Any, root: Path) -> None:
    arguments = start(str(root))["arguments"]
    assert "--no-browser" not in arguments
    assert not any("token" in argument for argument in arguments)


def test_the_question_about_news_is_answered(start: Any, root: Path) -> None:
    folder = Path(start(str(root))["JUPYTER_CONFIG_PATH"])
    answers = json.loads((folder / "labconfig" / "default_setting_overrides.json").read_text())
    assert answers["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


def test_a_persons_own_jupyter_settings_come_first(start: Any, root: Path) -> None:
    paths = start(str(root), JUPYTER_CONFIG_PATH="/home/me/config")["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert (paths[0], len(paths)) == ("/home/me/config", 2)


def test_jupyterlab_reads_the_answer() -> None:
    folder = Path(voxshelf.cli.__file__).parent / "jupyter"
    code = (
        "from jupyterlab_server.settings_utils import _get_overrides;"
        "print(_get_overrides('/nowhere')[0]['@jupyterlab/apputils-extension:notification']['fetchNews'])"
    )
    around = {**os.environ, "JUPYTER_CONFIG_PATH": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=around, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "false"


def test_a_root_with_datasets_gets_no_sample(start: Any, root: Path) -> None:
    start(str(root))
    assert not (root / "samples").exists()


def test_no_sample_is_made_if_none_is_wanted(start: Any, tmp_path: Path) -> None:
    start(str(tmp_path / "empty"), "--no-sample")
    assert not (tmp_path / "empty" / "samples").exists()


def test_the_root_comes_from_the_environment(start: Any, root: Path) -> None:
    assert start(VOXSHELF_ROOT=str(root))["VOXSHELF_ROOT"] == str(root)


def test_all_notebooks_are_copied_and_the_quickstart_opens(start: Any, root: Path) -> None:
    arguments = start(str(root))["arguments"]
    assert "--LabApp.default_url=/lab/tree/notebooks/quickstart.ipynb" in arguments
    assert {"quickstart.ipynb", "analyst.ipynb"} <= {path.name for path in (root / "notebooks").iterdir()}


def test_a_notebook_that_the_person_changed_is_kept(start: Any, root: Path) -> None:
    (root / "notebooks").mkdir()
    (root / "notebooks" / "quickstart.ipynb").write_text("mine")
    arguments = start(str(root))["arguments"]
    assert "--LabApp.default_url=/lab/tree/notebooks/quickstart.ipynb" in arguments
    assert (root / "notebooks" / "quickstart.ipynb").read_text() == "mine"


def test_missing_jupyterlab_is_told_with_the_line_that_installs_it() -> None:
    code = (
        "import importlib.util as u; real = u.find_spec;"
        "u.find_spec = lambda name, *rest: None if name == 'jupyterlab' else real(name, *rest);"
        "import sys; sys.argv = ['voxshelf', 'lab']; from voxshelf.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pip install 'voxshelf[jupyter]'" in done.stderr
