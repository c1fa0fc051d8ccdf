"""Tightening a proposed bounding box to the voxels that hold something.

Cube files have a fixed side, so the box around them mostly reaches beyond the data. Reading the finest mag tells
where values other than 0 end. Pieces that lie within what is known already are not read.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from voxshelf.errors import VoxshelfError
from voxshelf.intake.explore.cubes import cube_positions
from voxshelf.model import BoundingBox, Confidence, Finding, Mag, Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from voxshelf.formats.wkw import WkwArray
    from voxshelf.model import Problem, Proposal

__all__ = ["tighten_boxes"]

_PIECE = 128


def tighten_boxes(
    proposal: Proposal, folder: Path, *, progress: Callable[[float], None] | None = None
) -> Proposal:
    """A copy whose detected boxes end where the values do; boxes from a JSON or a person stay.

    Parameters
    ----------
    proposal : Proposal
        Of the dataset in ``folder``.
    folder : Path
        The dataset folder.
    progress : callable, optional
        Called with the finished share, from 0 to 1.
    """
    findings = list(proposal.findings)
    detected = [
        index
        for index, finding in enumerate(findings)
        if finding.place[-1] == "bounding_box" and finding.origin is Origin.DATA
    ]
    for done, index in enumerate(detected, start=1):
        findings[index] = _tightened(findings[index], proposal, folder)
        if progress is not None:
            progress(done / len(detected))
    return proposal.model_copy(update={"findings": tuple(findings)})


def _tightened(finding: Finding, proposal: Proposal, folder: Path) -> Finding:
    layer = str(finding.place[1])
    mag = proposal.values["layers", layer, "mags"][0].mag
    path = next((path for name in mag.folder_names if (path := folder / layer / name).is_dir()), None)
    if path is None:
        return finding
    try:
        box = _box_of_values(path, mag)
    except VoxshelfError as error:
        return finding.model_copy(update={"note": f"{finding.note} It could not be tightened: {error.what}"})
    if box.is_empty:
        return finding.model_copy(update={"note": f"{finding.note} All voxels of mag {mag} are 0."})
    note = f"The smallest box around all voxels of mag {mag} that are not 0."
    return finding.model_copy(update={"value": box, "confidence": Confidence.CERTAIN, "note": note})


def _box_of_values(path: Path, mag: Mag) -> BoundingBox:
    """The smallest box around voxels that are not 0, in Mag-1 voxels."""
    from voxshelf.formats.wkw import WkwArray  # noqa: PLC0415 - loads the compiler, only needed here

    array = WkwArray.open(path)
    box = BoundingBox((0, 0, 0), (0, 0, 0))
    for piece in _pieces(path, array):
        if not box.contains(piece):
            box = box.union(_extent_in(array, piece))
    return box.from_mag(mag)


def _pieces(path: Path, array: WkwArray) -> Iterator[BoundingBox]:
    """Boxes that cover all cube files and are read one at a time."""
    unlisted: list[Problem] = []
    side = array.cube_len
    step = min(_PIECE, side)
    for cube in cube_positions(path, unlisted):
        for inner in itertools.product(range(0, side, step), repeat=3):
            corner = [index * side + offset for index, offset in zip(cube, reversed(inner), strict=True)]
            yield BoundingBox(corner, (step, step, step))


def _extent_in(array: WkwArray, piece: BoundingBox) -> BoundingBox:
    """The smallest box around the values in one piece; empty if there are none."""
    voxels = array.read(piece.topleft, piece.size)
    filled = np.asarray(voxels.any(axis=0) if voxels.ndim == 4 else voxels != 0, dtype=bool)
    lower, upper = [], []
    for axis in range(3):
        others = tuple(other for other in range(3) if other != axis)
        (where,) = np.nonzero(filled.any(axis=others))
        if not len(where):
            return BoundingBox((0, 0, 0), (0, 0, 0))
        lower.append(piece.topleft[axis] + int(where[0]))
        upper.append(piece.topleft[axis] + int(where[-1]) + 1)
    return BoundingBox.from_corners(lower, upper)
