"""Which cube files a WKW mag has: their extent from the names alone, over all z, y and x folders.

Names are ``z{z}/y{y}/x{x}.wkw``. Folders may be ragged: every z has its own y folders and every y its own files,
so all of them are looked at. Other names, and what is no file, are left alone.
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

__all__ = ["cube_extent", "cube_positions", "find_link"]

# More digits than nine are no position of a cube: its voxels' would not fit into 64 bits.
_FOLDER = {axis: re.compile(rf"{axis}(\d{{1,9}})") for axis in "zy"}
_FILE = re.compile(r"x(\d{1,9})\.wkw")


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
        for y, y_folder in _numbered(z_folder.path, _FOLDER["y"], problems):
            for x, file in _numbered(y_folder.path, _FILE, problems):
                if _is_file(file):
                    yield (x, y, z)


def find_link(mag_folder: Path) -> str | None:
    """The path of a symbolic link among a mag's files and folders; None where there is none."""
    header = mag_folder / "header.wkw"
    if header.is_symlink():
        return str(header)
    unlisted: list[Problem] = []
    level = [str(mag_folder)]
    for pattern in (_FOLDER["z"], _FOLDER["y"], _FILE):
        below = [entry for folder in level for _, entry in _numbered(folder, pattern, unlisted)]
        for entry in below:
            if entry.is_symlink():
                return entry.path
        level = [entry.path for entry in below]
    return None


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link in a circle
        return False


def _numbered(
    folder: str, pattern: re.Pattern[str], problems: list[Problem]
) -> list[tuple[int, os.DirEntry[str]]]:
    """The entries whose whole name matches, each with its number, sorted."""
    try:
        with os.scandir(folder) as entries:
            found = [(int(match[1]), entry) for entry in entries if (match := pattern.fullmatch(entry.name))]
    except OSError as error:
        problems.append(read_problem(folder, error))
        return []
    return sorted(found, key=lambda numbered: (numbered[0], numbered[1].name))
