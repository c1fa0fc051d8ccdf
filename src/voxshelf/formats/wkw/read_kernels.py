"""The compiled loop of the WKW reader: fetch blocks, decode them, place their rows in the output.

Words used here: as in :mod:`voxshelf.formats.wkw.read_plan`. Several threads run :func:`read_items` on one
plan and draw items from a shared counter. Everything that comes from the file is checked here before it is
used as a position or a length. Importing this module loads numba.
"""

from __future__ import annotations

from typing import Any

from voxshelf.formats.compiled import kernel
from voxshelf.formats.wkw.item_kernels import morton, position, wanted
from voxshelf.formats.wkw.lz4_decoder import decode_block, input_bytes_for
from voxshelf.formats.wkw.memory import add_atomically, load_u64, pread, prefetch
from voxshelf.formats.wkw.read_plan import (
    ARENA,
    AT_ONCE,
    BAD_BLOCK,
    BAD_TABLE,
    BLOCK_LEN,
    DATA_OFFSET,
    DESCRIPTOR,
    FAILED_ITEM,
    FILE_BYTES,
    FIRST_PAGE,
    IS_COMPRESSED,
    LOWER,
    MEMORY,
    PAGE_BYTES,
    PAGE_PLANES,
    PAGES,
    READ_FAILED,
    ROOM,
    STATUS,
    TABLE_OFFSET,
    TOTAL,
    TRUNCATED,
    VOXEL_BYTES,
)
from voxshelf.formats.wkw.row_kernels import copy_bytes, place

__all__ = ["read_items", "span_items", "stored_range"]

# Where the gap between two wanted pieces is smaller, reading it along is cheaper than one more system call.
_WORTH_A_CALL = 8192


@kernel("UniTuple(int64, 3)(int64[::1], int64[::1], int64, int64)")
def stored_range(plan: Any, table: Any, index: int, buffer: int) -> tuple[int, int, int]:
    """Where a compressed block lies: status, offset, length.

    The jump table is asked in memory, or in the file where it is too long to be kept.
    """
    block_bytes = plan[BLOCK_LEN] ** 3 * plan[VOXEL_BYTES]
    start = plan[DATA_OFFSET]
    if len(table) > 0:
        end = table[index]
        if index > 0:
            start = table[index - 1]
    else:
        first = max(index - 1, 0)
        length = 8 * (index - first + 1)
        if pread(plan[DESCRIPTOR], buffer, length, plan[TABLE_OFFSET] + 8 * first) != length:
            return READ_FAILED, 0, 0
        end = load_u64(buffer + length - 8)
        if index > 0:
            start = load_u64(buffer)
    # Offsets are unsigned in the file: from 2**63 on they are negative here, and fail the same tests.
    if start < plan[DATA_OFFSET] or end > plan[FILE_BYTES] or end <= start:
        return BAD_TABLE, 0, 0
    if end - start > input_bytes_for(block_bytes, block_bytes):
        return BAD_TABLE, 0, 0
    return 0, start, end - start


@kernel("int64(int64[::1], int64[::1], int64, int64)")
def _bytes_to_decode(plan: Any, pages: Any, item: int, z1: int) -> int:
    """How far to decode when planes before ``z1`` are wanted: to the end of a page that has to be filled."""
    side, planes = plan[BLOCK_LEN], plan[PAGE_PLANES]
    last = plan[PAGES] - 1
    while last >= 0:
        entry = pages[item * plan[PAGES] + last]
        if entry >= 0 and entry & 1:
            z1 = max(z1, min((plan[FIRST_PAGE] + last + 1) * planes, side))
            break
        last -= 1
    return z1 * (side * side * plan[VOXEL_BYTES])  # type: ignore[no-any-return]


