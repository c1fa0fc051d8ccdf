"""``voxshelf app``: the whole store as one page in a browser, without a notebook around it; Voilà serves it.

Voilà itself lets everybody in who reaches its port, which on a shared machine is everybody on it. Here the page opens
with a token only. It travels in ``JUPYTER_TOKEN``: a command's options can be read by other users, its environment
cannot. An own ``JUPYTER_TOKEN`` is taken as it is.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import Annotated

import typer

from voxshelf.cli.shipped_notebooks import shipped_notebooks
from voxshelf.errors import MissingExtraError, ReadOnlyError, VoxshelfError
from voxshelf.wiring import read_settings

__all__ = ["app"]

PORT = 8866
_NOTEBOOK = "app.ipynb"
_NEEDED = ("voila", "ipywidgets", "anywidget", "bqplot", "ipydatagrid", "pandas")
_HERE = "127.0.0.1"
_EVERYWHERE = {"0.0.0.0": _HERE, "::": "::1"}  # noqa: S104 - the person's own choice
_PATIENCE = 60.0


def app(
    context: typer.Context,
    root: Annotated[
        Path | None, typer.Argument(help="The folder of all datasets; default VOXSHELF_ROOT.")
    ] = None,
    *,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
    port: Annotated[
        int | None, typer.Option(help="The port to listen on; default 8866 or a free one.")
    ] = None,
    ip: Annotated[str, typer.Option(help="The address to listen on.")] = _HERE,
    dark: Annotated[bool, typer.Option("--dark", help="Light text on dark paper.")] = False,
) -> None:
    """Show the whole store as one page in a browser. Options that are not listed here go to Voilà."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            f"voxshelf app needs {', '.join(missing)}.",
            hint="Install it with: pip install 'voxshelf[jupyter]'.",
        )
    top = _made(root or read_settings().root)
    chosen = _free_port(ip) if port is None else port
    token = os.environ.get("JUPYTER_TOKEN") or secrets.token_urlsafe(24)
    command = [sys.executable, "-m", "voila", str(_notebook()), "--no-browser", f"--port={chosen}"]
    command += [f"--Voila.ip={ip}", "--Voila.port_retries=0", "--Voila.auto_token=True"]
    command += [f"--theme={'dark' if dark else 'light'}", "--show_tracebacks=True", *context.args]
    environment = {**os.environ, "VOXSHELF_ROOT": str(top), "JUPYTER_TOKEN": token}
    host = socket.gethostname() if ip in _EVERYWHERE else ip
    page = f"http://{f'[{host}]' if ':' in host else host}:{chosen}/?token={token}"
    raise typer.Exit(_serve(command, environment, (_EVERYWHERE.get(ip, ip), chosen), page, opens=browser))


def _made(root: Path) -> Path:
    """The root, which exists afterwards: nobody reads the log of a page that cannot open its store."""
    top = root.expanduser().absolute()
    try:
        top.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReadOnlyError(
            f"{top} cannot be made: {error.strerror}.", hint="Choose a root where you may write."
        ) from error
    return top


def _notebook() -> Path:
    """The page's notebook."""
    found = shipped_notebooks().get(_NOTEBOOK)
    if found is None:
        raise VoxshelfError(f"{_NOTEBOOK} is not where it was installed.", hint="Install voxshelf again.")
    return found


def _free_port(ip: str) -> int:
    """Voilà's usual port or, where that is taken, a free one."""
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    for port in (PORT, 0):
        with socket.socket(family) as probe, suppress(OSError):
            probe.bind((ip, port))
            return int(probe.getsockname()[1])
    raise VoxshelfError(f"There is no free port on {ip}.", hint="Name an address of this machine with --ip.")


def _serve(
    command: list[str], environment: dict[str, str], listens: tuple[str, int], page: str, *, opens: bool
) -> int:
    """Run Voilà until it ends or somebody interrupts it, tell the page once it answers; gives its exit code."""
    with subprocess.Popen(command, env=environment) as process:  # noqa: S603 - our own command
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        try:
            if _answers(process, listens):
                typer.echo(f"\nvoxshelf is ready: {page}\n(Ctrl+C ends it.)\n")
                if opens:
                    webbrowser.open(page)
            return process.wait()
        except KeyboardInterrupt:  # Voilà was interrupted too
            return process.wait()


def _answers(process: subprocess.Popen[bytes], listens: tuple[str, int]) -> bool:
    """Wait until the port takes calls; False if the process ends before, or takes too long."""
    deadline = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(listens, timeout=1):
            return True
        time.sleep(0.1)
    return False
