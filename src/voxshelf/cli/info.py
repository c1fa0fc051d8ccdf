"""``voxshelf info``: what a dataset is made of, what is remembered of it, and how it appears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from voxshelf.cli.locating import InStore, located
from voxshelf.cli.printing import JsonOption, RootOption, moment_text, print_json, print_problems
from voxshelf.dataset import PROPERTIES_NAME, open_dataset, read_properties
from voxshelf.model import DatasetStatus, errors_among, format_place

if TYPE_CHECKING:
    from voxshelf.dataset import Dataset
    from voxshelf.model import DatasetRecord, Problem, ResolvedViewConfiguration

__all__ = ["info"]

_LINE_END = "\n"
_NEXT_LINE = "\n" + 14 * " "


def info(
    target: Annotated[str, typer.Argument(help="A dataset's folder, or organization/name in the store.")],
    *,
    root: RootOption = None,
    view: Annotated[bool, typer.Option("--view", help="How it appears: each value with its origin.")] = False,
    document: Annotated[
        bool, typer.Option("--document", help="Only the text of its datasource-properties.json.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Tell what a dataset is made of, and what the store knows about it."""
    dataset: Dataset | None = None
    record: DatasetRecord | None = None
    look: ResolvedViewConfiguration | None = None
    with located(target, root) as place:
        if isinstance(place, InStore):
            place.store.refresh()
            record = place.store.record(place.key)
            look = place.store.view_configuration(place.key) if view else None
            if record.status is not DatasetStatus.MISSING:
                dataset = open_dataset(record.path)
        elif view:
            raise typer.BadParameter("--view is for datasets of the store.")
        else:
            dataset = open_dataset(place)
    if document:
        _print_document(dataset, target)
        return
    problems = _problems(dataset)
    if as_json:
        described = {} if dataset is None else _described(dataset)
        shown = {} if look is None else {"view": look.values, "view_problems": look.problems}
        print_json(described | {"problems": problems, "record": record} | shown)
    else:
        _print(dataset, record, look)
        print_problems(problems)
    if errors_among(problems):
        raise typer.Exit(1)


def _problems(dataset: Dataset | None) -> tuple[Problem, ...]:
    if dataset is None or not (dataset.path / PROPERTIES_NAME).exists():
        return ()
    return read_properties(dataset.path).reading.problems


def _print_document(dataset: Dataset | None, target: str) -> None:
    place = None if dataset is None else dataset.path / PROPERTIES_NAME
    if place is None or not place.exists():
        typer.echo(f"{target} has no {PROPERTIES_NAME} yet: voxshelf import writes it.", err=True)
        raise typer.Exit(1)
    typer.echo(read_properties(place.parent).text, nl=False)


def _print(
    dataset: Dataset | None, record: DatasetRecord | None, look: ResolvedViewConfiguration | None
) -> None:
    if dataset is not None:
        typer.echo(repr(dataset))
    for label, value in () if record is None else _facts(record):
        if value:
            typer.echo(f"  {label:<10}  {value.replace(_LINE_END, _NEXT_LINE)}")
    if look is not None:
        typer.echo("How it appears:")
        for one in look.values:
            above = format_place(one.place[:-1])
            typer.echo(f"  {above + '.' if above else ''}{one}")
        for problem in look.problems:
            typer.echo(
                f"{problem.severity}: in {problem.level.label}: {problem.message} {problem.hint}", err=True
            )


def _facts(record: DatasetRecord) -> list[tuple[str, str]]:
    teams = [*record.teams, *(f"{team} (through its folder)" for team in record.inherited_teams)]
    return [
        ("key", record.key),
        ("status", record.status.value + (f": {record.status_message}" if record.status_message else "")),
        ("called", record.display_name),
        ("about", record.description),
        ("tags", ", ".join(record.tags)),
        ("folder", record.folder),
        ("metadata", "; ".join(f"{entry.key} = {_shown(entry.value)}" for entry in record.metadata)),
        ("published", "" if record.publication_date is None else str(record.publication_date)),
        ("seen by", "everybody (public)" if record.is_public else ", ".join(teams) or "no team"),
        ("owner", record.owner),
        ("changed", moment_text(record.changed)),
    ]


def _shown(value: Any) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _described(dataset: Dataset) -> dict[str, Any]:
    layers = [entry.model_dump(mode="json", exclude={"other"}) for entry in dataset.layer_properties]
    return {
        "name": dataset.name,
        "path": dataset.path,
        "voxel_size": dataset.voxel_size,
        "bounding_box": str(dataset.bounding_box),
        "layers": layers,
    }
