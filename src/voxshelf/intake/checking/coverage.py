"""Where there is data: does the layer's bounding box fit the cubes, and do the mags cover each other?

Words used here: a mag *covers* a Mag-1 box where a cube file of it lies. Data may be sparse: a missing cube
alone is no mistake, but one that the next finer mag has is.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from voxshelf.model import BoundingBox, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from voxshelf.intake.checking.mag_files import MagFiles
    from voxshelf.model import LayerProperties, Mag, Place, Vec3Int

_NAMED_AT_MOST = 3


def check_box(layer: LayerProperties, mags: Mapping[Mag, MagFiles], place: Place) -> Iterator[Problem]:
    """Does the bounding box hold the data, and not more?"""
    box, place = layer.bounding_box, (*place, "boundingBox")
    covered = BoundingBox((0, 0, 0), (0, 0, 0))
    outside = 0
    for mag, files in mags.items():
        for cube in files.cubes:
            cube_box = _cube_box(cube, files, mag)
            covered = covered.union(cube_box)
            outside += box.intersection(cube_box).is_empty
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


def check_mags_cover_each_other(
    layer: LayerProperties, mags: Mapping[Mag, MagFiles], place: Place
) -> Iterator[Problem]:
    """Has each coarser mag data where the finer one has?"""
    for fine, coarse in pairwise(sorted(mags)):
        missing = _missing(layer.bounding_box, (fine, mags[fine]), (coarse, mags[coarse]))
        if missing:
            named = "; ".join(str(box) for box in missing[:_NAMED_AT_MOST])
            more = f" and {len(missing) - _NAMED_AT_MOST} more" if len(missing) > _NAMED_AT_MOST else ""
            yield Problem(
                place=(*place, "mags"),
                message=f"Mag {coarse} has no data where mag {fine} has some: {named}{more}.",
                hint="Zoomed out, these places look empty. Downsample the layer anew.",
                severity=Severity.WARNING,
            )


def _missing(box: BoundingBox, fine: tuple[Mag, MagFiles], coarse: tuple[Mag, MagFiles]) -> list[BoundingBox]:
    """The fine mag's cubes, in Mag-1 voxels and cut to ``box``, of which the coarse mag lacks some part."""
    found = []
    coarse_mag, coarse_files = coarse
    side = coarse_files.array.cube_len
    for cube in sorted(fine[1].cubes):
        seen = _cube_box(cube, fine[1], fine[0]).intersection(box)
        if seen.is_empty:
            continue
        wanted = seen.in_mag(coarse_mag)
        ranges = [
            range(first // side, (end - 1) // side + 1)
            for first, end in zip(wanted.topleft, wanted.bottomright, strict=True)
        ]
        cubes = ((x, y, z) for x in ranges[0] for y in ranges[1] for z in ranges[2])
        if any(needed not in coarse_files.cubes for needed in cubes):
            found.append(seen)
    return found


def _cube_box(cube: Vec3Int, files: MagFiles, mag: Mag) -> BoundingBox:
    side = files.array.cube_len
    return BoundingBox([index * side for index in cube], (side, side, side)).from_mag(mag)
