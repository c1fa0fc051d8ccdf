"""Compiled copying of rows of voxels from a block to where they belong in the output.

Words used here: as in :mod:`voxshelf.formats.wkw.read_plan`; a *row* is a run of voxels along x. Importing
this module loads numba. All addresses and lengths have been checked by the caller.
"""

from __future__ import annotations

from typing import Any

from voxshelf.formats.compiled import kernel
from voxshelf.formats.wkw.item_kernels import wanted
from voxshelf.formats.wkw.memory import copy1, copy2, copy4, copy8, copy16, copy32, stream32
from voxshelf.formats.wkw.read_plan import BLOCK_LEN, IS_LARGE, LOWER, OUT, STEP_Y, STEP_Z, VOXEL_BYTES

__all__ = ["copy_bytes", "copy_few_bytes", "place", "place_run"]


@kernel(inline=True)
def copy_bytes(target: int, source: int, count: int) -> None:
    """Copy at least 32 bytes, and not a byte more."""
    done = 32
    while done < count:
        copy32(target + done - 32, source + done - 32)
        done += 32
    copy32(target + count - 32, source + count - 32)


@kernel(inline=True)
def copy_few_bytes(target: int, source: int, count: int) -> None:
    """Copy 1 to 31 bytes, and not a byte more: with two moves that may overlap."""
    if count >= 16:
        copy16(target, source)
        copy16(target + count - 16, source + count - 16)
    elif count >= 8:
        copy8(target, source)
        copy8(target + count - 8, source + count - 8)
    elif count >= 4:
        copy4(target, source)
        copy4(target + count - 4, source + count - 4)
    elif count >= 2:
        copy2(target, source)
        copy2(target + count - 2, source + count - 2)
    else:
        copy1(target, source)


@kernel("void(int64[::1], int64, int64, int64, int64, int64, int64, int64)")
def place(plan: Any, bx: int, by: int, source: int, y0: int, y1: int, z0: int, z1: int) -> None:
    """Copy rows ``y0 … y1`` of planes ``z0 … z1`` of a block into the output.

    Parameters
    ----------
    plan : int64 array
        The request.
    bx, by : int
        The block's position in the file, counted in blocks.
    source : address
        Row ``y0`` of plane ``z0``, from the block's own first voxel in x.
    y0, y1 : int
        Rows, from the block's corner.
    z0, z1 : int
        Planes, from the *output's* first plane.
    """
    side, voxel = plan[BLOCK_LEN], plan[VOXEL_BYTES]
    step_y, step_z = plan[STEP_Y], plan[STEP_Z]
    x0, x1 = wanted(plan, 0, bx)
    row = side * voxel
    plane = row * side
    count = (x1 - x0) * voxel
    source += x0 * voxel
    target = plan[OUT] + (bx * side + x0 - plan[LOWER]) * voxel
    target += (by * side + y0 - plan[LOWER + 1]) * step_y
    for z in range(z0, z1):
        to = target + z * step_z
        of = source + (z - z0) * plane
        if count == 32:  # a whole row of 32 bytes: the commonest of all
            for _ in range(y1 - y0):
                copy32(to, of)
                to += step_y
                of += row
        elif plan[IS_LARGE] and (count | to | step_y) % 64 == 0:
            # Whole cache lines: the processor need not fetch what they held before.
            for _ in range(y1 - y0):
                for done in range(0, count, 64):
                    stream32(to + done, of + done)
                    stream32(to + done + 32, of + done + 32)
                to += step_y
                of += row
        elif count > 32:
            for _ in range(y1 - y0):
                copy_bytes(to, of, count)
                to += step_y
                of += row
        else:
            for _ in range(y1 - y0):
                copy_few_bytes(to, of, count)
                to += step_y
                of += row


@kernel(inline=True)
def _copy_row(target: int, source: int, count: int) -> None:
    if count >= 32:
        copy_bytes(target, source, count)
    else:
        copy_few_bytes(target, source, count)


@kernel("void(int64[::1], int64, int64, int64[::1], int64, int64, int64, int64)")
def place_run(plan: Any, bx: int, by: int, sources: Any, y0: int, y1: int, z0: int, z1: int) -> None:
    """Copy the same rows and planes of blocks that lie side by side in x, one row of the output after the other.

    Taken alone, the rows of one block lie so far apart in a wide output that most of them share a place in the
    processor's first cache, which takes half as long again.

    Parameters
    ----------
    plan, y0, y1, z0, z1
        As for :func:`place`.
    bx, by : int
        The first block's position in the file.
    sources : int64 array
        As ``source`` for :func:`place`, of each block.
    """
    side, voxel, count = plan[BLOCK_LEN], plan[VOXEL_BYTES], len(sources)
    step_y, step_z = plan[STEP_Y], plan[STEP_Z]
    x0, _ = wanted(plan, 0, bx)
    _, x1 = wanted(plan, 0, bx + count - 1)
    row = side * voxel
    skipped = x0 * voxel
    first = (side if count > 1 else x1) * voxel - skipped
    target = plan[OUT] + (bx * side + x0 - plan[LOWER]) * voxel
    target += (by * side + y0 - plan[LOWER + 1]) * step_y
    for z in range(z0, z1):
        for y in range(y1 - y0):
            to = target + z * step_z + y * step_y
            of = ((z - z0) * side + y) * row
            _copy_row(to, sources[0] + skipped + of, first)
            to += first
            if row == 32:  # these two are the commonest by far: without questions in the loop
                for n in range(1, count - 1):
                    copy32(to, sources[n] + of)
                    to += 32
            elif row == 128:
                for n in range(1, count - 1):
                    source = sources[n] + of
                    copy32(to, source)
                    copy32(to + 32, source + 32)
                    copy32(to + 64, source + 64)
                    copy32(to + 96, source + 96)
                    to += 128
            else:
                for n in range(1, count - 1):
                    _copy_row(to, sources[n] + of, row)
                    to += row
            if count > 1:
                _copy_row(to, sources[count - 1] + of, x1 * voxel)
