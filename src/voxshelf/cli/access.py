"""``voxshelf access``: who may do what with a dataset, and why."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from voxshelf.cli.deferred import subcommands
from voxshelf.cli.finding import KeyArgument, find_key
from voxshelf.cli.printing import JsonOption, RootOption, print_json, print_table
from voxshelf.model import Actor
from voxshelf.wiring import open_store

__all__ = ["app"]

app = subcommands("Who may do what with a dataset, and why.")

_VISITOR = "visitor"


class Deed(StrEnum):
    """What can be done with a dataset."""

    SEE = "see"
    READ = "read"
    EDIT = "edit"
    SHARE = "share"
    DELETE = "delete"


@app.command("explain")
def explain(
    who: Annotated[
        str,
        typer.Argument(metavar="USER", help=f"A user's id, or '{_VISITOR}': somebody without an account."),
    ],
    dataset: KeyArgument,
    action: Annotated[Deed, typer.Argument(help="What they want to do.")] = Deed.READ,
    *,
    root: RootOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell why somebody may do something with a dataset, or why not and whom to ask. Exit code 1 if they may not."""
    with open_store(root) as store:
        key = find_key(store, dataset)
        asked: Actor | str = Actor.anonymous() if who == _VISITOR else who
        if isinstance(asked, str) and "/" not in asked:
            asked = store.people.user(asked, organization=key.partition("/")[0])  # type: ignore[assignment]  # a user will do too
        decision = store.explain_access(asked, key, action.value)
    if as_json:
        print_json(decision)
    else:
        typer.echo(str(decision))
    if not decision:
        raise typer.Exit(1)


@app.command("who")
def who_has(dataset: KeyArgument, *, root: RootOption = None, as_json: JsonOption = False) -> None:
    """List everybody with rights of their own on a dataset, the most powerful first, each with the reason."""
    with open_store(root) as store:
        key = find_key(store, dataset)
        people, record = store.who_has_access(key), store.record(key)
    if as_json:
        listed = [{"user": access.user, "role": access.role, "reason": access.reason} for access in people]
        print_json({"public": record.is_public, "people": listed})
        return
    if people:
        rows = [(access.user.id, access.user.title, access.role.value, access.reason) for access in people]
        print_table(("USER", "CALLED", "ROLE", "WHY"), rows)
    else:
        typer.echo("Nobody but whoever runs the store has rights of their own.")
    if record.is_public:
        typer.echo("It is public: everybody may look at it.")
