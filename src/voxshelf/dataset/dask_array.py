"""A mag as a ``dask.array``: chunks of whole blocks, each read in one go when it is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dask.array
import numpy as np
from dask.base import tokenize

from voxshelf.dataset.chunking import chunk_size

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voxshelf.dataset.mag_folder import MagFolder
    from voxshelf.model import Vec3Int

__all__ = ["open_as_dask"]


class _Source:
    """What dask slices: a mag from voxel 0 on; picklable."""

    def __init__(self, folder: MagFolder, extent: Vec3Int) -> None:
        self._folder = folder
        self._channels = (folder.num_channels,) if folder.num_channels > 1 else ()
        self.shape = (*self._channels, *extent)
        self.ndim = len(self.shape)
        self.dtype = folder.dtype

    def __getitem__(self, key: tuple[slice, ...]) -> NDArray[Any]:
        *channels, x, y, z = (
            range(*part.indices(length)) for part, length in zip(key, self.shape, strict=True)
        )
        voxels = self._folder.read((x.start, y.start, z.start), (len(x), len(y), len(z)))
        return voxels[channels[0].start : channels[0].stop] if channels else voxels


def open_as_dask(folder: MagFolder, bottomright: Vec3Int, *, chunk_bytes: int) -> dask.array.Array:
    """A lazy array over a mag, from voxel 0 to ``bottomright``.

    Parameters
    ----------
    folder : MagFolder
        The mag.
    bottomright : tuple of 3 ints
        The array's extent ``(x, y, z)``.
    chunk_bytes : int
        How large chunks may become; at least one block.
    """
    source = _Source(folder, bottomright)
    voxel_bytes = folder.dtype.itemsize * folder.num_channels
    space = chunk_size(folder.block_shape, bottomright, voxel_bytes, chunk_bytes)
    channels = source.shape[: source.ndim - 3]
    return dask.array.from_array(  # type: ignore[no-any-return, no-untyped-call]
        source,
        chunks=(*channels, *space),
        # Not the voxels: hashing them would read the whole mag.
        name=f"voxshelf-{tokenize(str(folder.path), folder.coordinates, bottomright, space)}",
        asarray=False,
        fancy=False,
        meta=np.empty((0,) * source.ndim, folder.dtype, order="F"),
    )
