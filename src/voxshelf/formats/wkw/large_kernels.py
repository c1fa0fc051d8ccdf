"""The compiled loop of the WKW reader for blocks that are too large to be held in memory as a whole.

Words used here: as in :mod:`voxshelf.formats.wkw.read_plan` and :mod:`voxshelf.formats.wkw.lz4_decoder`. Input goes
through a *buffer* of ``INPUT_ROOM`` bytes. Output goes through a *window* that *slides* when it is full: what is
finished goes to its place, and the last 64 KiB stay, because matches go back no further. Importing this module
loads numba.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from voxshelf.formats.compiled import kernel
from voxshelf.formats.wkw.item_kernels import morton, position, wanted
from voxshelf.formats.wkw.lz4_decoder import LAST_INPUT, LAST_LITERALS, LAST_MATCH, copy_literals, copy_match
from voxshelf.formats.wkw.memory import add_atomically, copy1, load_u8, load_u16, pread
from voxshelf.formats.wkw.read_kernels import stored_range
from voxshelf.formats.wkw.read_plan import (
    AT_ONCE,
    BAD_BLOCK,
    BLOCK_LEN,
    DESCRIPTOR,
    FAILED_ITEM,
    INPUT_ROOM,
    LOWER,
    MEMORY,
    OUT,
    READ_FAILED,
    STATUS,
    STEP_Y,
    STEP_Z,
    TOTAL,
    TRUNCATED,
    VOXEL_BYTES,
    WINDOW_ROOM,
)
from voxshelf.formats.wkw.row_kernels import copy_bytes, copy_few_bytes

__all__ = ["read_large_items"]

_HISTORY = 64 * 1024
# A token, an offset and the first bytes of both lengths.
_MARGIN = 16
# Places in the state: the block's position; where in the file it lies; its bytes, and how many are needed.
_BX, _BY, _BZ, _OFFSET, _LENGTH, _BLOCK_BYTES, _NEEDED = 0, 1, 2, 3, 4, 5, 6
# The buffer, what of it has been read, how much is in it, and how much of the block has been fetched so far.
_BUFFER, _READ, _HAVE, _FETCHED = 7, 8, 9, 10
# The window; it holds _FILLED bytes of the block from _BASE on, and those before _EMITTED are where they belong.
_WINDOW, _BASE, _FILLED, _EMITTED = 11, 12, 13, 14
_STATE_LENGTH = 15


@kernel("int64(int64[::1], int64[::1])")
def _refill(plan: Any, state: Any) -> int:
    """Fetch more of a block behind what is left in the buffer: 0, or what went wrong."""
    missing = state[_LENGTH] - state[_FETCHED]
    if plan[DESCRIPTOR] < 0 or missing == 0:
        return BAD_BLOCK
    buffer, left = state[_BUFFER], state[_HAVE] - state[_READ]
    for n in range(left):
        copy1(buffer + n, buffer + state[_READ] + n)
    more = min(INPUT_ROOM - left, missing)
    got = pread(plan[DESCRIPTOR], buffer + left, more, state[_OFFSET] + state[_FETCHED])
    if got != more:
        return READ_FAILED if got < 0 else TRUNCATED
    state[_READ], state[_HAVE] = 0, left + more
    state[_FETCHED] += more
    return 0


@kernel("int64(int64[::1], int64[::1], int64)")
def _has(plan: Any, state: Any, count: int) -> int:
    """Have so many bytes of input at hand: 0, or what went wrong."""
    if state[_HAVE] - state[_READ] < count:
        status = _refill(plan, state)
        if status:
            return status
        if state[_HAVE] < count:
            return BAD_BLOCK
    return 0


@kernel("UniTuple(int64, 2)(int64[::1], int64[::1], int64)")
def _length_of(plan: Any, state: Any, nibble: int) -> tuple[int, int]:
    """A length that begins with this half of a token: what went wrong, and the length."""
    count = nibble
    more = 255 if nibble == 15 else 0
    while more == 255:
        status = _has(plan, state, 1)
        if status:
            return status, 0
        more = load_u8(state[_BUFFER] + state[_READ])
        state[_READ] += 1
        count += more
        if count > state[_BLOCK_BYTES]:
            return BAD_BLOCK, 0
    return 0, count


@kernel("void(int64[::1], int64[::1])")
def _emit(plan: Any, state: Any) -> None:
    """Put what the window has of the block, and what has not been put there yet, where the box wants it."""
    bx, by, bz = state[_BX], state[_BY], state[_BZ]
    start, stop = state[_EMITTED], state[_BASE] + state[_FILLED]
    source = state[_WINDOW] - state[_BASE]
    side, voxel = plan[BLOCK_LEN], plan[VOXEL_BYTES]
    row = side * voxel
    x0, x1 = wanted(plan, 0, bx)
    y0, y1 = wanted(plan, 1, by)
    z0, z1 = wanted(plan, 2, bz)
    target = plan[OUT] + (bx * side - plan[LOWER]) * voxel
    target += (by * side - plan[LOWER + 1]) * plan[STEP_Y] + (bz * side - plan[LOWER + 2]) * plan[STEP_Z]
    for line in range(start // row, (stop - 1) // row + 1):
        z, y = divmod(line, side)
        if y < y0 or y >= y1 or z < z0 or z >= z1:
            continue
        first = max(line * row + x0 * voxel, start)
        count = min(line * row + x1 * voxel, stop) - first
        to = target + y * plan[STEP_Y] + z * plan[STEP_Z] + first - line * row
        if count >= 32:
            copy_bytes(to, source + first, count)
        elif count > 0:
            copy_few_bytes(to, source + first, count)
    state[_EMITTED] = stop


@kernel("int64(int64[::1], int64[::1], int64, int64)")
def _append(plan: Any, state: Any, count: int, back: int) -> int:
    """Append bytes to the output, from ``back`` bytes before its end, or from the input where ``back`` is 0."""
    while count:
        some = min(count, WINDOW_ROOM - state[_FILLED])
        target = state[_WINDOW] + state[_FILLED]
        if back:
            copy_match(target, back, some)
        else:
            status = _has(plan, state, 1)
            if status:
                return status
            some = min(some, state[_HAVE] - state[_READ])
            copy_literals(target, state[_BUFFER] + state[_READ], some)
            state[_READ] += some
        state[_FILLED] += some
        count -= some
        if state[_FILLED] == WINDOW_ROOM:
            _emit(plan, state)
            copy_bytes(state[_WINDOW], state[_WINDOW] + WINDOW_ROOM - _HISTORY, _HISTORY)
            state[_BASE], state[_FILLED] = state[_EMITTED] - _HISTORY, _HISTORY
    return 0


@kernel("int64(int64[::1], int64[::1], int64, int64)")
def _append_run(plan: Any, state: Any, nibble: int, back: int) -> int:
    """Append the literals, or the match from ``back`` bytes back, whose length begins with this half of a token."""
    status, count = _length_of(plan, state, nibble)
    if status:
        return status
    room = state[_BLOCK_BYTES] - state[_BASE] - state[_FILLED]
    if back:
        count += 4
        room -= LAST_LITERALS
    if count > room:
        return BAD_BLOCK
    if state[_NEEDED] < state[_BLOCK_BYTES]:
        count = min(count, state[_NEEDED] - state[_BASE] - state[_FILLED])
    return _append(plan, state, count, back)


@kernel("int64(int64[::1], int64[::1])")
def _decode(plan: Any, state: Any) -> int:  # noqa: C901, PLR0911 - one loop, as in decode_block
    """Decode a block as far as it is needed; what is not valid is as in ``decode_block``."""
    needed, block_bytes, length = state[_NEEDED], state[_BLOCK_BYTES], state[_LENGTH]
    is_part = needed < block_bytes
    while True:
        if state[_HAVE] - state[_READ] < _MARGIN and state[_FETCHED] < length and plan[DESCRIPTOR] >= 0:
            status = _refill(plan, state)
            if status:
                return status
        status = _has(plan, state, 1)
        if status:
            return status
        token = load_u8(state[_BUFFER] + state[_READ])
        state[_READ] += 1
        status = _append_run(plan, state, token >> 4, 0)
        written = state[_BASE] + state[_FILLED]
        read = state[_FETCHED] - state[_HAVE] + state[_READ]
        if status or (is_part and written == needed):
            return status
        if read == length:
            return 0 if written == block_bytes else BAD_BLOCK
        if written > block_bytes - LAST_MATCH or read > length - LAST_INPUT:
            return BAD_BLOCK
        status = _has(plan, state, 2)
        if status:
            return status
        back = load_u16(state[_BUFFER] + state[_READ])
        state[_READ] += 2
        if back == 0 or back > written:
            return BAD_BLOCK
        status = _append_run(plan, state, token & 15, back)
        if status or (is_part and state[_BASE] + state[_FILLED] == needed):
            return status


@kernel("int64(int64[::1], int64[::1], int64[::1], int64, int64, int64, int64[::1])")
def _read_large(plan: Any, table: Any, staged: Any, item: int, buffer: int, window: int, state: Any) -> int:
    """Decode one block to the end of the last plane that is wanted: 0, or what went wrong."""
    bx, by, bz = position(plan, item)
    plane = plan[BLOCK_LEN] ** 2 * plan[VOXEL_BYTES]
    state[:] = 0
    state[_BX], state[_BY], state[_BZ] = bx, by, bz
    state[_BLOCK_BYTES], state[_NEEDED] = plane * plan[BLOCK_LEN], plane * wanted(plan, 2, bz)[1]
    state[_BUFFER], state[_WINDOW] = buffer, window
    status, state[_OFFSET], state[_LENGTH] = stored_range(plan, table, morton(bx, by, bz), buffer)
    if status:
        return status
    if plan[DESCRIPTOR] < 0:
        state[_BUFFER] = plan[MEMORY] + staged[item]
        state[_HAVE] = state[_FETCHED] = staged[len(staged) // 2 + item]
    status = _decode(plan, state)
    if status == 0 and state[_BASE] + state[_FILLED] > state[_EMITTED]:
        _emit(plan, state)
    return status


@kernel("int64(int64[::1], int64[::1], int64[::1], int64[::1], int64, int64)")
def read_large_items(plan: Any, table: Any, staged: Any, progress: Any, buffer: int, window: int) -> int:
    """Read items until none is left, like :func:`~voxshelf.formats.wkw.read_kernels.read_items`.

    Parameters
    ----------
    plan, table, progress : int64 array
        As there.
    staged : int64 array (2 × items)
        Per item where its bytes lie behind ``plan[MEMORY]``, then per item how many there are; only looked at where
        there is no descriptor.
    buffer, window : address
        This thread's room: ``INPUT_ROOM`` and ``WINDOW_ROOM`` bytes, with slack.

    Returns
    -------
    int
        0, or the status of the item that this thread failed on.
    """
    shared = progress.ctypes.data
    state = np.zeros(_STATE_LENGTH, np.int64)
    while progress[STATUS] == 0:
        first = add_atomically(shared, plan[AT_ONCE])
        if first >= plan[TOTAL]:
            break
        for item in range(first, min(first + plan[AT_ONCE], plan[TOTAL])):
            status = _read_large(plan, table, staged, item, buffer, window, state)
            if status:
                progress[FAILED_ITEM] = item
                progress[STATUS] = status
                return status
    return 0
