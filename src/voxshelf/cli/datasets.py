"""``voxshelf list``, ``voxshelf scan``, ``voxshelf info``: what is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voxshelf.cli.printing import JsonOption, RootOption, print_json, print_problems, print_table
from voxshelf.model import DatasetStatus, errors_among
from voxshelf.wiring import open_store

if TYPE_CHECKING:
    from voxshelf.dataset import Dataset
    from voxshelf.model import DatasetRecord, Problem, ScanReport

__all__ = ["info", "list_datasets", "scan"]


def list_datasets(
    *,
    root: RootOption = None,
    search: Annotated[str, typer.Option(help="Words in name, display name, tags or description.")] = "",
    organization: Annotated[str | None, typer.Option(help="Only this organization's.")] = None,
    status: Annotated[DatasetStatus | None, typer.Option(help="Only datasets in this state.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="How many at most; 0 for all.")] = 50,
    refresh: Annotated[bool, typer.Option(help="Look at the disk first.")] = True,
    as_json: JsonOption = False,
) -> None:
    """List the datasets of a store."""
    with open_store(root) as store:
        if refresh:
            store.refresh()
        page = store.list(search=search, organization=organization, status=status, limit=limit or None)
    if as_json:
        print_json({"total": page.total, "items": page.items})
        return
    if not page.items:
        typer.echo("No dataset was found." if search or organization or status else _nothing(root))
        return
    print_table(("DATASET", "STATUS", "VOXEL SIZE", "LAYERS"), [_row(record) for record in page.items])
    if page.total > len(page.items):
        typer.echo(f"{len(page.items)} of {page.total}; --limit 0 shows all.", err=True)


def _nothing(root: Path | None) -> str:
    where = root or "the store"
    return f"There is no dataset in {where} yet. Put one into <root>/<organization>/<dataset>, or: voxshelf sample add"


def _row(record: DatasetRecord) -> tuple[str, ...]:
    layers = ", ".join(f"{layer.name} ({layer.element_class})" for layer in record.layers)
    size = "" if record.voxel_size is None else str(record.voxel_size)
    return (record.key, record.status.value, size, layers or record.status_message)


def scan(*, root: RootOption = None, as_json: JsonOption = False) -> None:
    """Look at the disk now: which datasets are new, changed, gone or broken."""
    with open_store(root) as store:
        report = store.refresh()
        broken = {key: store.record(key).status_message for key in report.broken}
    if as_json:
        print_json({**report.model_dump(mode="json"), "messages": broken})
        return
    typer.echo(str(report))
    for line in _changes(report):
        typer.echo(line)
    for key, message in broken.items():
        typer.echo(f"broken: {key}: {message}", err=True)


def _changes(report: ScanReport) -> list[str]:
    named = (
        ("new", report.found),
        ("changed", report.changed),
        ("back", report.returned),
        ("gone", report.vanished),
    )
    return [f"  {label}: {key}" for label, keys in named for key in keys]


def info(
    target: Annotated[str, typer.Argument(help="A dataset's folder, or organization/name in the store.")],
    *,
    root: RootOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what a dataset is made of."""
    from voxshelf.dataset import PROPERTIES_NAME, open_dataset, read_properties  # noqa: PLC0415 - loads numpy

    if Path(target).expanduser().exists():
        dataset: Dataset = open_dataset(target)
    else:
        with open_store(root) as store:
            store.refresh()
            dataset = open_dataset(store.record(target).path)
    problems: tuple[Problem, ...] = ()
    if (dataset.path / PROPERTIES_NAME).exists():
        problems = read_properties(dataset.path).reading.problems
    if as_json:
        print_json(_described(dataset) | {"problems": problems})
    else:
        typer.echo(repr(dataset))
        print_problems(problems)
    if errors_among(problems):
        raise typer.Exit(1)


def _described(dataset: Dataset) -> dict[str, Any]:
    layers = [entry.model_dump(mode="json", exclude={"other"}) for entry in dataset.layer_properties]
    return {
        "name": dataset.name,
        "path": dataset.path,
        "voxel_size": dataset.voxel_size,
        "bounding_box": str(dataset.bounding_box),
        "layers": layers,
    }
