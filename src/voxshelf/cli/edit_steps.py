"""What ``voxshelf edit`` was asked for, as steps on a store.

All options are read before the first step is taken, so that wrong usage changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import typer
from pydantic import BaseModel, ConfigDict

from voxshelf.cli.data_steps import changed_data
from voxshelf.cli.largest_ids import with_largest_ids
from voxshelf.cli.text_values import read_file, read_text
from voxshelf.cli.view_options import read_reset_place, read_view_values
from voxshelf.model import MetadataEntry

if TYPE_CHECKING:
    from voxshelf.model import DatasetRecord
    from voxshelf.store import DatasetStore

__all__ = ["EditWishes", "Step", "plan_edits"]

Step: TypeAlias = Callable[[], object]
"""Makes one edit."""


class EditWishes(BaseModel):
    """The options of ``voxshelf edit``, as they were typed; None where one was not."""

    model_config = ConfigDict(frozen=True)

    display_name: str | None = None
    description: str | None = None
    folder: str | None = None
    metadata: tuple[str, ...] | None = None
    remove_metadata: tuple[str, ...] | None = None
    publication_date: str | None = None
    public: bool | None = None
    team: tuple[str, ...] | None = None
    no_team: bool = False
    owner: str | None = None
    voxel_size: str | None = None
    unit: str | None = None
    bounding_box: tuple[str, ...] | None = None
    largest_segment_id: tuple[str, ...] | None = None
    compute_largest_segment_id: bool = False
    layer_category: tuple[str, ...] | None = None
    rename_layer: tuple[str, ...] | None = None
    remove_layer: tuple[str, ...] | None = None
    add_layer: tuple[str, ...] | None = None
    json_file: str | None = None
    view: tuple[str, ...] | None = None
    reset_view: tuple[str, ...] | None = None
    for_me: bool = False

    @property
    def is_about_data(self) -> bool:
        """Whether ``datasource-properties.json`` is to be changed, value by value."""
        named = (
            self.voxel_size,
            self.unit,
            self.bounding_box,
            self.largest_segment_id,
            self.layer_category,
            self.rename_layer,
            self.remove_layer,
            self.add_layer,
        )
        return self.compute_largest_segment_id or any(value is not None for value in named)


def plan_edits(store: DatasetStore, key: str, wishes: EditWishes) -> list[Step]:
    """The edits to make: the data first, which fails most easily, then permissions, details and the view.

    Raises
    ------
    typer.BadParameter
        If an option cannot be understood.
    """
    details = _details(store.record(key), wishes)
    permissions = _permissions(wishes)
    steps = _data_steps(store, key, wishes)
    if permissions:
        steps.append(lambda: store.update_permissions(key, **permissions))
    if details:
        steps.append(lambda: store.update_details(key, **details))
    return steps + _view_steps(store, key, wishes)


def _data_steps(store: DatasetStore, key: str, wishes: EditWishes) -> list[Step]:
    if wishes.json_file is not None:
        if wishes.is_about_data:
            raise typer.BadParameter(
                "--json-file is the whole document: leave out options for single values."
            )
        text = read_file("--json-file", wishes.json_file)
        return [lambda: store.update_data_source(key, text)]
    if not wishes.is_about_data:
        return []
    before = store.data_source(key)
    after = changed_data(before, wishes, propose=lambda: store.propose_import(key))
    steps: list[Step] = [lambda: store.update_data_source(key, after, base=before)]

    def compute_ids() -> object:
        # With the names, categories and boxes that the first step wrote.
        present = store.data_source(key)
        return store.update_data_source(key, with_largest_ids(store[key], present), base=present)

    return [*steps, compute_ids] if wishes.compute_largest_segment_id else steps


def _details(record: DatasetRecord, wishes: EditWishes) -> dict[str, Any]:
    details: dict[str, Any] = {}
    if wishes.display_name is not None:
        details["display_name"] = wishes.display_name
    if wishes.description is not None:
        details["description"] = read_text("--description", wishes.description).rstrip("\n")
    if wishes.folder is not None:
        details["folder"] = wishes.folder
    if wishes.publication_date is not None:
        details["publication_date"] = wishes.publication_date or None
    if wishes.metadata is not None or wishes.remove_metadata is not None:
        details["metadata"] = _metadata(record, wishes)
    return details


def _metadata(record: DatasetRecord, wishes: EditWishes) -> list[MetadataEntry]:
    """All entries: those that are there, with the given ones instead or at the end."""
    entries = {entry.key: entry for entry in record.metadata}
    for key in wishes.remove_metadata or ():
        if entries.pop(key, None) is None:
            known = ", ".join(entries) or "none"
            raise typer.BadParameter(f"--remove-metadata {key!r}: there is no such key; there are: {known}.")
    for text in wishes.metadata or ():
        key, separator, value = text.partition("=")
        if not separator or not key:
            raise typer.BadParameter(f"--metadata {text!r}: write KEY=VALUE.")
        entries[key] = MetadataEntry.of(key, _number_or_text(value))
    return list(entries.values())


def _number_or_text(text: str) -> str | float:
    for read in (int, float):
        try:
            number = read(text)
        except ValueError:
            continue
        return number if number == number and abs(number) != float("inf") else text  # noqa: PLR0124 - a nan is text
    return text


def _permissions(wishes: EditWishes) -> dict[str, Any]:
    if wishes.no_team and wishes.team is not None:
        raise typer.BadParameter("Give either --team or --no-team.")
    permissions: dict[str, Any] = {}
    if wishes.team is not None or wishes.no_team:
        permissions["teams"] = wishes.team or ()
    if wishes.public is not None:
        permissions["is_public"] = wishes.public
    if wishes.owner is not None:
        permissions["owner"] = wishes.owner
    return permissions


def _view_steps(store: DatasetStore, key: str, wishes: EditWishes) -> list[Step]:
    if wishes.for_me and wishes.view is None and wishes.reset_view is None:
        raise typer.BadParameter("--for-me needs --view or --reset-view.")
    to, level = ("dataset", "user") if wishes.for_me else ("file", "dataset")
    places = [read_reset_place(text) for text in wishes.reset_view or ()]
    document = read_view_values(wishes.view or ())
    steps: list[Step] = [partial(store.reset_view_configuration, key, place, to=to) for place in places]
    if document:
        steps.append(lambda: store.update_view_configuration(key, document, level=level))
    return steps
