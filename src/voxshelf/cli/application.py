"""The application that all commands belong to, and how it tells what went wrong."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import voxshelf
from voxshelf.cli.deferred import Deferred
from voxshelf.errors import VoxshelfError

__all__ = ["app", "main"]

_TO_JUPYTER = {"allow_extra_args": True, "ignore_unknown_options": True}

_COMMANDS = (
    Deferred("lab", "voxshelf.cli.lab:lab", "Start JupyterLab on the quickstart notebook.", _TO_JUPYTER),
    Deferred("app", "voxshelf.cli.app:app", "Show the whole store as one page in a browser.", _TO_JUPYTER),
    Deferred("list", "voxshelf.cli.listing:list_datasets", "List the datasets of a store."),
    Deferred("scan", "voxshelf.cli.scanning:scan", "Look at the disk now, or keep looking."),
    Deferred("info", "voxshelf.cli.info:info", "Tell what a dataset is made of."),
    Deferred(
        "import", "voxshelf.cli.importing:import_dataset", "Import a dataset: find out what its folder holds."
    ),
    Deferred("check", "voxshelf.cli.checking:check", "Find what is wrong with datasets."),
    Deferred("edit", "voxshelf.cli.editing:edit", "Change what is known about a dataset."),
    Deferred("tag", "voxshelf.cli.tagging:app", "Tags of datasets."),
    Deferred("history", "voxshelf.cli.history:app", "The edits of a dataset, and taking them back."),
    Deferred("upload", "voxshelf.cli.uploading:upload", "Bring a ZIP file into the store."),
    Deferred("sample", "voxshelf.cli.samples:app", "Datasets to begin with."),
    Deferred("link", "voxshelf.cli.linking:app", "Links that let others look at one dataset."),
    Deferred("access", "voxshelf.cli.access:app", "Who may do what with a dataset, and why."),
    Deferred("people", "voxshelf.cli.people:app", "Organizations, users, teams and folders."),
    Deferred("trash", "voxshelf.cli.trashing:app", "Deleted datasets."),
    Deferred("delete", "voxshelf.cli.trashing:put", "Move datasets to the trash."),
    Deferred("warm", "voxshelf.cli.warming:warm", "Compile the kernels now, so that nobody waits later."),
)


class _TellingGroup(TyperGroup):
    """Knows the commands without loading them, and prints our errors as lines instead of a traceback."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for command in _COMMANDS:
            self.commands.setdefault(str(command.name), command)

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except VoxshelfError as error:
            problem = error
        except OSError as error:
            if error.filename is None:  # nobody reads any more what is printed, and the like
                raise
            problem = VoxshelfError(
                f"{error.filename}: {error.strerror or error}.", hint="Check the disk, and your rights there."
            )
        from voxshelf.cli.printing import print_error  # noqa: PLC0415 - the list of commands needs none

        print_error(problem)
        raise typer.Exit(1)


app = typer.Typer(
    name="voxshelf",
    cls=_TellingGroup,
    help="Keep, look at and share 3D image data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


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
