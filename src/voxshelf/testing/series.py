"""A dataset with a time axis, written by zarr-python: :func:`write_series`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from voxshelf.dataset import PROPERTIES_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["series_document", "series_voxels", "write_series"]

SIZE = (96, 64, 12)
TIMES = 7


def series_voxels(t: int) -> NDArray[np.uint8]:
    """What lies there at a time, ``(x, y, z)``: a gray that tells the time, and a bright bar that moves along x."""
    voxels = np.full(SIZE, 20 + 10 * t, np.uint8)
    voxels[8 + 12 * t : 16 + 12 * t, 16:48] = 220 + t
    return voxels


def series_document(name: str, *, version: int = 3, **layer: Any) -> dict[str, Any]:
    """Its ``datasource-properties.json``: one colour layer, dimensions c, t, z, y, x."""
    width, height, depth = SIZE
    order = {"c": 0, "x": 4, "y": 3, "z": 2}
    return {
        "id": {"name": name, "team": ""},
        "dataLayers": [
            {
                "name": "color",
                "category": "color",
                "boundingBox": {"topLeft": [0, 0, 0], "width": width, "height": height, "depth": depth},
                "elementClass": "uint8",
                "dataFormat": "zarr3" if version == 3 else "zarr",
                "mags": [
                    {"mag": [1, 1, 1], "path": "./color/1", "axisOrder": order},
                    {"mag": [2, 2, 1], "path": "./color/2-2-1", "axisOrder": order},
                ],
                "numChannels": 1,
                "additionalAxes": [{"name": "t", "bounds": [0, TIMES], "index": 1}],
                **layer,
            }
        ],
        "scale": {"factor": [100, 100, 300], "unit": "nanometer"},
        "version": 1,
    }


def write_series(folder: Path, *, version: int = 3, **layer: Any) -> Path:
    """Write the dataset.

    Parameters
    ----------
    folder : Path
        Its new folder.
    version : int
        Of the Zarr format, 2 or 3.
    **layer
        What the JSON shall say of the layer instead.

    Returns
    -------
    Path
        The folder.
    """
    import zarr  # noqa: PLC0415 - heavy

    folder.mkdir(parents=True)
    whole = np.stack([series_voxels(t).T for t in range(TIMES)])[np.newaxis]
    for name, step in (("1", 1), ("2-2-1", 2)):
        voxels = np.ascontiguousarray(whole[..., ::step, ::step])
        array = zarr.create_array(
            folder / "color" / name,
            shape=voxels.shape,
            chunks=(1, 1, 4, 32, 32),
            dtype=voxels.dtype,
            zarr_format=2 if version == 2 else 3,
        )
        array[...] = voxels
    document = series_document(folder.name, version=version, **layer)
    (folder / PROPERTIES_NAME).write_text(json.dumps(document, indent=2), encoding="utf-8")
    return folder
