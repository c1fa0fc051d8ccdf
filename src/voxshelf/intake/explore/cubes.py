"""Which cube files a WKW mag has: their extent from the names alone, over all z, y and x folders.

Names are ``z{z}/y{y}/x{x}.wkw``. Folders may be ragged: every z has its own y folders and every y its own files,
so all of them are looked at. Other names are left alone.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from voxshelf.intake.folder_problems import read_problem
from voxshelf.model import BoundingBox, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voxshelf.model import Vec3Int

__all__ = ["cube_extent", "cube_positions"]

_FOLDER = {axis: re.compile(rf"{axis}(\d+)") for axis in "zy"}
_FILE = re.compile(r"x(\d+)\.wkw")


def cube_extent(mag_folder: Path, cube_len: int, problems: list[Problem]) -> BoundingBox | None:
    """The box around all cubes of a mag, in that mag's own voxels; None where there is no cube.

    Parameters
    ----------
    mag_folder : Path
        Holds ``header.wkw`` and the z folders.
    cube_len : int
        Voxels per cube side.
    problems : list of Problem
        Takes what cannot be listed.
    """
    lower, upper = [1 << 62] * 3, [-1] * 3
    for position in cube_positions(mag_folder, problems):
        for axis in range(3):
            lower[axis] = min(lower[axis], position[axis])
            upper[axis] = max(upper[axis], position[axis])
    if upper[0] < 0:
        return None
    return BoundingBox.from_corners(
        [index * cube_len for index in lower], [(index + 1) * cube_len for index in upper]
    )


def cube_positions(mag_folder: Path, problems: list[Problem]) -> Iterator[Vec3Int]:
    """The position ``(x, y, z)`` of every cube file, counted in cubes, sorted by z, y, x."""
    for z, z_folder in _numbered(str(mag_folder), _FOLDER["z"], problems):
        for y, y_folder in _numbered(z_folder, _FOLDER["y"], problems):
            for x, _ in _numbered(y_folder, _FILE, problems):
                yield (x, y, z)


def _numbered(folder: str, pattern: re.Pattern[str], problems: list[Problem]) -> list[tuple[int, str]]:
    """The entries whose whole name matches, as (number, path), sorted."""
    try:
        with os.scandir(folder) as entries:
            found = [
                (int(match[1]), entry.path) for entry in entries if (match := pattern.fullmatch(entry.name))
            ]
    except OSError as error:
        problems.append(read_problem(folder, error))
        return []
    return sorted(found)
