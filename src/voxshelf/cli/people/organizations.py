"""``voxshelf people organizations``: who owns datasets, people, teams and folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from voxshelf.cli.deferred import subcommands
from voxshelf.cli.printing import JsonOption, RootOption, print_json, print_table, tell
from voxshelf.wiring import open_store

if TYPE_CHECKING:
    from voxshelf.model import Organization

__all__ = ["app"]

app = subcommands("Organizations: who owns datasets, people, teams and folders.")

_Name = Annotated[str, typer.Argument(metavar="ORGANIZATION", help="Its folder below the root.")]


@app.command("list")
def list_organizations(*, root: RootOption = None, as_json: JsonOption = False) -> None:
    """List the organizations."""
    with open_store(root) as store:
        store.refresh()
        found = store.people.organizations()
    if as_json:
        print_json(found)
    elif found:
        print_table(("ORGANIZATION", "CALLED", "UPLOAD QUOTA"), [_row(one) for one in found])
    else:
        typer.echo("There is no organization yet; it comes with its first dataset.")


@app.command("add")
def add(
    name: _Name,
    *,
    root: RootOption = None,
    display_name: Annotated[str, typer.Option(help="How to call it.")] = "",
    upload_quota: Annotated[int | None, typer.Option(min=0, help="Bytes that uploads may fill.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Add an organization; its folder is made with its first dataset."""
    with open_store(root) as store:
        made = store.people.add_organization(name, display_name=display_name, upload_quota=upload_quota)
    _tell(made, "is added", as_json=as_json)


@app.command("edit")
def edit(
    name: _Name,
    *,
    root: RootOption = None,
    display_name: Annotated[str | None, typer.Option(help="How to call it; '' for its name.")] = None,
    upload_quota: Annotated[
        str | None, typer.Option(help="Bytes that uploads may fill; '' for no limit.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Change how an organization is called, or how much it may upload."""
    wanted: dict[str, Any] = {} if display_name is None else {"display_name": display_name}
    if upload_quota is not None:
        wanted["upload_quota"] = _quota(upload_quota)
    if not wanted:
        raise typer.BadParameter("Name what to change: --display-name or --upload-quota.")
    with open_store(root) as store:
        changed = store.people.update_organization(name, **wanted)
    _tell(changed, "is changed", as_json=as_json)


def _quota(text: str) -> int | None:
    if text == "":
        return None
    if not text.isdecimal():
        raise typer.BadParameter(f"--upload-quota {text!r}: write a whole number of bytes.")
    return int(text)


def _row(one: Organization) -> tuple[str, ...]:
    quota = "none" if one.upload_quota is None else f"{one.upload_quota:,} bytes"
    return (one.name, one.title, quota)


def _tell(one: Organization, what: str, *, as_json: bool) -> None:
    tell(f"The organization {one.name} {what}.", one, as_json=as_json)
