from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from voxshelf.formats.wkw.voxel_memory import VoxelMemory

LENGTH = 100_000


def address(array: np.ndarray[Any, Any]) -> int:
    return int(array.__array_interface__["data"][0])


def test_memory_is_used_again_when_its_array_is_gone() -> None:
    memory = VoxelMemory()
    array = memory.borrow(LENGTH)
    first = address(array)
    del array
    assert address(memory.borrow(LENGTH)) == first


@pytest.mark.parametrize(
    "keep",
    [
        lambda array: array[10:].view(np.uint16)[3:],
        lambda array: np.ndarray((9, 9), np.uint8, array, 64)[1:],
        memoryview,
        np.asarray,
        np.transpose,
        np.from_dlpack,
    ],
    ids=["view", "array on it", "memoryview", "asarray", "transposed", "dlpack"],
)
def test_memory_stays_with_whatever_still_shows_it(keep: Any) -> None:
    memory = VoxelMemory()
    array = memory.borrow(LENGTH)
    first = address(array)
    kept = keep(array)
    del array
    assert address(memory.borrow(LENGTH)) != first
    del kept


def test_two_arrays_at_a_time_have_two_memories() -> None:
    memory = VoxelMemory()
    one, other = memory.borrow(LENGTH), memory.borrow(LENGTH)
    assert not np.shares_memory(one, other)


def test_a_much_larger_piece_is_not_wasted_on_a_small_array() -> None:
    memory = VoxelMemory()
    first = address(memory.borrow(4 * LENGTH))
    assert address(memory.borrow(LENGTH)) != first


def test_only_a_few_pieces_are_kept() -> None:
    memory = VoxelMemory(kept_pieces=2)
    arrays = [memory.borrow(LENGTH) for _ in range(5)]
    kept = {address(array) for array in arrays[-2:]}
    while arrays:
        del arrays[0]
    assert {address(array) for array in [memory.borrow(LENGTH), memory.borrow(LENGTH)]} <= kept


def test_small_and_large_arrays_are_left_to_numpy() -> None:
    memory = VoxelMemory(smallest=1000, largest=2000)
    assert memory.borrow(999).flags.owndata
    assert memory.borrow(2001).flags.owndata
    assert not memory.borrow(1500).flags.owndata


def test_threads_never_get_the_same_memory() -> None:
    memory = VoxelMemory()
    wrong: list[int] = []

    def work(number: int) -> None:
        for _ in range(300):
            array = memory.borrow(LENGTH)
            array[:] = number
            if not (array == number).all():
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
