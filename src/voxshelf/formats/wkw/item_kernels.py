"""Compiled arithmetic of a request: which block an item is, and what the box wants of it.

Words used here: as in :mod:`voxshelf.formats.wkw.read_plan`. Importing this module loads numba.
"""

from __future__ import annotations

from typing import Any

from voxshelf.formats.compiled import kernel
from voxshelf.formats.wkw.read_plan import BLOCK_LEN, BLOCKS, FIRST_BLOCK, LOWER, UPPER

__all__ = ["morton", "position", "wanted"]


@kernel(inline=True)
def _spread(value: int) -> int:
    """Put two zero bits between any two bits of ``value``."""
    value = (value | (value << 32)) & 0x1F00000000FFFF
    value = (value | (value << 16)) & 0x1F0000FF0000FF
    value = (value | (value << 8)) & 0x100F00F00F00F00F
    value = (value | (value << 4)) & 0x10C30C30C30C30C3
    return (value | (value << 2)) & 0x1249249249249249


@kernel(inline=True)
def position(plan: Any, item: int) -> tuple[int, int, int]:
    """The block of this item, counted in blocks from the file's corner."""
    row, x = divmod(item, plan[BLOCKS])
    z, y = divmod(row, plan[BLOCKS + 1])
    return plan[FIRST_BLOCK] + x, plan[FIRST_BLOCK + 1] + y, plan[FIRST_BLOCK + 2] + z


@kernel(inline=True)
def morton(x: int, y: int, z: int) -> int:
    """The index of a block in its file, as in :mod:`voxshelf.formats.wkw.morton`."""
    return _spread(x) | _spread(y) << 1 | _spread(z) << 2


@kernel(inline=True)
def wanted(plan: Any, axis: int, position: int) -> tuple[int, int]:
    """Which voxels of the block at this position the box wants along one axis, from the block's corner."""
    side = plan[BLOCK_LEN]
    lower = max(plan[LOWER + axis] - position * side, 0)
    upper = min(plan[UPPER + axis] - position * side, side)
    return lower, upper
