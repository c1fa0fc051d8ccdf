"""Blocks into the bytes of a compressed file: :class:`Encoder` and :class:`CompressedFile`.

Words used here: the *jump table* stands between header and blocks and says where each block ends, counted
from the file's first byte. LZ4HC is compressed at level 9, as the format's Rust library does.
Specification: https://github.com/scalableminds/webknossos-wrap#lz4-compressed-blocks.
"""

from __future__ import annotations

from functools import cached_property, partial
from typing import IO, TYPE_CHECKING, Any

import lz4.block
import numpy as np

from voxshelf.errors import UnsupportedFormatError
from voxshelf.formats.wkw.blocks import blocks_between
from voxshelf.formats.wkw.header import HEADER_BYTES, BlockType

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voxshelf.formats.wkw.blocks import Batch
    from voxshelf.formats.wkw.header import WkwHeader
    from voxshelf.formats.wkw.writer_stored import StoredCube

__all__ = ["CompressedFile", "Encoder"]

_HC_LEVEL = 9
_PIECE_BYTES = 1 << 20
_MOST_TABLE_BYTES = 1 << 30


class Encoder:
    """Compresses blocks; may be used by several threads.

    Parameters
    ----------
    header : WkwHeader
        Of a compressed file.
    """

    def __init__(self, header: WkwHeader) -> None:
        self.header = header
        if header.block_type == BlockType.LZ4HC:
            options: dict[str, Any] = {"mode": "high_compression", "compression": _HC_LEVEL}
        else:
            options = {"mode": "default"}
        self._compress = partial(lz4.block.compress, store_size=False, **options)

    @cached_property
    def empty_block(self) -> bytes:
        """A block of zeros, compressed."""
        compressed: bytes = self._compress(bytes(self.header.block_bytes))
        return compressed

    def encode(self, decoded: NDArray[np.uint8]) -> list[bytes]:
        """Compress a run of blocks, one block after another; gives one piece of bytes per block."""
        size = self.header.block_bytes
        count = len(decoded) // size
        if not decoded.max():
            return [self.empty_block] * count
        view = decoded.data
        return [self._compress(view[index * size : (index + 1) * size]) for index in range(count)]

    def encode_into(self, decoded: NDArray[np.uint8], batch: Batch, stored: StoredCube) -> list[bytes]:
        """Compress the blocks of a batch that were written, and take the others as they stand in ``stored``.

        Parameters
        ----------
        decoded : array of uint8
            The batch, block after block; what was not written does not matter.
        batch : Batch
            Which blocks these are, and which part of them was written.
        stored : StoredCube
            The file as it is.
        """
        size = self.header.block_bytes
        written = set(blocks_between(self.header.block_len, batch.at, batch.size).ravel().tolist())
        if len(written) == batch.count:
            return self.encode(decoded)
        view = decoded.data
        return [
            self._compress(view[index * size : (index + 1) * size])
            if index in written
            else stored.encoded(batch.first + index)
            for index in range(batch.count)
        ]


class CompressedFile:
    """A compressed cube file in the making: blocks are appended in Morton order.

    Parameters
    ----------
    file : file object
        Empty and writable.
    header : WkwHeader
        Sides, types and block type.
    encoder : Encoder
        Knows what an empty block looks like.
    """

    def __init__(self, file: IO[bytes], header: WkwHeader, encoder: Encoder) -> None:
        self._header = header.for_cube_file()
        if self._header.data_offset > _MOST_TABLE_BYTES:
            raise UnsupportedFormatError(
                f"A compressed file of {header.file_len}³ blocks needs a jump table of "
                f"{self._header.data_offset} bytes, more than voxshelf writes.",
                hint="Choose a smaller file_len, usually 32, or a larger block_len.",
            )
        self._file, self._encoder = file, encoder
        self._ends = np.zeros(header.blocks_per_file, dtype=np.uint64)
        self._next, self._position = 0, self._header.data_offset
        self.is_empty = True
        file.write(self._header.to_bytes())
        file.seek(self._header.data_offset)

    def append(self, blocks: list[bytes]) -> None:
        """Add compressed blocks."""
        ends = np.cumsum([len(block) for block in blocks], dtype=np.uint64)
        self._file.write(b"".join(blocks))
        self._note(ends)
        # Identical objects, not only equal bytes: the encoder hands out its one empty block.
        self.is_empty = self.is_empty and all(block is self._encoder.empty_block for block in blocks)

    def append_empty(self, count: int) -> None:
        """Add ``count`` blocks of zeros."""
        block = self._encoder.empty_block
        piece = max(1, _PIECE_BYTES // len(block))
        for start in range(0, count, piece):
            self._file.write(block * min(piece, count - start))
        self._note(np.arange(1, count + 1, dtype=np.uint64) * np.uint64(len(block)))

    def carry_over(self, stored: StoredCube, first: int, count: int) -> None:
        """Add blocks of another file as they stand there."""
        for piece in stored.encoded_run(first, count):
            self._file.write(piece)
        self._note(stored.encoded_ends(first, count))
        self.is_empty = False

    def _note(self, ends: NDArray[np.uint64]) -> None:
        self._ends[self._next : self._next + len(ends)] = ends + np.uint64(self._position)
        self._next += len(ends)
        self._position += int(ends[-1])

    def finish(self) -> None:
        """Write the jump table."""
        self._file.seek(HEADER_BYTES)
        self._file.write(self._ends.astype("<u8").tobytes())
