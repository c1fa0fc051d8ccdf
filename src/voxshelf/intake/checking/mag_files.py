"""The files of one mag: do they fit together, fit the JSON, and can they be read?

A quick look opens every cube file (its header and its table of blocks are checked against the file's size); a
*deep* one decodes every block, and takes down the largest value on its way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from voxshelf.dataset import find_mag_folder
from voxshelf.errors import DamagedDataError, VoxshelfError
from voxshelf.formats.wkw import WkwArray
from voxshelf.model import BoundingBox, ElementClass, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from voxshelf.model import LayerProperties, Place, Vec3Int
    from voxshelf.model.data_source import MagProperties

_PIECE_BYTES = 32 << 20


class MagFiles(NamedTuple):
    """A mag whose files were looked at, and where the JSON speaks of it."""

    entry: MagProperties
    array: WkwArray
    cubes: frozenset[Vec3Int]
    place: Place

    def pieces(self, cube: Vec3Int, *, deep: bool) -> list[tuple[Vec3Int, Vec3Int]]:
        """What to read of a cube, as corner and size: its two ends, or pieces of bounded memory that make it up."""
        array = self.array
        side, block = array.cube_len, array.block_len
        x, y, z = (index * side for index in cube)
        if not deep:
            # The first voxel, and the last one, which lies in the last block of the file.
            return [((x, y, z), (1, 1, 1)), ((x + side - 1, y + side - 1, z + side - 1), (1, 1, 1))]
        row = side * block * array.header.voxel_bytes
        rows = min(side, max(block, _PIECE_BYTES // row // block * block))
        return [
            ((x, y + across, z + up), (side, min(rows, side - across), block))
            for up in range(0, side, block)
            for across in range(0, side, rows)
        ]


class Reading(NamedTuple):
    """What was found while a mag was read."""

    problems: list[Problem]
    largest: int
    """The largest value within the layer's box; only what a deep look saw."""


def open_mags(folder: Path, layer: LayerProperties, place: Place, problems: list[Problem]) -> list[MagFiles]:
    """Open all mags of a layer that can be opened; why others cannot goes to ``problems``."""
    found = []
    for number, entry in enumerate(layer.mags):
        where = (*place, "mags", number)
        try:
            files = _opened(find_mag_folder(folder, layer, entry), entry, where)
        except VoxshelfError as error:  # a remote address
            problems.append(Problem(place=where, message=error.what, hint=error.hint, severity=Severity.INFO))
            continue
        if isinstance(files, Problem):
            problems.append(files)
        else:
            found.append(files)
    return found


def _opened(folder: Path, entry: MagProperties, place: Place) -> MagFiles | Problem:
    if not folder.is_dir():
        message = f"The folder {folder} is missing."
        hint = "Put the mag's files there, downsample the layer anew, or take the mag out of the JSON."
        return Problem(place=place, message=message, hint=hint)
    try:
        array = WkwArray.open(folder)
        cubes = frozenset(array.cubes())
    except VoxshelfError as error:
        return _problem_of(error, place)
    if not cubes:
        message = f"There are no cube files in {folder}."
        return Problem(place=place, message=message, hint="It reads as zeros.", severity=Severity.WARNING)
    return MagFiles(entry, array, cubes, place)


def check_description(files: MagFiles, layer: LayerProperties) -> Iterator[Problem]:
    """Does the header hold what the JSON says?"""
    header, entry = files.array.header, files.entry
    channels = 3 if layer.element_class is ElementClass.UINT24 else layer.num_channels
    if (header.dtype.name, header.num_channels) != (layer.element_class.dtype, channels):
        yield Problem(
            place=files.place,
            message=(
                f"The files of mag {entry.mag} hold {header.num_channels} × {header.dtype.name}, "
                f"the JSON says {channels} × {layer.element_class.dtype} ({layer.element_class})."
            ),
            hint="Correct elementClass and numChannels in the JSON, or take out the mag that does not belong.",
        )
    if entry.cube_length is not None and entry.cube_length != header.cube_len:
        yield Problem(
            place=(*files.place, "cubeLength"),
            message=f"The files have cubes of {header.cube_len} voxels, the JSON says {entry.cube_length}.",
            hint=f"Set cubeLength to {header.cube_len}.",
            severity=Severity.WARNING,
        )


def check_kinds(mags: list[MagFiles], place: Place) -> Iterator[Problem]:
    """Do all mags hold the same kind of values?"""
    kinds = {str(files.entry.mag): f"{files.array.num_channels} × {files.array.dtype.name}" for files in mags}
    if len(set(kinds.values())) > 1:
        named = ", ".join(f"mag {mag} holds {kind}" for mag, kind in kinds.items())
        yield Problem(
            place=(*place, "mags"),
            message=f"The mags do not belong together: {named}.",
            hint="Downsample the layer anew from its finest mag.",
        )


def read_cubes(files: MagFiles, box: BoundingBox, step: Callable[[], None], *, deep: bool) -> Reading:
    """Can every cube file be read? ``step`` is called after each piece; ``box`` is the layer's."""
    problems: list[Problem] = []
    largest, inside = 0, box.in_mag(files.entry.mag)
    for cube in sorted(files.cubes):
        is_readable = True
        for corner, size in files.pieces(cube, deep=deep):
            if is_readable:
                try:
                    voxels = files.array.read(corner, size, cache=False)
                    largest = max(largest, _largest(voxels, BoundingBox(corner, size), inside)) if deep else 0
                except VoxshelfError as error:
                    problems.append(_problem_of(error, files.place))
                    # A damaged block says nothing of the others; a damaged file does.
                    is_readable = isinstance(error, DamagedDataError) and error.block is not None
            step()
    return Reading(problems, largest)


def _largest(voxels: NDArray[Any], box: BoundingBox, inside: BoundingBox) -> int:
    """The largest value of those within ``inside``; 0 for values that are no whole numbers."""
    part = box.intersection(inside)
    if part.is_empty or voxels.dtype.kind not in "iu":
        return 0
    x, y, z = (
        slice(first - start, last - start)
        for first, last, start in zip(part.topleft, part.bottomright, box.topleft, strict=True)
    )
    return int(voxels[..., x, y, z].max())


def _problem_of(error: VoxshelfError, place: Place) -> Problem:
    return Problem(place=place, message=error.what, hint=error.hint)
