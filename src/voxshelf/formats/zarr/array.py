"""One mag as a Zarr array: :class:`ZarrArray`, its voxels at chosen coordinates of the other axes.

Words used here: see :mod:`voxshelf.formats.zarr`; positions and sizes are absolute, in this mag's own voxels, axis
order ``x, y, z``. A chunk that has no file holds the array's fill value, as the format defines: most writers leave
out chunks of nothing else. Outside of the array everything is 0.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from voxshelf.errors import ArrayMismatchError, DamagedDataError, OutOfRangeError
from voxshelf.formats.zarr.axes import ArrayAxes, layout_of
from voxshelf.formats.zarr.opening import dimension_names, metadata_of, open_array, state_of
from voxshelf.formats.zarr.selecting import files_of, read_selection
from voxshelf.formats.zarr.slabs import slab_around, slabs
from voxshelf.model import BoundingBox

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import zarr
    from numpy.typing import NDArray

    from voxshelf.formats.zarr.axes import Layout
    from voxshelf.formats.zarr.opening import State
    from voxshelf.model.geometry import Vec3Int

__all__ = ["ZarrArray"]


class ZarrArray:
    """The voxels of one array. Cheap to copy and to pickle, safe to use from several threads.

    Get one with :meth:`open`; :meth:`at` chooses coordinates on its other axes. It reads what its metadata said when
    it was opened: see :attr:`is_current`.
    """

    __slots__ = ("_axes", "_coordinates", "_layout", "_newest_first", "_state", "array", "path")

    def __init__(
        self,
        path: Path,
        axes: ArrayAxes,
        coordinates: Mapping[str, int],
        opened: tuple[zarr.Array[Any], Layout, State],
        *,
        newest_first: bool,
    ) -> None:
        self.path = path
        self.array, self._layout, self._state = opened
        self._axes = axes
        self._coordinates = dict(coordinates)
        self._newest_first = newest_first

    def __reduce__(self) -> Any:
        return _restore, (self.path, self._axes, self._coordinates, self._newest_first)

    def __repr__(self) -> str:
        return f"<ZarrArray {self.path}: {self.array.shape} {self.dtype.name}, {self._coordinates or 'no other axes'}>"

    @classmethod
    def open(cls, path: Path, axes: ArrayAxes | None = None, *, newest_first: bool = True) -> Self:
        """Open the array in a folder; only its metadata is read.

        Parameters
        ----------
        path : Path
            The folder with ``zarr.json`` or ``.zarray``.
        axes : ArrayAxes, optional
            What is known about its dimensions.
        newest_first : bool
            Which version counts where the folder has both.

        Raises
        ------
        MagNotFoundError
            If there is no array.
        DamagedDataError, UnsupportedFormatError
            If its metadata cannot be used.
        NotAllowedError, StoreUnavailableError
            If the operating system refuses to read it, or cannot now.
        """
        array, state = open_array(path, newest_first=newest_first)
        known = axes or ArrayAxes()
        layout = layout_of(known, array.shape, dimension_names(array), str(path))
        return cls(path, known, {}, (array, layout, state), newest_first=newest_first)

    def at(self, coordinates: Mapping[str, int]) -> ZarrArray:
        """The same array at other coordinates, by axis; 0 on those that are not named."""
        opened = (self.array, self._layout, self._state)
        return ZarrArray(self.path, self._axes, coordinates, opened, newest_first=self._newest_first)

    @property
    def is_current(self) -> bool:
        """Whether its metadata are still those that it was opened with; also where they are gone, which reading tells."""
        state = state_of(metadata_of(self.array, self.path))
        return state in (None, self._state)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of one value, in this machine's byte order."""
        return np.dtype(self.array.dtype).newbyteorder("=")

    @property
    def num_channels(self) -> int:
        """Values per voxel, of the wanted channels."""
        return len(self._channels)

    @property
    def _channels(self) -> range:
        return range(self._layout.num_channels) if self._axes.channels is None else self._axes.channels

    @property
    def shape(self) -> Vec3Int:
        """How far the array reaches along x, y, z, from voxel 0."""
        return self._layout.of_space(self.array.shape)

    @property
    def block_shape(self) -> Vec3Int:
        """The smallest box that is decoded on its own: a chunk."""
        return self._layout.of_space(self.array.chunks)

    @property
    def file_shape(self) -> Vec3Int:
        """All of it: within an array no part is more or less there than another."""
        x, y, z = (max(1, length) for length in self.shape)
        return (x, y, z)

    def bounding_box(self) -> BoundingBox:
        """All of the array."""
        return BoundingBox((0, 0, 0), self.shape)

    def is_missing(self, box: BoundingBox) -> bool:
        """Whether a box lies outside of the array."""
        return not self._is_inside or box.intersection(self.bounding_box()).is_empty

    @property
    def other_lengths(self) -> dict[str, int]:
        """How many positions the array has on its other axes, by name."""
        return {name: self.array.shape[at] for name, at in self._layout.additional.items()}

    @property
    def _is_inside(self) -> bool:
        """Whether the array reaches as far as the chosen coordinates."""
        sizes = self.other_lengths.items()
        return all(0 <= self._coordinates.get(name, 0) < size for name, size in sizes)

    def read(
        self, topleft: Sequence[int], size: Sequence[int], *, out: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        """Read a box of voxels, inside of the array or not.

        Parameters
        ----------
        topleft : sequence of 3 ints
            The first voxel; may be negative.
        size : sequence of 3 ints
            The extent, not negative.
        out : array (x, y, z) or (c, x, y, z), optional
            Filled and returned.

        Returns
        -------
        array (x, y, z), or (c, x, y, z) where there is more than one channel
            Fortran-ordered.

        Raises
        ------
        DamagedDataError
            If a file cannot be decoded, or the array is gone or was written anew; names it. ``out`` is then filled in
            part.
        OutOfRangeError
            If ``size`` is negative, or more than there is memory for.
        ArrayMismatchError
            If ``out`` has another shape or type.
        NotAllowedError, StoreUnavailableError
            If the operating system refuses to read a file, or cannot now.
        """
        corner, extent = _three(topleft), _three(size)
        if min(extent) < 0:
            raise OutOfRangeError(f"The size {extent} is negative.", hint="Give sizes of 0 or more.")
        box = BoundingBox(corner, extent)
        inside = box.intersection(self.bounding_box())
        is_empty = inside.is_empty or not self._is_inside
        if out is None and not is_empty and inside == box:
            return _of_shape(self._stored(inside))
        full = _filled(out, (self.num_channels, *extent), self.dtype)
        if not is_empty:
            parts = zip(inside.topleft, inside.bottomright, corner, strict=True)
            target = tuple(slice(low - start, high - start) for low, high, start in parts)
            full[(slice(None), *target)] = self._stored(inside)
        return out if out is not None else _of_shape(full)

    def _stored(self, box: BoundingBox) -> NDArray[Any]:
        """A box within the array, ``(c, x, y, z)``."""
        voxel_bytes = self.dtype.itemsize * self.num_channels
        corners = box.topleft, box.bottomright
        slab = slab_around(*corners, self.block_shape, self.shape, voxel_bytes)
        if slab is None:
            return self._decoded(box)
        first, last = slab
        wide = BoundingBox.from_corners(first, last)
        files = files_of(self.array, self._selection(wide), self.path)
        key = (self.path, self._state, self._axes, tuple(self._coordinates.items()), slab)
        voxels = slabs.get(key, files, lambda: self._decoded(wide))
        place = (slice(low - start, high - start) for low, high, start in zip(*corners, first, strict=True))
        # A copy: what is handed out may be written to, the slab is everybody's.
        return voxels[(slice(None), *place)].copy(order="F")

    def _selection(self, box: BoundingBox) -> tuple[int | slice, ...]:
        """What a box is of the stored array."""
        dimensions = self._layout.dimensions
        selection: list[int | slice] = [0] * len(self._layout.shape)
        for axis, low, high in zip("xyz", box.topleft, box.bottomright, strict=True):
            if axis in dimensions:
                selection[dimensions[axis]] = slice(low, high)
        if "c" in dimensions:
            selection[dimensions["c"]] = slice(self._channels.start, self._channels.stop)
        for name, at in self._layout.additional.items():
            selection[at] = self._coordinates.get(name, 0)
        return tuple(selection)

    def _decoded(self, box: BoundingBox) -> NDArray[Any]:
        found = read_selection(self.array, self._selection(box), self.path)
        # Afterwards: of an array that vanished, or has other chunks now, every chunk would seem to hold the fill value.
        state = state_of(metadata_of(self.array, self.path))
        if state is None:
            raise DamagedDataError(
                f"The array in {self.path} is not there any more.",
                hint="Connect its drive or restore it.",
                file=self.path,
            )
        if state != self._state:
            raise DamagedDataError(
                f"The array in {self.path} was written anew while it was read.",
                hint="Wait until the program that writes it is done, then read again.",
                file=self.path,
            )
        return self._turned(found)

    def _turned(self, found: NDArray[Any]) -> NDArray[Any]:
        """What zarr gave, its axes in the order ``(c, x, y, z)``, with those that the array has not."""
        kept = sorted((at, axis) for axis, at in self._layout.dimensions.items())
        places = {axis: place for place, (_, axis) in enumerate(kept)}
        present = [axis for axis in "cxyz" if axis in places]
        turned = found.transpose([places[axis] for axis in present])
        index = tuple(slice(None) if axis in places else None for axis in "cxyz")
        native: NDArray[Any] = turned[index].astype(self.dtype, copy=False)
        return native


def _filled(out: NDArray[Any] | None, shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Zeros ``(c, x, y, z)`` to write into: new memory, or ``out``."""
    if out is None:
        try:
            return np.zeros(shape, dtype, order="F")
        except (MemoryError, ValueError) as error:
            raise OutOfRangeError(
                f"There is not enough memory for {shape} values of {dtype.name}.", hint="Read a smaller box."
            ) from error
    expected = shape[1:] if shape[0] == 1 else shape
    if out.shape != expected or out.dtype != dtype or not out.flags.writeable:
        writable = "a writable" if out.flags.writeable else "a read-only"
        raise ArrayMismatchError(
            f"out is {writable} array {out.shape} of {out.dtype}, not a writable one {expected} of {dtype}.",
            hint="Leave out= away, or pass an array of exactly this shape and type.",
        )
    out[...] = 0
    return out[np.newaxis] if shape[0] == 1 else out


def _of_shape(voxels: NDArray[Any]) -> NDArray[Any]:
    """Without the channel axis where there is one channel only; x fastest."""
    return np.asfortranarray(voxels[0] if voxels.shape[0] == 1 else voxels)


def _three(values: Sequence[int]) -> Vec3Int:
    x, y, z = values
    return (operator.index(x), operator.index(y), operator.index(z))


def _restore(path: Path, axes: ArrayAxes, coordinates: dict[str, int], newest_first: bool) -> ZarrArray:  # noqa: FBT001 - called by pickle
    return ZarrArray.open(path, axes, newest_first=newest_first).at(coordinates)
