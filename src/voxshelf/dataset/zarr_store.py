"""A WKW mag as a Zarr store: a read-only ``zarr.abc.store.Store`` whose keys are made when they are asked for.

The store has the key ``zarr.json`` and one key ``c/…`` per chunk. A chunk is a box of whole blocks, its bytes
uncompressed and little endian, in the order of the Zarr standard: any Zarr reader understands them. Chunks
without any cube file on disk have no key, so they are filled with 0. The array begins at voxel 0, so that
positions are absolute.
Specification: https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from typing import TYPE_CHECKING, Any

import numpy as np
from zarr.abc.store import (
    ByteRequest,
    OffsetByteRequest,
    RangeByteRequest,
    Store,
    SuffixByteRequest,
)
from zarr.core.buffer import Buffer, BufferPrototype, default_buffer_prototype

from voxshelf.dataset.chunking import chunk_size
from voxshelf.errors import ReadOnlyError
from voxshelf.model import BoundingBox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence

    from numpy.typing import NDArray

    from voxshelf.dataset.mag_folder import MagFolder
    from voxshelf.model import Vec3Int

__all__ = ["MagStore"]

_CHUNK_BYTES = 64 * 1024 * 1024
_METADATA_KEY = "zarr.json"


class MagStore(Store):
    """The store behind :func:`open_as_zarr`; picklable, and equal to a store of the same mag and extent.

    Parameters
    ----------
    folder : MagFolder
        The mag.
    bottomright : tuple of 3 ints
        The array's extent ``(x, y, z)``.
    """

    supports_writes = False
    supports_deletes = False
    supports_listing = True

    def __init__(self, folder: MagFolder, bottomright: Vec3Int) -> None:
        super().__init__(read_only=True)
        self._folder = folder
        self._extent = bottomright
        voxel_bytes = folder.dtype.itemsize * folder.num_channels
        self._chunk = chunk_size(folder.block_shape, bottomright, voxel_bytes, _CHUNK_BYTES)

    def __reduce__(self) -> Any:
        return (MagStore, (self._folder, self._extent))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MagStore) and self._identity == other._identity

    def __hash__(self) -> int:
        return hash(self._identity)

    @property
    def _identity(self) -> tuple[Any, ...]:
        return (self._folder.path, self._extent)

    def __str__(self) -> str:
        return f"voxshelf://{self._folder.path}"

    def __repr__(self) -> str:
        return f"MagStore({self._folder.path}, {self._extent})"

    def with_read_only(self, read_only: bool = False) -> MagStore:  # noqa: FBT001, FBT002 - zarr's signature
        """The store itself: there is no other than a read-only one."""
        if not read_only:
            raise self._refusal()
        return self

    async def get(
        self, key: str, prototype: BufferPrototype | None = None, byte_range: ByteRequest | None = None
    ) -> Buffer | None:
        """The bytes of a key or of a part of it; None where there is no such chunk on disk."""
        prototype = prototype or default_buffer_prototype()
        if key == _METADATA_KEY:
            data = np.frombuffer(json.dumps(self.metadata).encode(), dtype=np.uint8)
        else:
            box = self._box_of(key)
            if box is None or not self._is_stored(box):
                return None
            data = await asyncio.to_thread(self._bytes_of, box)
        return prototype.buffer.from_array_like(data[_range(byte_range, data.size)])

    async def get_partial_values(
        self, prototype: BufferPrototype, key_ranges: Iterable[tuple[str, ByteRequest | None]]
    ) -> list[Buffer | None]:
        """Several keys at once."""
        return list(
            await asyncio.gather(*(self.get(key, prototype, byte_range) for key, byte_range in key_ranges))
        )

    async def exists(self, key: str) -> bool:
        """Whether a key has bytes."""
        if key == _METADATA_KEY:
            return True
        box = self._box_of(key)
        return box is not None and self._is_stored(box)

    async def set(self, key: str, value: Buffer) -> None:  # noqa: ARG002 - zarr's signature
        """Refused."""
        raise self._refusal()

    async def delete(self, key: str) -> None:  # noqa: ARG002 - zarr's signature
        """Refused."""
        raise self._refusal()

    def list(self) -> AsyncIterator[str]:
        """All keys."""
        return self.list_prefix("")

    async def list_prefix(self, prefix: str) -> AsyncIterator[str]:
        """All keys that begin with ``prefix``."""
        for key in self._keys():
            if key.startswith(prefix):
                yield key

    async def list_dir(self, prefix: str) -> AsyncIterator[str]:
        """What follows directly below ``prefix``."""
        start = f"{prefix.rstrip('/')}/" if prefix else ""
        below = (key[len(start) :] for key in self._keys() if key.startswith(start))
        for name in dict.fromkeys(key.partition("/")[0] for key in below):
            yield name

    def _refusal(self) -> ReadOnlyError:
        return ReadOnlyError(
            "The Zarr view of a WKW mag is read-only.", hint="Write with layer.write(array, topleft=…)."
        )

    @property
    def _channels(self) -> tuple[int, ...]:
        return (self._folder.num_channels,) if self._folder.num_channels > 1 else ()

    @property
    def metadata(self) -> dict[str, Any]:
        """What ``zarr.json`` says."""
        dtype = self._folder.dtype
        axes = len(self._channels) + 3
        grid = {"name": "regular", "configuration": {"chunk_shape": [*self._channels, *self._chunk]}}
        return {
            "zarr_format": 3,
            "node_type": "array",
            "shape": [*self._channels, *self._extent],
            "data_type": dtype.name,
            "chunk_grid": grid,
            "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
            "fill_value": 0,
            "codecs": [{"name": "bytes"} if dtype.itemsize == 1 else _LITTLE_ENDIAN],
            "dimension_names": ["c", "x", "y", "z"][-axes:],
            "attributes": {},
        }

    def read_part(self, key: str, topleft: Sequence[int], size: Sequence[int]) -> NDArray[Any] | None:
        """A box of a chunk's voxels, without reading the whole chunk.

        Parameters
        ----------
        key : str
            The chunk.
        topleft, size : sequences of 3 ints
            The box ``(x, y, z)``, counted from the chunk's own corner.

        Returns
        -------
        ndarray or None
            ``(x, y, z)`` or ``(c, x, y, z)``, Fortran order; None where the array has no such chunk.
        """
        chunk = self._box_of(key)
        if chunk is None:
            return None
        box = BoundingBox(topleft, size).moved(chunk.topleft)
        return self._folder.read(box.topleft, box.size)

    def _box_of(self, key: str) -> BoundingBox | None:
        """The voxels of a chunk's key; None if it is no key of this array."""
        head, *parts = key.split("/")
        if head != "c" or len(parts) != len(self._channels) + 3 or not all(map(str.isdecimal, parts)):
            return None
        *channels, x, y, z = (int(part) for part in parts)
        position = (x, y, z)
        topleft = tuple(p * c for p, c in zip(position, self._chunk, strict=True))
        if any(channels) or any(t >= e for t, e in zip(topleft, self._extent, strict=True)):
            return None
        return BoundingBox(topleft, self._chunk)

    def _is_stored(self, box: BoundingBox) -> bool:
        return not self._folder.array.is_missing(box)

    def _bytes_of(self, box: BoundingBox) -> NDArray[np.uint8]:
        """A whole chunk; beyond the array's end the format wants filling, which is what lies there."""
        voxels = self._folder.read(box.topleft, box.size)
        return np.ascontiguousarray(voxels).reshape(-1).view(np.uint8)

    def _keys(self) -> Iterable[str]:
        """All keys, found from the cube files: most chunks of a sparse mag have none."""
        yield _METADATA_KEY
        side = self._folder.wkw.cube_len
        extent = BoundingBox((0, 0, 0), self._extent)
        positions: set[tuple[int, ...]] = set()
        for cube in self._folder.wkw.cubes():
            stored = BoundingBox([c * side for c in cube], (side, side, side)).intersection(extent)
            spans = zip(stored.topleft, stored.bottomright, self._chunk, strict=True)
            if not stored.is_empty:
                positions.update(itertools.product(*(range(t // c, -(-b // c)) for t, b, c in spans)))
        for position in sorted(positions):
            yield "/".join(map(str, ("c", *(0 for _ in self._channels), *position)))


_LITTLE_ENDIAN = {"name": "bytes", "configuration": {"endian": "little"}}


def _range(byte_range: ByteRequest | None, size: int) -> slice:
    if isinstance(byte_range, RangeByteRequest):
        return slice(byte_range.start, byte_range.end)
    if isinstance(byte_range, OffsetByteRequest):
        return slice(byte_range.offset, None)
    if isinstance(byte_range, SuffixByteRequest):
        return slice(max(0, size - byte_range.suffix), None)
    return slice(None)
