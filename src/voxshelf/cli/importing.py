"""``voxshelf import``: propose, let the person correct, write ``datasource-properties.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from voxshelf.cli.import_target import find_target
from voxshelf.cli.layer_options import read_layer_values, read_segment_id, read_voxel_size
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
from voxshelf.model import BoundingBox, Category, format_place, write_document

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voxshelf.model import DataSource, Finding, Place, Proposal

__all__ = ["import_dataset"]

_HIDDEN = {"other", "id", "default_view_configuration"}


def import_dataset(  # noqa: PLR0913 - one option per value that a person may give
    target: Annotated[str, typer.Argument(help="organization/name in the store, or any dataset folder.")],
    *,
    root: RootOption = None,
    voxel_size: Annotated[str | None, typer.Option(metavar="X,Y,Z", help="Edges of one voxel.")] = None,
    unit: Annotated[str | None, typer.Option(metavar="UNIT", help="Their unit; default nanometer.")] = None,
    layer_category: Annotated[
        list[str] | None, typer.Option(metavar="LAYER=CATEGORY", help="color or segmentation.")
    ] = None,
    bounding_box: Annotated[
        list[str] | None, typer.Option(metavar="LAYER=BOX", help="BOX is x,y,z,x_size,y_size,z_size.")
    ] = None,
    largest_segment_id: Annotated[list[str] | None, typer.Option(metavar="LAYER=NUMBER")] = None,
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
        proposal = _with_layers(proposal, "largest_segment_id", largest_segment_id, read_segment_id)
        is_asking = not yes and not as_json and not dry_run and on_terminal()
        if not as_json:
            _print_proposal(proposal, knows_ids=compute_largest_segment_id)
        if is_asking:
            proposal = _ask_for_voxel_size(proposal)
        data_source = _complete(proposal, place.title, shown=as_json and dry_run)
        if is_asking and not typer.confirm("Import it like this?", default=True):
            raise typer.Exit(1)
        if not dry_run:
            place.save(data_source)
            if compute_largest_segment_id:
                before, data_source = data_source, place.compute_segment_ids()
                if not as_json:
                    _tell_ids(before, data_source)
        if as_json:
            print_json(_described(proposal, place.title, data_source) | {"imported": not dry_run})
        else:
            where = place.title if place.is_in_store else f"The folder {place.title}, which is in no store,"
            typer.echo(f"{where} {'can be' if dry_run else 'is'} imported.")
            if not dry_run and place.is_in_store and _lacks_ids(data_source):
                typer.echo(
                    f"Its largest segment id: voxshelf edit {place.title} --compute-largest-segment-id",
                    err=True,
                )


def _tell_ids(before: DataSource, after: DataSource) -> None:
    """Say which ids were found."""
    known = {layer.name: layer.largest_segment_id for layer in before.layers}
    for layer in after.layers:
        if layer.largest_segment_id is not None and known.get(layer.name) is None:
            typer.echo(f"The largest segment id of {layer.name} is {layer.largest_segment_id}.")


def _lacks_ids(data_source: DataSource) -> bool:
    return any(
        layer.category is Category.SEGMENTATION and layer.largest_segment_id is None
        for layer in data_source.layers
    )


def _complete(proposal: Proposal, title: str, *, shown: bool) -> DataSource:
    """The proposed data source; if values are missing, JSON shows what there is before the error does."""
    try:
        return proposal.data_source()
    except InvalidDataSourceError as error:
        if shown:
            missing = {"imported": False, "missing": error.problems}
            print_json(_described(proposal, title, None) | missing)
        elif ("voxel_size",) not in proposal.values:
            typer.echo(f"Give it with: voxshelf import {title} --voxel-size X,Y,Z", err=True)
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
    return proposal.with_value(("voxel_size",), read_voxel_size(text, unit))


def _with_layers(
    proposal: Proposal, noun: str, given: Sequence[str] | None, read: Callable[[str], Any]
) -> Proposal:
    """The proposal with ``LAYER=VALUE`` options taken in."""
    option = "layer-category" if noun == "category" else noun.replace("_", "-")
    for name, value in read_layer_values(f"--{option}", given, proposal.layer_names, read):
        place: Place = ("layers", name, noun)
        proposal = proposal.with_value(place, value)
    return proposal


def _print_proposal(proposal: Proposal, *, knows_ids: bool) -> None:
    shown = [finding for finding in proposal.findings if finding.place[-1] not in _HIDDEN]
    rows = [
        (".".join(str(part) for part in finding.place), _text(finding), finding.origin.value)
        for finding in shown
    ]
    print_table(("VALUE", "PROPOSED", "FROM"), rows)
    print_problems(proposal.problems)
    for finding in proposal.needs_you:
        if knows_ids and finding.place[-1] == "largest_segment_id":
            continue
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
