"""``.zarr()``: a real zarr array with the same voxels at the same positions."""

from __future__ import annotations

import asyncio
import json
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import zarr
from hypothesis import given, settings
from hypothesis import strategies as st
from zarr.abc.store import OffsetByteRequest, RangeByteRequest, SuffixByteRequest
from zarr.core.buffer import default_buffer_prototype

from voxshelf.dataset import Layer, open_dataset
from voxshelf.dataset.zarr_store import MagStore
from voxshelf.errors import DamagedDataError, ReadOnlyError

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path

SHAPE, TOPLEFT = (21, 18, 13), (5, 9, 3)
END = (26, 27, 16)
DTYPES = ["uint8", "uint16", "uint32", "uint64", "float32", "float64", "int8", "int16", "int32", "int64"]


def _run(task: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine gives, on a thread of its own: browser tests leave a loop running on this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, task).result()


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory, volume: Any, random_voxels: Any) -> dict[str, Layer]:
    root = tmp_path_factory.mktemp("zarr")
    volumes = [
        volume("one", random_voxels(*SHAPE, dtype=np.uint16), TOPLEFT),
        volume("rgb", random_voxels(3, *SHAPE), TOPLEFT),
        *(volume(dtype, random_voxels(4, 4, 4, dtype=dtype)) for dtype in DTYPES),
    ]
    for each in volumes:
        each.write(root / each.name / "1")
    document = {"scale": [1, 1, 1], "dataLayers": [each.document() for each in volumes]}
    (root / "datasource-properties.json").write_text(json.dumps(document))
    return dict(open_dataset(root).layers)


def _expected(random_voxels: Any, name: str) -> Any:
    channels = (3,) if name == "rgb" else ()
    dtype = np.uint8 if name == "rgb" else np.uint16
    array = np.zeros((*channels, *END), dtype)
    array[(..., *(slice(t, None) for t in TOPLEFT))] = random_voxels(*channels, *SHAPE, dtype=dtype)
    return array


def test_it_is_zarrs_own_array_and_read_only(layers: dict[str, Layer]) -> None:
    array = layers["one"].zarr()
    assert isinstance(array, zarr.Array)
    assert array.read_only
    assert (array.shape, array.dtype, array.fill_value) == (END, np.uint16, 0)
    with pytest.raises(Exception, match="read-only"):
        array[0, 0, 0] = 1


@pytest.mark.parametrize(("name", "axes"), [("one", ("x", "y", "z")), ("rgb", ("c", "x", "y", "z"))])
def test_its_axes_have_names(layers: dict[str, Layer], name: str, axes: tuple[str, ...]) -> None:
    assert layers[name].zarr().metadata.dimension_names == axes


@pytest.mark.parametrize("name", ["one", "rgb"])
def test_positions_are_absolute_and_the_rest_is_0(
    layers: dict[str, Layer], random_voxels: Any, name: str
) -> None:
    assert (layers[name].zarr()[...] == _expected(random_voxels, name)).all()


@pytest.mark.parametrize("name", ["one", "rgb"])
def test_its_slices_lead_to_the_bounding_box(layers: dict[str, Layer], name: str) -> None:
    assert (layers[name].zarr()[layers[name].mag().slices] == layers[name][...]).all()


entries = st.tuples(
    *(
        st.integers(0, end - 1)
        | st.builds(slice, st.integers(0, end), st.integers(0, end), st.integers(1, 7))
        for end in END
    )
)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(key=entries)
def test_it_is_indexed_like_the_array_it_holds(
    layers: dict[str, Layer], random_voxels: Any, key: Any
) -> None:
    found, expected = layers["one"].zarr()[key], _expected(random_voxels, "one")[key]
    assert np.shape(found) == np.shape(expected)
    assert (found == expected).all()


def test_positions_and_masks_choose_like_in_the_array_it_holds(
    layers: dict[str, Layer], random_voxels: Any
) -> None:
    array, expected = layers["rgb"].zarr(), _expected(random_voxels, "rgb")
    places = ([0, 2], [7, 20], [11, 9], [15, 0])
    assert (array.vindex[places] == expected[places]).all()
    rows = array.oindex[[2, 0], slice(3, 20, 4), [10, 26], 12]
    assert (rows == expected[np.ix_([2, 0], range(3, 20, 4), [10, 26], [12])][..., 0]).all()
    assert (array.oindex[1] == expected[1]).all()


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_type_reads_through_the_standard_alone(
    layers: dict[str, Layer], random_voxels: Any, dtype: str
) -> None:
    """Opened by its metadata, as another Zarr reader would, every chunk is decoded from its bytes."""
    array = zarr.open_array(layers[dtype].zarr().store, mode="r")
    assert array.dtype == np.dtype(dtype)
    assert (array[...] == random_voxels(4, 4, 4, dtype=dtype)).all()


