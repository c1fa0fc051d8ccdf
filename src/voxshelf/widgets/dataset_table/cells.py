"""A dataset's record as the texts of one table row. Pure: no widget, no store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voxshelf.model import DatasetStatus, LengthUnit

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from voxshelf.model import DatasetRecord, LayerSummary, VoxelSize

NOTHING = "–"
_UNITS = (
    LengthUnit.NANOMETER,
    LengthUnit.MICROMETER,
    LengthUnit.MILLIMETER,
    LengthUnit.CENTIMETER,
    LengthUnit.METER,
)


@dataclass(frozen=True)
class Column:
    """One column of texts.

    Parameters
    ----------
    name : str
        For programs.
    title : str
        For people.
    width : int
        In pixels.
    text : callable
        The cell's text of a record.
    sort : str or None
        What the store calls this order; None where it has none.
    """

    name: str
    title: str
    width: int
    text: Callable[[DatasetRecord], str]
    sort: str | None = None


def status_text(record: DatasetRecord) -> str:
    """The status as a person says it."""
    return record.status.value


def layer_text(layer: LayerSummary) -> str:
    """Category and element class; the name where it says more than the category."""
    kind = f"{layer.category} – {layer.element_class}"
    return kind if layer.name == layer.category.value else f"{layer.name} ({kind})"


def layers_text(record: DatasetRecord) -> str:
    """All layers in one line."""
    return ", ".join(layer_text(layer) for layer in record.layers) or NOTHING


def extent_text(record: DatasetRecord) -> str:
    """The size of the union of all layers, in Mag-1 voxels."""
    if not record.layers:
        return NOTHING
    return " × ".join(f"{edge:,}" for edge in record.bounding_box.size)


def physical_extent_text(record: DatasetRecord) -> str:
    """The same in a unit in which the longest edge reads well."""
    if not record.layers or record.voxel_size is None:
        return NOTHING
    return physical_size(record.bounding_box.size, record.voxel_size)


def physical_size(size: tuple[int, int, int], voxel_size: VoxelSize) -> str:
    """``size`` voxels as a length per axis, ``5.75 × 5.75 × 7.17 µm``."""
    meters = [
        edge * count * voxel_size.unit.in_meters for edge, count in zip(voxel_size.factor, size, strict=True)
    ]
    longest = max(meters)
    unit = next((unit for unit in _UNITS if longest < 1000 * unit.in_meters), _UNITS[-1])
    return f"{' × '.join(f'{length / unit.in_meters:.4g}' for length in meters)} {unit.symbol}"


def time_text(time: datetime | None) -> str:
    """A time in this machine's zone."""
    return time.astimezone().strftime("%Y-%m-%d %H:%M") if time else NOTHING


COLUMNS: tuple[Column, ...] = (
    Column("name", "Name", 210, lambda record: record.title, "name"),
    Column("organization", "Organization", 130, lambda record: record.organization),
    Column("status", "Status", 130, status_text, "status"),
    Column("voxel_size", "Voxel size", 150, lambda r: str(r.voxel_size) if r.voxel_size else NOTHING),
    Column("extent", "Extent (voxels)", 150, extent_text),
    Column("layers", "Layers", 250, layers_text),
    Column("tags", "Tags", 120, lambda record: ", ".join(record.tags) or NOTHING),
    Column("changed", "Changed", 130, lambda record: time_text(record.changed), "changed"),
    Column("created", "Created", 130, lambda record: time_text(record.created), "created"),
)

# Middle tones, which read on light and on dark paper: the grid paints on a canvas, where no CSS variable reaches.
STATUS_COLORS = {
    DatasetStatus.READY: "#2e9e5b",
    DatasetStatus.NOT_IMPORTED: "#2f8fdd",
    DatasetStatus.BROKEN: "#e0453c",
    DatasetStatus.MISSING: "#cf7a00",
    DatasetStatus.DELETED: "#8a8a8a",
    DatasetStatus.UPLOADING: "#cf7a00",
}
STATUS_TONES = {
    DatasetStatus.READY: "good",
    DatasetStatus.NOT_IMPORTED: "brand",
    DatasetStatus.BROKEN: "bad",
    DatasetStatus.MISSING: "warn",
    DatasetStatus.DELETED: "",
    DatasetStatus.UPLOADING: "warn",
}
