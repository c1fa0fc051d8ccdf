"""The data properties that ``voxshelf edit`` asks for, made of those that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from voxshelf.cli.layer_options import read_layer_values, read_segment_id, read_voxel_size
from voxshelf.errors import LayerNotFoundError
from voxshelf.model import BoundingBox, Category

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from voxshelf.cli.edit_steps import EditWishes
    from voxshelf.model import DataSource, Proposal

__all__ = ["changed_data"]


def changed_data(before: DataSource, wishes: EditWishes, *, propose: Callable[[], Proposal]) -> DataSource:
    """The data source as it shall be; layers are renamed last, so that other options use the present names.

    Raises
    ------
    typer.BadParameter
        If an option cannot be understood.
    """
    after = _with_voxel_size(before, wishes)
    after = _with_layers_added(after, wishes.add_layer, propose)
    for option, field, read, given in (
        ("--layer-category", "category", Category, wishes.layer_category),
        ("--bounding-box", "bounding_box", BoundingBox.parse, wishes.bounding_box),
        ("--largest-segment-id", "largest_segment_id", _id_or_unknown, wishes.largest_segment_id),
    ):
        for name, value in read_layer_values(option, given, _names(after), read):
            after = after.changed_layer(name, **{field: value})
    for name in wishes.remove_layer or ():
        _require_layer("--remove-layer", name, after)
        after = after.without_layer(name)
    for name, to in read_layer_values("--rename-layer", wishes.rename_layer, _names(after), str):
        if not to or to in _names(after):
            raise typer.BadParameter(f"--rename-layer {name}={to}: choose a name that no layer has.")
        after = after.renamed_layer(name, to)
    return after


def _with_voxel_size(data_source: DataSource, wishes: EditWishes) -> DataSource:
    size = data_source.voxel_size
    if wishes.voxel_size is None and wishes.unit is None:
        return data_source
    edges = wishes.voxel_size or ",".join(str(edge) for edge in size.factor)
    return data_source.with_voxel_size(read_voxel_size(edges, wishes.unit or size.unit.value))


def _with_layers_added(
    data_source: DataSource, names: Iterable[str] | None, propose: Callable[[], Proposal]
) -> DataSource:
    """The data source with layers that lie in the dataset's folder, as they are found there."""
    for name in names or ():
        if name in _names(data_source):
            raise typer.BadParameter(f"--add-layer {name!r}: the dataset has it.")
        try:
            found = propose().data_source().layer(name)
        except LayerNotFoundError as error:
            raise typer.BadParameter(f"--add-layer {name!r}: {error.what} {error.hint}") from error
        data_source = data_source.with_layer(found)
    return data_source


def _names(data_source: DataSource) -> list[str]:
    return [layer.name for layer in data_source.layers]


def _require_layer(option: str, name: str, data_source: DataSource) -> None:
    if name not in _names(data_source):
        known = ", ".join(_names(data_source)) or "none"
        raise typer.BadParameter(f"{option} {name!r}: there is no such layer; there are: {known}.")


def _id_or_unknown(text: str) -> Any:
    return None if text == "" else read_segment_id(text)
