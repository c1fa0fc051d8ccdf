"""The 16 bytes in front of every WKW file: :class:`WkwHeader`.

Words used here: a *file* (cube) holds ``file_len³`` *blocks* of ``block_len³`` voxels; a *voxel* holds the
values of all channels. ``header.wkw`` in a mag's folder is a header alone, with a data offset of 0.

=======  =====  ==============================================================================
offset   bytes  meaning
=======  =====  ==============================================================================
0        3      ``WKW``
3        1      version, 1
4        1      low nibble: log2 of ``block_len``; high nibble: log2 of ``file_len``
5        1      block type: 1 raw, 2 LZ4, 3 LZ4HC
6        1      voxel type: 1-10, the order of ``VOXEL_TYPES``
7        1      bytes per voxel, all channels together
8        8      data offset: where the first block starts, little endian
=======  =====  ==============================================================================

In LZ4 files a *jump table* follows: per block, in Morton order, the absolute offset of the block's end.
Specification: https://github.com/scalableminds/webknossos-wrap#webknossos-wrapper-format.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from voxshelf.errors import DamagedDataError, NotAllowedError, UnsupportedFormatError
from voxshelf.formats.bytes import opened_file

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["HEADER_BYTES", "VOXEL_TYPES", "BlockType", "WkwHeader"]

HEADER_BYTES = 16
JUMP_ENTRY_BYTES = 8
VOXEL_TYPES = tuple(
    np.dtype(name) for name in ("<u1", "<u2", "<u4", "<u8", "<f4", "<f8", "<i1", "<i2", "<i4", "<i8")
)
"""The voxel types in the order of their codes, from code 1 on."""

_LAYOUT = struct.Struct("<3s5BQ")
_MAGIC = b"WKW"
_VERSION = 1
_MAX_SIDE_LOG2 = 15
_LZ4_MAX_BLOCK_BYTES = 0x7E000000
_RESTORE_HINT = "Restore the file from its source, or convert the data again."


class BlockType(IntEnum):
    """How the blocks of a file are stored."""

    RAW = 1
    LZ4 = 2
    LZ4HC = 3


@dataclass(frozen=True, slots=True)
class WkwHeader:
    """What a WKW header says; every instance is valid.

    Parameters
    ----------
    dtype : numpy dtype or anything that makes one
        One of :data:`VOXEL_TYPES`, native or little endian.
    num_channels : int
        Values per voxel; all together take at most 255 bytes.
    block_len : int
        Voxels per block side, a power of two up to 2**15.
    file_len : int
        Blocks per file side, a power of two up to 2**15.
    block_type : BlockType
        Raw or compressed.
    version : int
        Of the format, 1.
    data_offset : int
        Where in the file the first block starts; 0 in ``header.wkw``.

    Raises
    ------
    UnsupportedFormatError
        If the format cannot express these values; all reasons are given.
    """

    dtype: np.dtype[Any]
    num_channels: int = 1
    block_len: int = 32
    file_len: int = 32
    block_type: BlockType = BlockType.LZ4
    version: int = _VERSION
    data_offset: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "dtype", np.dtype(self.dtype))
        reasons = list(self._reasons_against())
        if reasons:
            raise UnsupportedFormatError(
                f"WKW cannot hold such data: {'; '.join(reasons)}.",
                hint="Choose an integer or float type of 1 to 8 bytes, sides that are powers of two, "
                "and fewer channels per layer.",
            )
        object.__setattr__(self, "block_type", BlockType(self.block_type))

    def _reasons_against(self) -> list[str]:
        reasons = []
        if self.version != _VERSION:
            reasons.append(f"its version is {self.version}, not {_VERSION}")
        if self.dtype not in VOXEL_TYPES:
            known = ", ".join(dtype.name for dtype in VOXEL_TYPES)
            reasons.append(f"its voxel type is {self.dtype}, not one of {known}")
        if self.num_channels < 1 or self.num_channels * self.dtype.itemsize > 255:
            reasons.append(
                f"it has {self.num_channels} channels of {self.dtype.itemsize} bytes, "
                "but a voxel takes 1 to 255 bytes"
            )
        for name, side in (("block", self.block_len), ("file", self.file_len)):
            if side < 1 or side & (side - 1) or side > 1 << _MAX_SIDE_LOG2:
                reasons.append(f"its {name} side is {side}, not a power of two up to {1 << _MAX_SIDE_LOG2}")
        if self.block_type not in tuple(BlockType):
            reasons.append(f"its block type is {self.block_type}, not 1 (raw), 2 (LZ4) or 3 (LZ4HC)")
        elif self.block_type != BlockType.RAW and self.block_bytes > _LZ4_MAX_BLOCK_BYTES:
            reasons.append(f"its blocks have {self.block_bytes} bytes, more than LZ4 can compress at once")
        if not 0 <= self.data_offset < 1 << 64:
            reasons.append(f"its data offset is {self.data_offset}, not an unsigned 64-bit number")
        return reasons

    @property
    def is_compressed(self) -> bool:
        """Whether blocks are LZ4-compressed and a jump table follows the header."""
        return self.block_type != BlockType.RAW

    @property
    def cube_len(self) -> int:
        """Voxels per file side."""
        return self.block_len * self.file_len

    @property
    def voxel_bytes(self) -> int:
        """Bytes per voxel, all channels together."""
        return self.num_channels * self.dtype.itemsize

    @property
    def block_bytes(self) -> int:
        """Bytes of one uncompressed block."""
        return int(self.block_len) ** 3 * self.voxel_bytes

    @property
    def blocks_per_file(self) -> int:
        """Blocks in one file."""
        return int(self.file_len) ** 3

    @property
    def first_block_offset(self) -> int:
        """Where the blocks start when nothing is put between: after the header and the jump table."""
        table = JUMP_ENTRY_BYTES * self.blocks_per_file if self.is_compressed else 0
        return HEADER_BYTES + table

    def for_cube_file(self) -> Self:
        """The header as it stands in a cube file: with the data offset set."""
        return replace(self, data_offset=self.first_block_offset)

    def for_mag_folder(self) -> Self:
        """The header as it stands in ``header.wkw``: with a data offset of 0."""
        return replace(self, data_offset=0)

    def describes_same_voxels(self, other: WkwHeader) -> bool:
        """Whether ``other`` differs at most in its block type and data offset.

        Files of one mag may be raw and compressed side by side; sides, type and channels must agree.
        """
        return replace(self, block_type=other.block_type, data_offset=other.data_offset) == other

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the header of a ``header.wkw`` or a cube file.

        Raises
        ------
        DamagedDataError
            If the file is missing, too short, or does not start with a WKW header.
        UnsupportedFormatError
            If it is a WKW header of an unknown version, block type or voxel type.
        NotAllowedError
            If the operating system refuses to open it.
        """
        try:
            with open(path, "rb", buffering=0, opener=opened_file) as file:
                data = file.read(HEADER_BYTES)
        except PermissionError as error:
            raise NotAllowedError(
                f"{path} may not be read by this user.", hint="Ask its owner for the right to read it."
            ) from error
        except OSError as error:
            raise DamagedDataError(
                f"{path} cannot be read: {error.strerror}.", hint=_RESTORE_HINT, file=path
            ) from error
        return cls.from_bytes(data, file=path)

    @classmethod
    def from_bytes(cls, data: bytes, *, file: Path | str | None = None) -> Self:
        """Decode the first 16 bytes of a WKW file.

        Parameters
        ----------
        data : bytes
            At least 16; what follows is not looked at.
        file : path or str, optional
            Named in errors.

        Raises
        ------
        DamagedDataError, UnsupportedFormatError
            As in :meth:`read`.
        """
        name = file if file is not None else "The WKW header"
        if len(data) < HEADER_BYTES:
            raise DamagedDataError(
                f"{name} has only {len(data)} of the {HEADER_BYTES} bytes of a WKW header.",
                hint=_RESTORE_HINT,
                file=file,
            )
        magic, version, sides, block_type, type_code, voxel_bytes, data_offset = _LAYOUT.unpack_from(data)
        if magic != _MAGIC:
            raise DamagedDataError(
                f"{name} is not a WKW file: it starts with {magic!r}, not with {_MAGIC!r}.",
                hint=_RESTORE_HINT,
                file=file,
            )
        if not 1 <= type_code <= len(VOXEL_TYPES):
            raise UnsupportedFormatError(
                f"{name} has the voxel type code {type_code}; known are 1 to {len(VOXEL_TYPES)}.",
                hint=_RESTORE_HINT,
            )
        dtype = VOXEL_TYPES[type_code - 1]
        if not voxel_bytes or voxel_bytes % dtype.itemsize:
            raise DamagedDataError(
                f"{name} says {voxel_bytes} bytes per voxel, which is no multiple of {dtype.name}'s "
                f"{dtype.itemsize}.",
                hint=_RESTORE_HINT,
                file=file,
            )
        try:
            return cls(
                dtype=dtype,
                num_channels=voxel_bytes // dtype.itemsize,
                block_len=1 << (sides & 0x0F),
                file_len=1 << (sides >> 4),
                block_type=block_type,
                version=version,
                data_offset=data_offset,
            )
        except UnsupportedFormatError as error:
            raise UnsupportedFormatError(f"{name}: {error.what}", hint=_RESTORE_HINT) from error

    def to_bytes(self) -> bytes:
        """Encode as the 16 bytes of a WKW header."""
        return _LAYOUT.pack(
            _MAGIC,
            self.version,
            (self.file_len.bit_length() - 1) << 4 | (self.block_len.bit_length() - 1),
            self.block_type,
            VOXEL_TYPES.index(self.dtype) + 1,
            self.voxel_bytes,
            self.data_offset,
        )
