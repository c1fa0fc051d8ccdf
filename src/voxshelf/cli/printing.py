"""What commands print: tables and problems for people, JSON for programs, progress for terminals only."""

from __future__ import annotations

import json
import shutil
import sys
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import BaseModel

from voxshelf.errors import InvalidDataSourceError
from voxshelf.model import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from voxshelf.errors import VoxshelfError
    from voxshelf.model import Problem

__all__ = [
    "JsonOption",
    "OrganizationOption",
    "RootOption",
    "counted",
    "moment_text",
    "on_terminal",
    "print_error",
    "print_json",
    "print_problems",
    "print_table",
    "progress_bar",
    "tell",
]

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
RootOption = Annotated[
    Path | None,
    typer.Option("--root", help="The folder of all datasets; default VOXSHELF_ROOT, else ~/voxshelf-data."),
]
OrganizationOption = Annotated[
    str | None, typer.Option("--organization", "-o", help="Which one; default the store's only one.")
]

_MARKS = {Severity.ERROR: "problem", Severity.WARNING: "warning", Severity.INFO: "note"}


def print_json(value: Any, *, on_one_line: bool = False) -> None:
    """Print a value as JSON, models and paths included."""
    indent = None if on_one_line else 2
    typer.echo(json.dumps(value, default=_plain, indent=indent, ensure_ascii=False))


def tell(text: str, value: Any, *, as_json: bool) -> None:
    """Say what was done: in words for people, as JSON for programs."""
    if as_json:
        print_json(value)
    else:
        typer.echo(text)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, Enum):
        return value.value
    return str(value)


def print_table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows in columns as wide as they need; on a terminal, lines end where it does."""
    lines = [list(headers), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headers))]
    limit = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for line in lines:
        cells = (cell.replace("\n", " ").ljust(width) for cell, width in zip(line, widths, strict=True))
        text = "  ".join(cells).rstrip()
        typer.echo(text if limit is None or len(text) <= limit else f"{text[: limit - 1]}…")


def counted(number: int, noun: str) -> str:
    """``1 dataset``, ``2 datasets``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def moment_text(moment: datetime | None, *, none: str = "") -> str:
    """A time in this computer's zone, to the minute."""
    return none if moment is None else f"{moment.astimezone():%Y-%m-%d %H:%M}"


def print_problems(problems: Iterable[Problem]) -> None:
    """Print problems on the error stream, each with its place and what to do about it."""
    for problem in problems:
        typer.echo(f"{_MARKS[problem.severity]}: {problem}", err=True)


def print_error(error: VoxshelfError) -> None:
    """Print what is wrong, every single problem, and what to do about it on the error stream."""
    typer.echo(f"voxshelf: {error.what}", err=True)
    if isinstance(error, InvalidDataSourceError):
        for problem in error.problems:
            typer.echo(f"  - {problem}", err=True)
    if error.hint:
        typer.echo(f"  {error.hint}", err=True)


def on_terminal() -> bool:
    """Whether a person sits in front of it and can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[float], None]]:
    """A bar for a share from 0 to 1, drawn on terminals only."""
    from tqdm import tqdm  # noqa: PLC0415 - most commands draw none

    form = "{desc}: {percentage:3.0f}% |{bar}| {elapsed}"
    options: Any = {"disable": not sys.stderr.isatty(), "bar_format": form, "leave": False}
    with tqdm(total=1.0, desc=title, **options) as bar:

        def show(share: float) -> None:
            bar.update(share - bar.n)

        yield show
