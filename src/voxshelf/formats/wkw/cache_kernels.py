"""The compiled bookkeeping of the block cache: which slot keeps which page.

Words used here: as in :mod:`voxshelf.formats.wkw.block_cache`. Both kernels run under the cache's lock.
Importing this module loads numba.
"""

from __future__ import annotations

from typing import Any

from voxshelf.formats.compiled import kernel
from voxshelf.formats.wkw.item_kernels import morton, wanted
from voxshelf.formats.wkw.memory import equal_among_8
from voxshelf.formats.wkw.read_plan import (
    BLOCK_LEN,
    BLOCKS,
    FILE_NUMBER,
    FIRST_BLOCK,
    FIRST_PAGE,
    PAGE_PLANES,
    PAGES,
)

__all__ = ["claim_pages", "release_pages"]

# States of a slot that has a key; those without one are empty.
_FILLING, _READY = 1, 2
# Rows of the slots' table; no page has the key 0.
KEY, STATE, PINS, USED = 0, 1, 2, 3
# Bits of a key: page, then block, then file.
_PAGE_BITS, _BLOCK_BITS = 7, 21


@kernel(inline=True)
def _mix(key: int) -> int:
    """Spread keys evenly over 31 bits: those of neighbouring blocks differ in few bits."""
    mixed = key * 0x2545F4914F6CDD1D
    mixed = (mixed ^ (mixed >> 32)) * 0x1B03738712FAD5C9
    return mixed >> 32 & 0x7FFFFFFF


@kernel(inline=True)
def _key(plan: Any, bx: int, by: int, bz: int, page: int) -> int:
    """The name of a page, unique among all files that are open."""
    return (plan[FILE_NUMBER] << _BLOCK_BITS | morton(bx, by, bz)) << _PAGE_BITS | page  # type: ignore[no-any-return]


@kernel(inline=True)
def _first_slot(slots: Any, ways: int, key: int) -> int:
    """The first of the slots in which a page may be."""
    return (_mix(key) * (slots.shape[1] // ways) >> 31) * ways  # type: ignore[no-any-return]


@kernel(inline=True)
def _slot_of(slots: Any, ways: int, key: int) -> int:
    """The slot of a page; -1 if it has none."""
    first = _first_slot(slots, ways, key)
    keys = slots[KEY].ctypes.data
    for slot in range(first, first + ways, 8):
        equal = equal_among_8(keys + slot * 8, key)
        if equal:
            while equal & 1 == 0:
                equal >>= 1
                slot += 1  # noqa: PLW2901 - the loop ends here
            return slot
    return -1


@kernel("int64(int64[::1], int64[:, ::1], int64, int64, int64, int64, int64)")
def _has_neighbour(plan: Any, slots: Any, ways: int, bx: int, by: int, bz: int, page: int) -> int:
    """Whether the page above or below in z is kept: then somebody is scrolling towards this one."""
    last = (plan[BLOCK_LEN] + plan[PAGE_PLANES] - 1) // plan[PAGE_PLANES] - 1
    for step in (-1, 1):
        z, other = bz, page + step
        if other < 0:
            z, other = bz - 1, last
        elif other > last:
            z, other = bz + 1, 0
        if z < 0:
            continue
        key = _key(plan, bx, by, z, other)
        if _slot_of(slots, ways, key) >= 0:
            return 1
    return 0


@kernel("int64(int64[:, ::1], int64, int64, int64)")
def _find(slots: Any, ways: int, key: int, now: int) -> int:
    """The slot of a page, pinned, times 2; -1 if nobody has it, -2 if somebody is filling it."""
    slot = _slot_of(slots, ways, key)
    if slot < 0:
        return -1
    if slots[STATE, slot] == _FILLING:
        return -2
    slots[PINS, slot] += 1
    slots[USED, slot] = now
    return slot * 2


@kernel("int64(int64[::1], int64)")
def _is_missed_again(missed: Any, key: int) -> int:
    """Whether a page was missed before; from now on it was."""
    place = (_mix(key) & len(missed) // 2 - 1) * 2
    if key in (missed[place], missed[place + 1]):
        return 1
    missed[place], missed[place + 1] = key, missed[place]
    return 0


@kernel("int64(int64[:, ::1], int64, int64, int64)")
def _make_room(slots: Any, ways: int, key: int, now: int) -> int:
    """Take the slot that has not been used for longest: times 2, plus 1; -1 if all are in use."""
    first = _first_slot(slots, ways, key)
    victim, oldest = -1, now
    for slot in range(first, first + ways):
        if slots[PINS, slot] == 0 and slots[USED, slot] < oldest:
            victim, oldest = slot, slots[USED, slot]
    if victim < 0:
        return -1
    slots[KEY, victim] = key
    slots[STATE, victim] = _FILLING
    slots[PINS, victim] = 1
    slots[USED, victim] = now
    return victim * 2 + 1


@kernel("int64(int64[::1], int64[::1], int64[:, ::1], int64[::1], int64, int64)")
def claim_pages(plan: Any, pages: Any, slots: Any, missed: Any, ways: int, now: int) -> int:
    """Pin the pages that a request needs; those that are likely to be wanted again get a slot.

    They are, when they are missed for the second time, or when their neighbour in z is kept.

    Parameters
    ----------
    plan : int64 array
        The request.
    pages : int64 array (items × pages per item)
        Receives slot × 2, plus 1 where the request has to fill it; negative where the page is not cached.
    slots : int64 array (4, slots)
        Per slot the page's key, its state, how many requests use it, and when it was last used.
    missed : int64 array
        Keys of pages that were missed before; its length is a power of two.
    ways : int
        A page may be in any of so many slots, a multiple of 8; which, its key tells.
    now : int
        Larger with each request.

    Returns
    -------
    int
        How many pages have to be decoded.
    """
    count, planes = plan[PAGES], plan[PAGE_PLANES]
    x, y, z = plan[FIRST_BLOCK], plan[FIRST_BLOCK + 1], plan[FIRST_BLOCK + 2]
    entry = to_decode = 0
    for bz in range(z, z + plan[BLOCKS + 2]):
        z0, z1 = wanted(plan, 2, bz)
        first, last = z0 // planes, (z1 - 1) // planes
        for by in range(y, y + plan[BLOCKS + 1]):
            for bx in range(x, x + plan[BLOCKS]):
                for page in range(plan[FIRST_PAGE], plan[FIRST_PAGE] + count):
                    pages[entry] = -1
                    if first <= page <= last:
                        key = _key(plan, bx, by, bz, page)
                        pages[entry] = _find(slots, ways, key, now)
                        if pages[entry] == -1 and (
                            _is_missed_again(missed, key)
                            or _has_neighbour(plan, slots, ways, bx, by, bz, page)
                        ):
                            pages[entry] = _make_room(slots, ways, key, now)
                        to_decode += pages[entry] < 0 or pages[entry] & 1 == 1
                    entry += 1
    return to_decode


@kernel("void(int64[::1], int64[:, ::1], int64)")
def release_pages(pages: Any, slots: Any, are_filled: int) -> None:
    """Unpin a request's pages; those that it had to fill become readable, or empty if it failed."""
    for entry in pages:
        if entry < 0:
            continue
        slots[PINS, entry >> 1] -= 1
        if entry & 1:
            slots[STATE, entry >> 1] = _READY
            if not are_filled:
                slots[KEY, entry >> 1] = slots[USED, entry >> 1] = 0
