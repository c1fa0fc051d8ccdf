"""One mag of a layer on disk: where it lies, and reading boxes from it.

Words used here: a mag's *folder* holds ``header.wkw`` and cube files, or a Zarr array. Where the JSON gives a
``path``, it is relative to the dataset folder or else to the layer's; where it gives none, the folder is ``<layer>/<mag>``
with the mag written ``1`` or ``1-1-1``. Links are followed. *Coordinates* say where one is on axes besides x, y, z.
"""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import numpy as np

from voxshelf.errors import DamagedDataError, UnsupportedFormatError, VoxshelfError
from voxshelf.formats.bytes import explained
from voxshelf.formats.wkw import WkwArray
from voxshelf.formats.zarr import ArrayAxes
from voxshelf.model import DataFormat, ElementClass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from voxshelf.formats import VoxelArray
    from voxshelf.formats.zarr.array import ZarrArray
    from voxshelf.model import LayerProperties, MagProperties, Vec3Int

__all__ = ["MagFolder", "channels_of", "find_mag_folder", "is_url", "mag_folder_of"]

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def is_url(path: str) -> bool:
    """Whether a path is an address such as ``https://…`` or ``s3://…``."""
    return _URL.match(path) is not None


def channels_of(layer: LayerProperties) -> int:
    """Values per voxel: RGB layers have 3, also where the JSON gives another number or none."""
    return 3 if layer.element_class is ElementClass.UINT24 else layer.num_channels


def mag_folder_of(dataset: Path, layer: LayerProperties, entry: MagProperties) -> MagFolder:
    """A mag of a layer, as the JSON describes both; nothing is opened.

    Raises
    ------
    UnsupportedFormatError
        If its path is a remote address.
    """
    return MagFolder(
        find_mag_folder(dataset, layer, entry),
        title=f"mag {entry.mag} of layer {layer.name!r}",
        dtype=np.dtype(layer.element_class.dtype),
        num_channels=channels_of(layer),
        data_format=layer.data_format,
        axes=_array_axes_of(layer, entry),
    )


def _array_axes_of(layer: LayerProperties, entry: MagProperties) -> ArrayAxes:
    """What the JSON says about the dimensions of a mag's array."""
    order = () if entry.axis_order is None else tuple(entry.axis_order.dimensions.items())
    additional = tuple((axis.name, axis.index) for axis in layer.additional_axes)
    first = entry.channel_index
    return ArrayAxes(order, additional, None if first is None else range(first, first + channels_of(layer)))


def find_mag_folder(dataset: Path, layer: LayerProperties, entry: MagProperties) -> Path:
    """Where a mag lies; the first place where it should lie if it is at none.

    Raises
    ------
    UnsupportedFormatError
        If its path is a remote address.
    """
    if entry.path is None:
        candidates = [dataset / layer.name / name for name in entry.mag.folder_names]
    elif is_url(entry.path):
        candidates = [_local_path(entry.path, layer)]
    else:
        given = Path(entry.path)
        # A renamed layer's path is written without a look at the disk: "1" may be called "1-1-1" there.
        names = entry.mag.folder_names if given.name in entry.mag.folder_names else (given.name,)
        paths = [given, *(given.with_name(name) for name in names if name != given.name)]
        candidates = [home / path for path in paths for home in (dataset, dataset / layer.name)]
    return next((candidate for candidate in candidates if _may_be_folder(candidate)), candidates[0])


def _local_path(address: str, layer: LayerProperties) -> Path:
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise UnsupportedFormatError(
            f"Layer {layer.name!r} lies at {address}, which is no address: {error}.",
            hint="Correct the mag's path in the JSON.",
        ) from error
    if parts.scheme.lower() != "file":
        raise UnsupportedFormatError(
            f"Layer {layer.name!r} lies at {address}: voxshelf does not read remote mags.",
            hint="Copy the mag's folder next to the dataset and set its path, or mount the remote storage.",
        )
    return Path(unquote(parts.path))


