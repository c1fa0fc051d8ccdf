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
from voxshelf.formats.wkw.memory import add_atomically, load_u64, pread
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
    STATUS,
    TABLE_OFFSET,
    TOTAL,
    TRUNCATED,
    VOXEL_BYTES,
)
from voxshelf.formats.wkw.row_kernels import copy_bytes, place
from voxshelf.formats.wkw.run_kernels import cached_run, read_cached, read_raw

__all__ = ["read_items", "span_items", "stored_range"]


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


@kernel("int64(int64[::1], int64[::1], int64[::1], int64[::1], int64[::1], int64[::1], int64, int64)")
def read_items(
    plan: Any, table: Any, pages: Any, staged: Any, progress: Any, sources: Any, buffer: int, block: int
) -> int:
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
    sources : int64 array
        This thread's room for addresses; it is as long as a run of blocks may be.
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
        item, stop = first, min(first + at_once, total)
        while item < stop:
            done, status = 0, 0
            if not plan[IS_COMPRESSED]:
                done, status = read_raw(plan, staged, sources, item, stop, buffer)
            else:
                done = cached_run(plan, pages, item, min(stop, item + len(sources)))
                if done > 0:
                    read_cached(plan, pages, sources, item, done)
                else:
                    status = _read_compressed(plan, table, pages, staged, item, buffer, block)
                    done = 0 if status else 1
            item += done
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
        if cached_run(plan, pages, item, item + 1):
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
