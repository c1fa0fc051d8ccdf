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
IMPORT = "Import"
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
    is_usual : bool
        Whether it is shown where nobody chose columns.
    """

    name: str
    title: str
    width: int
    text: Callable[[DatasetRecord], str]
    sort: str | None = None
    is_usual: bool = True


def status_text(record: DatasetRecord) -> str:
    """The status as a person says it: what to do next, or in plain words what is wrong."""
    if record.status is DatasetStatus.NOT_IMPORTED:
        return f"{record.status.value} › {IMPORT}"
    reason = record.status_message or next((problem.message for problem in record.problems), "")
    if record.status is DatasetStatus.READY or not reason:
        return record.status.value
    return f"{record.status.value}: {reason}"


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
    """The same in a unit in which the edges read well."""
    if not record.layers or record.voxel_size is None:
        return NOTHING
    return physical_size(record.bounding_box.size, record.voxel_size)


def physical_size(size: tuple[int, int, int], voxel_size: VoxelSize) -> str:
    """``size`` voxels as a length per axis, ``5.755 × 5.755 × 7.168 µm``.

    The unit is that of the edge in the middle, so that one long edge does not make the others tiny; a finer one where
    the shortest would be less than a hundredth.
    """
    meters = [
        edge * count * voxel_size.unit.in_meters for edge, count in zip(voxel_size.factor, size, strict=True)
    ]
    shortest, middle, _ = sorted(meters)
    fitting = [unit for unit in _UNITS if middle < 1000 * unit.in_meters or unit is _UNITS[-1]]
    finer = [unit for unit in _UNITS if shortest >= 0.01 * unit.in_meters]
    unit = min(fitting[0], finer[-1] if finer else _UNITS[0], key=lambda unit: unit.in_meters)
    return f"{' × '.join(_number(length / unit.in_meters) for length in meters)} {unit.symbol}"


def _number(value: float) -> str:
    """Four digits, and as many as it takes before the point: never ``1.12e+04``."""
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


def time_text(time: datetime | None) -> str:
    """A time in this machine's zone."""
    return time.astimezone().strftime("%Y-%m-%d %H:%M") if time else NOTHING


def folder_text(record: DatasetRecord) -> str:
    """The folder among the organization's folders."""
    return record.folder or NOTHING


def teams_text(record: DatasetRecord) -> str:
    """The teams that may see it; those that only its folder allows are starred."""
    inherited = [f"{team} *" for team in record.inherited_teams if team not in record.teams]
    return ", ".join([*record.teams, *inherited]) or NOTHING


def visibility_text(record: DatasetRecord) -> str:
    """Whether everybody may look at it."""
    return "public" if record.is_public else "private"


COLUMNS: tuple[Column, ...] = (
    Column("name", "Name", 200, lambda record: record.title, "name"),
    Column("status", "Status", 150, status_text, "status"),
    Column("organization", "Organization", 120, lambda record: record.organization, is_usual=False),
    Column("voxel_size", "Voxel size", 158, lambda r: str(r.voxel_size) if r.voxel_size else NOTHING),
    Column("extent", "Extent (voxels)", 140, extent_text),
    Column("physical_extent", "Extent", 170, physical_extent_text, is_usual=False),
    Column("layers", "Layers", 190, layers_text),
    Column("tags", "Tags", 120, lambda record: ", ".join(record.tags) or NOTHING),
    Column("folder", "Folder", 130, folder_text),
    Column("teams", "Teams", 120, teams_text, is_usual=False),
    Column("visibility", "Visibility", 80, visibility_text, is_usual=False),
    Column("owner", "Owner", 90, lambda record: record.owner or NOTHING, is_usual=False),
    Column("last_used", "Last used", 126, lambda record: time_text(record.last_used), "last_used"),
    Column("created", "Created", 126, lambda record: time_text(record.created), "created"),
    Column("changed", "Changed", 126, lambda record: time_text(record.changed), "changed", is_usual=False),
)
USUAL_COLUMNS = tuple(column.name for column in COLUMNS if column.is_usual)

# On light paper and on dark paper: the grid paints on a canvas, where no CSS variable reaches.
STATUS_COLORS = {
    DatasetStatus.READY: ("#15713a", "#4cc47f"),
    DatasetStatus.NOT_IMPORTED: ("#1266b3", "#64b5f6"),
    DatasetStatus.BROKEN: ("#c62f27", "#ff7b72"),
    DatasetStatus.MISSING: ("#9a5700", "#f0a340"),
    DatasetStatus.DELETED: ("#6a6a6a", "#a0a0a0"),
    DatasetStatus.UPLOADING: ("#9a5700", "#f0a340"),
}
STATUS_TONES = {
    DatasetStatus.READY: "good",
    DatasetStatus.NOT_IMPORTED: "brand",
    DatasetStatus.BROKEN: "bad",
    DatasetStatus.MISSING: "warn",
    DatasetStatus.DELETED: "",
    DatasetStatus.UPLOADING: "warn",
}
