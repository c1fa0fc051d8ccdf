"""What an index selected, read in pieces from an array in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from voxshelf.dataset.indexing import AxisExtent, select
from voxshelf.dataset.voxel_reading import read_selected
from voxshelf.errors import OutOfRangeError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voxshelf.model import Vec3Int

SHAPE = (3, 23, 19, 17)


class InMemory:
    """A reader that knows the largest box that it was asked for."""

    block_shape = (4, 4, 4)

    def __init__(self, channels: int) -> None:
        self.num_channels = channels
        self.voxels = np.random.default_rng(1).integers(0, 999, (channels, *SHAPE[1:])).astype(np.uint16)
        self.dtype = self.voxels.dtype
        self.largest = 0

    def read(self, topleft: Vec3Int, size: Vec3Int) -> NDArray[Any]:
        box = tuple(slice(t, t + s) for t, s in zip(topleft, size, strict=True))
        found = np.asfortranarray(self.voxels[(slice(None), *box)])
        self.largest = max(self.largest, found.nbytes)
        return found if self.num_channels > 1 else found[0]


KEYS: list[Any] = [
    np.s_[:, ::-1],
    np.s_[:, ::-2, 3:15:3, ::-1],
    np.s_[1],
    np.s_[::-1, 4:9],
    np.s_[::2, :, 5, ::-3],
    np.s_[2, 20:2:-5, -0, 16:3:-1],
    np.s_[..., 22 - 22],
]


@pytest.mark.parametrize("piece_bytes", [1, 400, 5000, 10**9])
@pytest.mark.parametrize("key", KEYS, ids=str)
def test_pieces_of_any_size_give_what_numpy_gives(key: Any, piece_bytes: int) -> None:
    reader = InMemory(3)
    channels, *space = select(
        key,
        [
            AxisExtent("c", 0, 3, is_fixed=True),
            *(AxisExtent(n, 0, s) for n, s in zip("xyz", SHAPE[1:], strict=True)),
        ],
    )
    found = read_selected(reader, space, channels, piece_bytes=piece_bytes)
    assert np.array_equal(found, reader.voxels[key])
    assert found.flags.f_contiguous


@pytest.mark.parametrize("key", [np.s_[::-1], np.s_[:, ::-1, ::2], np.s_[::-3, ::-3, ::-3]], ids=str)
def test_mirrored_axes_without_channels_give_what_numpy_gives(key: Any) -> None:
    reader = InMemory(1)
    space = select(key, [AxisExtent(n, 0, s) for n, s in zip("xyz", SHAPE[1:], strict=True)])
    assert np.array_equal(read_selected(reader, space, piece_bytes=700), reader.voxels[0][key])


@pytest.mark.parametrize("key", [np.s_[:, ::-1], np.s_[1], np.s_[:, ::2]], ids=str)
def test_what_is_read_in_vain_takes_no_more_than_a_piece(key: Any) -> None:
    reader = InMemory(3)
    channels, *space = select(
        key,
        [
            AxisExtent("c", 0, 3, is_fixed=True),
            *(AxisExtent(n, 0, s) for n, s in zip("xyz", SHAPE[1:], strict=True)),
        ],
    )
    read_selected(reader, space, channels, piece_bytes=2000)
    assert reader.largest <= 2000


@pytest.mark.parametrize("step", [2, -1])
def test_an_index_that_no_memory_holds_is_refused(step: int) -> None:
    extents = [AxisExtent(name, 0, 2**70) for name in "xyz"]
    key = (slice(None, None, step),) * 3
    with pytest.raises(OutOfRangeError, match="not that much memory"):
        read_selected(InMemory(1), select(key, extents))
