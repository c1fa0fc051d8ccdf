"""``voxshelf people users``: who is in an organization, and with which roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from voxshelf.cli.deferred import subcommands
from voxshelf.cli.printing import JsonOption, OrganizationOption, RootOption, print_json, print_table, tell
from voxshelf.wiring import open_store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voxshelf.model import User

__all__ = ["app"]

app = subcommands("Users: who is in an organization, and with which roles.")

_Name = Annotated[str, typer.Argument(metavar="USER", help="Their id, such as their name on the hub.")]
_Title = Annotated[str | None, typer.Option(help="How to call them.")]
_Email = Annotated[str | None, typer.Option(help="Where to reach them.")]
_Admin = Annotated[bool | None, typer.Option("--admin/--no-admin", help="May do everything in it.")]
_Manager = Annotated[
    bool | None,
    typer.Option("--dataset-manager/--no-dataset-manager", help="May do everything with its datasets."),
]
_Team = Annotated[
    list[str] | None, typer.Option(help="A team that they are in, TEAM:manager if they manage it; repeat it.")
]


@app.command("list")
def list_users(
    *, organization: OrganizationOption = None, root: RootOption = None, as_json: JsonOption = False
) -> None:
    """List the users of an organization."""
    with open_store(root) as store:
        store.refresh()
        users = store.people.users(organization)
    if as_json:
        print_json(users)
    elif users:
        print_table(("USER", "CALLED", "ROLE", "TEAMS", "EMAIL"), [_row(user) for user in users])
    else:
        typer.echo("There is no user yet: voxshelf people users add USER.")


@app.command("add")
def add(  # noqa: PLR0913 - one option per property
    name: _Name,
    *,
    title: _Title = None,
    email: _Email = None,
    admin: _Admin = None,
    dataset_manager: _Manager = None,
    team: _Team = None,
    organization: OrganizationOption = None,
    root: RootOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a user to an organization."""
    with open_store(root) as store:
        store.refresh()
        user = store.people.add_user(
            name,
            title=title or "",
            email=email,
            is_admin=bool(admin),
            is_dataset_manager=bool(dataset_manager),
            teams=_memberships(team or ()),
            organization=organization,
        )
    _tell(user, "is added", as_json=as_json)


@app.command("edit")
def edit(  # noqa: PLR0913 - one option per property
    name: _Name,
    *,
    title: _Title = None,
    email: _Email = None,
    admin: _Admin = None,
    dataset_manager: _Manager = None,
    team: _Team = None,
    organization: OrganizationOption = None,
    root: RootOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change what is known about a user; --team names all of their teams."""
    given = {"title": title, "email": email, "is_admin": admin, "is_dataset_manager": dataset_manager}
    wanted: dict[str, Any] = {field: value for field, value in given.items() if value is not None}
    if team is not None:
        wanted["teams"] = _memberships(team)
    if not wanted:
        raise typer.BadParameter("Name what to change; see voxshelf people users edit --help.")
    with open_store(root) as store:
        user = store.people.update_user(name, organization=organization, **wanted)
    _tell(user, "is changed", as_json=as_json)


@app.command("remove")
def remove(
    name: _Name,
    *,
    organization: OrganizationOption = None,
    root: RootOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove a user from an organization. Their datasets and links stay."""
    with open_store(root) as store:
        user = store.people.user(name, organization=organization)
        store.people.remove_user(name, organization=organization)
    _tell(user, "is removed", as_json=as_json)


def _memberships(teams: Iterable[str]) -> dict[str, bool]:
    """Team → whether they manage it."""
    found = {}
    for text in teams:
        team, _, role = text.partition(":")
        if role not in ("", "manager", "member"):
            raise typer.BadParameter(f"--team {text!r}: write TEAM, or TEAM:manager.")
        found[team] = role == "manager"
    return found


def _row(user: User) -> tuple[str, ...]:
    teams = [f"{team} (manager)" if leads else team for team, leads in user.memberships.items()]
    return (user.id, user.title, user.role.value, ", ".join(teams), user.email or "")


def _tell(user: User, what: str, *, as_json: bool) -> None:
    tell(f"{user.id} of {user.organization} {what}: {user.role}.", user, as_json=as_json)
