"""Slices of chunks that are thicker: a *slab*, as thick as the chunks, is decoded once and kept for the next slices.

A slab is only handed out while all of its files are what they were before it was read. Files that were changed a
moment ago are not trusted to show their next change, so slabs with such files are not kept.
"""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any

from voxshelf.formats.bytes import identity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from voxshelf.model.geometry import Vec3Int

__all__ = ["SlabCache", "slab_around", "slabs"]

LIMIT = 128 << 20
LARGEST = 48 << 20
_TICK_NS = 50_000_000
_WORTH_IT = 2


class SlabCache:
    """The slabs that were used last, within a limit of bytes; safe to use from several threads."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._lock = Lock()
        self._kept: OrderedDict[Any, tuple[Any, NDArray[Any]]] = OrderedDict()
        self._bytes = 0

    def get(self, key: Any, files: Iterable[Path], read: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        """The slab of a key: the kept one if its files are unchanged, else what ``read`` gives."""
        stamp, is_settled = _stamp(files)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept[0] == stamp:
                self._kept.move_to_end(key)
                return kept[1]
        voxels = read()
        with self._lock:
            self._forget(key)
            if is_settled and voxels.nbytes <= self._limit:
                self._kept[key] = (stamp, voxels)
                self._bytes += voxels.nbytes
            while self._bytes > self._limit:
                self._forget(next(iter(self._kept)))
        return voxels

    def _forget(self, key: Any) -> None:
        _, voxels = self._kept.pop(key, (None, None))
        self._bytes -= 0 if voxels is None else voxels.nbytes


slabs = SlabCache()
"""The slabs of this process."""
if hasattr(os, "register_at_fork"):
    # Another thread may have held the lock at that moment: nobody would ever release it.
    os.register_at_fork(after_in_child=slabs.clear)


def slab_around(
    lower: Vec3Int, upper: Vec3Int, block: Vec3Int, shape: Vec3Int, voxel_bytes: int
) -> tuple[Vec3Int, Vec3Int] | None:
    """The slab to decode for a box, as its first and last corner; None where the box itself is as good.

    It is as thick as the chunks along the axis on which most would be decoded in vain.
    """
    vain = [min(block[axis], shape[axis]) / (upper[axis] - lower[axis]) for axis in range(3)]
    axis = max(range(3), key=lambda each: vain[each])
    if vain[axis] < _WORTH_IT:
        return None
    first, last = list(lower), list(upper)
    first[axis] = lower[axis] // block[axis] * block[axis]
    last[axis] = min(shape[axis], -(-upper[axis] // block[axis]) * block[axis])
    x, y, z = (end - start for start, end in zip(first, last, strict=True))
    if x * y * z * voxel_bytes > LARGEST:
        return None
    return (first[0], first[1], first[2]), (last[0], last[1], last[2])


def _stamp(files: Iterable[Path]) -> tuple[Any, bool]:
    """What tells one state of some files from another, and whether their next change would show."""
    now, latest = time.time_ns(), 0
    states: list[tuple[int, ...] | None] = []
    for file in files:
        try:
            status = os.stat(file)  # noqa: PTH116 - called for a thousand files
        except OSError:
            states.append(None)
            continue
        states.append(identity(status))
        latest = max(latest, status.st_mtime_ns, status.st_ctime_ns)
    return tuple(states), now - latest >= _TICK_NS
