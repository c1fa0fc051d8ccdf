"""``voxshelf history``: who changed what, and taking it back."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from voxshelf.cli.deferred import subcommands
from voxshelf.cli.finding import KeyArgument, find_key
from voxshelf.cli.printing import JsonOption, RootOption, print_json
from voxshelf.cli.telling_edits import EditsSince, heading, print_edits
from voxshelf.wiring import open_store

__all__ = ["app"]


class _Showing(TyperGroup):
    """Shows the history where no subcommand is named: ``voxshelf history DATASET``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put ``show`` in front of a dataset's name."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["show", *args]
        return super().parse_args(ctx, args)


app = subcommands("The edits of a dataset, and taking them back.", cls=_Showing)


@app.command("show")
def show(
    dataset: KeyArgument,
    *,
    root: RootOption = None,
    limit: Annotated[int, typer.Option(min=0, help="How many at most; 0 for all.")] = 20,
    python: Annotated[bool, typer.Option(help="Show the line of Python that does the same.")] = True,
    as_json: JsonOption = False,
) -> None:
    """List the edits of a dataset, the newest first; show may be left out."""
    with open_store(root) as store:
        key = find_key(store, dataset)
        entries = store.history(key, limit=limit or None)
    if as_json:
        print_json(entries)
        return
    if not entries:
        typer.echo(f"Nobody has edited {key} yet.")
    for entry in entries:
        typer.echo(heading(entry))
        print_edits([entry], python=python)


@app.command("undo")
def undo(
    dataset: KeyArgument,
    edit: Annotated[int, typer.Argument(metavar="EDIT", help="Its number, from: voxshelf history DATASET.")],
    *,
    root: RootOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take one edit back. Later edits of other values stay; taking back is an edit of its own."""
    with open_store(root) as store:
        key = find_key(store, dataset)
        since = EditsSince(store, key)
        record = store.undo(key, edit)
        entries = since.read()
    if as_json:
        print_json({"record": record, "edits": entries})
        return
    print_edits(entries)
    typer.echo(f"Edit {edit} of {key} is taken back.")
