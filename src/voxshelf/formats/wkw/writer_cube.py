"""One cube file, written: :func:`write_cube`.

Words used here: a *batch* is a run of blocks (see :mod:`voxshelf.formats.wkw.blocks`); *provide* is a
function that gives the voxels of a box, so that a file may be written from data that never exists as a whole.

Compressed files are written anew, block after block, and replace the old file at once; blocks that the box
does not touch are carried over without decoding. Raw files are up to gigabytes large, and changing a few
voxels must not copy them, so existing ones are changed in place. That is safe enough: the place of every
voxel is fixed, so a killed writer leaves a valid file in which some voxels *of the box* are new and some
old; none outside of the box changes, and the same write can be repeated. New raw files appear whole, too.
An existing file keeps its own block type, whatever the mag's header says.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from voxshelf.formats.wkw.blocks import Batch, batch_level, batches, blocks_between, place_voxels
from voxshelf.formats.wkw.locks import locked, replacing, system_errors_explained
from voxshelf.formats.wkw.writer_encode import CompressedFile, Encoder
from voxshelf.formats.wkw.writer_pipeline import Cancel, Progress, in_order, usable_cores
from voxshelf.formats.wkw.writer_stored import StoredCube, read_at, write_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import IO

    from numpy.typing import NDArray

    from voxshelf.formats.wkw.header import WkwHeader
    from voxshelf.model.geometry import BoundingBox, Vec3Int

    Provide: TypeAlias = Callable[[Vec3Int, Vec3Int], NDArray[Any]]

__all__ = ["CubeJob", "write_cube"]


@dataclass(frozen=True, slots=True)
class CubeJob:
    """What to write into one cube file.

    Parameters
    ----------
    path : Path
        The file; made where missing.
    header : WkwHeader
        The mag's header.
    box : BoundingBox
        The voxels to write, counted from the file's own corner.
    provide : callable
        ``provide(topleft, size)`` gives an array ``(c, x, y, z)`` of the header's type for a box counted
        from the file's own corner, as often as asked, from several threads at once.
    skip_empty : bool
        Do not make a file that would hold only zeros: a missing file reads as 0 anyway.
    progress : callable, optional
        Called with ``(done, total)`` voxels of the box.
    cancel : callable, optional
        Asked whether to stop; then a compressed or new file stays as it was.
    """

    path: Path
    header: WkwHeader
    box: BoundingBox
    provide: Provide
    skip_empty: bool = False
    progress: Progress | None = None
    cancel: Cancel | None = None

    @property
    def threads(self) -> int:
        """One where there is only one batch to work on."""
        side = self.header.block_len << batch_level(self.header)
        return 1 if max(self.box.size) <= side else usable_cores()


def write_cube(job: CubeJob) -> None:
    """Write a box of voxels into one cube file, alone among all writers of that file.

    Raises
    ------
    DamagedDataError, UnsupportedFormatError
        If there is a file that cannot be carried over; it stays as it is.
    OperationCancelledError
        If ``job.cancel`` said so.
    NotAllowedError, ReadOnlyError, StoreUnavailableError
        If the file system refuses.
    """
    with locked(job.path) as path, ExitStack() as stack, system_errors_explained(path):
        stored = stack.enter_context(StoredCube(path, job.header)) if path.exists() else None
        if (stored.header if stored else job.header).is_compressed:
            _write_compressed(path, job, stored)
        else:
            _write_raw(path, job, stored)


def _write_compressed(path: Path, job: CubeJob, stored: StoredCube | None) -> None:
    header = stored.header if stored else job.header
    encoder = Encoder(header)
    steps = _Steps(job)

    def encode(batch: Batch) -> tuple[Batch, list[bytes] | None]:
        if not batch.is_touched:
            return batch, None
        decoded = _overlaid(header, stored, batch, _provided(job, batch))
        if stored is None:
            return batch, encoder.encode(decoded)
        return batch, encoder.encode_into(decoded, batch, stored)

    with replacing(path) as replacement:
        output = CompressedFile(replacement.file, header, encoder)
        for batch, encoded in in_order(
            encode, batches(header, job.box), threads=job.threads, cancel=job.cancel
        ):
            if encoded is not None:
                output.append(encoded)
            elif stored is not None:
                output.carry_over(stored, batch.first, batch.count)
            else:
                output.append_empty(batch.count)
            steps.done(batch)
        output.finish()
        replacement.is_wanted = stored is not None or not job.skip_empty or not output.is_empty


def _write_raw(path: Path, job: CubeJob, stored: StoredCube | None) -> None:
    if stored is not None:
        with path.open("r+b", buffering=0) as in_place:
            _place_raw(in_place, stored.header.data_offset, job)
            os.fsync(in_place.fileno())
        return
    header = job.header.for_cube_file()
    with replacing(path) as replacement:
        file = replacement.file
        file.write(header.to_bytes())
        file.flush()
        # What nobody writes stays a hole: it reads as 0 and takes no space on the disk.
        file.truncate(header.data_offset + header.blocks_per_file * header.block_bytes)
        anything = _place_raw(file, header.data_offset, job)
        replacement.is_wanted = anything or not job.skip_empty


def _place_raw(file: IO[bytes], data_offset: int, job: CubeJob) -> bool:
    """Write the box into an open raw file; whether any voxel of it is not 0."""
    header = job.header
    steps = _Steps(job)

    def place(batch: Batch) -> tuple[Batch, bool]:
        voxels = _provided(job, batch)
        anything = not job.skip_empty or bool(voxels.any())
        out = np.empty(batch.count * header.block_bytes, dtype=np.uint8)
        start = data_offset + batch.first * header.block_bytes
        at, size = batch.at, batch.size
        spans = list(_touched_spans(header, batch.count, at, size))
        for begin, end, is_covered in spans:
            if not is_covered:
                out[begin:end] = np.frombuffer(read_at(file, start + begin, end - begin), dtype=np.uint8)
        place_voxels(voxels, at, out, header)
        for begin, end, _ in spans:
            write_at(file, start + begin, out[begin:end])
        return batch, anything

    touched = (batch for batch in batches(header, job.box) if batch.is_touched)
    anything = False
    for batch, is_not_empty in in_order(place, touched, threads=job.threads, cancel=job.cancel):
        anything |= is_not_empty
        steps.done(batch)
    return anything


def _touched_spans(
    header: WkwHeader, count: int, at: Vec3Int, size: Vec3Int
) -> Iterator[tuple[int, int, bool]]:
    """Which bytes of a batch a box touches: begin, end, and whether the box covers them completely."""
    side, row = header.block_len, header.block_len * header.voxel_bytes
    if size[0] * size[1] * size[2] == count * side**3:
        yield 0, count * header.block_bytes, True
        return
    indices = blocks_between(side, at, size)
    first = np.asarray(at) // side
    for position in np.ndindex(indices.shape):
        corner = (first + position) * side
        x0, y0, z0 = np.maximum(np.asarray(at) - corner, 0).tolist()
        x1, y1, z1 = np.minimum(np.asarray(at) + size - corner, side).tolist()
        start = int(indices[position]) * header.block_bytes
        begin = (z0 * side + y0) * row + x0 * header.voxel_bytes
        end = ((z1 - 1) * side + y1 - 1) * row + x1 * header.voxel_bytes
        covered = (x1 - x0) * (y1 - y0) * (z1 - z0) * header.voxel_bytes == end - begin
        yield start + begin, start + end, covered


def _provided(job: CubeJob, batch: Batch) -> NDArray[Any]:
    return job.provide(batch.lower, batch.size)


def _overlaid(
    header: WkwHeader, stored: StoredCube | None, batch: Batch, voxels: NDArray[Any]
) -> NDArray[np.uint8]:
    """The decoded blocks of a batch with the new voxels in them; untouched blocks stay 0."""
    at, size = batch.at, batch.size
    if voxels.size == batch.count * header.block_len**3 * header.num_channels:
        out = np.empty(batch.count * header.block_bytes, dtype=np.uint8)
    else:
        out = np.zeros(batch.count * header.block_bytes, dtype=np.uint8)
        if stored is not None:
            for begin, end, is_covered in _touched_spans(header, batch.count, at, size):
                if is_covered and end - begin == header.block_bytes:
                    continue
                index = begin // header.block_bytes
                decoded = np.frombuffer(stored.decoded(batch.first + index), dtype=np.uint8)
                out[index * header.block_bytes :][: header.block_bytes] = decoded
    place_voxels(voxels, at, out, header)
    return out


class _Steps:
    """Counts voxels for the progress callback, in the calling thread."""

    def __init__(self, job: CubeJob) -> None:
        self._progress, self._total, self._done = job.progress, job.box.volume, 0

    def done(self, batch: Batch) -> None:
        if self._progress is not None and batch.is_touched:
            x, y, z = batch.size
            self._done += x * y * z
            self._progress(self._done, self._total)
