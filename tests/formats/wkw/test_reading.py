"""Reading boxes out of files that were made by hand."""

from __future__ import annotations

import pickle
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from voxshelf.errors import ArrayMismatchError, MagNotFoundError, OutOfRangeError
from voxshelf.formats import VoxelArray
from voxshelf.formats.wkw import WkwArray

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import HandMade

    Make = Callable[..., HandMade]

BOXES = [
    ((0, 0, 0), (16, 16, 16)),
    ((8, 8, 8), (8, 8, 8)),
    ((3, 5, 7), (10, 9, 8)),
    ((0, 0, 9), (16, 16, 1)),
    ((0, 4, 0), (16, 1, 16)),
    ((13, 0, 0), (1, 16, 16)),
    ((15, 15, 15), (1, 1, 1)),
    ((-3, -2, -1), (8, 8, 8)),
    ((12, 12, 12), (20, 20, 20)),
    ((-5, -5, -5), (3, 3, 3)),
    ((100, 0, 0), (5, 6, 7)),
    ((2, 2, 2), (0, 5, 5)),
]


def expected(made: HandMade, topleft: Any, size: Any) -> np.ndarray[Any, Any]:
    """The box out of the voxels, zeros around them; without the channel axis where there is one channel."""
    around = np.zeros((made.voxels.shape[0], *size), made.voxels.dtype)
    length = made.voxels.shape[1]
    for position in np.ndindex(*size):
        at = tuple(p + t for p, t in zip(position, topleft, strict=True))
        if all(0 <= a < length for a in at):
            around[(slice(None), *position)] = made.voxels[(slice(None), *at)]
    return around if made.voxels.shape[0] > 1 else around[0]


@pytest.mark.parametrize("is_lz4", [True, False], ids=["lz4", "raw"])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(("topleft", "size"), BOXES, ids=str)
def test_any_box_comes_out(hand_made: Make, is_lz4: bool, channels: int, topleft: Any, size: Any) -> None:
    made = hand_made(dtype="uint16", channels=channels, is_lz4=is_lz4)
    array = WkwArray.open(made.folder)
    for cache in (None, True, True, False):
        voxels = array.read(topleft, size, cache=cache)
        assert np.array_equal(voxels, expected(made, topleft, size))
        assert voxels.flags.f_contiguous


@pytest.mark.parametrize("order", ["F", "C", "view", "backwards"])
@pytest.mark.parametrize("channels", [1, 2])
def test_out_is_filled_whatever_its_strides(hand_made: Make, order: str, channels: int) -> None:
    made = hand_made(dtype="float32", channels=channels)
    size = (10, 9, 8)
    shape = size if channels == 1 else (channels, *size)
    if order == "view":
        out = np.full([2 * side for side in shape], 7, "float32", order="F")[
            tuple(slice(0, side) for side in shape)
        ]
    elif order == "backwards":
        out = np.full(shape, 7, "float32", order="F")[..., ::-1, ::-1]
    else:
        out = np.full(shape, 7, "float32", order=order)
    result = WkwArray.open(made.folder).read((3, -2, 11), size, out=out)
    assert result is out
    assert np.array_equal(out, expected(made, (3, -2, 11), size))


def test_out_of_another_shape_or_type_is_refused(hand_made: Make) -> None:
    array = WkwArray.open(hand_made().folder)
    with pytest.raises(ArrayMismatchError, match="int16"):
        array.read((0, 0, 0), (4, 4, 4), out=np.zeros((4, 4, 4), np.int16))
    with pytest.raises(ArrayMismatchError, match=r"\(4, 4, 5\)"):
        array.read((0, 0, 0), (4, 4, 4), out=np.zeros((4, 4, 5), np.uint8))


def test_nothing_beside_out_is_touched(hand_made: Make) -> None:
    made = hand_made()
    whole = np.full((20, 20, 20), 9, np.uint8, order="F")
    WkwArray.open(made.folder).read((1, 1, 1), (11, 13, 7), out=whole[4:15, 3:16, 5:12])
    assert np.array_equal(whole[4:15, 3:16, 5:12], made.voxels[0, 1:12, 1:14, 1:8])
    whole[4:15, 3:16, 5:12] = 9
    assert (whole == 9).all()


def test_a_negative_size_is_refused(hand_made: Make) -> None:
    with pytest.raises(OutOfRangeError, match="negative"):
        WkwArray.open(hand_made().folder).read((0, 0, 0), (1, -1, 1))


def test_it_is_a_voxel_array_and_says_what_it_holds(hand_made: Make) -> None:
    array = WkwArray.open(hand_made(dtype="int32", channels=2).folder)
    assert isinstance(array, VoxelArray)
    assert (array.dtype, array.num_channels, array.block_shape, array.cube_len) == (
        np.dtype("int32"),
        2,
        (8, 8, 8),
        16,
    )


def test_a_missing_header_is_taken_from_a_cube_file(hand_made: Make) -> None:
    made = hand_made(dtype="uint16")
    (made.folder / "header.wkw").unlink()
    array = WkwArray.open(made.folder)
    assert array.header.data_offset == 0
    assert np.array_equal(array.read((0, 0, 0), (16, 16, 16)), made.voxels[0])


def test_a_folder_without_header_and_cubes_is_no_mag(tmp_path: Path) -> None:
    with pytest.raises(MagNotFoundError, match="neither"):
        WkwArray.open(tmp_path)


def test_raw_and_compressed_files_may_lie_in_one_mag(hand_made: Make) -> None:
    made, other = hand_made(), hand_made(is_lz4=False, name="raw")
    neighbour = made.folder / "z0" / "y0" / "x1.wkw"
    neighbour.write_bytes(other.path.read_bytes())
    voxels = WkwArray.open(made.folder).read((8, 0, 0), (16, 16, 16))
    assert np.array_equal(voxels, np.concatenate([made.voxels[0, 8:], other.voxels[0, :8]]))


def test_blocks_may_have_a_single_voxel_and_files_a_single_block(hand_made: Make) -> None:
    for side, blocks in ((1, 8), (16, 1), (1, 1), (2, 4)):
        made = hand_made(dtype="uint64", side=side, blocks=blocks, name=f"{side}-{blocks}")
        length = side * blocks
        voxels = WkwArray.open(made.folder).read((0, 0, 0), (length,) * 3)
        assert np.array_equal(voxels, made.voxels[0])


def test_a_pickled_array_reads_the_same(hand_made: Make) -> None:
    made = hand_made()
    array = pickle.loads(pickle.dumps(WkwArray.open(made.folder)))
    assert np.array_equal(array.read((0, 0, 0), (16, 16, 16)), made.voxels[0])


def test_many_threads_read_the_same_file_at_once(hand_made: Make) -> None:
    made = hand_made(dtype="uint32", side=16, blocks=4)
    array = WkwArray.open(made.folder)
    wrong: list[Any] = []

    def read(seed: int) -> None:
        random = np.random.default_rng(seed)
        for _ in range(60):
            lower = random.integers(0, 60, 3)
            size = np.minimum(random.integers(1, 40, 3), 64 - lower)
            size[random.integers(3)] = 1
            box = tuple(slice(a, a + s) for a, s in zip(lower, size, strict=True))
            if not np.array_equal(array.read(lower, size), made.voxels[(0, *box)]):
                wrong.append((lower, size))

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize("side", [10**5, 10**7, 2**40], ids=str)
def test_a_box_that_no_memory_holds_is_refused(hand_made: Make, side: int) -> None:
    with pytest.raises(OutOfRangeError, match="not that much memory"):
        WkwArray.open(hand_made().folder).read((0, 0, 0), (side, side, side))
