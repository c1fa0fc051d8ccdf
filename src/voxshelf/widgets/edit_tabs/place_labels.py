"""What places in a dataset's documents are called on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.model import EditedSection, Place, format_place, view_reference
from voxshelf.widgets.sharing_links import PermissionsSection

if TYPE_CHECKING:
    from collections.abc import Mapping

DETAILS = {
    "display_name": "Display name",
    "description": "Description",
    "tags": "Tags",
    "folder": "Folder",
    "metadata": "Metadata",
    "publication_date": "Publication date",
}
DATA = {
    "scale": "Voxel size",
    "dataLayers": "Layers",
    "defaultViewConfiguration": "View configuration",
    "json": "JSON",
}
LAYER = {
    "name": "Name",
    "category": "Category",
    "boundingBox": "Bounding box",
    "largestSegmentId": "Largest segment id",
    "elementClass": "Element class",
    "mags": "Mags",
    "wkwResolutions": "Mags",
    "defaultViewConfiguration": "View configuration",
}
VIEW = {key.key: key.title for key in view_reference() if key.level == "dataset"}
VIEW_OF_LAYER = {key.key: key.title for key in view_reference() if key.level == "layer"}


def plain_label(labels: Mapping[str, str], place: Place) -> str:
    """``("metadata", "age")`` → ``Metadata › age``."""
    if not place:
        return ""
    head = labels.get(str(place[0]), str(place[0]))
    return f"{head} › {format_place(place[1:])}" if len(place) > 1 else head


def layered_label(
    labels: Mapping[str, str], of_layer: Mapping[str, str], place: Place, *, layers: str
) -> str:
    """``("layers", "color", "alpha")`` → ``color › Opacity``; ``layers`` is the key that holds the layers."""
    if place[:1] != (layers,) or len(place) < 2:
        return labels.get(str(place[0]), format_place(place)) if place else ""
    if len(place) == 2:
        return f"layer {place[1]}"
    return f"{place[1]} › {of_layer.get(str(place[2]), format_place(place[2:]))}"


def data_label(place: Place) -> str:
    """What a place in ``datasource-properties.json`` is called; layers stand in it by name."""
    return layered_label(DATA, LAYER, place, layers="dataLayers")


def view_label(place: Place) -> str:
    """What a place in a view configuration is called."""
    return layered_label(VIEW, VIEW_OF_LAYER, place, layers="layers")


def label_in(section: EditedSection, place: Place) -> str:
    """What a place in a section's document is called."""
    if section is EditedSection.DATA:
        return data_label(place)
    if section is EditedSection.VIEW:
        return view_label(place)
    return plain_label(DETAILS if section is EditedSection.DETAILS else PermissionsSection.labels, place)
