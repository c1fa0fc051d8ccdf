"""Where there is data: does the layer's bounding box fit the cubes, and do the mags cover each other?

Words used here: a mag *covers* a Mag-1 box where a cube file of it lies. Data may be sparse: a missing cube
alone is no mistake, but one of which another mag has data is.
"""

from __future__ import annotations

import math
from itertools import pairwise, product
from typing import TYPE_CHECKING

from voxshelf.errors import VoxshelfError
from voxshelf.model import BoundingBox, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from voxshelf.intake.checking.mag_files import MagFiles
    from voxshelf.model import LayerProperties, Place, Vec3Int

_NAMED_AT_MOST = 3


def check_box(layer: LayerProperties, mags: Sequence[MagFiles], place: Place) -> Iterator[Problem]:
    """Does the bounding box hold the data, and not more? The finest mag tells: its cubes are the smallest."""
    box, place = layer.bounding_box, (*place, "boundingBox")
    covered = BoundingBox((0, 0, 0), (0, 0, 0))
    for files in _sorted(mags)[:1]:
        covered = _covered(files)
    outside = sum(box.intersection(_cube_box(cube, files)).is_empty for files in mags for cube in files.cubes)
    if not covered.is_empty and not covered.contains(box):
        yield Problem(
            place=place,
            message=f"The box {box} is larger than the data: cube files cover {covered}.",
            hint=f"Set it to {box.intersection(covered)}, or put the missing cubes in place; until then it reads as 0.",
            severity=Severity.WARNING,
        )
    if outside:
        yield Problem(
            place=place,
            message=f"{outside} cube file(s) lie outside of the box {box}: they are never shown.",
            hint=f"Cube files cover {covered}: widen the box, or remove what does not belong.",
            severity=Severity.WARNING,
        )


def check_coarse_holes(layer: LayerProperties, mags: Sequence[MagFiles], place: Place) -> Iterator[Problem]:
    """Has each coarser mag data where the finer one has?"""
    for fine, coarse in pairwise(_sorted(mags)):
        missing = _missing(layer.bounding_box, fine, coarse)
        if missing:
            yield Problem(
                place=(*place, "mags"),
                message=(
                    f"Mag {coarse.entry.mag} has no data where mag {fine.entry.mag} has some: "
                    f"{_named([str(box) for box in missing])}."
                ),
                hint="Zoomed out, these places look empty. Downsample the layer anew.",
                severity=Severity.WARNING,
            )


def check_fine_holes(
    layer: LayerProperties, mags: Sequence[MagFiles], cancel: Callable[[], bool]
) -> Iterator[Problem]:
    """Is a cube file missing of which a coarser mag still has voxels? They were there when it was made."""
    if len(mags) < 2:
        return
    *finer, coarsest = _sorted(mags)
    for fine in finer:
        lost = [
            _file_name(cube)
            for cube in _absent_below(layer.bounding_box, fine, coarsest)
            if not cancel() and _has_voxels(layer.bounding_box.intersection(_cube_box(cube, fine)), coarsest)
        ]
        if lost:
            yield Problem(
                place=fine.place,
                message=(
                    f"Cube files of mag {fine.entry.mag} are missing, although mag {coarsest.entry.mag} has data "
                    f"there: {_named(lost)}."
                ),
                hint=f"Copy them to {fine.array.path} again; until then these places are black when zoomed in.",
            )


def check_gaps(layer: LayerProperties, coarsest: MagFiles) -> Iterator[Problem]:
    """Are there cubes within the data that no file is of? No other mag tells whether that is right."""
    spanned = _ranges_of(layer.bounding_box.intersection(_covered(coarsest)), coarsest)
    expected = math.prod(len(indices) for indices in spanned)
    present = sum(
        all(index in indices for index, indices in zip(cube, spanned, strict=True)) for cube in coarsest.cubes
    )
    if present < expected:
        yield Problem(
            place=coarsest.place,
            message=(
                f"{expected - present} of the {expected} cubes that the data spans in mag {coarsest.entry.mag} have no "
                f"file: they read as 0."
            ),
            hint="That is right for data with empty places, such as many segmentations; else copy it again.",
            severity=Severity.INFO,
        )


def _sorted(mags: Iterable[MagFiles]) -> list[MagFiles]:
    return sorted(mags, key=lambda files: files.entry.mag)


def _missing(box: BoundingBox, fine: MagFiles, coarse: MagFiles) -> list[BoundingBox]:
    """The fine mag's cubes, in Mag-1 voxels and cut to ``box``, of which the coarse mag lacks some part."""
    found = []
    for cube in sorted(fine.cubes):
        seen = _cube_box(cube, fine).intersection(box)
        if any(needed not in coarse.cubes for needed in _cubes_of(seen, coarse)):
            found.append(seen)
    return found


def _absent_below(box: BoundingBox, fine: MagFiles, coarse: MagFiles) -> Iterator[Vec3Int]:
    """The fine mag's cubes that are not there, below the coarse mag's cube files and within ``box``."""
    told: set[Vec3Int] = set()
    for cube in sorted(coarse.cubes):
        seen = _cube_box(cube, coarse).intersection(box)
        for needed in _cubes_of(seen, fine):
            if needed not in fine.cubes and needed not in told:
                told.add(needed)
                yield needed


def _has_voxels(box: BoundingBox, files: MagFiles) -> bool:
    """Whether a mag holds anything but zeros in a Mag-1 box; no, where it cannot be read."""
    inside = box.in_mag(files.entry.mag)
    depth = files.array.block_len
    try:
        for z in range(inside.topleft[2], inside.bottomright[2], depth):
            height = min(depth, inside.bottomright[2] - z)
            if files.array.read((*inside.topleft[:2], z), (*inside.size[:2], height), cache=False).any():
                return True
    except VoxshelfError:  # told where the mag's own files are read
        return False
    return False


def _covered(files: MagFiles) -> BoundingBox:
    """The smallest Mag-1 box around all cube files of a mag."""
    box = BoundingBox((0, 0, 0), (0, 0, 0))
    for cube in files.cubes:
        box = box.union(_cube_box(cube, files))
    return box


def _cubes_of(box: BoundingBox, files: MagFiles) -> Iterator[Vec3Int]:
    """The cubes of a mag that a Mag-1 box reaches into."""
    x, y, z = _ranges_of(box, files)
    return product(x, y, z)


def _ranges_of(box: BoundingBox, files: MagFiles) -> tuple[range, range, range]:
    """Along each axis, the cubes of a mag that a Mag-1 box reaches into."""
    if box.is_empty:
        return range(0), range(0), range(0)
    inside, side = box.in_mag(files.entry.mag), files.array.cube_len
    x, y, z = (
        range(first // side, (end - 1) // side + 1)
        for first, end in zip(inside.topleft, inside.bottomright, strict=True)
    )
    return x, y, z


def _cube_box(cube: Vec3Int, files: MagFiles) -> BoundingBox:
    side = files.array.cube_len
    return BoundingBox([index * side for index in cube], (side, side, side)).from_mag(files.entry.mag)


def _file_name(cube: Vec3Int) -> str:
    x, y, z = cube
    return f"z{z}/y{y}/x{x}.wkw"


def _named(items: Sequence[str]) -> str:
    more = len(items) - _NAMED_AT_MOST
    return "; ".join(items[:_NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")
