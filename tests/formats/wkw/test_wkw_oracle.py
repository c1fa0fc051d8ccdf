"""What the ``wkw`` package writes, we read: over random headers, types, channels, boxes and offsets."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import wkw
from hypothesis import given, settings
from hypothesis import strategies as st

from voxshelf.formats.wkw import WkwArray

TYPES = [
    np.uint8,
    np.uint16,
    np.uint32,
    np.uint64,
    np.float32,
    np.float64,
    np.int8,
    np.int16,
    np.int32,
    np.int64,
]


@st.composite
def layouts(draw: st.DrawFn) -> dict[str, Any]:
    block_len = draw(st.sampled_from([1, 2, 8, 16, 32]))
    return {
        "voxel_type": draw(st.sampled_from(TYPES)),
        "num_channels": draw(st.integers(1, 4)),
        "block_len": block_len,
        "file_len": draw(st.sampled_from([1, 2, 4] if block_len < 32 else [1, 2])),
    }


def box(limit: int) -> st.SearchStrategy[tuple[list[int], list[int]]]:
    corner = st.lists(st.integers(-10, limit), min_size=3, max_size=3)
    size = st.lists(st.one_of(st.just(1), st.integers(1, limit)), min_size=3, max_size=3)
    return st.tuples(corner, size)


def voxels_of(layout: dict[str, Any], seed: int) -> tuple[tuple[int, int, int], np.ndarray[Any, Any]]:
    """A box of voxels, with runs and noise, and where it goes."""
    random = np.random.default_rng(seed)
    side = layout["block_len"] * layout["file_len"]
    offset = tuple(int(n) for n in random.integers(0, 2 * side, 3))
    size = random.integers(1, min(2 * side, 70), 3)
    voxels = random.integers(0, 200, (layout["num_channels"], *size))
    voxels = voxels if seed % 2 else voxels // 190
    return offset, np.asfortranarray(voxels.astype(layout["voxel_type"]))


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    layouts(), st.sampled_from([1, 2, 3]), st.integers(0, 10_000), st.lists(box(80), min_size=1, max_size=8)
)
def test_we_read_what_wkw_writes(layout: dict[str, Any], block_type: int, seed: int, boxes: Any) -> None:
    offset, voxels = voxels_of(layout, seed)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/raw"
        with wkw.Dataset.create(path, wkw.Header(**layout, block_type=wkw.Header.BLOCK_TYPE_RAW)) as raw:
            raw.write(offset, voxels)
            if block_type == wkw.Header.BLOCK_TYPE_LZ4HC:
                path = f"{folder}/packed"
                raw.compress(path, compress_files=True)
        if block_type == wkw.Header.BLOCK_TYPE_LZ4:
            path = _written_as_lz4(folder, layout, offset, voxels)
        array = WkwArray.open(path)
        with wkw.Dataset.open(path) as oracle:
            for corner, size in boxes:
                lower = [max(0, c) for c in corner]
                inside = [max(0, c + s - at) for c, s, at in zip(corner, size, lower, strict=True)]
                expected = np.zeros((layout["num_channels"], *size), layout["voxel_type"])
                if min(inside) > 0:
                    part = tuple(
                        slice(at - c, at - c + n) for at, c, n in zip(lower, corner, inside, strict=True)
                    )
                    expected[(slice(None), *part)] = oracle.read(lower, inside)
                for cache in (None, True):
                    ours = array.read(corner, size, cache=cache)
                    assert np.array_equal(ours.reshape(expected.shape), expected)


def _written_as_lz4(folder: str, layout: dict[str, Any], offset: Any, voxels: np.ndarray[Any, Any]) -> str:
    """The package writes LZ4 only as whole cube files."""
    side = layout["block_len"] * layout["file_len"]
    lower = [at // side * side for at in offset]
    upper = [-(-(at + n) // side) * side for at, n in zip(offset, voxels.shape[1:], strict=True)]
    whole = np.zeros((voxels.shape[0], *np.subtract(upper, lower)), voxels.dtype, order="F")
    part = tuple(slice(at - a, at - a + n) for at, a, n in zip(offset, lower, voxels.shape[1:], strict=True))
    whole[(slice(None), *part)] = voxels
    header = wkw.Header(**layout, block_type=wkw.Header.BLOCK_TYPE_LZ4)
    with wkw.Dataset.create(f"{folder}/lz4", header) as packed:
        packed.write(lower, whole)
    return str(Path(folder) / "lz4")
