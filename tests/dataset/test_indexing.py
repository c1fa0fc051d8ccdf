"""``layer[...]`` against numpy arrays that hold the same voxels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxshelf.dataset import open_dataset
from voxshelf.dataset.indexing import AxisSelection
from voxshelf.dataset.voxel_reading import read_selected
from voxshelf.errors import OutOfRangeError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from voxshelf.dataset import Layer

SHAPE = (21, 18, 13)
TOPLEFT = (5, 9, 3)
SPACE = (40, 40, 40)
property_test = settings(deadline=None, derandomize=True, max_examples=150)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, volume: Any, random_voxels: Any) -> Path:
    """Four layers: at the origin and elsewhere, with one channel and with three."""
    import json  # noqa: PLC0415 - only here

    root = tmp_path_factory.mktemp("indexing")
    volumes = [
        volume("origin", random_voxels(*SHAPE)),
        volume("moved", random_voxels(*SHAPE, dtype=np.uint16), TOPLEFT),
        volume("origin_rgb", random_voxels(3, *SHAPE)),
        volume("moved_pairs", random_voxels(2, *SHAPE, dtype=np.int32), TOPLEFT),
    ]
    for each in volumes:
        each.write(root / each.name / "1")
    document = {
        "id": {"name": "", "team": ""},
        "scale": [1, 1, 1],
        "dataLayers": [each.document() for each in volumes],
    }
    (root / "datasource-properties.json").write_text(json.dumps(document))
    return root


@pytest.fixture(scope="module")
def layers(folder: Path) -> dict[str, Layer]:
    return dict(open_dataset(folder).layers)


@pytest.fixture(scope="module")
def arrays(random_voxels: Any) -> dict[str, NDArray[Any]]:
    """What the layers hold, from voxel 0 to ``SPACE``, zero where nothing was written."""
    moved = np.zeros(SPACE, np.uint16)
    pairs = np.zeros((2, *SPACE), np.int32)
    inside = tuple(slice(t, t + s) for t, s in zip(TOPLEFT, SHAPE, strict=True))
    moved[inside] = random_voxels(*SHAPE, dtype=np.uint16)
    pairs[(slice(None), *inside)] = random_voxels(2, *SHAPE, dtype=np.int32)
    return {
        "origin": random_voxels(*SHAPE),
        "moved": moved,
        "origin_rgb": random_voxels(3, *SHAPE),
        "moved_pairs": pairs,
    }


def _inside(lower: int, upper: int) -> st.SearchStrategy[Any]:
    """A whole number or a slice within an extent, as numpy takes it."""
    bound = st.none() | st.integers(lower, upper)
    step = st.none() | st.integers(1, 12)
    return st.integers(lower, upper - 1) | st.builds(slice, bound, bound, step)


def _indices(entries: list[st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """Tuples of up to all entries, with or without dots in between."""

    def cut(everything: tuple[Any, ...]) -> st.SearchStrategy[Any]:
        shorter = st.integers(0, len(everything)).map(lambda count: everything[:count])
        dotted = st.tuples(st.integers(0, len(everything)), st.integers(0, len(everything))).map(
            lambda ends: (*everything[: min(ends)], ..., *everything[max(ends) :])
        )
        return shorter | dotted | st.just(everything)

    return st.tuples(*entries).flatmap(cut)


def _same(found: Any, expected: Any) -> bool:
    return found.dtype == expected.dtype and found.shape == expected.shape and bool((found == expected).all())


@property_test
@given(key=_indices([_inside(0, length) for length in SHAPE]))
def test_a_box_at_the_origin_is_indexed_like_the_array_it_holds(
    layers: dict[str, Layer], arrays: dict[str, NDArray[Any]], key: Any
) -> None:
    assert _same(layers["origin"][key], arrays["origin"][key])


@property_test
@given(key=_indices([_inside(0, length) for length in (3, *SHAPE)]))
def test_channels_come_first_like_in_the_array_it_holds(
    layers: dict[str, Layer], arrays: dict[str, NDArray[Any]], key: Any
) -> None:
    assert _same(layers["origin_rgb"][key], arrays["origin_rgb"][key])


@property_test
@given(
    key=st.tuples(
        *(
            st.builds(
                slice, st.integers(0, 39), st.integers(0, 39), st.integers(-11, 11).filter(lambda step: step)
            )
            for _ in SPACE
        )
    )
)
def test_positions_are_absolute_and_what_is_not_stored_is_0(
    layers: dict[str, Layer], arrays: dict[str, NDArray[Any]], key: Any
) -> None:
    assert _same(layers["moved"][key], arrays["moved"][key])
    assert _same(layers["moved_pairs"][(slice(None), *key)], arrays["moved_pairs"][(slice(None), *key)])


@property_test
@given(steps=st.tuples(*(st.sampled_from([None, 1, 2, 7, 100, -1, -3]) for _ in SPACE)))
def test_open_slices_are_the_bounding_boxs_own(
    layers: dict[str, Layer], random_voxels: Callable[..., NDArray[Any]], steps: Any
) -> None:
    key = tuple(slice(None, None, step) for step in steps)
    assert _same(layers["moved"][key], random_voxels(*SHAPE, dtype=np.uint16)[key])


def test_half_open_slices_end_at_the_box(layers: dict[str, Layer], arrays: dict[str, NDArray[Any]]) -> None:
    assert _same(layers["moved"][8:, :12, 4], arrays["moved"][8:26, 9:12, 4])


@pytest.mark.parametrize("key", [np.s_[:], np.s_[5:20, ::3, ::-1], np.s_[:, 12], np.s_[..., 4:9]])
def test_arrays_come_in_fortran_order(layers: dict[str, Layer], key: Any) -> None:
    assert layers["moved"][key].flags.f_contiguous
    assert layers["moved_pairs"][(slice(None), *np.index_exp[key])].flags.f_contiguous


def test_a_single_voxel_is_a_scalar(layers: dict[str, Layer], arrays: dict[str, NDArray[Any]]) -> None:
    value = layers["moved"][6, 10, 4]
    assert isinstance(value, np.uint16)
    assert value == arrays["moved"][6, 10, 4]


def test_numpys_own_whole_numbers_are_whole_numbers(layers: dict[str, Layer]) -> None:
    assert layers["moved"][np.int64(6), np.uint8(10) : np.int32(12)].shape == (2, 13)


def test_numpy_reads_the_whole_box(layers: dict[str, Layer], random_voxels: Any) -> None:
    assert _same(np.asarray(layers["moved"]), random_voxels(*SHAPE, dtype=np.uint16))
    assert np.asarray(layers["moved"], dtype=np.float32).dtype == np.float32


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ((4, 10, 4), "x reaches from 5 to 25"),
        ((6, 27, 4), "y reaches from 9 to 26"),
        (np.s_[:, :, -1], "z reaches from 3 to 15"),
        (np.s_[-3:], "do not count from the end"),
        (np.s_[:, :-1], "do not count from the end"),
        (np.s_[::0], "step on x is 0"),
        (np.s_[0, 0, 0, 0], "4 indices for 3 axes"),
        (np.s_[..., 0, ...], "at most one"),
        (True, "bool cannot be an index"),
        ([1, 2], "list cannot be an index"),
        (1.5, "float cannot be an index"),
        (None, "NoneType cannot be an index"),
        (np.ones(3, bool), "ndarray cannot be an index"),
    ],
)
def test_what_is_no_position_is_told(layers: dict[str, Layer], key: Any, says: str) -> None:
    with pytest.raises(OutOfRangeError, match=says):
        layers["moved"][key]


@pytest.mark.parametrize("key", [np.s_[5:20, 9:20, 4], 2, -1, np.s_[0:3]])
def test_a_forgotten_channel_is_told(layers: dict[str, Layer], key: Any) -> None:
    with pytest.raises(OutOfRangeError, match=r"write \[:, x, y, z\]"):
        layers["moved_pairs"][key]


def test_a_layer_is_no_sequence(layers: dict[str, Layer]) -> None:
    with pytest.raises(TypeError, match="not iterable"):
        iter(layers["moved"])


@pytest.mark.parametrize("piece_bytes", [1, 64, 3000])
def test_strided_reading_in_pieces_changes_nothing(
    layers: dict[str, Layer], arrays: dict[str, NDArray[Any]], piece_bytes: int
) -> None:
    steps = [
        AxisSelection(t, step, s // step, is_dropped=False)
        for t, s, step in zip(TOPLEFT, SHAPE, (2, 3, 9), strict=True)
    ]
    found = read_selected(layers["moved"].mag().folder, steps, piece_bytes=piece_bytes)
    assert _same(found, arrays["moved"][5:25:2, 9:27:3, 3:12:9])
