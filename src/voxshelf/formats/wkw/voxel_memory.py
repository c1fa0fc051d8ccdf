"""Memory for the voxels that reading hands out, used again as soon as nobody refers to it: :class:`VoxelMemory`.

Words used here: a *piece* is memory for one array; it is *lent* to a *borrower*, the array that all arrays and
views on the piece keep alive, and comes back when that one goes.

Fresh memory costs a page fault for each 4 KiB that are written into it. For a slice of a raw file that is a third
of the time, and who scrolls asks for one array of the same size after the other.
"""

from __future__ import annotations

import math
import weakref
from collections import deque
from typing import TYPE_CHECKING, Any

import numpy as np

from voxshelf.errors import OutOfRangeError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["VoxelMemory", "new_array", "shared_memory"]

_SMALLEST = 64 * 1024
_LARGEST = 4 * 1024 * 1024 + 4096
_KEPT_PIECES = 3
_ALIGNMENT = 64


class VoxelMemory:
    """A few pieces of memory that are kept for the next array; safe to use from several threads.

    Nothing here takes a lock: pieces come back whenever Python throws an array away, at any point of any thread.

    Parameters
    ----------
    smallest, largest : int
        Pieces of other lengths are not kept.
    kept_pieces : int
        So many are kept at most while nobody uses them.
    """

    def __init__(
        self, smallest: int = _SMALLEST, largest: int = _LARGEST, kept_pieces: int = _KEPT_PIECES
    ) -> None:
        self._smallest = smallest
        self._largest = largest
        self._free: deque[memoryview] = deque(maxlen=kept_pieces)
        self._lent: dict[int, tuple[weakref.ref[Any], memoryview]] = {}

    def borrow(self, length: int) -> NDArray[np.uint8]:
        """At least ``length`` bytes of memory that nobody else uses; what is in them is undefined."""
        if not self._smallest <= length <= self._largest:
            return np.empty(length, np.uint8)
        piece = self._fitting(length)
        # A memoryview stands between the two arrays, or numpy would have views refer to the first one directly.
        borrower = np.frombuffer(piece, np.uint8)
        reference = weakref.ref(borrower, self._come_back)
        self._lent[id(reference)] = reference, piece
        return borrower

    def _fitting(self, length: int) -> memoryview:
        for _ in range(len(self._free)):
            try:
                piece = self._free.popleft()
            except IndexError:  # another thread was quicker
                break
            if length <= piece.nbytes <= length + length // 4:
                return piece
            self._free.append(piece)
        return np.empty(length, np.uint8).data

    def _come_back(self, reference: weakref.ref[Any]) -> None:
        _, piece = self._lent.pop(id(reference))
        self._free.append(piece)


shared_memory = VoxelMemory()


def new_array(shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
    """An uninitialized Fortran-ordered array, large ones aligned to the processor's cache lines.

    Raises
    ------
    OutOfRangeError
        If there is not that much memory.
    """
    length = math.prod(shape) * dtype.itemsize
    if length < _ALIGNMENT * _ALIGNMENT:
        return np.empty(shape, dtype, order="F")
    try:
        memory = shared_memory.borrow(length + _ALIGNMENT)
    except (MemoryError, ValueError, OverflowError) as error:
        sides = " × ".join(map(str, shape))
        raise OutOfRangeError(
            f"An array of {sides} values takes {length / 2**30:.3g} GiB: there is not that much memory.",
            hint="Read it piece by piece, or a coarser mag.",
        ) from error
    skipped = -memory.__array_interface__["data"][0] % _ALIGNMENT
    return np.ndarray(shape, dtype, memory, skipped, order="F")
