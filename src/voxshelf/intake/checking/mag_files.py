"""The files of one mag: do they fit together, fit the JSON, and can they be read?

A quick look opens every cube file (its header and its table of blocks are checked against the file's size); a
*deep* one decodes every block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from voxshelf.errors import DamagedDataError, VoxshelfError
from voxshelf.formats.wkw import WkwArray
from voxshelf.model import ElementClass, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from voxshelf.model import LayerProperties, Place, Vec3Int
    from voxshelf.model.data_source import MagProperties


class Watcher(NamedTuple):
    """How far a check is, and whether to stop: called after every cube and every layer of blocks."""

    step: Callable[[], None]


class MagFiles(NamedTuple):
    """A mag whose files were looked at."""

    array: WkwArray
    cubes: frozenset[Vec3Int]


def open_mag(folder: Path, place: Place) -> tuple[MagFiles | None, list[Problem]]:
    """Open a mag's folder; None with the reason where that is not possible."""
    if not folder.is_dir():
        message = f"The folder {folder} is missing."
        hint = "Put the mag's files there, downsample the layer anew, or take the mag out of the JSON."
        return None, [Problem(place=place, message=message, hint=hint)]
    try:
        array = WkwArray.open(folder)
        cubes = frozenset(array.cubes())
    except VoxshelfError as error:
        return None, [_problem_of(error, place)]
    if not cubes:
        message = f"There are no cube files in {folder}."
        return None, [
            Problem(place=place, message=message, hint="It reads as zeros.", severity=Severity.WARNING)
        ]
    return MagFiles(array, cubes), []


def check_description(
    files: MagFiles, layer: LayerProperties, entry: MagProperties, place: Place
) -> Iterator[Problem]:
    """Does the header hold what the JSON says?"""
    header = files.array.header
    channels = 3 if layer.element_class is ElementClass.UINT24 else layer.num_channels
    if (header.dtype.name, header.num_channels) != (layer.element_class.dtype, channels):
        yield Problem(
            place=place,
            message=(
                f"The files of mag {entry.mag} hold {header.num_channels} × {header.dtype.name}, "
                f"the JSON says {channels} × {layer.element_class.dtype} ({layer.element_class})."
            ),
            hint="Correct elementClass and numChannels in the JSON, or take out the mag that does not belong.",
        )
    if entry.cube_length is not None and entry.cube_length != header.cube_len:
        yield Problem(
            place=(*place, "cubeLength"),
            message=f"The files have cubes of {header.cube_len} voxels, the JSON says {entry.cube_length}.",
            hint=f"Set cubeLength to {header.cube_len}.",
            severity=Severity.WARNING,
        )


def check_cubes(files: MagFiles, place: Place, watcher: Watcher, *, deep: bool) -> Iterator[Problem]:
    """Can every cube file be read?"""
    array = files.array
    for cube in sorted(files.cubes):
        corner = tuple(index * array.cube_len for index in cube)
        boxes = _slabs(corner, array) if deep else _ends(corner, array)
        for topleft, size in boxes:
            try:
                array.read(topleft, size, cache=False)
            except VoxshelfError as error:
                yield _problem_of(error, place)
                if not isinstance(error, DamagedDataError) or error.block is None:
                    break
            watcher.step()


def _ends(corner: tuple[int, ...], array: WkwArray) -> Iterator[tuple[tuple[int, ...], tuple[int, int, int]]]:
    """The cube's first voxel and its last, which lies in the last block of the file."""
    yield corner, (1, 1, 1)
    yield tuple(start + array.cube_len - 1 for start in corner), (1, 1, 1)


def _slabs(
    corner: tuple[int, ...], array: WkwArray
) -> Iterator[tuple[tuple[int, ...], tuple[int, int, int]]]:
    """Boxes one block high that make up a cube: bounded memory, and the next slab goes on after damage."""
    side, height = array.cube_len, array.block_len
    x, y, z = corner
    for offset in range(0, side, height):
        yield (x, y, z + offset), (side, side, height)


def _problem_of(error: VoxshelfError, place: Place) -> Problem:
    return Problem(place=place, message=error.what, hint=error.hint)
