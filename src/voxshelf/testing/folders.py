"""Dataset folders for tests, written byte by byte from the WKW description, without the code under test."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import DTypeLike, NDArray

BLOCK = 32
"""Voxels per side of the only block of the only file of a mag."""

_CODES = {"uint8": 1, "uint16": 2, "uint32": 3, "uint64": 4}


def voxels(dtype: DTypeLike = "uint8") -> NDArray[Any]:
    """What :func:`write_layer` writes: ``(x, y, z)``, different at every position along an axis."""
    x, y, z = np.indices((BLOCK, BLOCK, BLOCK))
    return np.asfortranarray((x + 3 * y + 7 * z) % 251, dtype=dtype)


def write_layer(layer: Path, *, dtype: str = "uint8", mags: Sequence[str] = ("1",)) -> None:
    """Write a WKW layer with one uncompressed cube of 32³ voxels per mag."""
    itemsize = np.dtype(dtype).itemsize
    # "WKW", version 1; log2 of blocks per file side (0) and of voxels per block side (5); raw; type; bytes per voxel
    start = b"WKW" + bytes([1, 0x05, 1, _CODES[dtype], itemsize])
    for mag in mags:
        folder = layer / mag
        (folder / "z0" / "y0").mkdir(parents=True)
        (folder / "header.wkw").write_bytes(start + struct.pack("<Q", 0))
        cube = start + struct.pack("<Q", 16) + voxels(dtype).tobytes(order="F")
        (folder / "z0" / "y0" / "x0.wkw").write_bytes(cube)


def properties(
    layers: Mapping[str, str] | None = None, *, mags: Sequence[str] = ("1",), **top: Any
) -> dict[str, Any]:
    """The JSON that fits :func:`write_layer`.

    Parameters
    ----------
    layers : mapping of str to str
        The type of each layer by its name; wider ones than ``uint8`` are segmentations.
    mags : sequence of str
        Of each layer.
    **top
        Further keys of the document, instead of those it would have.
    """
    entries = [
        {
            "name": name,
            "category": "color" if dtype == "uint8" else "segmentation",
            "boundingBox": {"topLeft": [0, 0, 0], "width": BLOCK, "height": BLOCK, "depth": BLOCK},
            "elementClass": dtype,
            "dataFormat": "wkw",
            "mags": [{"mag": [int(mag)] * 3, "cubeLength": BLOCK} for mag in mags],
            **({} if dtype == "uint8" else {"largestSegmentId": 250}),
        }
        for name, dtype in (layers or {"color": "uint8"}).items()
    ]
    return {"id": {"name": "", "team": ""}, "dataLayers": entries, "scale": [11.24, 11.24, 28], **top}


def write_properties(folder: Path, document: Mapping[str, Any]) -> None:
    """Write a ``datasource-properties.json``."""
    (folder / "datasource-properties.json").write_text(json.dumps(document, indent=2), encoding="utf-8")


def write_dataset(
    root: Path,
    key: str,
    *,
    layers: Mapping[str, str] | None = None,
    mags: Sequence[str] = ("1",),
    with_json: bool = True,
) -> Path:
    """Write a dataset of WKW layers below a store's root, with or without its JSON; returns its folder."""
    folder = Path(root) / key
    for name, dtype in (layers or {"color": "uint8"}).items():
        write_layer(folder / name, dtype=dtype, mags=mags)
    if with_json:
        write_properties(folder, properties(layers, mags=mags))
    return folder
