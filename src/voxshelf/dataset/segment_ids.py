"""The largest segment id of a mag, found by looking at every stored voxel.

The finest mag must be asked: downsampling drops small segments; and all coordinates on further axes. Memory stays
bounded, boxes without any file are skipped, and several threads read at once.
"""

from __future__ import annotations

import itertools
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from voxshelf.dataset.coordinates import all_coordinates
from voxshelf.dataset.reporting import raise_if, reporting
from voxshelf.errors import UnsupportedFormatError
from voxshelf.model import BoundingBox, Category

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    from voxshelf.dataset.layer import Layer
    from voxshelf.dataset.mag_folder import MagFolder
    from voxshelf.dataset.reporting import Progress, Step
    from voxshelf.model import AdditionalAxis

__all__ = ["largest_id", "largest_id_of"]

_THREADS = 2
_PIECE_SIDE = 128


def largest_id_of(layer: Layer, *, progress: Progress, cancel: Callable[[], bool]) -> int:
    """The highest id in all of a layer; see :meth:`Layer.compute_largest_segment_id`."""
    if layer.category is not Category.SEGMENTATION:
        raise UnsupportedFormatError(
            f"Layer {layer.name!r} is a {layer.category} layer: it has no segment ids.",
            hint="Change its category to segmentation if its voxels are ids.",
        )
    view = layer.mag()
    with reporting(progress, f"ids of {layer.name}") as report:
        where = (view.folder, view.bounding_box, layer.additional_axes)
        return largest_id(*where, report=report, cancel=cancel)


def largest_id(
    folder: MagFolder,
    box: BoundingBox,
    axes: Sequence[AdditionalAxis] = (),
    *,
    report: Step,
    cancel: Callable[[], bool],
) -> int:
    """The highest id in a box; 0 where nothing is stored.

    Parameters
    ----------
    folder : MagFolder
        The mag.
    box : BoundingBox
        Where to look, in the mag's own voxels.
    axes : sequence of AdditionalAxis
        Axes all of whose coordinates are looked at.
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
    array = folder.zarr
    places = all_coordinates(axes, {} if array is None else array.other_lengths)
    folders = [folder.at(place) for place in places]
    stored = [(each, part) for each in folders for part in _stored_parts(each, box)]
    largest, done, total = 0, 0, sum(part.volume for _, part in stored)
    report(0, total)
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="voxshelf-ids") as pool:
        pending: deque[tuple[BoundingBox, Future[int]]] = deque()
        for wanted in itertools.chain(_pieces(stored), itertools.repeat(None, _THREADS + 1)):
            raise_if(cancel)
            if wanted is not None:
                source, piece = wanted
                pending.append((piece, pool.submit(_largest_in, source, piece)))
            if pending and (wanted is None or len(pending) > _THREADS):
                finished, future = pending.popleft()
                largest = max(largest, future.result())
                done += finished.volume
                report(done, total)
    return largest


def _largest_in(folder: MagFolder, piece: BoundingBox) -> int:
    return int(folder.read(piece.topleft, piece.size).max())


def _stored_parts(folder: MagFolder, box: BoundingBox) -> list[BoundingBox]:
    """What the files on disk have of a box."""
    if folder.zarr is not None:
        part = folder.array.bounding_box().intersection(box)
        return [] if part.is_empty or folder.array.is_missing(part) else [part]
    side = folder.wkw.cube_len
    cubes = (
        BoundingBox((x * side, y * side, z * side), (side, side, side)) for x, y, z in folder.wkw.cubes()
    )
    parts = (cube.intersection(box) for cube in cubes)
    return [part for part in parts if not part.is_empty]


def _pieces(stored: Sequence[tuple[MagFolder, BoundingBox]]) -> Iterator[tuple[MagFolder, BoundingBox]]:
    """The parts in pieces of whole blocks, about 128 voxels wide."""
    for folder, part in stored:
        x_side, y_side, z_side = (side * max(1, _PIECE_SIDE // side) for side in folder.block_shape)
        corners = (
            range(t - t % side, b, side)
            for t, b, side in zip(part.topleft, part.bottomright, (x_side, y_side, z_side), strict=True)
        )
        for z, y, x in itertools.product(*reversed(list(corners))):
            piece = BoundingBox((x, y, z), (x_side, y_side, z_side))
            yield folder, piece.intersection(part)
