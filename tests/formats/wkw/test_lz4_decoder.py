"""The LZ4 kernel against ``lz4.block`` and against streams made by hand."""

from __future__ import annotations

from typing import Any

import lz4.block
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from voxshelf.formats.compiled import kernel
from voxshelf.formats.wkw.lz4_decoder import SLACK, decode_block, input_bytes_for

GUARD = 0xA5


@kernel("int64(int64, int64, int64, int64, int64, int64)")
def _decode(source: Any, available: Any, length: Any, target: Any, needed: Any, block_bytes: Any) -> Any:
    return decode_block(source, available, length, target, needed, block_bytes)


@kernel("int64(int64, int64)")
def _input_bytes_for(output_bytes: Any, block_bytes: Any) -> Any:
    return input_bytes_for(output_bytes, block_bytes)


def decode(stored: bytes, block_bytes: int, needed: int | None = None) -> bytes | None:
    """Decode as the reader does: only the input that can be needed is there, and memory is watched."""
    needed = block_bytes if needed is None else needed
    available = min(len(stored), _input_bytes_for(needed, block_bytes))
    source = np.frombuffer(stored[:available] + bytes([255]) * SLACK, np.uint8).copy()
    target = np.full(needed + SLACK + 64, GUARD, np.uint8)
    is_done = _decode(source.ctypes.data, available, len(stored), target.ctypes.data, needed, block_bytes)
    assert (target[needed + SLACK :] == GUARD).all(), "wrote behind its room"
    return target[:needed].tobytes() if is_done else None


# Runs, near repeats and noise: long and short literals, matches of every offset.
PIECES = st.one_of(
    st.binary(min_size=1, max_size=80),
    st.tuples(st.binary(min_size=1, max_size=40), st.integers(1, 60)).map(lambda pair: pair[0] * pair[1]),
    st.tuples(st.integers(0, 255), st.integers(1, 1200)).map(lambda pair: bytes([pair[0]]) * pair[1]),
)
BLOCKS = st.lists(PIECES, min_size=1, max_size=30).map(b"".join)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(BLOCKS, st.booleans())
@example(b"\0" * 131072, True)
def test_it_decodes_what_lz4_compresses(block: bytes, is_high: bool) -> None:
    stored = lz4.block.compress(block, mode="high_compression" if is_high else "default", store_size=False)
    assert decode(stored, len(block)) == block


@settings(deadline=None, derandomize=True, max_examples=300)
@given(BLOCKS, st.floats(0, 1))
def test_it_stops_early_with_just_the_bytes_that_are_needed(block: bytes, part: float) -> None:
    needed = max(1, int(len(block) * part))
    assert decode(lz4.block.compress(block, store_size=False), len(block), needed) == block[:needed]


@settings(deadline=None, derandomize=True, max_examples=300)
@given(BLOCKS, st.data())
def test_garbled_input_never_gives_anything_but_what_lz4_gives(block: bytes, data: st.DataObject) -> None:
    stored = bytearray(lz4.block.compress(block, store_size=False))
    for _ in range(data.draw(st.integers(1, 3))):
        stored[data.draw(st.integers(0, len(stored) - 1))] = data.draw(st.integers(0, 255))
    garbled = bytes(stored[: data.draw(st.integers(1, len(stored)))])
    ours = decode(garbled, len(block))
    try:
        expected = lz4.block.decompress(garbled, uncompressed_size=len(block))
    except lz4.block.LZ4BlockError:
        expected = None
    if ours is not None:
        assert ours == expected
    elif expected is not None:
        # The oracle takes fewer bytes than there should be; here a short block is damage.
        assert len(expected) != len(block)


@pytest.mark.parametrize("offset", range(1, 70))
def test_matches_of_every_offset_repeat_their_pattern(offset: int) -> None:
    pattern = bytes(range(1, offset + 1))
    literals = offset
    first = bytes([min(literals, 15) << 4 | 15]) + (bytes([literals - 15]) if literals >= 15 else b"")
    # A match of 15 + 4 + 200 bytes, then five literals.
    stored = first + pattern + offset.to_bytes(2, "little") + bytes([200, 0x50]) + b"ABCDE"
    expected = (pattern * 300)[: offset + 219] + b"ABCDE"
    assert decode(stored, len(expected)) == expected


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"\x10A",  # one literal, but eight are needed
        b"\x80ABCDEFG",  # eight literals, but seven are there
        b"\x90ABCDEFGHI",  # nine literals
        b"\x10A\x00\x00\x30ABC",  # a match with offset 0
        b"\x10A\x02\x00\x30ABC",  # a match that begins before the block
        b"\x1fA\x01\x00",  # a match whose length is cut off
        b"\xf0" + b"\xff" * 40,  # literals without end
        b"\x14A\x01\x00",  # a block that ends with a match
        b"\x80ABCDEFGH\x00",  # something behind the end
    ],
)
def test_an_impossible_block_of_eight_bytes_is_refused(stored: bytes) -> None:
    assert decode(stored, 8) is None


@pytest.mark.parametrize(
    "stored",
    [
        b"\x40ABCD\x04\x00\x40EFGH",  # only four literals after the last match
        b"\x80ABCDEFGH\x08\x00\x00",  # none
        b"\x90ABCDEFGHI\x09\x00\x50JKLMN",  # a match that begins 9 bytes before the end
    ],
)
def test_an_end_that_no_compressor_makes_is_refused(stored: bytes) -> None:
    literals = stored[0] >> 4
    for length in range(literals, literals + 20):
        assert decode(stored, length) is None


def test_a_cut_off_match_length_is_refused_when_stopping_early_too() -> None:
    assert decode(b"\x1fA\x01\x00", 64, 16) is None
