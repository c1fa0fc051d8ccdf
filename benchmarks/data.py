"""The data that benchmarks read: made once, kept in a cache folder, in every format that takes part.

``em`` is uint8, EM-like, with so much noise that LZ4 hardly shrinks it; ``seg`` is a uint32 Voronoi
segmentation that LZ4 shrinks 100-fold. Both fill ``1024 × 1024 × 512`` voxels (``--quick``: 512³) of one
1024³ cube file of 32³ blocks. WKW is written by the ``wkw`` package, Zarr by tensorstore.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import wkw
from numba import njit

FULL_SHAPE = (1024, 1024, 512)
QUICK_SHAPE = (512, 512, 512)
_VERSION = 1  # a part of the folder's name: raise it when the data changes
_CELL = 40
_GRID = 32


@dataclass(frozen=True)
class Volume:
    """One volume in all its forms.

    Parameters
    ----------
    name : str
        ``em`` or ``seg``.
    folder : Path
        Holds ``source.npy``, ``raw``, ``lz4`` and, where tensorstore is installed, ``zarr``.
    """

    name: str
    folder: Path

    @property
    def source(self) -> np.ndarray[Any, Any]:
        """The voxels ``(x, y, z)``, mapped from disk."""
        return np.load(self.folder / "source.npy", mmap_mode="r")  # type: ignore[no-any-return]

    @property
    def raw(self) -> Path:
        """The mag folder of raw WKW."""
        return self.folder / "raw"

    @property
    def lz4(self) -> Path:
        """The mag folder of compressed WKW, as ``wkw`` compresses: LZ4HC."""
        return self.folder / "lz4"

    @property
    def zarr(self) -> Path | None:
        """The sharded Zarr v3 array, or None where tensorstore is missing."""
        path = self.folder / "zarr"
        return path if path.is_dir() else None


def cache_folder() -> Path:
    """Where benchmark data is kept: ``$VOXSHELF_BENCH_DIR``, else in the system's temporary folder."""
    chosen = os.environ.get("VOXSHELF_BENCH_DIR")
    return Path(chosen) if chosen else Path(tempfile.gettempdir()) / "voxshelf-bench"


def volume(name: str, *, quick: bool) -> Volume:
    """Return the volume ``em`` or ``seg``; make it first if the cache folder does not have it."""
    shape = QUICK_SHAPE if quick else FULL_SHAPE
    folder = cache_folder() / f"v{_VERSION}-{name}-{'x'.join(map(str, shape))}"
    if not (folder / "complete").exists():
        print(f"making {folder} (once) …", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        voxels = _tissue(shape) if name == "em" else _segments(shape)
        np.save(folder / "source.npy", voxels)
        _write_wkw(folder, voxels)
        _write_zarr(folder / "zarr", voxels)
        (folder / "complete").touch()
    return Volume(name, folder)


def _write_wkw(folder: Path, voxels: np.ndarray[Any, Any]) -> None:
    header = wkw.Header(voxels.dtype.type, block_len=32, file_len=32, block_type=wkw.Header.BLOCK_TYPE_RAW)
    with wkw.Dataset.create(str(folder / "raw"), header) as raw:
        raw.write((0, 0, 0), voxels)
        raw.compress(str(folder / "lz4"), compress_files=True)


def _write_zarr(path: Path, voxels: np.ndarray[Any, Any]) -> None:
    try:
        import tensorstore as ts  # noqa: PLC0415 - takes part only where it is installed
    except ImportError:
        return
    chunk, shard = [32, 32, 32], [512, 512, 512]
    lz4 = {"cname": "lz4", "clevel": 5, "shuffle": "noshuffle", "typesize": voxels.dtype.itemsize}
    sharding = {
        "chunk_shape": chunk,
        "codecs": [
            {"name": "transpose", "configuration": {"order": [2, 1, 0]}},
            {"name": "bytes", "configuration": {"endian": "little"}},
            {"name": "blosc", "configuration": lz4},
        ],
    }
    spec = {
        "driver": "zarr3",
        "kvstore": {"driver": "file", "path": str(path)},
        "metadata": {
            "shape": list(voxels.shape),
            "data_type": str(voxels.dtype),
            "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": shard}},
            "codecs": [{"name": "sharding_indexed", "configuration": sharding}],
        },
    }
    array = ts.open(json.loads(json.dumps(spec)), create=True, delete_existing=True).result()
    for z in range(0, voxels.shape[2], shard[2]):
        array[:, :, z : z + shard[2]] = voxels[:, :, z : z + shard[2]]


