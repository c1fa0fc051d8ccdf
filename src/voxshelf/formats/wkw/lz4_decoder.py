"""A decoder for LZ4 blocks that trusts nothing and stops as soon as the last needed byte is out.

Words used here: a block is a sequence of *literals* (bytes to copy from the input) and *matches* (bytes to
repeat from ``offset`` bytes back in the output). Importing this module loads numba.
Specification: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md.
"""

from __future__ import annotations

from voxshelf.formats.compiled import kernel
from voxshelf.formats.wkw.memory import copy32, load_u8, load_u16

__all__ = [
    "LAST_INPUT",
    "LAST_LITERALS",
    "LAST_MATCH",
    "SLACK",
    "copy_literals",
    "copy_match",
    "decode_block",
    "input_bytes_for",
]

SLACK = 64
"""Bytes that must be readable after the input and writable after the output: copies are rounded up."""

# The rules for the end of a block: its last 5 bytes are literals, and a match begins 12 bytes before the end
# at the latest. What breaks them was not made by a compressor, and other decoders refuse it too.
LAST_LITERALS = 5
LAST_MATCH = 12
# After the literals before the last match come at least its offset, one more token and the last literals.
LAST_INPUT = 2 + 1 + LAST_LITERALS


@kernel(inline=True)
def input_bytes_for(output_bytes: int, block_bytes: int) -> int:
    """At most so many bytes of input are looked at for the first ``output_bytes`` of a valid block.

    A match saves at least its token and its offset, so only the length bytes (one for each 255 bytes of a
    block) can make the input longer than the output.
    """
    return output_bytes + block_bytes // 255 + 16


@kernel(inline=True)
def _continued(source: int, read: int, available: int, count: int) -> tuple[int, int]:
    """Add the bytes of a length up to the first below 255; where it is cut off, ``read`` leaves what is there."""
    more = 255
    while more == 255:
        if read >= available:
            return count, available + 1
        more = load_u8(source + read)
        read += 1
        count += more
    return count, read


@kernel(inline=True)
def _literals_after(source: int, read: int, available: int, token: int) -> tuple[int, int]:
    """How many literals follow a token, and where they begin."""
    # Every second run of literals is long in noisy data: arithmetic here is cheaper than a branch that the
    # processor guesses wrongly. Behind the end of the input the slack is read, and checked by the caller.
    count = token >> 4
    more = load_u8(source + read)
    is_long = count // 15
    count += more * is_long
    read += is_long
    if more * is_long == 255:
        count, read = _continued(source, read, available, count)
    return count, read


@kernel(inline=True)
def decode_block(  # noqa: C901, PLR0911 - one loop; a call in it would cost what it saves to read
    source: int, available: int, length: int, target: int, needed: int, block_bytes: int
) -> int:
    """Decode a block, or its first ``needed`` bytes.

    Parameters
    ----------
    source : address
        The input; ``SLACK`` bytes after ``available`` must be readable.
    available : int
        Bytes of input that are there: ``input_bytes_for(needed, block_bytes)``, or all.
    length : int
        Bytes that the whole input has.
    target : address
        The output; ``needed + SLACK`` bytes must be writable.
    needed : int
        Bytes wanted, at least 1; with ``block_bytes`` the input must end just where the output is full.
    block_bytes : int
        Bytes that a whole block has.

    Returns
    -------
    int
        Whether the wanted bytes are there: 1, or 0 if the input is no valid block of that size.
    """
    read = written = 0
    while read < available:
        token = load_u8(source + read)
        count, read = _literals_after(source, read + 1, available, token)
        if count > length - read or count > block_bytes - written:
            return 0
        is_enough = needed < block_bytes and written + count >= needed
        if is_enough:
            count = needed - written
        if count > available - read:
            return 0
        copy_literals(target + written, source + read, count)
        if is_enough:
            return 1
        read, written = read + count, written + count
        if read == length:
            return 1 if written == block_bytes else 0
        if written > block_bytes - LAST_MATCH or read > length - LAST_INPUT or read + 2 > available:
            return 0
        offset, count = load_u16(source + read), token & 15
        read += 2
        if count == 15:
            count, read = _continued(source, read, available, count)
        count += 4
        is_possible = 0 < offset <= written and count <= block_bytes - LAST_LITERALS - written
        if read > available or not is_possible:
            return 0
        copy_match(target + written, offset, min(count, needed - written))
        written += count
        if needed < block_bytes and written >= needed:
            return 1
    return 0


@kernel(inline=True)
def copy_literals(target: int, source: int, count: int) -> None:
    """Copy ``count`` bytes, rounded up to the next 64."""
    copy32(target, source)
    copy32(target + 32, source + 32)
    done = 64
    while done < count:
        copy32(target + done, source + done)
        copy32(target + done + 32, source + done + 32)
        done += 64


@kernel(inline=True)
def copy_match(target: int, offset: int, count: int) -> None:
    """Repeat ``count`` bytes from ``offset`` bytes back; they may overlap with what is written."""
    if offset >= 32:
        copy32(target, target - offset)
        done = 32
    else:
        # What has been written so far repeats with the offset, so it can be copied from twice as far back
        # each time, until 32 bytes fit in between.
        done = 0
        while offset < 32 and done < count:
            copy32(target + done, target + done - offset)
            done += offset
            offset += offset
    while done < count:
        copy32(target + done, target + done - offset)
        copy32(target + done + 32, target + done + 32 - offset)
        done += 64
