"""``voxshelf import``: propose, let the person correct, write ``datasource-properties.json``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voxshelf.cli.import_target import find_target
from voxshelf.cli.printing import (
    JsonOption,
    RootOption,
    on_terminal,
    print_json,
    print_problems,
    print_table,
    progress_bar,
)
from voxshelf.errors import InvalidDataSourceError
from voxshelf.intake import tighten_boxes
from voxshelf.model import BoundingBox, Category, LengthUnit, VoxelSize, format_place, write_document

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voxshelf.model import DataSource, Finding, Place, Proposal

__all__ = ["import_dataset"]

_HIDDEN = {"other", "id", "default_view_configuration"}


def import_dataset(  # noqa: PLR0913 - one option per value that a person may give
    target: Annotated[str, typer.Argument(help="organization/name in the store, or any dataset folder.")],
    *,
    root: RootOption = None,
    voxel_size: Annotated[str | None, typer.Option(help="Edges of one voxel: x,y,z.")] = None,
    unit: Annotated[str | None, typer.Option(help="Their unit; default nanometer.")] = None,
    layer_category: Annotated[
        list[str] | None, typer.Option(help="LAYER=color or LAYER=segmentation.")
    ] = None,
    bounding_box: Annotated[list[str] | None, typer.Option(help="LAYER=x,y,z,x_size,y_size,z_size.")] = None,
    largest_segment_id: Annotated[list[str] | None, typer.Option(help="LAYER=NUMBER.")] = None,
    compute_largest_segment_id: Annotated[
        bool, typer.Option(help="Look for the largest ids in all voxels, where none is given.")
    ] = False,
    tighten: Annotated[
        bool, typer.Option(help="Read all voxels, so that detected boxes end where the values do.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Only show what would be written.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Import a dataset: find out what its folder holds and write datasource-properties.json.

    On a terminal missing values are asked for, and the result is confirmed; in a script all comes from options.
    """
    with find_target(target, root) as place:
        proposal = _with_voxel_size(place.propose(), voxel_size, unit)
        if tighten:
            with progress_bar("Looking for the data's end") as report:
                proposal = tighten_boxes(proposal, place.folder, progress=report)
        proposal = _with_layers(proposal, "category", layer_category, Category)
        proposal = _with_layers(proposal, "bounding_box", bounding_box, BoundingBox.parse)
        proposal = _with_layers(proposal, "largest_segment_id", largest_segment_id, _segment_id)
        is_asking = not yes and not as_json and not dry_run and on_terminal()
        if not as_json:
            _print_proposal(proposal)
        if is_asking:
            proposal = _ask_for_voxel_size(proposal)
        data_source = _complete(proposal, place.title, shown=as_json and dry_run)
        if is_asking and not typer.confirm("Import it like this?", default=True):
            raise typer.Exit(1)
        if not dry_run:
            place.save(data_source)
            if compute_largest_segment_id:
                data_source = place.compute_segment_ids()
        if as_json:
            print_json(_described(proposal, place.title, data_source) | {"imported": not dry_run})
        else:
            typer.echo(f"{place.title} {'can be' if dry_run else 'is'} imported.")


def _complete(proposal: Proposal, title: str, *, shown: bool) -> DataSource:
    """The proposed data source; if values are missing, JSON shows what there is before the error does."""
    try:
        return proposal.data_source()
    except InvalidDataSourceError as error:
        if shown:
            missing = {"imported": False, "missing": error.problems}
            print_json(_described(proposal, title, None) | missing)
        raise


def _described(proposal: Proposal, title: str, data_source: DataSource | None) -> dict[str, Any]:
    return {
        "dataset": title,
        "findings": [_plain(finding) for finding in proposal.findings],
        "problems": proposal.problems,
        "dataSource": None if data_source is None else write_document(data_source),
    }


def _plain(finding: Finding) -> dict[str, Any]:
    return {
        "place": list(finding.place),
        "value": finding.value,
        "origin": finding.origin,
        "confidence": finding.confidence,
        "note": finding.note,
    }


def _with_voxel_size(proposal: Proposal, text: str | None, unit: str | None) -> Proposal:
    if text is None:
        if unit is not None:
            raise typer.BadParameter("--unit needs --voxel-size.")
        return proposal
    try:
        edges = [float(part) for part in text.split(",")]
    except ValueError:
        edges = []
    if len(edges) != 3 or not all(0 < edge < math.inf for edge in edges):
        raise typer.BadParameter(f"--voxel-size {text!r}: write three numbers x,y,z, each above 0.")
    try:
        value = VoxelSize(edges, LengthUnit.parse(unit or "nanometer"))
    except ValueError as error:
        raise typer.BadParameter(f"--unit: {_first_line(error)}") from error
    return proposal.with_value(("voxel_size",), value)


def _with_layers(
    proposal: Proposal, noun: str, given: Sequence[str] | None, read: Callable[[str], Any]
) -> Proposal:
    """The proposal with ``LAYER=VALUE`` options taken in."""
    option = f"--{'layer-category' if noun == 'category' else noun.replace('_', '-')}"
    for text in given or ():
        name, separator, value = text.rpartition("=")
        if not separator or name not in proposal.layer_names:
            known = ", ".join(proposal.layer_names) or "none"
            raise typer.BadParameter(f"{option} {text!r}: write LAYER=VALUE; the layers are: {known}.")
        place: Place = ("layers", name, noun)
        try:
            proposal = proposal.with_value(place, read(value))
        except ValueError as error:
            raise typer.BadParameter(f"{option} {text!r}: {_first_line(error)}") from error
    return proposal


def _segment_id(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError("An id cannot be negative.")
    return number


def _first_line(error: ValueError) -> str:
    line = str(error).splitlines()[0]
    return line if line.endswith(".") else f"{line}."


def _print_proposal(proposal: Proposal) -> None:
    shown = [finding for finding in proposal.findings if finding.place[-1] not in _HIDDEN]
    rows = [
        (".".join(str(part) for part in finding.place), _text(finding), finding.origin.value)
        for finding in shown
    ]
    print_table(("VALUE", "PROPOSED", "FROM"), rows)
    print_problems(proposal.problems)
    for finding in proposal.needs_you:
        typer.echo(f"needs you: {format_place(finding.place)}: {finding.note}", err=True)


def _text(finding: Finding) -> str:
    value = finding.value
    if value is None:
        return "?"
    if finding.place[-1] == "mags":
        return ", ".join(str(entry.mag) for entry in value)
    return str(value)


def _ask_for_voxel_size(proposal: Proposal) -> Proposal:
    """Ask until it can be understood; nothing is asked that is known."""
    while ("voxel_size",) not in proposal.values:
        answer = typer.prompt("Voxel size in nanometer, x,y,z", err=True)
        try:
            proposal = _with_voxel_size(proposal, answer, None)
        except typer.BadParameter as error:
            typer.echo(error.message, err=True)
    return proposal
