"""The largest segment id of a mag, found by looking at every stored voxel.

The finest mag must be asked: downsampling drops small segments. Memory stays bounded, boxes without any file
are skipped, and several threads read at once.
"""

from __future__ import annotations

import itertools
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from voxshelf.dataset.reporting import raise_if
from voxshelf.model import BoundingBox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from voxshelf.dataset.mag_folder import MagFolder
    from voxshelf.dataset.reporting import Step

__all__ = ["largest_id"]

_THREADS = 2
_PIECE_SIDE = 128


def largest_id(folder: MagFolder, box: BoundingBox, *, report: Step, cancel: Callable[[], bool]) -> int:
    """The highest id in a box; 0 where nothing is stored.

    Parameters
    ----------
    folder : MagFolder
        The mag.
    box : BoundingBox
        Where to look, in the mag's own voxels.
    report : callable
        Called with ``(done, total)`` of the voxels that are stored.
    cancel : callable
        Asked before every piece.

    Raises
    ------
    OperationCancelledError
        If ``cancel`` said so.
    DamagedDataError
        If a block cannot be read: an id in it would be missed.
    """
    stored = _stored_parts(folder, box)
    largest, done, total = 0, 0, sum(part.volume for part in stored)
    report(0, total)
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="voxshelf-ids") as pool:
        pending: deque[tuple[BoundingBox, Future[int]]] = deque()
        for piece in itertools.chain(_pieces(folder, stored), itertools.repeat(None, _THREADS + 1)):
            raise_if(cancel)
            if piece is not None:
                pending.append((piece, pool.submit(_largest_in, folder, piece)))
            if pending and (piece is None or len(pending) > _THREADS):
                finished, future = pending.popleft()
                largest = max(largest, future.result())
                done += finished.volume
                report(done, total)
    return largest


def _largest_in(folder: MagFolder, piece: BoundingBox) -> int:
    return int(folder.read(piece.topleft, piece.size).max())


def _stored_parts(folder: MagFolder, box: BoundingBox) -> list[BoundingBox]:
    """What the cube files on disk have of a box."""
    side = folder.array.cube_len
    cubes = (
        BoundingBox((x * side, y * side, z * side), (side, side, side)) for x, y, z in folder.array.cubes()
    )
    parts = (cube.intersection(box) for cube in cubes)
    return [part for part in parts if not part.is_empty]


def _pieces(folder: MagFolder, parts: list[BoundingBox]) -> Iterator[BoundingBox]:
    """The parts in pieces of whole blocks, about 128 voxels wide."""
    side = folder.block_len * max(1, _PIECE_SIDE // folder.block_len)
    for part in parts:
        ranges = [range(t - t % side, b, side) for t, b in zip(part.topleft, part.bottomright, strict=True)]
        for z, y, x in itertools.product(*reversed(ranges)):
            yield BoundingBox((x, y, z), (side, side, side)).intersection(part)
