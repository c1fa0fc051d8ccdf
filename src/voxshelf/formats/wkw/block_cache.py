"""Decoded voxels that are kept because a neighbouring slice will want them: :class:`BlockCache`.

Words used here: a *page* is a run of a block's z-planes of at most 16 KiB, the unit of keeping: a uint8 block
of 32³ voxels has two pages, a uint32 one eight. Pages lie in *slots* of the *arena*, one piece of memory.
A page gets a slot when it is *missed* for the second time, or next to one that has a slot: a single slice
costs no more than its own decoding, the second one fills the cache, those after it are copied. A page that requests
use at the moment is *pinned* and stays; otherwise the least recently used one of a page's possible slots
makes room.
"""

from __future__ import annotations

import os
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from voxshelf.formats.wkw import read_plan as at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voxshelf.formats.wkw.header import WkwHeader

__all__ = ["BlockCache", "Claim", "shared_cache"]

SLOT_BYTES = 16 * 1024
_WAYS = 32
# Together with what files and threads keep this stays below the 64 MiB that reading may take on top.
_SHARED_BYTES = 36 * 1024 * 1024
_MOST_BLOCKS = 1 << 21
_MISSED = 1 << 15
# Slots begin where the processor's cache lines do.
_ALIGNMENT = 64


class Claim(NamedTuple):
    """The pages of a request; holds on to the memory that they lie in.

    Parameters
    ----------
    pages : int64 array
        Per item and page what ``read_items`` takes.
    to_decode : int
        How many of the pages the cache does not have yet.
    slots, arena : array
        The cache's own.
    """

    pages: NDArray[np.int64]
    to_decode: int
    slots: NDArray[np.int64]
    arena: NDArray[np.uint8]


class BlockCache:
    """Pages of decoded blocks, bounded by bytes, for all files and threads of a process.

    Parameters
    ----------
    max_bytes : int
        Of decoded voxels; memory is taken when it is first needed.
    """

    def __init__(self, max_bytes: int) -> None:
        self._groups = max(1, max_bytes // (SLOT_BYTES * _WAYS))
        self.clear()

    def clear(self) -> None:
        """Forget everything; requests that are under way keep what they use."""
        self._lock = Lock()
        self._now = 0
        self._slots: NDArray[np.int64] | None = None
        self._arena = np.empty(0, np.uint8)
        self._arena_address = 0

    @property
    def max_bytes(self) -> int:
        """Bytes of decoded voxels that are kept at most."""
        return self._groups * _WAYS * SLOT_BYTES

    def can_keep(self, header: WkwHeader) -> bool:
        """Whether blocks of this kind are kept: compressed, and with planes that fit into a slot."""
        plane = header.block_len**2 * header.voxel_bytes
        return header.is_compressed and plane <= SLOT_BYTES and header.blocks_per_file <= _MOST_BLOCKS

    def claim(self, plan: NDArray[np.int64]) -> Claim | None:
        """Pin the pages of a request, and enter the cache into its plan.

        Parameters
        ----------
        plan : int64 array
            The request, for a file whose blocks can be kept. Its cache numbers are set here.

        Returns
        -------
        Claim or None
            To be released. None where the request would take more than half of the cache; its plan is left
            as it was.
        """
        from voxshelf.formats.wkw.cache_kernels import claim_pages  # noqa: PLC0415 - loads numba

        side = int(plan[at.BLOCK_LEN])
        planes = min(side, SLOT_BYTES // (side * side * int(plan[at.VOXEL_BYTES])))
        z0, z1 = int(plan[at.LOWER + 2]), int(plan[at.UPPER + 2])
        first, count = 0, -(-side // planes)
        if z0 // side == (z1 - 1) // side:
            first = z0 % side // planes
            count = (z1 - 1) % side // planes - first + 1
        wanted = int(plan[at.TOTAL]) * count
        if wanted * 2 > self._groups * _WAYS:
            return None
        with self._lock:
            if self._slots is None:
                self._slots = np.zeros((4, self._groups * _WAYS), np.int64)
                self._missed = np.zeros(_MISSED, np.int64)
                self._arena = np.empty(self._groups * _WAYS * SLOT_BYTES + _ALIGNMENT, np.uint8)
                address = self._arena.__array_interface__["data"][0]
                self._arena_address = address + -address % _ALIGNMENT
            pages = np.empty(wanted, np.int64)
            plan[at.PAGE_PLANES : at.ARENA + 1] = planes, SLOT_BYTES, first, count, self._arena_address
            self._now += 1
            to_decode = claim_pages(plan, pages, self._slots, self._missed, _WAYS, self._now)
            return Claim(pages, to_decode, self._slots, self._arena)

    def release(self, claim: Claim, *, are_filled: bool) -> None:
        """Unpin what :meth:`claim` gave; pages that the request failed to fill are forgotten."""
        from voxshelf.formats.wkw.cache_kernels import release_pages  # noqa: PLC0415 - loads numba

        with self._lock:
            release_pages(claim.pages, claim.slots, are_filled)


shared_cache = BlockCache(_SHARED_BYTES)
if hasattr(os, "register_at_fork"):
    # A request of another thread may have been under way: nobody would ever release it.
    os.register_at_fork(after_in_child=shared_cache.clear)
