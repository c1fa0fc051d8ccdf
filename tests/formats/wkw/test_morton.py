from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from voxshelf.formats.wkw.morton import morton_index, morton_position

COORDINATE = st.integers(0, 2**15 - 1)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(COORDINATE, COORDINATE, COORDINATE)
def test_the_index_interleaves_the_bits_of_the_position(x: int, y: int, z: int) -> None:
    bits = [value >> bit & 1 for bit in range(15) for value in (x, y, z)]
    assert morton_index(x, y, z) == sum(bit << n for n, bit in enumerate(bits))


@settings(deadline=None, derandomize=True, max_examples=100)
@given(COORDINATE, COORDINATE, COORDINATE)
def test_a_position_comes_back_from_its_index(x: int, y: int, z: int) -> None:
    assert morton_position(morton_index(x, y, z)) == (x, y, z)


def test_arrays_are_taken_too() -> None:
    x, y, z = morton_position(np.arange(4096))
    assert np.array_equal(morton_index(x, y, z), np.arange(4096))
