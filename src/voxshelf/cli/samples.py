"""``voxshelf sample list``, ``voxshelf sample add``: datasets to begin with."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations when it runs
from typing import Annotated

import typer

from voxshelf.cli.printing import JsonOption, RootOption, print_json, print_table, progress_bar
from voxshelf.intake.samples import GENERATED_SAMPLES, make_sample
from voxshelf.wiring import open_store, read_settings

__all__ = ["add_sample", "app"]

app = typer.Typer(help="Datasets to begin with, made on this machine.", no_args_is_help=True)


@app.command("list")
def list_samples(*, root: RootOption = None, as_json: JsonOption = False) -> None:
    """List the samples, and which of them are there already."""
    settings = read_settings()
    folder = (root or settings.root).expanduser() / settings.organization
    present = {sample.name: (folder / sample.name).is_dir() for sample in GENERATED_SAMPLES}
    if as_json:
        print_json(
            [
                sample.model_dump(mode="json") | {"present": present[sample.name]}
                for sample in GENERATED_SAMPLES
            ]
        )
        return
    rows = [
        (sample.name, "present" if present[sample.name] else "available", sample.description)
        for sample in GENERATED_SAMPLES
    ]
    print_table(("SAMPLE", "STATE", "WHAT IT IS"), rows)


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="One of: voxshelf sample list.")],
    *,
    root: RootOption = None,
    organization: Annotated[str | None, typer.Option(help="Where to put it; default samples.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Add a sample to the store; one that is there already is left alone."""
    settings = read_settings() if organization is None else read_settings(organization=organization)
    top = (root or settings.root).expanduser()
    is_new = add_sample(name, top, settings.organization)
    key = f"{settings.organization}/{name}"
    if as_json:
        print_json({"dataset": key, "path": top / key, "added": is_new})
    else:
        typer.echo(f"{key} {'is added' if is_new else 'was there already'}: {top / key}")


def add_sample(name: str, root: Path, organization: str) -> bool:
    """Make the sample and let the store know; returns whether it is new."""
    folder = root / organization / name
    if (folder / "datasource-properties.json").is_file():
        return False
    with progress_bar(f"Making sample {name!r}") as report:
        make_sample(name, folder, progress=report)
    with open_store(root) as store:
        store.refresh()
    return True
