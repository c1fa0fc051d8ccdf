"""Compiled reading of blocks that need no decoding: cached ones, and those of raw files.

Words used here: as in :mod:`voxshelf.formats.wkw.read_plan`; a *run* is blocks that lie side by side in x. All of
them want the same rows and planes, so a run is placed in the output as a whole, row by row. Importing this module
loads numba.
"""

from __future__ import annotations

from typing import Any

from voxshelf.formats.compiled import kernel
from voxshelf.formats.wkw.item_kernels import morton, position, wanted
from voxshelf.formats.wkw.memory import pread
from voxshelf.formats.wkw.read_plan import (
    ARENA,
    BLOCK_LEN,
    BLOCKS,
    DATA_OFFSET,
    DESCRIPTOR,
    FILE_BYTES,
    FIRST_PAGE,
    IS_LARGE,
    LOWER,
    MEMORY,
    PAGE_BYTES,
    PAGE_PLANES,
    PAGES,
    READ_FAILED,
    ROOM,
    TRUNCATED,
    VOXEL_BYTES,
)
from voxshelf.formats.wkw.row_kernels import place, place_run

__all__ = ["cached_run", "read_cached", "read_raw"]

# Where the gap between two wanted pieces is smaller, reading it along is cheaper than one more system call.
_WORTH_A_CALL = 8192
# Pieces that are fetched together before they are placed: of so many bytes each, which keep close to the core.
_LARGEST_PIECE = 8192


@kernel("int64(int64[::1], int64, int64)")
def _end_of_run(plan: Any, item: int, stop: int) -> int:
    """The item before which a run ends, no later than ``stop``."""
    if plan[IS_LARGE]:  # it is written past the caches, block by block
        return min(stop, item + 1)
    return min(stop, item - item % plan[BLOCKS] + plan[BLOCKS])  # type: ignore[no-any-return]


@kernel("int64(int64[::1], int64[::1], int64, int64)")
def cached_run(plan: Any, pages: Any, item: int, stop: int) -> int:
    """How many items, from this one on and before ``stop``, are a run of which the cache has all pages."""
    count = plan[PAGES]
    if count == 0:
        return 0
    z0, z1 = wanted(plan, 2, position(plan, item)[2])
    first = z0 // plan[PAGE_PLANES] - plan[FIRST_PAGE]
    last = (z1 - 1) // plan[PAGE_PLANES] - plan[FIRST_PAGE]
    for other in range(item, _end_of_run(plan, item, stop)):
        for page in range(other * count + first, other * count + last + 1):
            if pages[page] < 0 or pages[page] & 1:
                return other - item
    return _end_of_run(plan, item, stop) - item


