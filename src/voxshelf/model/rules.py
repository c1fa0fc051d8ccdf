"""What must hold between the values of a data source (each value alone is checked by its type).

Rules: voxel size above 0 (by type); at least one layer; unique layer names without ``/`` and leading ``.``;
bounding boxes not empty; mags without duplicates, growing on every axis; a segmentation has an integer
element class; ``largestSegmentId`` fits the element class and stands on segmentations only; additional axes have
names of their own, bounds that are not empty, and dimensions that no other axis has. A voxel that is more than 100
times as long as it is wide is doubted, with a warning: a slip in a number looks the same.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from voxshelf.model.axes import check_additional_axes
from voxshelf.model.elements import Category
from voxshelf.model.problems import Place, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from voxshelf.model.data_source import DataSource, LayerProperties
    from voxshelf.model.voxel_size import VoxelSize

_LONGEST_NAME = 255
_LIKELY_RATIO = 100


def check_data_source(data_source: DataSource) -> tuple[Problem, ...]:
    """Every broken rule, with its place in ``datasource-properties.json``."""
    return tuple(_check(data_source))


def doubt_voxel_size(size: VoxelSize) -> str:
    """What is unlikely about a voxel size, as a sentence; empty where nothing is.

    Examples
    --------
    >>> from voxshelf.model import VoxelSize
    >>> doubt_voxel_size(VoxelSize((4, 4, 35_000)))
    'z is 8,750 times x.'
    """
    edges = dict(zip("xyz", size.factor, strict=True))
    shortest, longest = min(edges, key=edges.__getitem__), max(edges, key=edges.__getitem__)
    ratio = edges[longest] / edges[shortest]
    return f"{longest} is {ratio:,.0f} times {shortest}." if ratio > _LIKELY_RATIO else ""


def _check(data_source: DataSource) -> Iterator[Problem]:
    if doubt := doubt_voxel_size(data_source.voxel_size):
        yield Problem(place=("scale",), message=doubt, hint="Is that right?", severity=Severity.WARNING)
    if not data_source.layers:
        yield Problem(
            place=("dataLayers",), message="The dataset has no layer.", hint="Give at least one layer."
        )
    yield from check_layers(enumerate(data_source.layers))


def check_layers(layers: Iterable[tuple[int, LayerProperties]]) -> Iterator[Problem]:
    """Every broken rule of some layers, which come with their positions in the document."""
    seen: set[str] = set()
    for index, layer in layers:
        place: Place = ("dataLayers", index)
        if layer.name in seen:
            yield Problem(place=(*place, "name"), message=f"There are two layers named {layer.name!r}.")
        seen.add(layer.name)
        yield from _check_layer(layer, place)


def _check_layer(layer: LayerProperties, place: Place) -> Iterator[Problem]:
    yield from check_layer_name(layer.name, (*place, "name"))
    if layer.bounding_box.is_empty:
        yield Problem(
            place=(*place, "boundingBox"),
            message="The bounding box is empty.",
            hint="Width, height and depth must each be at least 1.",
        )
    if not layer.element_class.may_be(layer.category):
        yield Problem(
            place=(*place, "elementClass"),
            message=f"A {layer.category} layer cannot be {layer.element_class}.",
            hint="Segmentations need an integer type with one channel; colour layers at most 32 bits.",
            severity=Severity.ERROR if layer.category is Category.SEGMENTATION else Severity.WARNING,
        )
    yield from _check_segment_id(layer, (*place, "largestSegmentId"))
    yield from _check_mags(layer, (*place, "mags"))
    orders = {str(entry.mag): entry.axis_order for entry in layer.mags if entry.axis_order is not None}
    yield from check_additional_axes(
        layer.additional_axes, orders, place, may_have=layer.data_format != "wkw"
    )


def check_layer_name(name: str, place: Place) -> Iterator[Problem]:
    """Problems of a layer's name: it becomes a folder name."""
    if not name or "/" in name or "\\" in name or "\0" in name or name.startswith("."):
        yield Problem(
            place=place,
            message=f"{name!r} cannot be a layer's name.",
            hint="Use a name without slashes that does not begin with a dot.",
        )
    elif not _can_name_a_folder(name):
        yield Problem(
            place=place,
            message=f"{name!r} cannot be a layer's name: no folder can be called so.",
            hint=f"Use at most {_LONGEST_NAME} bytes of ordinary text.",
        )


def _can_name_a_folder(name: str) -> bool:
    try:
        return len(name.encode()) <= _LONGEST_NAME
    except UnicodeEncodeError:
        return False


def _check_segment_id(layer: LayerProperties, place: Place) -> Iterator[Problem]:
    largest = layer.largest_segment_id
    if largest is None:
        return
    if layer.category is not Category.SEGMENTATION:
        yield Problem(
            place=place,
            message="Only segmentation layers have a largest segment id.",
            severity=Severity.WARNING,
        )
    elif largest > layer.element_class.value_range[1]:
        yield Problem(
            place=place,
            message=f"{largest} does not fit into {layer.element_class}.",
            hint=f"The type ends at {layer.element_class.value_range[1]}.",
        )


def _check_mags(layer: LayerProperties, place: Place) -> Iterator[Problem]:
    mags = sorted(entry.mag for entry in layer.mags)
    if not mags:
        yield Problem(place=place, message="The layer has no mag.", hint="Name at least one mag, such as 1.")
    for fine, coarse in pairwise(mags):
        if fine == coarse:
            yield Problem(place=place, message=f"Mag {fine} is listed twice.")
        elif any(a > b for a, b in zip(fine, coarse, strict=True)) or max(fine) == max(coarse):
            yield Problem(
                place=place,
                message=f"Mags {fine} and {coarse} do not follow each other.",
                hint="From mag to mag no factor may shrink, and the largest must grow.",
            )
