"""Changing layers: adding one, writing voxels, compressing.

Voxels are on disk before the JSON speaks of them; so whoever is killed in between leaves voxels outside of the
bounding box at worst, and the same call repeats without harm.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from voxshelf.dataset.properties_file import require_saveable
from voxshelf.dataset.reporting import reporting
from voxshelf.errors import NameTakenError, OutOfRangeError, UnsupportedFormatError
from voxshelf.formats.wkw import BlockType, WkwArray, WkwHeader
from voxshelf.model import (
    BoundingBox,
    Category,
    DataFormat,
    ElementClass,
    LayerProperties,
    Mag,
    MagProperties,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import DTypeLike, NDArray

    from voxshelf.dataset.dataset import Dataset
    from voxshelf.dataset.layer import Layer
    from voxshelf.dataset.mag_view import MagView
    from voxshelf.dataset.reporting import Progress, Step
    from voxshelf.model import Vec3Int

__all__ = ["NewLayer", "add_layer", "add_mag", "compress_mags", "create_mag", "write_voxels"]


@dataclass(frozen=True, slots=True)
class NewLayer:
    """What a new layer shall be; see :meth:`Dataset.add_layer`."""

    name: str
    category: Category | str
    dtype: DTypeLike
    num_channels: int
    block_len: int
    file_len: int
    compress: bool
    mag: Any

    def header(self) -> WkwHeader:
        """The header of its files."""
        return WkwHeader(
            dtype=np.dtype(self.dtype),
            num_channels=self.num_channels,
            block_len=self.block_len,
            file_len=self.file_len,
            block_type=BlockType.LZ4 if self.compress else BlockType.RAW,
        )

    def properties(self, largest_segment_id: int | None) -> LayerProperties:
        """What the JSON shall say."""
        header = self.header()
        entry = MagProperties(mag=Mag(self.mag), cube_length=header.cube_len)
        return LayerProperties(
            name=self.name,
            category=Category(self.category),
            element_class=ElementClass.from_dtype(header.dtype, header.num_channels),
            bounding_box=BoundingBox((0, 0, 0), (0, 0, 0)),
            num_channels=header.num_channels,
            mags=(entry,),
            largest_segment_id=largest_segment_id,
        )


def add_layer(dataset: Dataset, new: NewLayer, largest_segment_id: int | None) -> None:
    """Add a layer without voxels; its finest mag exists with its header."""
    properties = new.properties(largest_segment_id)
    folder = dataset.path / new.name
    if new.name in dataset:
        raise NameTakenError(
            f"There is a layer {new.name!r} already.", hint="Choose another name, or write to it."
        )
    if dataset.data_source is not None:
        require_saveable(dataset.data_source.with_layer(properties), source=str(dataset.path))
    if folder.exists() and any(folder.iterdir()):
        raise NameTakenError(
            f"There is a folder {folder} already, which is no layer of the dataset.",
            hint="Choose another name, or move the folder away.",
        )
    WkwArray.create(folder / str(Mag(new.mag)), new.header())
    dataset.edit(lambda data_source: data_source.with_layer(properties))


def write_voxels(
    layer: Layer,
    array: NDArray[Any],
    topleft: Sequence[int],
    mag: Any,
    *,
    report: Step,
    cancel: Callable[[], bool],
) -> None:
    """Write a box of voxels and let the bounding box grow."""
    require_writable(layer)
    wanted = min(layer.mags) if mag is None and layer.mags else Mag(1 if mag is None else mag)
    position = _in_grid(topleft, wanted)
    is_new = wanted not in layer.mags
    target = create_mag(layer, wanted) if is_new else layer.mag(wanted).folder.wkw
    target.write(position, array, progress=report, cancel=cancel)
    if is_new:
        add_mag(layer, wanted, target)
    _grow(layer, BoundingBox(position, np.shape(array)[-3:]), wanted)


def require_writable(layer: Layer) -> None:
    """Raise where voxels of a layer cannot be written."""
    if layer.data_format is not DataFormat.WKW:
        raise UnsupportedFormatError(
            f"Layer {layer.name!r} is stored as {layer.data_format}, which voxshelf does not write.",
            hint="Copy its voxels into a new WKW layer: dataset.add_layer(…).write(layer.read()).",
        )
    layer.dataset.require_writable()


def create_mag(layer: Layer, mag: Mag) -> WkwArray:
    """The folder of a new mag, with block and file sides of the finest; not yet listed in the JSON."""
    finest: MagView = layer.mag()
    header = finest.folder.wkw.header
    return WkwArray.create(layer.path / str(mag), replace(header, data_offset=0))


def add_mag(layer: Layer, mag: Mag, array: WkwArray) -> None:
    """List a mag in the JSON."""
    entry = MagProperties(mag=mag, cube_length=array.cube_len)

    def change(properties: LayerProperties) -> dict[str, Any]:
        if any(known.mag == mag for known in properties.mags):
            return {}
        return {"mags": tuple(sorted((*properties.mags, entry), key=lambda each: each.mag))}

    layer.dataset.edit_layer(layer.name, change)


def compress_mags(layer: Layer, progress: Progress, cancel: Callable[[], bool]) -> None:
    """Compress all mags of a layer in place."""
    require_writable(layer)
    for mag in layer.mags:
        with reporting(progress, f"compress {layer.name}, mag {mag}") as report:
            layer.mag(mag).folder.wkw.compress(progress=report, cancel=cancel)


def _in_grid(topleft: Sequence[int], mag: Mag) -> Vec3Int:
    """A Mag-1 position in the grid of a mag."""
    if any(position % factor for position, factor in zip(topleft, mag, strict=True)):
        raise OutOfRangeError(
            f"{tuple(topleft)} does not lie on the grid of mag {mag}.",
            hint=f"Positions are Mag-1 voxels: give multiples of {tuple(mag)}, or use layer.mag(…).write().",
        )
    x, y, z = (int(position) // factor for position, factor in zip(topleft, mag, strict=True))
    return (x, y, z)


def _grow(layer: Layer, written: BoundingBox, mag: Mag) -> None:
    """Let the bounding box hold a written box, given in ``mag``'s grid.

    The last voxels of a coarse mag may reach over the box's end, that is no reason for it to grow.
    """
    if written.is_empty or layer.bounding_box.in_mag(mag).contains(written):
        return

    def change(properties: LayerProperties) -> dict[str, Any]:
        if properties.bounding_box.in_mag(mag).contains(written):
            return {}
        return {"bounding_box": properties.bounding_box.union(written.from_mag(mag))}

    layer.dataset.edit_layer(layer.name, change)
