"""``voxshelf sample list``, ``voxshelf sample add``: datasets to begin with, built in or to download."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations when it runs
from typing import TYPE_CHECKING, Annotated

import typer

from voxshelf.cli.deferred import subcommands
from voxshelf.cli.printing import JsonOption, RootOption, print_json, print_table, progress_bar
from voxshelf.errors import NameTakenError
from voxshelf.model import DatasetStatus
from voxshelf.wiring import open_store

if TYPE_CHECKING:
    from voxshelf.intake.sample_list import SampleInfo
    from voxshelf.store import DatasetStore

__all__ = ["add_sample", "app"]

app = subcommands("Datasets to begin with, built in or to download.")


@app.command("list")
def list_samples(*, root: RootOption = None, as_json: JsonOption = False) -> None:
    """List the samples, and which of them are there already."""
    with open_store(root) as store:
        samples = store.samples.available()
    if as_json:
        print_json(samples)
        return
    rows = [(sample.name, sample.state.value, _size(sample), sample.description) for sample in samples]
    print_table(("SAMPLE", "STATE", "DOWNLOAD", "WHAT IT IS"), rows)
    for sample in samples:
        if sample.message:
            typer.echo(f"{sample.name}: {sample.message}", err=True)


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="SAMPLE", help="One of: voxshelf sample list.")],
    *,
    root: RootOption = None,
    organization: Annotated[
        str | None,
        typer.Option(help="Where to put it; default the store's only one, or VOXSHELF_ORGANIZATION."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Add a sample to the store; one that is there already is left alone. A broken download goes on where it was."""
    with open_store(root) as store:
        key, is_new = _add(store, name, organization)
        record = store.record(key)
    if as_json:
        print_json({"dataset": key, "path": record.path, "added": is_new, "status": record.status})
    else:
        typer.echo(f"{key} {'is added' if is_new else 'was there already'}: {record.path}")


def add_sample(name: str, root: Path, organization: str) -> bool:
    """Add a sample to the store in ``root``; returns whether it is new."""
    with open_store(root) as store:
        return _add(store, name, organization)[1]


def _add(store: DatasetStore, name: str, organization: str | None) -> tuple[str, bool]:
    """The key of the sample's dataset, and whether it is new."""
    store.refresh()
    before = {sample.name: sample for sample in store.samples.available(organization)}
    was_there = name in before and before[name].state == "present"
    with progress_bar(f"Adding sample {name!r}") as report:
        record = store.samples.add(name, organization=organization, progress=report)
    is_new = not (was_there and record.key == before[name].key)
    if not is_new and record.status is not DatasetStatus.READY:
        raise NameTakenError(
            f"There is a dataset {record.key} already, and it is {record.status}.",
            hint="Delete it, or put the sample elsewhere with --organization.",
        )
    return record.key, is_new


def _size(sample: SampleInfo) -> str:
    return "built in" if sample.builtin else f"{sample.size / 1e6:,.0f} MB"
