"""``voxshelf people``: the organizations, users, teams and folders of a store."""

from voxshelf.cli.deferred import subcommands
from voxshelf.cli.people.folders import app as folders
from voxshelf.cli.people.organizations import app as organizations
from voxshelf.cli.people.teams import app as teams
from voxshelf.cli.people.users import app as users

__all__ = ["app"]

app = subcommands("Organizations, users, teams and folders.")
app.add_typer(organizations, name="organizations")
app.add_typer(users, name="users")
app.add_typer(teams, name="teams")
app.add_typer(folders, name="folders")
