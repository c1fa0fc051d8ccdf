"""What lies in a dataset folder without a JSON: the WKW layers, as far as headers and file names tell.

This is enough to read voxels. Proposing values for an import, each with its reason, is another room's task.
The category is a guess from name and type, in the tradition of the format: ``segmentation`` in the name, or
ids of 32 or 64 bits.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from voxshelf.errors import UnsupportedFormatError
from voxshelf.formats.wkw import WkwArray
from voxshelf.model import BoundingBox, Category, ElementClass, LayerProperties, Mag, MagProperties

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["find_layers", "holds_wkw", "mag_folders_in", "refuse_other_formats"]

_MAG_NAME = re.compile(r"\d+|\d+-\d+-\d+")
_MARKERS = {
    "zarr.json": "a Zarr v3 array or group",
    ".zarray": "a Zarr v2 array",
    ".zgroup": "a Zarr v2 group",
    ".zattrs": "a Zarr v2 group",
    "attributes.json": "an N5 container",
    "info": "a Neuroglancer precomputed volume",
}


def find_layers(folder: Path) -> tuple[LayerProperties, ...]:
    """The layers of a dataset folder, by name.

    Raises
    ------
    DamagedDataError, UnsupportedFormatError
        If a mag's header cannot be read.
    """
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if not entry.name.startswith(".") and entry.is_dir())
    found = ((name, mag_folders_in(folder / name)) for name in names)
    return tuple(_layer(name, mags) for name, mags in found if mags)


def mag_folders_in(folder: Path) -> dict[Mag, Path]:
    """The mags of a layer folder, from fine to coarse: subfolders named like mags with a WKW header."""
    mags: dict[Mag, Path] = {}
    with os.scandir(folder) as entries:
        names = sorted((entry.name for entry in entries if _MAG_NAME.fullmatch(entry.name)), key=len)
    for name in names:
        # Folders named 0 are no mags; of "1" and "1-1-1" the usual form counts.
        if all(map(int, name.split("-"))) and holds_wkw(folder / name):
            mags.setdefault(Mag(name), folder / name)
    return dict(sorted(mags.items()))


def holds_wkw(folder: Path) -> bool:
    """Whether a folder looks like a WKW mag: it has a header or, without one, a cube file."""
    return (folder / "header.wkw").is_file() or any(folder.glob("z[0-9]*/y[0-9]*/x[0-9]*.wkw"))


def _layer(name: str, mags: dict[Mag, Path]) -> LayerProperties:
    arrays = {mag: WkwArray.open(path) for mag, path in mags.items()}
    finest = next(iter(arrays.values()))
    box = BoundingBox((0, 0, 0), (0, 0, 0))
    for mag, array in arrays.items():
        box = box.union(array.bounding_box().from_mag(mag))
    element_class = ElementClass.from_dtype(finest.dtype, finest.num_channels)
    return LayerProperties(
        name=name,
        category=_category(name, element_class),
        element_class=element_class,
        bounding_box=box,
        num_channels=finest.num_channels,
        mags=tuple(
            MagProperties(mag=mag, path=f"./{name}/{mags[mag].name}", cube_length=array.cube_len)
            for mag, array in arrays.items()
        ),
    )


def _category(name: str, element_class: ElementClass) -> Category:
    may_be_ids = element_class.may_be(Category.SEGMENTATION)
    looks_like_ids = "segmentation" in name.lower() or element_class.bits >= 32
    return Category.SEGMENTATION if may_be_ids and looks_like_ids else Category.COLOR


def refuse_other_formats(folder: Path) -> None:
    """Raise if a folder, or one of its subfolders, is known to be another format."""
    candidates = [folder, *sorted(path for path in folder.iterdir() if path.is_dir())]
    for candidate in candidates:
        for marker, kind in _MARKERS.items():
            if (candidate / marker).is_file():
                hint = "Convert it to WKW first."
                if "Zarr" in kind:
                    hint = "Describe it in a datasource-properties.json (dataFormat zarr or zarr3), or convert it to WKW."
                raise UnsupportedFormatError(
                    f"{candidate} is {kind}; without a JSON open_dataset() reads WKW only.", hint=hint
                )
