"""The compiled copy loop of the WKW writer; importing this module loads numba.

Words used here: as in :mod:`voxshelf.formats.wkw.blocks`. The kernel works on bytes, so that one compiled
version serves every voxel type, and holds no interpreter lock.
"""

from __future__ import annotations

from typing import Any

from voxshelf.formats.compiled import kernel

__all__ = ["place_rows"]


@kernel()
def place_rows(
    rows: Any,
    strides: Any,
    size: Any,
    at: Any,
    indices: Any,
    block_len: Any,
    voxel_bytes: Any,
    out: Any,
) -> None:
    """Copy rows of x into blocks.

    A source row is followed through all its blocks before the next one is begun: neighbouring rows lie far
    apart in a large array, and going there once costs a page of the processor's address cache.

    Parameters
    ----------
    rows : array of uint8
        The source's memory from its first voxel on.
    strides : tuple of 2 ints
        Bytes from one y, one z to the next in ``rows``.
    size, at : tuples of 3 ints
        The source's extent, and where it begins in the batch, in voxels.
    indices : array (x, y, z) of ints
        Places in ``out``, in blocks, of the blocks that the source touches.
    block_len, voxel_bytes : int
        Of the header.
    out : array of uint8
        The batch.
    """
    row_bytes = block_len * voxel_bytes
    block_bytes = row_bytes * block_len * block_len
    first_x, first_y, first_z = at[0] // block_len, at[1] // block_len, at[2] // block_len
    for m in range(indices.shape[2]):
        corner_z = (first_z + m) * block_len
        for z in range(max(at[2], corner_z), min(at[2] + size[2], corner_z + block_len)):
            for k in range(indices.shape[1]):
                corner_y = (first_y + k) * block_len
                for y in range(max(at[1], corner_y), min(at[1] + size[1], corner_y + block_len)):
                    source = (y - at[1]) * strides[0] + (z - at[2]) * strides[1]
                    inside = ((z - corner_z) * block_len + y - corner_y) * row_bytes
                    for n in range(indices.shape[0]):
                        corner_x = (first_x + n) * block_len
                        x0 = max(at[0], corner_x)
                        count = (min(at[0] + size[0], corner_x + block_len) - x0) * voxel_bytes
                        target = indices[n, k, m] * block_bytes + inside + (x0 - corner_x) * voxel_bytes
                        # Slices, because an index into them is known not to be negative: so it becomes a copy.
                        to = out[target : target + count]
                        row = rows[source : source + count]
                        for i in range(count):
                            to[i] = row[i]
                        source += count
