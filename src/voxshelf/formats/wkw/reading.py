"""Reading a box out of one cube file: the request as a plan, the threads that carry it out, its failures.

Words used here: as in :mod:`voxshelf.formats.wkw.read_plan`; a *target* says where in memory the voxels go.
Importing this module does not load numba, the first read does.
"""

from __future__ import annotations

import itertools
import threading
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from voxshelf.errors import DamagedDataError, StoreUnavailableError
from voxshelf.formats.bytes import NO_DESCRIPTOR, opened_once_more
from voxshelf.formats.wkw import read_plan as at
from voxshelf.formats.wkw.block_cache import shared_cache
from voxshelf.formats.workers import run_together, usable_cores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voxshelf.errors import VoxshelfError
    from voxshelf.formats.wkw.cube_file import CubeFile
    from voxshelf.model.geometry import Vec3Int

__all__ = ["Target", "read_part"]

# Bytes to decode from which one more thread pays for being woken; what a block costs beside its bytes, and how
# many bytes are copied in the time that one takes to be decoded: out of a file, and out of the cache.
_WORTH_A_THREAD = 1280 * 1024
_BYTES_PER_ITEM, _BYTES_PER_CACHED_ITEM = 3 * 1024, 256
_COPIED_PER_DECODED, _CACHED_PER_DECODED = 3, 6
# More does not fit into the caches next to a core anyway.
_LARGE_OUTPUT = 16 * 1024 * 1024
_STAGED_BYTES = 8 * 1024 * 1024
# All threads of a request together fetch and decode into so much memory; what each of them keeps at most.
_WORKING_BYTES = 12 * 1024 * 1024
_KEPT_ROOM = 512 * 1024
_SLACK = 128
# So many blocks are placed in the output together at most.
_LONGEST_RUN = 16
# A block side is at least so many times what a box wants of it: then the box is like a slice.
_SLICE_LIKE = 4
_NOTHING = np.empty(0, np.int64)
_HINT = "Restore the file from its source, or convert the data again."


class Target(NamedTuple):
    """Memory for a box of voxels, x (and channels) side by side.

    Parameters
    ----------
    address : int
        Of the first voxel.
    step_y, step_z : int
        Bytes from one row, one plane to the next.
    """

    address: int
    step_y: int
    step_z: int


def read_part(
    cube: CubeFile, lower: Vec3Int, upper: Vec3Int, target: Target, *, cache: bool | None
) -> VoxshelfError | None:
    """Read a box that lies in one cube file.

    Parameters
    ----------
    cube : CubeFile
        The file.
    lower, upper : tuple of 3 ints
        The box, in voxels from the file's corner; not empty.
    target : Target
        Where it goes.
    cache : bool, optional
        Whether decoded blocks are kept and looked for; None: where the box is like a slice.

    Returns
    -------
    VoxshelfError or None
        What went wrong; then the target is filled in part.
    """
    request = _Request(cube, lower, upper, target)
    claim = None
    if cube.can_be_kept and (_is_like_a_slice(cube, lower, upper) if cache is None else cache):
        claim = shared_cache.claim(request.plan)
    try:
        if claim is None:
            request.carry_out(_NOTHING)
        else:
            request.is_cached = not claim.to_decode
            request.carry_out(claim.pages)
    finally:
        if claim is not None:
            shared_cache.release(claim, are_filled=request.is_done)
    return None if request.is_done else request.failure()


def _is_like_a_slice(cube: CubeFile, lower: Vec3Int, upper: Vec3Int) -> bool:
    """Whether a box is so thin that its neighbours will want what is decoded with it."""
    thickness = min(upper[0] - lower[0], upper[1] - lower[1], upper[2] - lower[2])
    return thickness * _SLICE_LIKE <= cube.header.block_len