def _tissue(shape: tuple[int, int, int]) -> np.ndarray[Any, Any]:
    """Smooth blobs of two sizes, and noise of 3 grey values on top."""
    random = np.random.default_rng(7)
    voxels = np.empty(shape, np.uint8, order="F")
    fine = random.standard_normal([side // 6 + 2 for side in shape], dtype=np.float32) * 22
    coarse = random.standard_normal([side // 40 + 2 for side in shape], dtype=np.float32) * 14
    for z in range(shape[2]):
        noise = random.standard_normal(shape[1::-1], dtype=np.float32).T * 3
        _tissue_plane(voxels[:, :, z], z, fine, coarse, noise)
    return voxels


@njit(nogil=True)
def _tissue_plane(out: Any, z: int, fine: Any, coarse: Any, noise: Any) -> None:
    for y in range(out.shape[1]):
        for x in range(out.shape[0]):
            grey = 128 + noise[x, y] + _between(fine, 6, x, y, z) + _between(coarse, 40, x, y, z)
            out[x, y] = min(max(grey, 0), 255)


@njit(nogil=True)
def _between(grid: Any, step: int, x: int, y: int, z: int) -> Any:
    """Interpolate linearly between the grid's points, which are ``step`` voxels apart."""
    i, j, k = x // step, y // step, z // step
    fx, fy, fz = (x - i * step) / step, (y - j * step) / step, (z - k * step) / step
    value = 0.0
    for c in range(2):
        for b in range(2):
            for a in range(2):
                weight = (fx if a else 1 - fx) * (fy if b else 1 - fy) * (fz if c else 1 - fz)
                value += weight * grid[i + a, j + b, k + c]
    return value


def _segments(shape: tuple[int, int, int]) -> np.ndarray[Any, Any]:
    """Voronoi cells around one seed per cell of a jittered grid, with random ids."""
    random = np.random.default_rng(8)
    seeds = random.integers(_CELL // 4, 3 * _CELL // 4, (_GRID, _GRID, _GRID, 3))
    ids = random.integers(1, 5_000_000, (_GRID, _GRID, _GRID), dtype=np.uint32)
    voxels = np.empty(shape, np.uint32, order="F")
    _nearest_seed(voxels, seeds, ids)
    return voxels


@njit(nogil=True)
def _nearest_seed(out: Any, seeds: Any, ids: Any) -> None:
    # Seeds lie in the middle half of their grid cell, so the nearest is in one of eight cells.
    for z in range(out.shape[2]):
        for y in range(out.shape[1]):
            for x in range(out.shape[0]):
                i, j, k = (x - _CELL // 2) // _CELL, (y - _CELL // 2) // _CELL, (z - _CELL // 2) // _CELL
                best, nearest = 1 << 60, np.uint32(0)
                for n in range(8):
                    a, b, c = i + (n & 1), j + (n >> 1 & 1), k + (n >> 2)
                    seed = seeds[a & _GRID - 1, b & _GRID - 1, c & _GRID - 1]
                    dx, dy, dz = x - a * _CELL - seed[0], y - b * _CELL - seed[1], z - c * _CELL - seed[2]
                    distance = dx * dx + dy * dy + dz * dz
                    if distance < best:
                        best, nearest = distance, ids[a & _GRID - 1, b & _GRID - 1, c & _GRID - 1]
                out[x, y, z] = nearest
