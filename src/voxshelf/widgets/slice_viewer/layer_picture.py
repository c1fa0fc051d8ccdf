"""One layer's part of what is on screen: ``LayerPicture``, and how it is read; failures become words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voxshelf.errors import DamagedDataError, VoxshelfError
from voxshelf.slicing import Plan, missing_rects, plan_region, read_plane
from voxshelf.widgets.slice_viewer.axes import layer_at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from voxshelf.model import VoxelSize
    from voxshelf.slicing import Region
    from voxshelf.widgets.slice_viewer.layer_state import LayerState


@dataclass(frozen=True)
class LayerPicture:
    """What reading one layer for one view gave.

    Parameters
    ----------
    name : str
        The layer.
    plan : Plan or None
        What was read; None where nothing of the layer is in view.
    voxels : ndarray or None
        ``(rows, columns)`` or, for RGB, ``(3, rows, columns)``; None where nothing was read.
    error : str
        Why not, in plain words; empty where all went well.
    missing : tuple of tuples of 4 ints
        Parts that are not on disk, ``(column, row, end column, end row)``.
    """

    name: str
    plan: Plan | None = None
    voxels: NDArray[Any] | None = None
    error: str = ""
    missing: tuple[tuple[int, int, int, int], ...] = ()


def read_picture(
    layer: LayerState, region: Region, voxel_size: VoxelSize, axes: Mapping[str, int] | None = None
) -> LayerPicture:
    """Read a layer for a part of a plane, at coordinates on further axes; whatever a file holds, this answers."""
    try:
        handle = layer_at(layer.layer, axes or {})
        if handle is None:
            return LayerPicture(layer.name)
        planned = plan_region(
            region, bounding_box=handle.bounding_box, mags=handle.mags, voxel_size=voxel_size
        )
        if planned is None:
            return LayerPicture(layer.name)
        voxels = layer.shown_channels(read_plane(handle, planned))
        missing = tuple(missing_rects(handle, planned, voxels))
        if missing:
            _raise_if_gone(handle.mag(planned.mag).folder.path)
    except Exception as error:  # noqa: BLE001 - whatever a file holds, the viewer goes on with other slices
        return LayerPicture(layer.name, error=explain(layer.name, error))
    return LayerPicture(layer.name, planned, voxels, missing=missing)


def _raise_if_gone(folder: Path) -> None:
    """Nothing recorded is one thing, a folder that was there when the dataset was opened another."""
    if not folder.is_dir():
        raise DamagedDataError(
            f"The folder {folder} is not there any more.",
            hint="Connect its drive or restore it; the viewer goes on by itself.",
        )


def explain(layer: str, error: Exception) -> str:
    """What went wrong while reading a layer, as sentences for a person."""
    if isinstance(error, VoxshelfError):
        text = f"{layer}: {error.what}"
        if isinstance(error, DamagedDataError):
            where = [
                part
                for part, known in (
                    (f"file {error.file}", str(error.file)),
                    (f"block {error.block}", str(error.block)),
                )
                if known != "None" and known not in error.what
            ]
            text += f" ({', '.join(where)})" if where else ""
        return f"{text} {error.hint}".strip()
    return f"{layer}: this slice could not be read ({type(error).__name__}: {error})."