class MagFolder:
    """A mag's voxels; opened when the first one is read, and picklable.

    Parameters
    ----------
    path : Path
        The folder.
    title : str
        How errors name it, ``mag 2 of layer 'color'``.
    dtype : numpy dtype
        What one value must be, as the layer says.
    num_channels : int
        How many values a voxel must have.
    data_format : DataFormat
        How it is stored; WKW and Zarr can be read here.
    axes : ArrayAxes
        Of a Zarr array: which of its dimensions is which axis.
    """

    def __init__(
        self,
        path: Path,
        *,
        title: str,
        dtype: np.dtype[Any],
        num_channels: int,
        data_format: DataFormat = DataFormat.WKW,
        axes: ArrayAxes | None = None,
    ) -> None:
        self.path = path
        self.title = title
        self.dtype = dtype
        self.num_channels = num_channels
        self.data_format = data_format
        self.axes = axes or ArrayAxes()
        self._lock = threading.Lock()
        self._array: VoxelArray | None = None

    def __reduce__(self) -> Any:
        kept = ("title", "dtype", "num_channels", "data_format", "axes")
        return (_restore, (self.path, {name: getattr(self, name) for name in kept}))

    @property
    def identity(self) -> tuple[Any, ...]:
        """Equal for mags that are opened and read in the same way."""
        return (self.path, self.title, self.dtype, self.num_channels, self.data_format, self.axes)

    @property
    def coordinates(self) -> dict[str, int]:
        """Where it is on other axes; those not named are at 0."""
        return {}

    def at(self, coordinates: Mapping[str, int]) -> MagFolder:
        """The same at other coordinates; what is open is shared, so that this costs next to nothing."""
        return _MagFolderAt(self, coordinates) if coordinates else self

    @property
    def array(self) -> VoxelArray:
        """The open array; a Zarr array is opened again when its metadata were written anew.

        Raises
        ------
        UnsupportedFormatError
            If the layer is stored in another format.
        DamagedDataError
            If the folder is missing or holds other voxels than the layer says.
        """
        with self._lock:
            if self._array is None or not _is_current(self._array):
                self._array = self._open()
            return self._array

    @property
    def wkw(self) -> WkwArray:
        """The open WKW array, for what only that format can do.

        Raises
        ------
        UnsupportedFormatError
            If it is another format.
        """
        array = self.array
        if not isinstance(array, WkwArray):
            raise UnsupportedFormatError(
                f"{self.title.capitalize()} is stored as {self.data_format}: this works on WKW layers only.",
                hint="Copy its voxels into a new layer: dataset.add_layer(…).write(layer.read()).",
            )
        return array

    @property
    def zarr(self) -> ZarrArray | None:
        """The open Zarr array; None where the mag is stored otherwise."""
        array: Any = self.array
        return array if self.data_format.is_zarr else None

    def _open(self) -> VoxelArray:
        if not _is_folder(self.path) and (self.data_format is DataFormat.WKW or self.data_format.is_zarr):
            raise DamagedDataError(
                f"{self.title.capitalize()} is listed in the JSON, but the folder {self.path} does not exist.",
                hint="Restore the folder, correct the mag's path, or take the mag out of the JSON.",
                file=self.path,
            )
        array = self._opened()
        if (array.dtype, array.num_channels) != (self.dtype, self.num_channels):
            raise DamagedDataError(
                f"{self.title.capitalize()} holds {_voxel(array.dtype, array.num_channels)}, but the JSON "
                f"says {_voxel(self.dtype, self.num_channels)}.",
                hint="Correct elementClass and numChannels in the JSON, or restore the right folder.",
                file=self.path,
            )
        return array

    def _opened(self) -> VoxelArray:
        if self.data_format is DataFormat.WKW:
            return WkwArray.open(self.path)
        if self.data_format.is_zarr:
            from voxshelf.formats.zarr.array import ZarrArray  # noqa: PLC0415 - loads zarr

            return ZarrArray.open(self.path, self.axes, newest_first=self.data_format is DataFormat.ZARR3)
        raise UnsupportedFormatError(
            f"{self.title.capitalize()} is stored as {self.data_format}, which voxshelf does not read.",
            hint="Convert it to WKW or Zarr; the dataset's other layers can be read.",
        )

    @property
    def problem(self) -> str:
        """Why it cannot be read, in words; empty if it opens. Reads the header, not the voxels."""
        try:
            _ = self.array
        except VoxshelfError as error:
            return error.what
        return ""

    @property
    def block_shape(self) -> Vec3Int:
        """The smallest box ``(x, y, z)`` that is decoded at once."""
        return self.array.block_shape

    def read(self, topleft: Vec3Int, size: Vec3Int) -> NDArray[Any]:
        """The voxels of a box in this mag's own grid; what is not stored is 0.

        Returns
        -------
        ndarray
            ``(x, y, z)`` or, for several channels, ``(c, x, y, z)``; Fortran order.
        """
        array = self.array
        try:
            return array.read(topleft, size)
        except DamagedDataError:
            if _is_current(array):
                raise
        return self.array.read(topleft, size)  # its metadata were written in between: opened again


class _MagFolderAt(MagFolder):
    """A mag at coordinates of its own."""

    def __init__(self, whole: MagFolder, coordinates: Mapping[str, int]) -> None:
        super().__init__(
            whole.path,
            title=whole.title,
            dtype=whole.dtype,
            num_channels=whole.num_channels,
            data_format=whole.data_format,
            axes=whole.axes,
        )
        self._whole = whole
        self._coordinates = dict(coordinates)

    def __reduce__(self) -> Any:
        return (_MagFolderAt, (self._whole, self._coordinates))

    @property
    def coordinates(self) -> dict[str, int]:
        return dict(self._coordinates)

    def at(self, coordinates: Mapping[str, int]) -> MagFolder:
        return self._whole.at(coordinates)

    def _open(self) -> VoxelArray:
        whole = self._whole.zarr
        return self._whole.array if whole is None else whole.at(self._coordinates)


def _is_current(array: VoxelArray) -> bool:
    """Whether an open array is still what lies there; WKW files look after that themselves."""
    return bool(getattr(array, "is_current", True))


def _may_be_folder(path: Path) -> bool:
    """Whether it is a folder, or lies where this user may not look."""
    try:
        return path.is_dir()
    except OSError:
        return True


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError as error:
        raise explained(error, path) from error


def _restore(path: Path, kept: dict[str, Any]) -> MagFolder:
    return MagFolder(path, **kept)


def _voxel(dtype: np.dtype[Any], num_channels: int) -> str:
    return f"{dtype.name} voxels" + (f" of {num_channels} channels" if num_channels > 1 else "")
