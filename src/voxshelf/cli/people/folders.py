"""``voxshelf people folders``: they order datasets, and the teams that they allow, their datasets allow too."""

from __future__ import annotations

from typing import Annotated

import typer

from voxshelf.cli.deferred import subcommands
from voxshelf.cli.printing import JsonOption, OrganizationOption, RootOption, print_json, print_table, tell
from voxshelf.wiring import open_store

__all__ = ["app"]

app = subcommands("Folders: they order datasets, and lend them their teams.")

_Path = Annotated[str, typer.Argument(metavar="FOLDER", help="Such as Datasets/2026.")]
_Team = Annotated[list[str] | None, typer.Option(help="A team that it allows; repeat it for each.")]


@app.command("list")
def list_folders(
    *, organization: OrganizationOption = None, root: RootOption = None, as_json: JsonOption = False
) -> None:
    """List the folders of an organization, with the teams that they allow."""
    with open_store(root) as store:
        store.refresh()
        folders = store.people.folders(organization)
    if as_json:
        print_json(folders)
    elif folders:
        print_table(("FOLDER", "TEAMS"), [(one.path, ", ".join(one.allowed_teams)) for one in folders])
    else:
        typer.echo("There is no folder yet: voxshelf people folders add FOLDER.")


@app.command("add")
def add(
    path: _Path,
    *,
    team: _Team = None,
    organization: OrganizationOption = None,
    root: RootOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a folder, and what is missing of the path to it."""
    with open_store(root) as store:
        store.refresh()
        folder = store.people.add_folder(path, team or (), organization=organization)
    tell(f"The folder {folder.path} is made.", folder, as_json=as_json)


@app.command("edit")
def edit(
    path: _Path,
    *,
    team: _Team = None,
    no_team: Annotated[bool, typer.Option("--no-team", help="It allows no team.")] = False,
    organization: OrganizationOption = None,
    root: RootOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set the teams that a folder allows."""
    if no_team == (team is not None):
        raise typer.BadParameter("Give either --team or --no-team.")
    with open_store(root) as store:
        folder = store.people.update_folder(path, teams=team or (), organization=organization)
    teams = ", ".join(folder.allowed_teams) or "no team"
    tell(f"The folder {folder.path} allows {teams}.", folder, as_json=as_json)


@app.command("move")
def move(
    path: _Path,
    to: Annotated[str, typer.Argument(metavar="NEW", help="Its new path.")],
    *,
    organization: OrganizationOption = None,
    root: RootOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a folder another path, with everything below it."""
    with open_store(root) as store:
        folder = store.people.move_folder(path, to, organization=organization)
    tell(f"The folder {path} is {folder.path} now.", folder, as_json=as_json)


@app.command("remove")
def remove(
    path: _Path,
    *,
    organization: OrganizationOption = None,
    root: RootOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove an empty folder."""
    with open_store(root) as store:
        store.people.remove_folder(path, organization=organization)
    tell(f"The folder {path} is removed.", {"removed": path}, as_json=as_json)
