"""One mag of a layer in its own voxel grid: :class:`MagView`.

Words used here: a mag's *own grid* counts its voxels from 0; voxel ``(x, y, z)`` of mag ``2-2-1`` covers the Mag-1
voxels ``(2x … 2x+1, 2y … 2y+1, z)``. All positions here are in that grid, and absolute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from voxshelf.dataset.indexing import AxisExtent, select
from voxshelf.dataset.voxel_reading import read_selected
from voxshelf.model import BoundingBox

if TYPE_CHECKING:
    from collections.abc import Sequence

    import dask.array
    import zarr
    from numpy.typing import DTypeLike, NDArray

    from voxshelf.dataset.layer import Layer
    from voxshelf.dataset.mag_folder import MagFolder
    from voxshelf.model import Mag, Vec3Int

__all__ = ["MagView"]


class MagView:
    """The voxels of one mag; get it with :meth:`Layer.mag`.

    Indexing is numpy's with absolute positions, axes ``(x, y, z)`` or ``(c, x, y, z)``; see
    :mod:`voxshelf.dataset.indexing`. Nothing is read before it is asked for. Threads may share a view.

    Parameters
    ----------
    layer : Layer
        The layer.
    mag : Mag
        Which of its mags.
    folder : MagFolder
        The mag on disk.
    """

    __iter__ = None  # without it Python would try view[0], view[1], … until an error ends it

    def __init__(self, layer: Layer, mag: Mag, folder: MagFolder) -> None:
        self._layer = layer
        self._mag = mag
        self._folder = folder

    def __reduce__(self) -> Any:
        return (_view_of, (self._layer, self._mag))

    @property
    def mag(self) -> Mag:
        """Which mag."""
        return self._mag

    @property
    def folder(self) -> MagFolder:
        """The mag on disk."""
        return self._folder

    @property
    def bounding_box(self) -> BoundingBox:
        """The layer's bounding box in this mag's grid, widened outward."""
        return self._layer.bounding_box.in_mag(self._mag)

    @property
    def topleft(self) -> Vec3Int:
        """The first voxel ``(x, y, z)`` of the box."""
        return self.bounding_box.topleft

    @property
    def size(self) -> Vec3Int:
        """The box's extent ``(x, y, z)`` in voxels."""
        return self.bounding_box.size

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of ``view[...]``: the box's size, after the channels if there are several."""
        return (*self._channel_axis, *self.bounding_box.size)

    @property
    def ndim(self) -> int:
        """3, or 4 with a channel axis."""
        return len(self.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of one value."""
        return self._folder.dtype

    @property
    def num_channels(self) -> int:
        """Values per voxel."""
        return self._folder.num_channels

    @property
    def chunks(self) -> tuple[int, ...]:
        """The shape of a block, which is decoded at once."""
        return (*self._channel_axis, *self._folder.block_shape)

    @property
    def nbytes(self) -> int:
        """The bytes of ``view[...]``, uncompressed."""
        return self.bounding_box.volume * self.num_channels * self.dtype.itemsize

    @property
    def slices(self) -> tuple[slice, ...]:
        """The bounding box as an index: for :meth:`dask` and a WKW mag's :meth:`zarr`, whose axes begin at 0."""
        box = self.bounding_box
        space = [slice(t, b) for t, b in zip(box.topleft, box.bottomright, strict=True)]
        return (*(slice(None) for _ in self._channel_axis), *space)

    @property
    def _channel_axis(self) -> tuple[int, ...]:
        return (self.num_channels,) if self.num_channels > 1 else ()

    def __getitem__(self, key: Any) -> NDArray[Any]:
        box = self.bounding_box
        extents = [
            AxisExtent(name, t, b) for name, t, b in zip("xyz", box.topleft, box.bottomright, strict=True)
        ]
        if self.num_channels == 1:
            return read_selected(self._folder, select(key, extents))
        channels, *space = select(key, [AxisExtent("c", 0, self.num_channels, is_fixed=True), *extents])
        return read_selected(self._folder, space, channels)

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:  # noqa: FBT001 - numpy's protocol
        if copy is False:
            raise ValueError("The voxels of a mag are on disk: numpy cannot take them without copying.")
        return np.asarray(self[...], dtype=dtype)

    def read(self, topleft: Sequence[int], size: Sequence[int]) -> NDArray[Any]:
        """Read a box, inside of the bounding box or not.

        Parameters
        ----------
        topleft, size : sequences of 3 ints
            In this mag's voxels; ``topleft`` may be negative.

        Returns
        -------
        ndarray
            ``(x, y, z)`` or ``(c, x, y, z)``, Fortran order; 0 where nothing is stored.

        Raises
        ------
        DamagedDataError
            If a block in the box is damaged; names file and block.
        """
        box = BoundingBox(topleft, size)
        return self._folder.read(box.topleft, box.size)

    def write(self, array: NDArray[Any], topleft: Sequence[int] = (0, 0, 0)) -> None:
        """Write voxels; the layer's bounding box grows where they lie outside of it.

        Parameters
        ----------
        array : ndarray
            ``(x, y, z)`` or ``(c, x, y, z)`` of exactly the layer's type.
        topleft : sequence of 3 ints
            Where its first voxel goes, in this mag's voxels.

        Raises
        ------
        ArrayMismatchError
            If type or shape differ; nothing is cast.
        """
        x, y, z = (position * factor for position, factor in zip(topleft, self._mag, strict=True))
        self._layer.write(array, topleft=(x, y, z), mag=self._mag)

    def zarr(self) -> zarr.Array[Any]:
        """The mag as a read-only ``zarr.Array``.

        Of a Zarr layer it is the stored array itself, with all its dimensions in their own order. Of a WKW layer its
        axes are named ``x, y, z`` or ``c, x, y, z`` and begin at 0, so that positions stay absolute; it ends where
        the bounding box does, and ``view.zarr()[view.slices]`` is the box.
        """
        from voxshelf.dataset.zarr_array import open_as_zarr  # noqa: PLC0415 - loads zarr

        stored = self._folder.zarr
        if stored is not None:
            return stored.array
        return open_as_zarr(self._folder, self.bounding_box.bottomright)

    def dask(self, *, chunk_bytes: int = 64 * 1024 * 1024) -> dask.array.Array:
        """A ``dask.array`` of this mag, axes ``x, y, z`` or ``c, x, y, z``, from voxel 0 to the bounding box's end.

        Parameters
        ----------
        chunk_bytes : int
            How large chunks may become; they are made of whole blocks.
        """
        from voxshelf.dataset.dask_array import open_as_dask  # noqa: PLC0415 - loads dask

        return open_as_dask(self._folder, self.bounding_box.bottomright, chunk_bytes=chunk_bytes)

    def __repr__(self) -> str:
        problem = self._folder.problem
        shape = " × ".join(map(str, self.shape))
        at = "".join(f", {name} = {value}" for name, value in self._layer.coordinates.items())
        text = f"<MagView {self._mag} of {self._layer.name!r}{at}: {shape} {self.dtype.name}, from {self.topleft}>"
        return f"{text[:-1]}, cannot be read: {problem}>" if problem else text


def _view_of(layer: Layer, mag: Mag) -> MagView:
    return layer.mag(mag)
