"""WKW files made byte by byte from the specification, without the code under test."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import lz4.block
import numpy as np
import pytest

from voxshelf.formats.bytes import NO_DESCRIPTOR

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

TYPES = ["uint8", "uint16", "uint32", "uint64", "float32", "float64", "int8", "int16", "int32", "int64"]


@dataclass
class HandMade:
    """One cube file of ``blocks³`` blocks of ``side³`` voxels, and the voxels that it holds."""

    folder: Path
    voxels: np.ndarray[Any, Any]
    side: int
    blocks: int
    is_lz4: bool

    @property
    def path(self) -> Path:
        return self.folder / "z0" / "y0" / "x0.wkw"

    @property
    def header(self) -> bytes:
        sides = (self.blocks.bit_length() - 1) << 4 | (self.side.bit_length() - 1)
        code = TYPES.index(self.voxels.dtype.name) + 1
        voxel_bytes = self.voxels.dtype.itemsize * self.voxels.shape[0]
        return struct.pack("<3s5B", b"WKW", 1, sides, 2 if self.is_lz4 else 1, code, voxel_bytes)

    def block_positions(self) -> list[tuple[int, int, int]]:
        """Morton order, bit by bit."""
        positions = []
        for index in range(self.blocks**3):
            bits = [[index >> (3 * bit + axis) & 1 for bit in range(10)] for axis in range(3)]
            x, y, z = (sum(value << n for n, value in enumerate(axis)) for axis in bits)
            positions.append((x, y, z))
        return positions

    def block(self, position: tuple[int, int, int]) -> bytes:
        x, y, z = (slice(p * self.side, (p + 1) * self.side) for p in position)
        return self.voxels[:, x, y, z].tobytes(order="F")

    def stored_blocks(self) -> list[bytes]:
        plain = [self.block(position) for position in self.block_positions()]
        if not self.is_lz4:
            return plain
        return [lz4.block.compress(block, store_size=False) for block in plain]

    def file_bytes(self, stored: list[bytes] | None = None) -> bytes:
        stored = self.stored_blocks() if stored is None else stored
        start = 16 + (8 * len(stored) if self.is_lz4 else 0)
        ends = start + np.cumsum([len(block) for block in stored])
        table = ends.astype("<u8").tobytes() if self.is_lz4 else b""
        return self.header + struct.pack("<Q", start) + table + b"".join(stored)

    def write(self, data: bytes | None = None) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        (self.folder / "header.wkw").write_bytes(self.header + bytes(8))
        self.path.write_bytes(self.file_bytes() if data is None else data)


class InMemory:
    """Bytes of a server that counts what is asked of it."""

    descriptor = NO_DESCRIPTOR
    name = "https://example.org/x0.wkw"

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = len(data)
        self.sent = 0

    def read(self, offset: int, length: int) -> bytes:
        self.sent += length
        return self.data[offset : offset + length]

    def read_many(self, ranges: Sequence[tuple[int, int]]) -> list[bytes]:
        return [self.read(*span) for span in ranges]

    def is_unchanged(self) -> bool:
        return True


@pytest.fixture
def server() -> type[InMemory]:
    """A cube file's bytes that come from elsewhere than a descriptor."""
    return InMemory


@pytest.fixture
def hand_made(tmp_path: Path) -> Callable[..., HandMade]:
    """Make a mag folder with one cube file."""

    def make(
        *,
        dtype: str = "uint8",
        channels: int = 1,
        side: int = 8,
        blocks: int = 2,
        is_lz4: bool = True,
        name: str = "1",
    ) -> HandMade:
        random = np.random.default_rng(5)
        length = side * blocks
        voxels = random.integers(0, 7, (channels, length, length, length)).astype(dtype)
        made = HandMade(tmp_path / name, voxels, side, blocks, is_lz4)
        made.write()
        return made

    return make
