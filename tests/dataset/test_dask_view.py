"""``.dask()``: lazy chunks of whole blocks with the same voxels at the same positions."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import dask
import dask.array
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxshelf.dataset import open_dataset
from voxshelf.dataset.chunking import chunk_size

if TYPE_CHECKING:
    from pathlib import Path

    from voxshelf.dataset import Layer


@pytest.fixture
def folder(build: Any, volume: Any, random_voxels: Any) -> Path:
    path: Path = build(
        volume("color", random_voxels(40, 30, 20, dtype=np.uint16), (5, 9, 3)),
        volume("rgb", random_voxels(3, 40, 30, 20), (5, 9, 3)),
    )
    return path


@pytest.fixture
def color(folder: Path) -> Layer:
    return open_dataset(folder)["color"]


@pytest.mark.parametrize("name", ["color", "rgb"])
@pytest.mark.parametrize("chunk_bytes", [1, 10_000, 64 * 1024 * 1024])
def test_it_holds_the_layers_voxels(folder: Path, name: str, chunk_bytes: int) -> None:
    layer = open_dataset(folder)[name]
    array = layer.dask(chunk_bytes=chunk_bytes)
    assert array.shape[-3:] == (45, 39, 23)
    assert (array[layer.mag().slices].compute(scheduler="sync") == layer[...]).all()


def test_before_the_box_begins_it_is_0(color: Layer) -> None:
    assert not color.dask()[:5].compute(scheduler="sync").any()


def test_its_type_is_known_without_reading(color: Layer) -> None:
    array = color.dask()
    assert array.dtype == np.uint16
    assert isinstance(array._meta, np.ndarray)
    assert (array[3].ndim, array.sum().dtype) == (2, np.uint64)


def test_nothing_is_read_before_it_is_computed(folder: Path) -> None:
    array = open_dataset(folder)["color"].dask()
    for file in (folder / "color" / "1").rglob("x*.wkw"):
        file.unlink()
    assert not array.compute(scheduler="sync").any()


def test_only_the_wanted_chunks_are_read(folder: Path) -> None:
    layer = open_dataset(folder)["color"]
    expected = layer[20:24, 20:24, 4]
    array = layer.dask(chunk_bytes=1)[20:24, 20:24, 4]
    for file in (folder / "color" / "1").rglob("x0.wkw"):
        file.write_bytes(b"damaged")
    assert (array.compute(scheduler="sync") == expected).all()


def test_threads_compute_it(color: Layer) -> None:
    assert color.dask(chunk_bytes=5000).max().compute(scheduler="threads") == color[...].max()


def test_a_graph_survives_pickling(color: Layer) -> None:
    array = pickle.loads(pickle.dumps(color.dask(chunk_bytes=5000)))
    assert (array[color.mag().slices].compute(scheduler="sync") == color[...]).all()


def test_the_same_mag_has_the_same_name(color: Layer) -> None:
    assert color.dask().name == color.dask().name
    assert color.dask().name != color.dask(chunk_bytes=1).name


def test_dask_reads_the_zarr_view_too(color: Layer) -> None:
    array = dask.array.from_zarr(color.zarr())
    assert (array[color.mag().slices].compute(scheduler="sync") == color[...]).all()


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    block_len=st.sampled_from([1, 8, 32]),
    extent=st.tuples(*[st.integers(1, 5000)] * 3),
    voxel_bytes=st.sampled_from([1, 3, 8]),
    chunk_bytes=st.integers(1, 2**27),
)
def test_chunks_are_whole_blocks_within_the_wanted_bytes(
    block_len: int, extent: tuple[int, int, int], voxel_bytes: int, chunk_bytes: int
) -> None:
    size = chunk_size((block_len,) * 3, extent, voxel_bytes, chunk_bytes)
    assert all(side % block_len == 0 for side in size)
    least = block_len**3 * voxel_bytes
    assert np.prod(size) * voxel_bytes <= max(least, chunk_bytes)
    assert all(side == block_len or side < 2 * length for side, length in zip(size, extent, strict=True))
