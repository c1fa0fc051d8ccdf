"""Cube files whose bytes come from elsewhere than a descriptor, as from a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from voxshelf.errors import DamagedDataError
from voxshelf.formats.wkw import WkwHeader
from voxshelf.formats.wkw.cube_file import CubeFile
from voxshelf.formats.wkw.reading import Target, read_part

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import HandMade, InMemory

    from voxshelf.formats import ByteSource

    Make = Callable[..., HandMade]


def read(source: ByteSource, header: WkwHeader, lower, upper, cache=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    out = np.full(np.subtract(upper, lower), 99, header.dtype, order="F")
    target = Target(out.ctypes.data, out.strides[1], out.strides[2])
    return out, read_part(CubeFile(source, header), lower, upper, target, cache=cache)


@pytest.mark.parametrize("is_lz4", [True, False], ids=["lz4", "raw"])
def test_voxels_are_the_same_as_from_a_file(hand_made: Make, server: type[InMemory], is_lz4: bool) -> None:
    made = hand_made(dtype="uint32", is_lz4=is_lz4)
    source, header = server(made.file_bytes()), WkwHeader.read(made.path)
    for lower, upper in (((0, 0, 0), (16, 16, 16)), ((3, 5, 7), (9, 16, 12)), ((0, 0, 9), (16, 16, 10))):
        voxels, failure = read(source, header, lower, upper)
        assert failure is None
        box = tuple(slice(a, b) for a, b in zip(lower, upper, strict=True))
        assert np.array_equal(voxels, made.voxels[(0, *box)])


def test_only_the_bytes_that_are_needed_are_fetched(hand_made: Make, server: type[InMemory]) -> None:
    made = hand_made(is_lz4=False, side=32, blocks=2)
    source = server(made.file_bytes())
    read(source, WkwHeader.read(made.path), (0, 0, 5), (32, 32, 6))
    assert source.sent <= 16 + 32 * 32


def test_damage_is_reported_with_its_block(hand_made: Make, server: type[InMemory]) -> None:
    made = hand_made()
    stored = made.stored_blocks()
    stored[2] = b"\xff\xff"
    _, failure = read(server(made.file_bytes(stored)), WkwHeader.read(made.path), (0, 0, 0), (16, 16, 16))
    assert isinstance(failure, DamagedDataError)
    assert failure.block == (0, 1, 0)
    assert "example.org" in str(failure)
