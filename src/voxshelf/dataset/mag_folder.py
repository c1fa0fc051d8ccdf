"""One mag of a WKW layer on disk: where it lies, and reading boxes from it.

Words used here: a mag's *folder* holds ``header.wkw`` and cube files. Where the JSON gives a ``path``, it is
relative to the dataset folder or else to the layer's; where it gives none, the folder is ``<layer>/<mag>``
with the mag written ``1`` or ``1-1-1``. Links are followed.
"""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from voxshelf.errors import DamagedDataError, UnsupportedFormatError, VoxshelfError
from voxshelf.formats.bytes import explained
from voxshelf.formats.wkw import WkwArray
from voxshelf.model import DataFormat, ElementClass

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from voxshelf.model import LayerProperties, MagProperties, Vec3Int

__all__ = ["MagFolder", "channels_of", "find_mag_folder", "is_url"]

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def is_url(path: str) -> bool:
    """Whether a path is an address such as ``https://…`` or ``s3://…``."""
    return _URL.match(path) is not None


def channels_of(layer: LayerProperties) -> int:
    """Values per voxel: RGB layers have 3, also where the JSON gives another number or none."""
    return 3 if layer.element_class is ElementClass.UINT24 else layer.num_channels


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
    parts = urlsplit(address)
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
        How it is stored; only WKW can be read here.
    """

    def __init__(
        self,
        path: Path,
        *,
        title: str,
        dtype: np.dtype[Any],
        num_channels: int,
        data_format: DataFormat = DataFormat.WKW,
    ) -> None:
        self.path = path
        self.title = title
        self.dtype = dtype
        self.num_channels = num_channels
        self.data_format = data_format
        self._lock = threading.Lock()
        self._array: WkwArray | None = None

    def __reduce__(self) -> Any:
        return (_restore, (self.path, self.title, self.dtype, self.num_channels, self.data_format))

    @property
    def array(self) -> WkwArray:
        """The open WKW array.

        Raises
        ------
        UnsupportedFormatError
            If the layer is stored in another format.
        DamagedDataError
            If the folder is missing or holds other voxels than the layer says.
        """
        with self._lock:
            if self._array is None:
                self._array = self._open()
            return self._array

    def _open(self) -> WkwArray:
        if self.data_format is not DataFormat.WKW:
            raise UnsupportedFormatError(
                f"{self.title.capitalize()} is stored as {self.data_format}, which voxshelf does not read.",
                hint="Convert it to WKW; the dataset's WKW layers can be read.",
            )
        if not _is_folder(self.path):
            raise DamagedDataError(
                f"{self.title.capitalize()} is listed in the JSON, but the folder {self.path} does not exist.",
                hint="Restore the folder, correct the mag's path, or take the mag out of the JSON.",
                file=self.path,
            )
        array = WkwArray.open(self.path)
        if (array.dtype, array.num_channels) != (self.dtype, self.num_channels):
            raise DamagedDataError(
                f"{self.title.capitalize()} holds {_voxel(array.dtype, array.num_channels)}, but the JSON "
                f"says {_voxel(self.dtype, self.num_channels)}.",
                hint="Correct elementClass and numChannels in the JSON, or restore the right folder.",
                file=self.path,
            )
        return array

    @property
    def problem(self) -> str:
        """Why it cannot be read, in words; empty if it opens. Reads the header, not the voxels."""
        try:
            _ = self.array
        except VoxshelfError as error:
            return error.what
        return ""

    @property
    def block_len(self) -> int:
        """The side of a block in voxels."""
        return self.array.block_len

    def read(self, topleft: Vec3Int, size: Vec3Int) -> NDArray[Any]:
        """The voxels of a box in this mag's own grid; what is not stored is 0.

        Returns
        -------
        ndarray
            ``(x, y, z)`` or, for several channels, ``(c, x, y, z)``; Fortran order.
        """
        return self.array.read(topleft, size)


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


def _restore(
    path: Path, title: str, dtype: np.dtype[Any], num_channels: int, data_format: DataFormat
) -> MagFolder:
    return MagFolder(path, title=title, dtype=dtype, num_channels=num_channels, data_format=data_format)


def _voxel(dtype: np.dtype[Any], num_channels: int) -> str:
    return f"{dtype.name} voxels" + (f" of {num_channels} channels" if num_channels > 1 else "")
