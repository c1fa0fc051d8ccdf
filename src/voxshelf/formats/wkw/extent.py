"""What is on disk of a mag: its cube files, and the box around them.

Words used here: a *cube coordinate* counts cube files, ``z{z}/y{y}/x{x}.wkw``. Folders that people keep data
in hold other things too; names that are not exactly of this form are passed over.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from voxshelf.formats.bytes import explained
from voxshelf.model.geometry import BoundingBox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voxshelf.model.geometry import Vec3Int

__all__ = ["box_around", "cubes_in"]

# WKW counts voxels with 32 bits, so a cube coordinate has at most ten digits.
_NUMBER = r"(0|[1-9]\d{0,9})"
_Z, _Y, _X = (re.compile(pattern) for pattern in (f"z{_NUMBER}", f"y{_NUMBER}", rf"x{_NUMBER}\.wkw"))


def cubes_in(folder: str) -> Iterator[Vec3Int]:
    """The cube coordinates ``(x, y, z)`` of all cube files in a mag folder, z slowest, in rising order.

    Raises
    ------
    NotAllowedError, StoreUnavailableError
        If a folder cannot be listed.
    """
    for z, z_folder in _numbered(folder, _Z, folders=True):
        for y, y_folder in _numbered(z_folder, _Y, folders=True):
            for x, _ in _numbered(y_folder, _X, folders=False):
                yield x, y, z


def box_around(cubes: Iterator[Vec3Int], cube_len: int) -> BoundingBox:
    """The smallest box around all cubes of ``cube_len³`` voxels; an empty box at the origin if there are none."""
    lower: Vec3Int | None = None
    upper = (0, 0, 0)
    for cube in cubes:
        if lower is None:
            lower = upper = cube
        lower = (min(lower[0], cube[0]), min(lower[1], cube[1]), min(lower[2], cube[2]))
        upper = (max(upper[0], cube[0]), max(upper[1], cube[1]), max(upper[2], cube[2]))
    if lower is None:
        return BoundingBox((0, 0, 0), (0, 0, 0))
    return BoundingBox.from_corners(
        tuple(c * cube_len for c in lower), tuple((c + 1) * cube_len for c in upper)
    )


def _numbered(folder: str, pattern: re.Pattern[str], *, folders: bool) -> list[tuple[int, str]]:
    """The entries of a folder whose names fit, with their numbers, in rising order."""
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                match = pattern.fullmatch(entry.name)
                if match and (entry.is_dir() if folders else entry.is_file()):
                    found.append((int(match[1]), entry.path))
    except FileNotFoundError:  # it has gone while the listing was under way
        return []
    except OSError as error:
        raise explained(error, folder) from error
    return sorted(found)