@kernel("int64(int64[::1], int64[::1], int64)")
def _is_cached(plan: Any, pages: Any, item: int) -> int:
    """Whether the cache has all pages that an item needs, ready to be read."""
    if plan[PAGES] == 0:
        return 0
    z0, z1 = wanted(plan, 2, position(plan, item)[2])
    slots = item * plan[PAGES] - plan[FIRST_PAGE]
    for page in range(z0 // plan[PAGE_PLANES], (z1 - 1) // plan[PAGE_PLANES] + 1):
        if pages[slots + page] < 0 or pages[slots + page] & 1:
            return 0
    return 1


@kernel("void(int64[::1], int64[::1], int64)")
def _prefetch_cached(plan: Any, pages: Any, item: int) -> None:
    """Ask for the first plane that an item will want: it lies anywhere in a large memory."""
    if item >= plan[TOTAL]:
        return
    _, by, bz = position(plan, item)
    side, planes = plan[BLOCK_LEN], plan[PAGE_PLANES]
    row = side * plan[VOXEL_BYTES]
    y0, y1 = wanted(plan, 1, by)
    z0, _ = wanted(plan, 2, bz)
    slot = pages[item * plan[PAGES] + z0 // planes - plan[FIRST_PAGE]] >> 1
    source = plan[ARENA] + slot * plan[PAGE_BYTES] + z0 % planes * row * side + y0 * row
    for line in range(0, (y1 - y0) * row, 64):
        prefetch(source + line)


@kernel("void(int64[::1], int64[::1], int64)")
def _read_cached(plan: Any, pages: Any, item: int) -> None:
    bx, by, bz = position(plan, item)
    side, planes = plan[BLOCK_LEN], plan[PAGE_PLANES]
    y0, y1 = wanted(plan, 1, by)
    z0, z1 = wanted(plan, 2, bz)
    row = side * plan[VOXEL_BYTES]
    below = plan[LOWER + 2] - bz * side
    slots = item * plan[PAGES] - plan[FIRST_PAGE]
    for page in range(z0 // planes, (z1 - 1) // planes + 1):
        first, stop = max(z0, page * planes), min(z1, (page + 1) * planes)
        source = plan[ARENA] + (pages[slots + page] >> 1) * plan[PAGE_BYTES]
        source += (first - page * planes) * row * side + y0 * row
        place(plan, bx, by, source, y0, y1, first - below, stop - below)


@kernel("void(int64[::1], int64[::1], int64, int64)")
def _fill_pages(plan: Any, pages: Any, item: int, block: int) -> None:
    """Copy the pages that this request has to fill from the decoded block into the cache."""
    side, planes = plan[BLOCK_LEN], plan[PAGE_PLANES]
    plane = side * side * plan[VOXEL_BYTES]
    for n in range(plan[PAGES]):
        slot = pages[item * plan[PAGES] + n]
        if slot >= 0 and slot & 1:
            first = (n + plan[FIRST_PAGE]) * planes
            source = block + first * plane
            copy_bytes(
                plan[ARENA] + (slot >> 1) * plan[PAGE_BYTES], source, min(planes, side - first) * plane
            )


@kernel("int64(int64[::1], int64[::1], int64[::1], int64[::1], int64, int64, int64)")
def _read_compressed(
    plan: Any, table: Any, pages: Any, staged: Any, item: int, buffer: int, block: int
) -> int:
    bx, by, bz = position(plan, item)
    side = plan[BLOCK_LEN]
    row = side * plan[VOXEL_BYTES]
    status, offset, length = stored_range(plan, table, morton(bx, by, bz), buffer)
    if status:
        return status
    y0, y1 = wanted(plan, 1, by)
    z0, z1 = wanted(plan, 2, bz)
    needed = _bytes_to_decode(plan, pages, item, z1)
    available = min(length, input_bytes_for(needed, row * side * side))
    source = buffer
    if plan[DESCRIPTOR] < 0:
        source = plan[MEMORY] + staged[item]
    else:
        got = pread(plan[DESCRIPTOR], buffer, available, offset)
        if got != available:
            return READ_FAILED if got < 0 else TRUNCATED
    if not decode_block(source, available, length, block, needed, row * side * side):
        return BAD_BLOCK
    if plan[PAGES] > 0:
        _fill_pages(plan, pages, item, block)
    below = plan[LOWER + 2] - bz * side
    place(plan, bx, by, block + (z0 * side + y0) * row, y0, y1, z0 - below, z1 - below)
    return 0


@kernel("int64(int64[::1], int64[::1], int64, int64)")
def _read_raw(plan: Any, staged: Any, item: int, buffer: int) -> int:
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


@kernel("int64(int64[::1], int64[::1], int64[::1], int64[::1], int64[::1], int64, int64)")
def read_items(plan: Any, table: Any, pages: Any, staged: Any, progress: Any, buffer: int, block: int) -> int:
    """Read items until none is left; run by several threads at once on one plan and progress.

    Parameters
    ----------
    plan : int64 array
        The request.
    table : int64 array
        The jump table; empty where there is none, or where it has to be asked in the file.
    pages : int64 array (items × pages per item)
        Per page its slot in the cache times 2, plus 1 where this request fills it; negative: not cached.
    staged : int64 array (items or more)
        Where an item's bytes lie behind ``plan[MEMORY]``; only looked at where there is no descriptor.
    progress : int64 array
        The shared counter, and the first failure.
    buffer, block : address
        This thread's room for what is fetched (``plan[ROOM]`` bytes) and for what is decoded, with slack.

    Returns
    -------
    int
        0, or the status of the item that this thread failed on.
    """
    total, at_once = plan[TOTAL], plan[AT_ONCE]
    shared = progress.ctypes.data
    while progress[STATUS] == 0:
        first = add_atomically(shared, at_once)
        if first >= total:
            break
        for item in range(first, min(first + at_once, total)):
            if not plan[IS_COMPRESSED]:
                status = _read_raw(plan, staged, item, buffer)
            elif _is_cached(plan, pages, item):
                _prefetch_cached(plan, pages, item + 1)
                _read_cached(plan, pages, item)
                status = 0
            else:
                status = _read_compressed(plan, table, pages, staged, item, buffer, block)
            if status:
                progress[FAILED_ITEM] = item
                progress[STATUS] = status
                return status
    return 0


@kernel("int64(int64[::1], int64[::1], int64[::1], int64[::1], int64[::1], int64[::1])")
def span_items(plan: Any, table: Any, pages: Any, offsets: Any, lengths: Any, progress: Any) -> int:
    """Tell which bytes of the source each item needs, to be staged; failures are as in ``read_items``."""
    side = plan[BLOCK_LEN]
    row = side * plan[VOXEL_BYTES]
    plane = row * side
    for item in range(plan[TOTAL]):
        bx, by, bz = position(plan, item)
        y0, y1 = wanted(plan, 1, by)
        z0, z1 = wanted(plan, 2, bz)
        status = 0
        if _is_cached(plan, pages, item):
            offsets[item] = lengths[item] = 0
        elif plan[IS_COMPRESSED]:
            status, offsets[item], length = stored_range(plan, table, morton(bx, by, bz), 0)
            lengths[item] = min(
                length, input_bytes_for(_bytes_to_decode(plan, pages, item, z1), plane * side)
            )
        else:
            offsets[item] = plan[DATA_OFFSET] + morton(bx, by, bz) * side * plane + z0 * plane + y0 * row
            lengths[item] = (z1 - z0 - 1) * plane + (y1 - y0) * row
            if offsets[item] + lengths[item] > plan[FILE_BYTES]:
                status = TRUNCATED
        if status:
            progress[FAILED_ITEM] = item
            progress[STATUS] = status
            return status
    return 0
