"""``voxshelf trash`` and ``voxshelf delete``: deleted datasets can be restored until they are purged."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voxshelf.cli.deferred import subcommands
from voxshelf.cli.finding import KeysArgument, find_keys
from voxshelf.cli.printing import (
    JsonOption,
    RootOption,
    counted,
    moment_text,
    on_terminal,
    print_json,
    print_table,
)
from voxshelf.errors import DatasetNotFoundError
from voxshelf.store.trash import KEPT_FOR
from voxshelf.wiring import open_store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxshelf.store import DatasetStore, TrashEntry

__all__ = ["app", "put"]

app = subcommands("Deleted datasets.")

_Entries = Annotated[
    list[str],
    typer.Argument(metavar="DATASET", help="organization/name, or the id in the trash.", show_default=False),
]
_Purged = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="DATASET", help="organization/name, or the id in the trash; default the old ones."
    ),
]


@app.command("put")
def put(datasets: KeysArgument, *, root: RootOption = None, as_json: JsonOption = False) -> None:
    """Move datasets to the trash, all or none. Of a symbolic link only the link goes, never what it leads to."""
    with open_store(root) as store:
        entries = store.delete(find_keys(store, datasets))
    if as_json:
        print_json(_described(entries))
        return
    for entry in entries:
        typer.echo(f"{entry.key} is in the trash. Back with: voxshelf trash restore {entry.key}")


@app.command("list")
def list_trash(*, root: RootOption = None, as_json: JsonOption = False) -> None:
    """List what can be restored, the newest first."""
    with open_store(root) as store:
        entries = store.trash()
    if as_json:
        print_json(_described(entries))
    elif entries:
        rows = [(entry.id, entry.key, moment_text(entry.deleted), entry.deleted_by) for entry in entries]
        print_table(("ID", "DATASET", "DELETED", "BY"), rows)
    else:
        typer.echo("The trash is empty.")


@app.command("restore")
def restore(datasets: _Entries, *, root: RootOption = None, as_json: JsonOption = False) -> None:
    """Put deleted datasets back, with everything that belonged to them; of several of a name, the newest."""
    with open_store(root) as store:
        chosen = [_find(store.trash(), text) for text in datasets]
        records = [store.restore(entry.id) for entry in chosen]
    if as_json:
        print_json(records)
        return
    for record in records:
        typer.echo(f"{record.key} is back: {record.status}.")


@app.command("purge")
def purge(
    datasets: _Purged = None,
    *,
    root: RootOption = None,
    older_than: Annotated[
        str | None, typer.Option(help=f"Such as '2 weeks' or '12 hours'; default {KEPT_FOR.days} days.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that is in the trash.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Remove deleted datasets for good."""
    if sum([bool(datasets), older_than is not None, everything]) > 1:
        raise typer.BadParameter("Name datasets, or --older-than, or --all.")
    age = timedelta(0) if everything else KEPT_FOR if older_than is None else _age(older_than)
    with open_store(root) as store:
        going = _going(store, datasets, age)
        if going and not yes:
            _confirm(going)
        entries = store.purge([entry.id for entry in going]) if going else ()
    if as_json:
        print_json(_described(entries))
    else:
        typer.echo(f"{counted(len(entries), 'dataset')} removed for good.")


def _going(store: DatasetStore, datasets: Sequence[str] | None, age: timedelta) -> list[TrashEntry]:
    entries = store.trash()
    if datasets:
        return [_find(entries, text) for text in datasets]
    limit = datetime.now(UTC) - age
    return [entry for entry in entries if entry.deleted <= limit]


def _confirm(going: Sequence[TrashEntry]) -> None:
    """Ask, where there is somebody to ask."""
    if not on_terminal():
        raise typer.BadParameter("Nothing brings purged datasets back: say --yes.")
    for entry in going:
        typer.echo(f"  {entry.key}, deleted {moment_text(entry.deleted)}", err=True)
    if not typer.confirm(f"Remove {counted(len(going), 'dataset')} for good?", err=True):
        raise typer.Exit(1)


def _find(entries: Sequence[TrashEntry], text: str) -> TrashEntry:
    """The entry of that id, else the newest of that key or name."""
    named = [entry for entry in entries if text in (entry.id, entry.key)]
    named = named or [entry for entry in entries if entry.name == text]
    if not named:
        raise DatasetNotFoundError(
            f"There is no {text!r} in the trash.", hint="See what is there with: voxshelf trash list."
        )
    if len({entry.key for entry in named}) > 1:
        keys = ", ".join(entry.key for entry in named)
        raise DatasetNotFoundError(
            f"Several deleted datasets are called {text!r}: {keys}.", hint="Write one of these."
        )
    return named[0]


def _age(text: str) -> timedelta:
    found = re.fullmatch(r"(\d{1,6})\s*(minute|hour|day|week)s?", text.strip().lower())
    if found is None:
        raise typer.BadParameter(f"--older-than {text!r}: write a span such as '30 days' or '12 hours'.")
    return timedelta(**{f"{found[2]}s": int(found[1])})


def _described(entries: Sequence[TrashEntry]) -> list[dict[str, Any]]:
    return [entry.model_dump(mode="json") | {"key": entry.key} for entry in entries]
