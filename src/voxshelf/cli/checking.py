"""``voxshelf check``: find what is wrong with datasets, and say how to mend it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voxshelf.cli.finding import find_key
from voxshelf.cli.printing import JsonOption, RootOption, counted, print_json, print_problems, progress_bar
from voxshelf.errors import DatasetNotFoundError
from voxshelf.intake.checking import check_dataset
from voxshelf.model import errors_among
from voxshelf.wiring import open_store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxshelf.model import Problem
    from voxshelf.store import DatasetStore

__all__ = ["check"]


def check(
    datasets: Annotated[
        list[str] | None,
        typer.Argument(metavar="DATASET", help="organization/name, or any dataset folder."),
    ] = None,
    *,
    root: RootOption = None,
    everything: Annotated[bool, typer.Option("--all", help="All datasets of the store.")] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="Decode every block; takes as long as reading all of it.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Find what is wrong with datasets, and say how to mend it. Changes nothing; exit code 1 if there are errors."""
    if everything == bool(datasets):
        raise typer.BadParameter("Name datasets, or --all.")
    found: dict[str, tuple[Problem, ...]] = {}
    for title, folder in _folders(datasets, root):
        with progress_bar(f"Checking {title}") as report:
            found[title] = check_dataset(folder, deep=deep, progress=report)
        if not as_json:
            _tell(title, found[title])
    if as_json:
        print_json(found)
    elif not found:
        typer.echo("There is no dataset to check.")
    if any(errors_among(problems) for problems in found.values()):
        raise typer.Exit(1)


def _folders(datasets: Sequence[str] | None, root: Path | None) -> list[tuple[str, Path]]:
    """What to check: what to call it, and where it lies."""
    loose = [text for text in datasets or () if Path(text).expanduser().is_absolute()]
    if datasets and len(loose) == len(datasets):
        return [(text, Path(text).expanduser()) for text in loose]
    with open_store(root) as store:
        store.refresh()
        if datasets is None:
            return [(key, Path(store.record(key).path)) for key in store]
        return [_folder(store, text) for text in datasets]


def _folder(store: DatasetStore, text: str) -> tuple[str, Path]:
    """A dataset of the store, else a folder of that path."""
    try:
        key = find_key(store, text)
    except DatasetNotFoundError:
        if Path(text).expanduser().is_dir():
            return text, Path(text).expanduser()
        raise
    return key, Path(store.record(key).path)


def _tell(title: str, problems: Sequence[Problem]) -> None:
    errors = len(errors_among(problems))
    rest = len(problems) - errors
    if not problems:
        typer.echo(f"{title}: nothing is wrong.")
        return
    parts = [counted(errors, "problem")] if errors else []
    parts += [counted(rest, "remark")] if rest else []
    typer.echo(f"{title}: {' and '.join(parts)}.")
    print_problems(problems)
