"""The application that all commands belong to, and how it tells what went wrong."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import voxshelf
from voxshelf.cli import datasets, importing, lab, samples, warming
from voxshelf.cli.printing import print_error
from voxshelf.errors import VoxshelfError

__all__ = ["app", "main"]


class _TellingGroup(TyperGroup):
    """Prints our errors as two lines instead of a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except VoxshelfError as error:
            print_error(error)
            raise typer.Exit(1) from error


app = typer.Typer(
    name="voxshelf",
    cls=_TellingGroup,
    help="Keep, look at and share 3D image data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("lab", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(lab.lab)
app.command("list")(datasets.list_datasets)
app.command("scan")(datasets.scan)
app.command("info")(datasets.info)
app.command("import")(importing.import_dataset)
app.add_typer(samples.app, name="sample")
app.command("warm")(warming.warm)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        typer.echo(f"voxshelf {voxshelf.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Keep, look at and share 3D image data."""


def main() -> None:
    """Run the command line."""
    app()