def test_channels_read_through_the_standard_alone(layers: dict[str, Layer], random_voxels: Any) -> None:
    array = zarr.open_array(layers["rgb"].zarr().store, mode="r")
    assert (array[...] == _expected(random_voxels, "rgb")).all()


@pytest.fixture
def sparse(build: Any, volume: Any, random_voxels: Any) -> Layer:
    """A layer of several chunks, most of them without any file."""
    folder: Path = build(volume("color", random_voxels(4, 4, 4), (1200, 600, 1100)))
    return open_dataset(folder)["color"]


def test_chunks_without_files_have_no_key(sparse: Layer) -> None:
    store = sparse.zarr().store

    async def keys() -> list[str]:
        return [key async for key in store.list()]

    assert _run(keys()) == ["zarr.json", "c/2/1/4"]
    assert not _run(store.exists("c/0/0/0"))
    assert _run(store.get("c/0/0/0")) is None
    assert sparse.zarr()[10, 0, 10] == 0


@pytest.mark.parametrize("key", ["c/9/0/0", "c/0/0", "c/0/0/0/0", "c/-1/0/0", "d/0/0/0", "c", ""])
def test_other_keys_are_missing(sparse: Layer, key: str) -> None:
    assert _run(sparse.zarr().store.get(key)) is None


def test_byte_ranges_are_parts_of_the_whole(layers: dict[str, Layer]) -> None:
    store, prototype = layers["one"].zarr().store, default_buffer_prototype()

    async def parts() -> list[bytes]:
        ranges = (None, RangeByteRequest(3, 50), OffsetByteRequest(100), SuffixByteRequest(7))
        found = await store.get_partial_values(prototype, [("c/0/0/0", each) for each in ranges])
        return [buffer.to_bytes() for buffer in found if buffer is not None]

    whole, *others = _run(parts())
    assert others == [whole[3:50], whole[100:], whole[-7:]]


def test_folders_are_listed_level_by_level(layers: dict[str, Layer]) -> None:
    async def names(prefix: str) -> list[str]:
        return [name async for name in layers["one"].zarr().store.list_dir(prefix)]

    assert _run(names("")) == ["zarr.json", "c"]
    assert _run(names("c/0")) == ["0"]


def test_the_store_refuses_to_be_written(layers: dict[str, Layer]) -> None:
    store = layers["one"].zarr().store
    buffer = default_buffer_prototype().buffer.from_bytes(b"x")
    for refused in (store.set("c/0/0/0", buffer), store.delete("c/0/0/0")):
        with pytest.raises(ReadOnlyError, match=r"layer\.write"):
            _run(refused)
    with pytest.raises(ReadOnlyError):
        store.with_read_only(read_only=False)


def test_arrays_and_stores_survive_pickling(layers: dict[str, Layer]) -> None:
    array = layers["rgb"].zarr()
    again = pickle.loads(pickle.dumps(array))
    assert again.store == array.store
    assert (again[...] == array[...]).all()


def test_stores_of_one_mag_are_equal(layers: dict[str, Layer]) -> None:
    assert layers["one"].zarr().store == layers["one"].zarr().store
    assert layers["one"].zarr().store != layers["rgb"].zarr().store
    assert isinstance(layers["one"].zarr().store, MagStore)


def test_a_damaged_file_is_an_error_and_not_zeros(build: Any, volume: Any, random_voxels: Any) -> None:
    folder = build(volume("color", random_voxels(8, 8, 8)))
    (folder / "color" / "1" / "z0" / "y0" / "x0.wkw").write_bytes(b"WKW")
    with pytest.raises(DamagedDataError):
        open_dataset(folder)["color"].zarr()[...]


def test_threads_read_the_same_array_at_once(layers: dict[str, Layer], random_voxels: Any) -> None:
    array, expected = layers["one"].zarr(), _expected(random_voxels, "one")
    wrong: list[int] = []

    def read(z: int) -> None:
        if not (array[:, :, z] == expected[:, :, z]).all():
            wrong.append(z)

    threads = [threading.Thread(target=read, args=(z,)) for z in range(END[2])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_xarray_takes_it_with_its_axes(layers: dict[str, Layer], random_voxels: Any) -> None:
    xarray = pytest.importorskip("xarray")
    array = layers["one"].zarr()
    labelled = xarray.DataArray(array, dims=array.metadata.dimension_names)
    assert (labelled.isel(z=5).to_numpy() == _expected(random_voxels, "one")[..., 5]).all()
