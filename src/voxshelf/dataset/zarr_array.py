"""A WKW mag as a read-only ``zarr.Array``: a slice reads the slice, not the chunks that it crosses.

The array is zarr-python's own, over a :class:`~voxshelf.dataset.zarr_store.MagStore`. Its codec is Zarr's ``bytes``,
as ``zarr.json`` says; the instance used here also decodes *partially*: zarr-python hands it the part of a chunk
that is wanted, and it reads that box from the cube files.
Specification: https://zarr-specs.readthedocs.io/en/latest/v3/codecs/bytes/index.html.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import zarr
from zarr.abc.codec import ArrayBytesCodecPartialDecodeMixin
from zarr.codecs import BytesCodec
from zarr.storage import StorePath

from voxshelf.dataset.zarr_store import MagStore

if TYPE_CHECKING:
    from zarr.abc.store import ByteGetter
    from zarr.core.array_spec import ArraySpec
    from zarr.core.buffer import NDBuffer

    from voxshelf.dataset.mag_folder import MagFolder
    from voxshelf.model import Vec3Int

__all__ = ["open_as_zarr"]


def open_as_zarr(folder: MagFolder, bottomright: Vec3Int) -> zarr.Array[Any]:
    """A read-only zarr array over a mag, from voxel 0 to ``bottomright``.

    Raises
    ------
    DamagedDataError, UnsupportedFormatError
        If the mag cannot be opened.
    """
    store = MagStore(folder, bottomright)
    codec = _PartialBytesCodec(endian="little" if folder.dtype.itemsize > 1 else None)
    # Voxels come in Fortran order; a buffer in the same order is filled without turning them round.
    asynchronous = zarr.AsyncArray(
        # zarr-python takes codecs ready-made, which its types do not say.
        cast("Any", {**store.metadata, "codecs": [codec]}),
        store_path=StorePath(store),
        config={"order": "F"},
    )
    return zarr.Array(asynchronous)


class _PartialBytesCodec(BytesCodec, ArrayBytesCodecPartialDecodeMixin):
    """Zarr's ``bytes`` codec that asks a :class:`MagStore` for parts of chunks."""

    async def _decode_partial_single(
        self, byte_getter: ByteGetter, selection: Any, chunk_spec: ArraySpec
    ) -> NDBuffer | None:
        if not isinstance(byte_getter, StorePath) or not isinstance(byte_getter.store, MagStore):
            data = await byte_getter.get(chunk_spec.prototype)
            return None if data is None else (await self._decode_single(data, chunk_spec))[selection]
        ranges, local = _box_around(selection, chunk_spec.shape)
        *_, x, y, z = ranges
        voxels = await asyncio.to_thread(
            byte_getter.store.read_part,
            byte_getter.path,
            (x.start, y.start, z.start),
            (len(x), len(y), len(z)),
        )
        if voxels is None:
            return None
        part: Any = np.asarray(voxels[tuple(local)])
        return chunk_spec.prototype.nd_buffer.from_ndarray_like(part)


def _box_around(selection: Any, shape: tuple[int, ...]) -> tuple[list[range], list[Any]]:
    """The box that a selection of a chunk lies in, and the selection within that box.

    zarr-python selects with whole numbers, slices and arrays of positions. Channels are always read together.
    """
    entries = selection if isinstance(selection, tuple) else (selection,)
    ranges, local = [], []
    for axis, (entry, length) in enumerate(zip(entries, shape, strict=True)):
        if len(shape) - axis > 3:
            ranges.append(range(length))
            local.append(entry)
        elif isinstance(entry, slice):
            positions = range(*entry.indices(length))
            first, last = (positions[0], positions[-1]) if positions else (0, -1)
            ranges.append(range(first, last + 1))
            local.append(slice(None, None, positions.step))
        else:
            first, last = int(np.min(entry)), int(np.max(entry))
            ranges.append(range(first, last + 1))
            local.append(entry - first)
    return ranges, local