@kernel("void(int64[::1], int64[::1], int64[::1], int64, int64)")
def read_cached(plan: Any, pages: Any, sources: Any, item: int, count: int) -> None:
    """Place a run that the cache has."""
    bx, by, bz = position(plan, item)
    side, planes = plan[BLOCK_LEN], plan[PAGE_PLANES]
    y0, y1 = wanted(plan, 1, by)
    z0, z1 = wanted(plan, 2, bz)
    row = side * plan[VOXEL_BYTES]
    below = plan[LOWER + 2] - bz * side
    slots = item * plan[PAGES] - plan[FIRST_PAGE]
    for page in range(z0 // planes, (z1 - 1) // planes + 1):
        first, stop = max(z0, page * planes), min(z1, (page + 1) * planes)
        inside = plan[ARENA] + (first - page * planes) * row * side + y0 * row
        for n in range(count):
            sources[n] = inside + (pages[slots + n * plan[PAGES] + page] >> 1) * plan[PAGE_BYTES]
        if count == 1:
            place(plan, bx, by, sources[0], y0, y1, first - below, stop - below)
        else:
            place_run(plan, bx, by, sources[:count], y0, y1, first - below, stop - below)


@kernel("UniTuple(int64, 2)(int64[::1], int64[::1], int64, int64, int64)")
def _read_raw_run(plan: Any, sources: Any, item: int, count: int, buffer: int) -> tuple[int, int]:
    """Fetch one piece of each block of a run, then place them; returns as :func:`read_raw`."""
    bx, by, bz = position(plan, item)
    y0, y1 = wanted(plan, 1, by)
    z0, z1 = wanted(plan, 2, bz)
    side = plan[BLOCK_LEN]
    row = side * plan[VOXEL_BYTES]
    plane = row * side
    span = (z1 - z0 - 1) * plane + (y1 - y0) * row
    for n in range(count):
        offset = plan[DATA_OFFSET] + morton(bx + n, by, bz) * side * plane + z0 * plane + y0 * row
        if offset + span > plan[FILE_BYTES]:
            return n, TRUNCATED
        sources[n] = buffer + n * span
        got = pread(plan[DESCRIPTOR], sources[n], span, offset)
        if got != span:
            return n, READ_FAILED if got < 0 else TRUNCATED
    below = plan[LOWER + 2] - bz * side
    place_run(plan, bx, by, sources[:count], y0, y1, z0 - below, z1 - below)
    return count, 0


@kernel("int64(int64[::1], int64[::1], int64, int64)")
def _read_raw_block(plan: Any, staged: Any, item: int, buffer: int) -> int:
    bx, by, bz = position(plan, item)
    y0, y1 = wanted(plan, 1, by)
    z0, z1 = wanted(plan, 2, bz)
    side = plan[BLOCK_LEN]
    row = side * plan[VOXEL_BYTES]
    plane = row * side
    offset = plan[DATA_OFFSET] + morton(bx, by, bz) * side * plane + z0 * plane + y0 * row
    span = (z1 - z0 - 1) * plane + (y1 - y0) * row
    if offset + span > plan[FILE_BYTES]:
        return TRUNCATED
    below = plan[LOWER + 2] - bz * side
    if plan[DESCRIPTOR] < 0:
        place(plan, bx, by, plan[MEMORY] + staged[item], y0, y1, z0 - below, z1 - below)
        return 0
    planes, rows = 1, y1 - y0
    if span <= plan[ROOM] and plane - rows * row < _WORTH_A_CALL:
        planes = z1 - z0
    rows = min(rows, plan[ROOM] // row)
    for z in range(z0, z1, planes):
        for y in range(y0, y1, rows):
            stop = min(y + rows, y1)
            length = (planes - 1) * plane + (stop - y) * row
            got = pread(plan[DESCRIPTOR], buffer, length, offset + (z - z0) * plane + (y - y0) * row)
            if got != length:
                return READ_FAILED if got < 0 else TRUNCATED
            place(plan, bx, by, buffer, y, stop, z - below, z + planes - below)
    return 0


@kernel("UniTuple(int64, 2)(int64[::1], int64[::1], int64[::1], int64, int64, int64)")
def read_raw(plan: Any, staged: Any, sources: Any, item: int, stop: int, buffer: int) -> tuple[int, int]:
    """Read this item, and those before ``stop`` that are best read along.

    Returns
    -------
    tuple of 2 ints
        How many could be read, and what went wrong with the next one, or 0.
    """
    _, by, bz = position(plan, item)
    y0, y1 = wanted(plan, 1, by)
    z0, z1 = wanted(plan, 2, bz)
    side = plan[BLOCK_LEN]
    row = side * plan[VOXEL_BYTES]
    plane = row * side
    span = (z1 - z0 - 1) * plane + (y1 - y0) * row
    is_one_piece = z1 - z0 == 1 or plane - (y1 - y0) * row < _WORTH_A_CALL
    if plan[DESCRIPTOR] >= 0 and is_one_piece and span <= min(_LARGEST_PIECE, plan[ROOM] // 2):
        count = min(_end_of_run(plan, item, stop) - item, len(sources), plan[ROOM] // span)
        if count > 1:
            return _read_raw_run(plan, sources, item, count, buffer)
    status = _read_raw_block(plan, staged, item, buffer)
    return 0 if status else 1, status
