"""What a dataset and a layer print as, and the words both for terminals and notebooks.

Words used here: *extent* is a box's physical size. Nothing here reads a voxel, and nothing here fails: what is
wrong with a mag is said in words.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voxshelf.dataset.coordinates import axes_text
from voxshelf.errors import VoxshelfError

if TYPE_CHECKING:
    from voxshelf.dataset.dataset import Dataset
    from voxshelf.dataset.layer import Layer
    from voxshelf.model import BoundingBox, VoxelSize

__all__ = ["LayerFacts", "byte_text", "dataset_text", "extent_text", "layer_facts", "layer_text", "size_text"]

_BYTE_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_METRIC = ((1.0, "m"), (1e-2, "cm"), (1e-3, "mm"), (1e-6, "µm"), (1e-9, "nm"), (1e-12, "pm"))


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """A layer in words."""

    name: str
    category: str
    element_class: str
    mags: str
    box: str
    extent: str
    bytes: str
    largest_segment_id: str
    axes: str
    problems: tuple[str, ...]


def layer_facts(layer: Layer) -> LayerFacts:
    """What there is to say about a layer; its mags are looked for on disk."""
    box = layer.bounding_box
    finest = min(layer.mags, default=None)
    inner = box if finest is None else box.in_mag(finest)
    channels = layer.num_channels
    kind = str(layer.element_class)
    largest = layer.largest_segment_id
    is_rgb = kind == "uint24"
    others = math.prod(axis.bounds[1] - axis.bounds[0] for axis in layer.additional_axes)
    return LayerFacts(
        name=layer.name,
        category=str(layer.category),
        element_class=kind if channels == 1 or is_rgb else f"{kind} × {channels}",
        mags=", ".join(map(str, layer.mags)) or "no mag",
        box="empty" if box.is_empty else str(box),
        extent=extent_text(box, layer.voxel_size),
        bytes=byte_text(inner.volume * others * channels * layer.dtype.itemsize),
        largest_segment_id=""
        if layer.category != "segmentation"
        else "unknown"
        if largest is None
        else str(largest),
        axes=axes_text(layer.additional_axes),
        problems=tuple(_problems(layer)),
    )


def _problems(layer: Layer) -> list[str]:
    problems = []
    for mag in layer.mags:
        try:
            problem = layer.mag(mag).folder.problem
        except VoxshelfError as error:
            problem = error.what
        if problem:
            problems.append(problem)
    # A layer in a foreign format has the same problem in every mag.
    is_readable = layer.data_format == "wkw" or layer.data_format.is_zarr
    return problems if is_readable else problems[:1]


def extent_text(box: BoundingBox, voxel_size: VoxelSize | None) -> str:
    """A box's physical size, ``11.5 × 11.5 × 14.3 µm``; empty where that is unknown."""
    if voxel_size is None or box.is_empty:
        return ""
    meters = [
        count * edge * voxel_size.unit.in_meters
        for count, edge in zip(box.size, voxel_size.factor, strict=True)
    ]
    factor, unit = next((each for each in _METRIC if max(meters) >= each[0]), _METRIC[-1])
    return " × ".join(f"{length / factor:.3g}" for length in meters) + f" {unit}"


def byte_text(count: int) -> str:
    """A number of bytes, ``512 MiB``."""
    size, unit = float(count), 0
    while size >= 1000 and unit < len(_BYTE_UNITS) - 1:
        size, unit = size / 1024, unit + 1
    return f"{size:.3g} {_BYTE_UNITS[unit]}"


def size_text(dataset: Dataset) -> str:
    """The voxel size, or that it is unknown."""
    return (
        "unknown (no datasource-properties.json)" if dataset.voxel_size is None else str(dataset.voxel_size)
    )


def dataset_text(dataset: Dataset) -> str:
    """The lines that ``repr(dataset)`` prints."""
    facts = [layer_facts(layer) for layer in dataset.layers.values()]
    extent = extent_text(dataset.bounding_box, dataset.voxel_size)
    box = f"{dataset.bounding_box}{f' ({extent})' if extent else ''}"
    lines = [
        f"<Dataset {dataset.name!r}>",
        f"  path        {dataset.path}",
        f"  voxel size  {size_text(dataset)}",
        f"  box         {'empty' if dataset.bounding_box.is_empty else box}",
        f"  layers      {'none' if not facts else len(facts)}",
    ]
    rows = [(each.name, each.category, _kind(each), f"mags {each.mags}", each.bytes) for each in facts]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row, each in zip(rows, facts, strict=True):
        cells = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        lines.append(f"    {cells}".rstrip())
        lines.extend(f"      ! {problem}" for problem in each.problems)
    return "\n".join(lines)


def _kind(facts: LayerFacts) -> str:
    return f"{facts.element_class}, {facts.axes}" if facts.axes else facts.element_class


def _where(layer: Layer) -> str:
    return ", ".join(f"{name} = {at}" for name, at in layer.coordinates.items())


def layer_text(layer: Layer) -> str:
    """The lines that ``repr(layer)`` prints."""
    try:
        facts = layer_facts(layer)
    except VoxshelfError as error:
        return f"<Layer {layer.name!r}: {error.what}>"
    rows = {
        "category": facts.category,
        "voxels": f"{facts.element_class}, {facts.bytes} uncompressed",
        "axes": f"{facts.axes} (at {_where(layer)})" if facts.axes else "",
        "mags": facts.mags,
        "box": f"{facts.box} ({facts.extent})" if facts.extent else facts.box,
        "largest id": facts.largest_segment_id,
    }
    lines = [f"<Layer {facts.name!r} of {layer.dataset.name!r}>"]
    lines += [f"  {title:<10}  {value}" for title, value in rows.items() if value]
    return "\n".join([*lines, *(f"  ! {problem}" for problem in facts.problems)])
