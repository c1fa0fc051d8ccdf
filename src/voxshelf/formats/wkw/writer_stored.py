"""A cube file that is already there, as a writer sees it: :class:`StoredCube`.

Words used here: a block's *encoded* bytes are those in the file, its *decoded* bytes are its voxels. What a
write does not touch is carried over encoded. Reading for people is the read engine's business; this is the
smaller need of a writer: whole blocks, checked, one after another.
Specification: https://github.com/scalableminds/webknossos-wrap#webknossos-wrapper-format.
"""

from __future__ import annotations

import os
from threading import Lock
from typing import IO, TYPE_CHECKING, Any, Self

import numpy as np

from voxshelf.errors import DamagedDataError, UnsupportedFormatError
from voxshelf.formats.wkw.header import HEADER_BYTES, WkwHeader
from voxshelf.formats.wkw.morton import morton_position

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["StoredCube", "read_at", "write_at"]

_CHUNK_BYTES = 1 << 20
_HINT = "Restore the file from its source, or delete it and write its voxels again."


class StoredCube:
    """An open cube file; use it as a context manager. Its methods may be called from several threads.

    Parameters
    ----------
    path : Path
        The file.
    expected : WkwHeader
        The mag's header.

    Raises
    ------
    DamagedDataError
        If the file is shorter than its header or its jump table says, or the jump table runs backwards.
    UnsupportedFormatError
        If its sides, voxel type or channels are not the mag's.
    """

    def __init__(self, path: Path, expected: WkwHeader) -> None:
        self.path = path
        self.header = WkwHeader.read(path)
        if not self.header.describes_same_voxels(expected):
            raise UnsupportedFormatError(
                f"{path} holds other voxels than its mag's header.wkw says: {self.header} against {expected}.",
                hint="Move the file out of this mag, or restore the header.wkw that belongs to it.",
            )
        self.file: IO[bytes] = path.open("rb", buffering=0)
        try:
            self._offsets = self._checked_offsets()
        except BaseException:
            self.file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.file.close()

    def _checked_offsets(self) -> NDArray[np.uint64] | None:
        """Where each block starts, and the last one ends; None for raw files."""
        header, size = self.header, os.fstat(self.file.fileno()).st_size
        if header.data_offset < header.first_block_offset:
            raise self._damaged(f"its blocks begin at byte {header.data_offset}, inside of its own header")
        if not header.is_compressed:
            end = header.data_offset + header.blocks_per_file * header.block_bytes
            if size < end:
                raise self._damaged(f"it has {size} of {end} bytes")
            return None
        if size < header.first_block_offset:
            raise self._damaged("its jump table is cut off")
        table = read_at(self.file, HEADER_BYTES, 8 * header.blocks_per_file)
        offsets = np.empty(header.blocks_per_file + 1, dtype=np.uint64)
        offsets[0] = header.data_offset
        offsets[1:] = np.frombuffer(table, dtype="<u8")
        if (offsets[1:] < offsets[:-1]).any() or offsets[-1] > size:
            raise self._damaged("its jump table runs backwards or past the end of the file")
        return offsets

    def _damaged(self, reason: str, index: int | None = None) -> DamagedDataError:
        block = None if index is None else morton_position(index)
        return DamagedDataError(
            f"{self.path} is damaged{'' if block is None else f' at block {block}'}: {reason}.",
            hint=_HINT,
            file=self.path,
            block=block,
        )

    def decoded(self, index: int) -> bytes:
        """The voxels of one block, ``header.block_bytes`` bytes."""
        header = self.header
        if self._offsets is None:
            return self.decoded_run(index, 1)
        import lz4.block  # noqa: PLC0415 - only compressed files need it

        start, end = int(self._offsets[index]), int(self._offsets[index + 1])
        encoded = read_at(self.file, start, end - start)
        try:
            voxels: bytes = lz4.block.decompress(encoded, uncompressed_size=header.block_bytes)
        except (lz4.block.LZ4BlockError, ValueError, OverflowError) as error:
            raise self._damaged(f"the block cannot be decompressed ({error})", index) from error
        if len(voxels) != header.block_bytes:
            raise self._damaged(f"the block has {len(voxels)} of {header.block_bytes} bytes", index)
        return voxels

    def decoded_run(self, first: int, count: int) -> bytes:
        """The voxels of ``count`` blocks from ``first`` on, one block after another."""
        if self._offsets is None:
            block_bytes = self.header.block_bytes
            return read_at(self.file, self.header.data_offset + first * block_bytes, count * block_bytes)
        return b"".join(self.decoded(index) for index in range(first, first + count))

    def encoded(self, index: int) -> bytes:
        """One block of a compressed file as it stands there."""
        return b"".join(self.encoded_run(index, 1))

    def encoded_run(self, first: int, count: int) -> Iterator[bytes]:
        """The bytes of a run of blocks of a compressed file as they stand there, in pieces of 1 MiB."""
        start, end = int(self._compressed_offsets[first]), int(self._compressed_offsets[first + count])
        for position in range(start, end, _CHUNK_BYTES):
            yield read_at(self.file, position, min(_CHUNK_BYTES, end - position))

    def encoded_ends(self, first: int, count: int) -> NDArray[np.uint64]:
        """Where in a run of encoded blocks each one ends, counted from the run's first byte."""
        offsets = self._compressed_offsets
        ends: NDArray[np.uint64] = offsets[first + 1 : first + count + 1] - offsets[first]
        return ends

    @property
    def _compressed_offsets(self) -> NDArray[np.uint64]:
        if self._offsets is None:
            raise UnsupportedFormatError(
                f"{self.path} is a raw file, its blocks are not encoded.", hint="Read its voxels instead."
            )
        return self._offsets


def read_at(file: IO[bytes], offset: int, count: int) -> bytes:
    """Read exactly ``count`` bytes at ``offset``, from any thread.

    Raises
    ------
    DamagedDataError
        If the file ends before.
    """
    pieces = []
    while count:
        piece = _pread(file, count, offset)
        if not piece:
            raise DamagedDataError(
                f"{file.name} ends at byte {offset}, before its blocks do.", hint=_HINT, file=file.name
            )
        pieces.append(piece)
        offset, count = offset + len(piece), count - len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def write_at(file: IO[bytes], offset: int, data: Any) -> None:
    """Write all bytes at ``offset``, from any thread."""
    view = memoryview(data).cast("B")
    while view.nbytes:
        written = _pwrite(file, view, offset)
        view, offset = view[written:], offset + written


if hasattr(os, "pread"):

    def _pread(file: IO[bytes], count: int, offset: int) -> bytes:
        return os.pread(file.fileno(), count, offset)

    def _pwrite(file: IO[bytes], data: memoryview, offset: int) -> int:
        return os.pwrite(file.fileno(), data, offset)

else:  # Windows has one position per file and no call that goes round it
    _one_at_a_time = Lock()

    def _pread(file: IO[bytes], count: int, offset: int) -> bytes:
        with _one_at_a_time:
            file.seek(offset)
            return file.read(count)

    def _pwrite(file: IO[bytes], data: memoryview, offset: int) -> int:
        with _one_at_a_time:
            file.seek(offset)
            return file.write(data)
