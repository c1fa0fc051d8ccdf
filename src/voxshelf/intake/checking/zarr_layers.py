"""Layers of Zarr arrays: can each mag be opened, and does it reach as far as the JSON says?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxshelf.dataset import mag_folder_of
from voxshelf.errors import VoxshelfError
from voxshelf.model import BoundingBox, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voxshelf.model import LayerProperties, MagProperties, Place


def check_zarr_layer(folder: Path, layer: LayerProperties, place: Place) -> Iterator[Problem]:
    """What is wrong with a layer's arrays, as far as their metadata tell; no voxel is read."""
    for number, entry in enumerate(layer.mags):
        where = (*place, "mags", number)
        try:
            array: Any = mag_folder_of(folder, layer, entry).array
        except VoxshelfError as error:
            yield Problem(place=where, message=error.what, hint=error.hint)
        else:
            yield from _check_extent(array, layer, entry, where)
    yield Problem(
        place=(*place, "dataFormat"),
        message=f"Layer {layer.name!r} is stored as {layer.data_format}: its chunks were not checked.",
        severity=Severity.INFO,
    )


def _check_extent(
    array: Any, layer: LayerProperties, entry: MagProperties, place: Place
) -> Iterator[Problem]:
    """What lies outside of an array reads as 0: does anybody expect something there?"""
    box: BoundingBox = array.bounding_box()
    wanted = layer.bounding_box.in_mag(entry.mag)
    # The last voxel of a coarse mag may be missing along axes on which it is coarse: programs round in either way.
    mag = (entry.mag.x, entry.mag.y, entry.mag.z)
    ends = zip(wanted.bottomright, box.bottomright, mag, strict=True)
    if any(end > have + (step > 1) for end, have, step in ends):
        yield Problem(
            place=place,
            message=f"Mag {entry.mag} of layer {layer.name!r} reaches to {box.bottomright}, the bounding box to "
            f"{wanted.bottomright}, in voxels of that mag.",
            hint="What lies beyond the array reads as 0. Correct the bounding box, or write the array anew.",
            severity=Severity.WARNING,
        )
    for name, length in array.other_lengths.items():
        last = next(axis.last for axis in layer.additional_axes if axis.name == name)
        if last >= length:
            yield Problem(
                place=place,
                message=f"Mag {entry.mag} of layer {layer.name!r} has {length} positions on axis {name!r}, the JSON "
                f"says that it goes on to {last}.",
                hint="What lies beyond the array reads as 0. Correct the bounds of the axis.",
                severity=Severity.WARNING,
            )
