"""Opening and creating datasets: :func:`open_dataset`, :func:`create_dataset`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voxshelf.dataset.dataset import Dataset
from voxshelf.dataset.folder_layers import find_layers, holds_wkw, mag_folders_in, refuse_other_formats
from voxshelf.dataset.mag_folder import is_url
from voxshelf.dataset.properties_file import PROPERTIES_NAME, read_properties, save_properties
from voxshelf.errors import (
    DatasetNotFoundError,
    NameTakenError,
    ReadOnlyError,
    UnsupportedFormatError,
    VoxshelfError,
)
from voxshelf.formats.bytes import explained
from voxshelf.model import DataSource, DataSourceId, VoxelSize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxshelf.model import LengthUnit

__all__ = ["create_dataset", "open_dataset"]


def open_dataset(path: str | os.PathLike[str]) -> Dataset:
    """Open a dataset folder.

    With a ``datasource-properties.json`` that says what the dataset is; without one, every subfolder with WKW mags
    is a layer, its box is the union of all cube files, and the voxel size stays unknown (None).

    Parameters
    ----------
    path : path
        The folder, or its JSON; ``~`` is the home folder.

    Returns
    -------
    Dataset
        Only the JSON (or the headers) were read.

    Raises
    ------
    DatasetNotFoundError
        If there is no such folder, or no dataset in it.
    InvalidDataSourceError
        If its JSON is broken; with every problem.
    UnsupportedFormatError
        If it is a remote address or another format.
    NotAllowedError, StoreUnavailableError
        If the operating system refuses to look into it, or cannot now.

    Examples
    --------
    >>> open_dataset("l4_sample")["color"][100:356, 200:456, 40]  # doctest: +SKIP
    """
    folder = _local_folder(path)
    try:
        return _opened(folder)
    except VoxshelfError:  # one of them is an OSError too
        raise
    except OSError as error:
        raise explained(error, error.filename or folder) from error


def _opened(folder: Path) -> Dataset:
    if not folder.is_dir():
        raise DatasetNotFoundError(
            f"There is no folder {folder}.", hint="Check the path for typing mistakes."
        )
    if (folder / PROPERTIES_NAME).exists():
        return Dataset(folder, read_properties(folder).data_source())
    _refuse_parts(folder)
    layers = find_layers(folder)
    if not layers:
        refuse_other_formats(folder)
        raise DatasetNotFoundError(
            f"{folder} holds no dataset: no {PROPERTIES_NAME}, and no subfolder with WKW mags.",
            hint="A dataset folder has a folder per layer, with a folder per mag (1, 2-2-1, …) in it.",
        )
    return Dataset(folder, None, layers)


def create_dataset(
    path: str | os.PathLike[str],
    voxel_size: VoxelSize | Sequence[float],
    *,
    unit: LengthUnit | str | None = None,
    name: str | None = None,
    organization: str = "",
) -> Dataset:
    """Make a new dataset without layers; :meth:`Dataset.add_layer` adds them.

    Parameters
    ----------
    path : path
        The new folder; an existing one must be empty.
    voxel_size : VoxelSize or sequence of 3 floats
        The edges ``(x, y, z)`` of one Mag-1 voxel.
    unit : str, optional
        Their unit; by default nanometer.
    name, organization : str, optional
        What the JSON shall say; informative, by default the folder's name and nothing.

    Raises
    ------
    NameTakenError
        If there is something at ``path``.
    ReadOnlyError
        If the folder cannot be made.
    ValueError
        If the voxel size or the unit is none.
    """
    if isinstance(voxel_size, VoxelSize):
        size = voxel_size if unit is None else VoxelSize(voxel_size.factor, unit)
    else:
        size = VoxelSize(voxel_size, unit)
    folder = _local_folder(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_taken = any(folder.iterdir())
    except (FileExistsError, NotADirectoryError):
        is_taken = True
    except OSError as error:
        raise ReadOnlyError(
            f"The folder {folder} cannot be made: {error.strerror}.",
            hint="Choose a place where you may write.",
        ) from error
    if is_taken:
        raise NameTakenError(
            f"There is something at {folder} already.",
            hint="Choose another path, or open it with open_dataset().",
        )
    data_source = DataSource(
        id=DataSourceId(name=name or folder.name, team=organization), voxel_size=size, layers=()
    )
    return Dataset(folder, save_properties(folder, data_source).data_source())


def _local_folder(path: str | os.PathLike[str]) -> Path:
    """The absolute path of the folder, with links and the way people got there kept."""
    text = os.fspath(path)
    if is_url(text):
        raise UnsupportedFormatError(
            f"{text} is a remote address; open_dataset() reads folders.",
            hint="Copy the dataset to this machine or mount the storage, and give the folder's path.",
        )
    folder = Path(os.path.abspath(Path(text).expanduser()))  # noqa: PTH100 - resolve() would follow links
    return folder.parent if folder.name == PROPERTIES_NAME else folder


def _refuse_parts(folder: Path) -> None:
    """Tell a person who gave a layer's or a mag's folder what to write instead."""
    parts: tuple[Any, ...] = ()
    if holds_wkw(folder):
        dataset, layer = folder.parent.parent, folder.parent
        parts = ("mag", f"open_dataset({str(dataset)!r})[{layer.name!r}].mag({folder.name!r})")
    elif mag_folders_in(folder):
        parts = ("layer", f"open_dataset({str(folder.parent)!r})[{folder.name!r}]")
    if parts:
        raise DatasetNotFoundError(
            f"{folder} is the folder of a {parts[0]}, not of a dataset.", hint=f"Write {parts[1]}."
        )
