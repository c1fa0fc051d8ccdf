"""``voxshelf list``: what is there."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voxshelf.cli.printing import JsonOption, RootOption, on_terminal, print_json, print_table
from voxshelf.model import Category, DatasetStatus
from voxshelf.wiring import open_store, read_settings

if TYPE_CHECKING:
    from pathlib import Path

    from voxshelf.model import DatasetRecord, Page

__all__ = ["list_datasets"]

_HEADERS = ("DATASET", "STATUS", "CALLED", "VOXEL SIZE", "TAGS", "LAYERS")


class Order(StrEnum):
    """What a list can be sorted by."""

    NAME = "name"
    CREATED = "created"
    CHANGED = "changed"
    LAST_USED = "last_used"
    STATUS = "status"


def list_datasets(  # noqa: PLR0913 - one option per way to narrow the list
    *,
    root: RootOption = None,
    search: Annotated[
        str, typer.Option(help="Words; each must occur in name, display name, tags or description.")
    ] = "",
    tag: Annotated[list[str] | None, typer.Option(help="Only those with this tag; may be repeated.")] = None,
    folder: Annotated[
        str | None, typer.Option(help="Only those in this folder or below it; '' for those in none.")
    ] = None,
    category: Annotated[Category | None, typer.Option(help="Only those with such a layer.")] = None,
    organization: Annotated[str | None, typer.Option(help="Only this organization's.")] = None,
    status: Annotated[
        list[DatasetStatus] | None, typer.Option(help="Only those in this state; may be repeated.")
    ] = None,
    public: Annotated[
        bool | None,
        typer.Option("--public/--not-public", help="Only those that everybody may see, or the others."),
    ] = None,
    sort: Annotated[Order, typer.Option(help="The order.")] = Order.NAME,
    descending: Annotated[bool, typer.Option("--descending", help="The other way round.")] = False,
    limit: Annotated[int, typer.Option(min=0, help="How many at most; 0 for all.")] = 50,
    refresh: Annotated[bool, typer.Option(help="Look at the disk first.")] = True,
    as_json: JsonOption = False,
) -> None:
    """List the datasets of a store."""
    narrowed: dict[str, Any] = {
        "search": search,
        "tags": tag or (),
        "folder": folder,
        "category": category,
        "organization": organization,
        "status": status or None,
        "is_public": public,
    }
    with open_store(root) as store:
        if refresh:
            store.refresh()
        page = store.list(**narrowed, sort=sort.value, descending=descending, limit=limit or None)
    if as_json:
        print_json({"total": page.total, "items": page.items})
        return
    if page.items:
        _print(page)
    else:
        is_narrowed = any(wish not in (None, "", ()) for wish in narrowed.values()) or folder is not None
        typer.echo("No dataset was found." if is_narrowed else _nothing(root))


def _print(page: Page[DatasetRecord]) -> None:
    """The table, without columns that would be empty, and what a person may want to do next."""
    rows = [_HEADERS, *(_row(record) for record in page.items)]
    filled = [column for column in range(len(_HEADERS)) if column < 2 or any(row[column] for row in rows[1:])]
    headers, *lines = ([row[column] for column in filled] for row in rows)
    print_table(headers, lines)
    if page.total > len(page.items):
        typer.echo(f"{len(page.items)} of {page.total}; --limit 0 shows all.", err=True)
    if on_terminal() and any(record.status is DatasetStatus.NOT_IMPORTED for record in page.items):
        typer.echo("Those not imported yet: voxshelf import DATASET.", err=True)


def _nothing(root: Path | None) -> str:
    where = root or read_settings().root
    return (
        f"There is no dataset in {where} yet.\n"
        f"Copy or link one to {where}/<organization>/<dataset>, or: voxshelf sample add tissue"
    )


def _row(record: DatasetRecord) -> tuple[str, ...]:
    layers = ", ".join(f"{layer.name} ({layer.element_class})" for layer in record.layers)
    size = "" if record.voxel_size is None else str(record.voxel_size)
    is_well = record.status is DatasetStatus.READY
    about = layers if is_well or not record.status_message else record.status_message
    return (record.key, record.status.value, record.display_name, size, ", ".join(record.tags), about)
