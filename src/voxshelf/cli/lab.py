"""``voxshelf lab``: JupyterLab on the quickstart notebook, with something to look at.

What it leaves to Jupyter: tokens, ports, and every option it does not know. ``JUPYTER_CONFIG_PATH`` gets a folder
that answers JupyterLab's question about news; a person's own settings still win.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import Annotated

import typer

from voxshelf.cli.samples import add_sample
from voxshelf.cli.shipped_notebooks import shipped_notebooks
from voxshelf.errors import MissingExtraError, ReadOnlyError
from voxshelf.wiring import read_settings

__all__ = ["lab"]

_QUICKSTART = "quickstart.ipynb"
_NEEDED = ("jupyterlab", "ipywidgets", "anywidget", "bqplot", "ipydatagrid", "pandas")


def lab(
    context: typer.Context,
    root: Annotated[
        Path | None, typer.Argument(help="The folder of all datasets; default VOXSHELF_ROOT.")
    ] = None,
    *,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
    port: Annotated[int | None, typer.Option(help="The port to listen on.")] = None,
    ip: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    sample: Annotated[bool, typer.Option(help="Make a sample dataset, if there is no dataset yet.")] = True,
) -> None:
    """Start JupyterLab on the quickstart notebook. Options that are not listed here go to JupyterLab."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            f"voxshelf lab needs {', '.join(missing)}.",
            hint="Install it with: pip install 'voxshelf[jupyter]'.",
        )
    settings = read_settings()
    top = (root or settings.root).expanduser().absolute()
    notebook = _place_notebooks(top)
    if sample and not _has_datasets(top):
        add_sample("tissue", top, settings.organization)
    options = [f"--ServerApp.root_dir={top}"]
    if notebook is not None:
        options.append(f"--LabApp.default_url=/lab/tree/{notebook.relative_to(top).as_posix()}")
    if not browser:
        options.append("--no-browser")
    options += [f"--{name}={value}" for name, value in (("port", port), ("ip", ip)) if value is not None]
    _become([sys.executable, "-m", "jupyterlab", *options, *context.args], _environment(top))


def _place_notebooks(root: Path) -> Path | None:
    """Copy the notebooks into the root, except those that the person has there; returns the quickstart's place."""
    target = root / "notebooks"
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, source in shipped_notebooks().items():
            if not (target / name).exists():
                shutil.copyfile(source, target / name)
    except OSError as error:
        raise ReadOnlyError(
            f"{target} cannot be written: {error.strerror}.", hint="Choose a root where you may write."
        ) from error
    return target / _QUICKSTART if (target / _QUICKSTART).exists() else None


def _has_datasets(root: Path) -> bool:
    from voxshelf.intake import FoundFolder, scan_root  # noqa: PLC0415 - loads numpy

    return any(isinstance(item, FoundFolder) and item.organization != "notebooks" for item in scan_root(root))


def _environment(root: Path) -> dict[str, str]:
    """The environment of JupyterLab and so of its kernels."""
    answers = str(files("voxshelf.cli") / "jupyter")
    paths = [path for path in (os.environ.get("JUPYTER_CONFIG_PATH"), answers) if path]
    return {**os.environ, "VOXSHELF_ROOT": str(root), "JUPYTER_CONFIG_PATH": os.pathsep.join(paths)}


def _become(command: list[str], environment: dict[str, str]) -> None:
    """Run the command in place of this process, so that signals and its exit code are Jupyter's own."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execve(command[0], command, environment)  # noqa: S606 - no shell is wanted
    raise typer.Exit(subprocess.call(command, env=environment))  # noqa: S603 - our own command