class _Request:
    """A box that is wanted of one cube file; parameters as for :func:`read_part`."""

    __slots__ = (
        "block_room",
        "blocks",
        "cube",
        "first_block",
        "is_cached",
        "items",
        "plan",
        "planes",
        "progress",
        "to_decode",
    )

    def __init__(self, cube: CubeFile, lower: Vec3Int, upper: Vec3Int, target: Target) -> None:
        side = cube.header.block_len
        self.cube, self.is_cached = cube, False
        x, y, z = lower[0] // side, lower[1] // side, lower[2] // side
        blocks_x = (upper[0] - 1) // side - x + 1
        blocks_y = (upper[1] - 1) // side - y + 1
        blocks_z = (upper[2] - 1) // side - z + 1
        self.first_block, self.blocks = (x, y, z), (blocks_x, blocks_y, blocks_z)
        self.items = blocks_x * blocks_y * blocks_z
        self.planes = upper[2] - lower[2]
        # Of a block at most so much is decoded: all, or up to the last plane that is wanted of any.
        self.to_decode = ((upper[2] - 1) % side + 1 if blocks_z == 1 else side) * cube.plane_bytes
        # Where decoded blocks are kept it goes on to the end of a page.
        self.block_room = cube.block_bytes if cube.can_be_kept else self.to_decode
        if cube.is_large:
            self.block_room = at.WINDOW_ROOM
        elif not cube.header.is_compressed:
            self.block_room = 0
        box = (*lower, *upper, *self.first_block, *self.blocks)
        is_large = self.planes * target.step_z >= _LARGE_OUTPUT
        work = (self.items, 1, cube.room)
        numbers = (*cube.plan, *box, *target, is_large, *work, cube.number, 0, 0, 0, 0, 0)
        self.plan = np.array(numbers, np.int64)
        self.progress = np.zeros(at.PROGRESS_LENGTH, np.int64)

    @property
    def is_done(self) -> bool:
        """Whether nothing has gone wrong."""
        return not self.progress[at.STATUS]

    def carry_out(self, pages: NDArray[np.int64]) -> None:
        """Read everything, or up to the first failure."""
        if self.cube.source.descriptor == NO_DESCRIPTOR:
            self._carry_out_staged(pages)
            return
        threads = min(self._work_to_do() // _WORTH_A_THREAD + 1, self.items)
        helpers = 0 if threads < 2 else min(threads, usable_cores(), self._threads_that_fit()) - 1
        if helpers > 0:
            self.plan[at.AT_ONCE] = max(1, min(16, self.items // (8 * helpers)))
            run_together(
                lambda: self._work(pages, _NOTHING), helpers, help_along=lambda: self._help_along(pages)
            )
        else:
            self.plan[at.AT_ONCE] = self.items
            self._work(pages, _NOTHING)

    def _work_to_do(self) -> int:
        """How long it may take, counted in bytes to decode."""
        copied = min(self.planes, self.cube.header.block_len) * self.cube.plane_bytes
        if self.is_cached:
            return self.items * (copied // _CACHED_PER_DECODED + _BYTES_PER_CACHED_ITEM)
        if self.cube.header.is_compressed:
            return self.items * (self.to_decode + _BYTES_PER_ITEM)
        return self.items * (copied // _COPIED_PER_DECODED + _BYTES_PER_ITEM)

    def _threads_that_fit(self) -> int:
        return _WORKING_BYTES // (self.cube.room + self.block_room)

    def _help_along(self, pages: NDArray[np.int64]) -> None:
        """Work in a second thread."""
        plan = self.plan.copy()
        with opened_once_more(self.cube.source.descriptor) as plan[at.DESCRIPTOR]:
            self._work(pages, _NOTHING, plan)

    def _work(
        self,
        pages: NDArray[np.int64],
        staged: NDArray[np.int64],
        plan: NDArray[np.int64] | None = None,
    ) -> None:
        plan = self.plan if plan is None else plan
        buffer, block = _rooms.buffer(self.cube.room), _rooms.block(self.block_room)
        if self.cube.is_large:
            from voxshelf.formats.wkw.large_kernels import read_large_items  # noqa: PLC0415 - loads numba

            read_large_items(plan, self.cube.table, staged, self.progress, buffer.address, block.address)
            return
        addresses = buffer.address, block.address
        _read_items()(plan, self.cube.table, pages, staged, self.progress, _rooms.sources, *addresses)

    def _carry_out_staged(self, pages: NDArray[np.int64]) -> None:
        """Read from a source without a descriptor: fetch some bytes, have them decoded, and so on."""
        from voxshelf.formats.wkw.read_kernels import span_items  # noqa: PLC0415 - loads numba

        offsets, lengths = np.empty((2, self.items), np.int64)
        if span_items(self.plan, self.cube.table, pages, offsets, lengths, self.progress):
            return
        batch = np.cumsum(lengths) // _STAGED_BYTES
        starts = [0, *(np.flatnonzero(np.diff(batch)) + 1).tolist(), self.items]
        for first, stop in itertools.pairwise(starts):
            ranges = list(zip(offsets[first:stop].tolist(), lengths[first:stop].tolist(), strict=True))
            memory = np.frombuffer(
                b"".join(self.cube.source.read_many(ranges)) + bytes(_SLACK), dtype=np.uint8
            )
            staged = np.zeros((2, self.items), np.int64)
            staged[0, first + 1 : stop] = np.cumsum(lengths[first : stop - 1])
            staged[1, first:stop] = lengths[first:stop]
            self.plan[at.MEMORY] = memory.__array_interface__["data"][0]
            self.plan[at.TOTAL], self.progress[at.NEXT] = stop, first
            self._work(pages, staged.reshape(-1))
            if not self.is_done:
                return

    def failure(self) -> VoxshelfError:
        """What has gone wrong, in words."""
        header, name = self.cube.header, self.cube.source.name
        status, item = int(self.progress[at.STATUS]), int(self.progress[at.FAILED_ITEM])
        if status == at.READ_FAILED:
            return StoreUnavailableError(
                f"{name} cannot be read now: the operating system reports an error.",
                hint="Check that the disk or the network share is available, then try again.",
            )
        row, x = divmod(item, self.blocks[0])
        z, y = divmod(row, self.blocks[1])
        block = (self.first_block[0] + x, self.first_block[1] + y, self.first_block[2] + z)
        reason = {
            at.TRUNCATED: "lies behind the end of the file",
            at.BAD_TABLE: "has an impossible place in the jump table",
            at.BAD_BLOCK: f"is no LZ4 block of {header.block_bytes} bytes",
        }[status]
        return DamagedDataError(
            f"{name} is damaged: block {block} (x, y, z, counted in blocks) {reason}.",
            hint=_HINT,
            file=name,
            block=block,
        )


@cache
def _read_items() -> Any:
    """The kernel; loads numba when it is first asked for."""
    from voxshelf.formats.wkw.read_kernels import read_items  # noqa: PLC0415 - loads numba

    return read_items


class _Room:
    """A piece of memory and its address."""

    __slots__ = ("address", "memory")

    def __init__(self, length: int) -> None:
        self.memory = np.empty(length, np.uint8)
        self.address: int = self.memory.__array_interface__["data"][0]


class _Rooms(threading.local):
    """Each thread's memory for what it fetches and what it decodes, kept unless it is large."""

    def __init__(self) -> None:
        self._kept = [_Room(0), _Room(0)]
        self.sources = np.empty(_LONGEST_RUN, np.int64)

    def buffer(self, length: int) -> _Room:
        return self._of(0, length)

    def block(self, length: int) -> _Room:
        return self._of(1, length)

    def _of(self, use: int, length: int) -> _Room:
        if self._kept[use].memory.nbytes >= length + _SLACK:
            return self._kept[use]
        room = _Room(length + _SLACK)
        if length <= _KEPT_ROOM:
            self._kept[use] = room
        return room


_rooms = _Rooms()
