"""Dataset folders made with the `wkw` package."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import wkw

MakeMag = Callable[..., Path]


@pytest.fixture
def make_mag() -> MakeMag:
    """Writes voxels into a mag's folder with the `wkw` package."""

    def make(
        folder: Path, voxels: np.ndarray[Any, Any], topleft: tuple[int, int, int] = (0, 0, 0), **header: Any
    ) -> Path:
        folder.parent.mkdir(parents=True, exist_ok=True)
        channels = voxels.shape[0] if voxels.ndim == 4 else 1
        options = {"block_len": 32, "file_len": 2, **header}
        with wkw.Dataset.create(
            str(folder), wkw.Header(voxels.dtype, num_channels=channels, **options)
        ) as dataset:
            dataset.write(topleft, voxels)
        return folder

    return make


@pytest.fixture
def noise() -> Callable[..., np.ndarray[Any, Any]]:
    """Random voxels of any shape and type, the same in every run."""

    def make(shape: tuple[int, ...] = (64, 64, 64), dtype: str = "uint8") -> np.ndarray[Any, Any]:
        rng = np.random.default_rng(3)
        return (rng.random(shape) * 250 + 1).astype(dtype)

    return make


@pytest.fixture
def write_json() -> Callable[[Path, Any], None]:
    """Puts a datasource-properties.json into a folder."""

    def write(folder: Path, document: Any) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        text = document if isinstance(document, str) else json.dumps(document)
        (folder / "datasource-properties.json").write_text(text, encoding="utf-8")

    return write
