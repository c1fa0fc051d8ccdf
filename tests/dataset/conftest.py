"""Datasets for these tests, their voxels written by the ``wkw`` package and not by us."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import wkw

from voxshelf.dataset import PROPERTIES_NAME

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

BLOCK_LEN, FILE_LEN = 8, 2


@dataclass
class Volume:
    """A layer to write: voxels ``(x, y, z)`` or ``(c, x, y, z)``, where they go, and in which mag folder."""

    name: str
    voxels: NDArray[Any]
    topleft: tuple[int, int, int] = (0, 0, 0)
    mag: str = "1"
    category: str = "color"

    @property
    def num_channels(self) -> int:
        return self.voxels.shape[0] if self.voxels.ndim == 4 else 1

    def write(self, folder: Path) -> None:
        header = wkw.Header(self.voxels.dtype.type, self.num_channels, block_len=BLOCK_LEN, file_len=FILE_LEN)
        is_there = (folder / "header.wkw").exists()
        opened = wkw.Dataset.open(str(folder)) if is_there else wkw.Dataset.create(str(folder), header)
        with opened as dataset:
            dataset.write(self.topleft, self.voxels)

    def document(self) -> dict[str, Any]:
        factors = [int(part) for part in self.mag.split("-")] if "-" in self.mag else [int(self.mag)] * 3
        size = [length * factor for length, factor in zip(self.voxels.shape[-3:], factors, strict=True)]
        names = {"float32": "float", "float64": "double"}
        kind = names.get(self.voxels.dtype.name, self.voxels.dtype.name)
        corner = [t * factor for t, factor in zip(self.topleft, factors, strict=True)]
        return {
            "name": self.name,
            "category": self.category,
            "boundingBox": {"topLeft": corner, "width": size[0], "height": size[1], "depth": size[2]},
            "elementClass": "uint24" if (kind, self.num_channels) == ("uint8", 3) else kind,
            "numChannels": self.num_channels,
            "dataFormat": "wkw",
            "mags": [{"mag": factors, "cubeLength": BLOCK_LEN * FILE_LEN}],
        }


def _random_voxels(*shape: int, dtype: Any = np.uint8, seed: int = 0) -> NDArray[Any]:
    """Voxels of which none is 0, so that they differ from what is not stored."""
    return np.random.default_rng(seed).integers(1, 100, shape).astype(dtype)


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes a dataset folder from volumes; ``has_json=False`` leaves the JSON out."""

    def build(*volumes: Volume, has_json: bool = True, **more: Any) -> Path:
        folder = tmp_path / "dataset"
        for volume in volumes:
            volume.write(folder / volume.name / volume.mag)
        document = {
            "id": {"name": "dataset", "team": ""},
            "dataLayers": [volume.document() for volume in volumes],
            "scale": {"factor": [10, 10, 25], "unit": "nanometer"},
            **more,
        }
        if has_json:
            (folder / PROPERTIES_NAME).write_text(json.dumps(document, indent=2))
        return folder

    return build


@pytest.fixture(scope="session")
def volume() -> type[Volume]:
    """The class :class:`Volume`: test modules cannot import from here."""
    return Volume


@pytest.fixture(scope="session")
def random_voxels() -> Callable[..., NDArray[Any]]:
    """A function that makes voxels of a shape."""
    return _random_voxels
