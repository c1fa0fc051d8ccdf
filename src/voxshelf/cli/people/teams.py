"""``voxshelf people teams``: named groups of users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from voxshelf.cli.deferred import subcommands
from voxshelf.cli.printing import JsonOption, OrganizationOption, RootOption, print_json, print_table, tell
from voxshelf.wiring import open_store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voxshelf.model import User

__all__ = ["app"]

app = subcommands("Teams: named groups of users.")

_Name = Annotated[str, typer.Argument(metavar="TEAM")]
_User = Annotated[str, typer.Argument(metavar="USER", help="Their id.")]


@app.command("list")
def list_teams(
    *, organization: OrganizationOption = None, root: RootOption = None, as_json: JsonOption = False
) -> None:
    """List the teams of an organization, with their members."""
    with open_store(root) as store:
        store.refresh()
        teams, users = store.people.teams(organization), store.people.users(organization)
    members = {team.name: _members(team.name, users) for team in teams}
    if as_json:
        print_json([team.model_dump(mode="json") | {"members": members[team.name]} for team in teams])
        return
    rows = [(team.name, "everybody" if team.is_default else _named(members[team.name])) for team in teams]
    print_table(("TEAM", "MEMBERS"), rows)


@app.command("add")
def add(
    name: _Name,
    *,
    organization: OrganizationOption = None,
    root: RootOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a team without members."""
    with open_store(root) as store:
        store.refresh()
        team = store.people.add_team(name, organization=organization)
    tell(f"The team {team.name} is added to {team.organization}.", team, as_json=as_json)


@app.command("rename")
def rename(
    name: _Name,
    to: Annotated[str, typer.Argument(metavar="NEW")],
    *,
    organization: OrganizationOption = None,
    root: RootOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a team another name; members and datasets stay."""
    with open_store(root) as store:
        team = store.people.rename_team(name, to, organization=organization)
    tell(f"The team {name} is called {team.name} now.", team, as_json=as_json)


@app.command("remove")
def remove(
    name: _Name,
    *,
    organization: OrganizationOption = None,
    root: RootOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove a team; what only it could see, only admins and dataset managers can see from then on."""
    with open_store(root) as store:
        store.people.remove_team(name, organization=organization)
    tell(f"The team {name} is removed.", {"removed": name}, as_json=as_json)


@app.command("join")
def join(
    name: _Name,
    user: _User,
    *,
    manager: Annotated[bool, typer.Option("--manager", help="They manage the team.")] = False,
    organization: OrganizationOption = None,
    root: RootOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a user into a team, or change whether they manage it."""
    with open_store(root) as store:
        store.people.add_member(name, user, is_manager=manager, organization=organization)
        member = store.people.user(user, organization=organization)
    what = "manages" if manager else "is a member of"
    tell(f"{user} {what} {name} now.", member, as_json=as_json)


@app.command("leave")
def leave(
    name: _Name,
    user: _User,
    *,
    organization: OrganizationOption = None,
    root: RootOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a user out of a team."""
    with open_store(root) as store:
        store.people.remove_member(name, user, organization=organization)
        member = store.people.user(user, organization=organization)
    tell(f"{user} is no longer in {name}.", member, as_json=as_json)


def _members(team: str, users: Iterable[User]) -> dict[str, bool]:
    """User → whether they manage the team."""
    return {user.id: user.memberships[team] for user in users if team in user.memberships}


def _named(members: dict[str, bool]) -> str:
    return ", ".join(f"{user} (manager)" if leads else user for user, leads in members.items()) or "nobody"
