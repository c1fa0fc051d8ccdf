"""``voxshelf check``: find what is wrong with datasets, and say how to mend it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voxshelf.cli.locating import InStore, located
from voxshelf.cli.printing import JsonOption, RootOption, counted, print_json, print_problems, progress_bar
from voxshelf.intake.checking import check_dataset
from voxshelf.model import errors_among
from voxshelf.wiring import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voxshelf.model import Problem

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


def _folders(datasets: Sequence[str] | None, root: Path | None) -> Iterator[tuple[str, Path]]:
    """What to check: what to call it, and where it lies."""
    if not datasets:
        with open_store(root) as store:
            store.refresh()
            yield from [(key, Path(store.record(key).path)) for key in store]
    for text in datasets or ():
        with located(text, root) as place:
            found = (place.key, place.folder) if isinstance(place, InStore) else (text, place)
        yield found


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
