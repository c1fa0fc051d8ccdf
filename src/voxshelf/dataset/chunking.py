"""How a mag is divided into chunks for Zarr and Dask: boxes of whole blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voxshelf.model import Vec3Int

__all__ = ["chunk_size"]


def chunk_size(block: Vec3Int, extent: Vec3Int, voxel_bytes: int, chunk_bytes: int) -> Vec3Int:
    """How many voxels a chunk has per axis: blocks of some shape doubled axis by axis, the shortest first, x before z.

    Chunks stay powers of two times a block, so they never cross the border of a cube file in vain.
    """
    size = list(block)
    while True:
        growable = [axis for axis in range(3) if size[axis] < extent[axis]]
        if not growable or 2 * size[0] * size[1] * size[2] * voxel_bytes > chunk_bytes:
            return (size[0], size[1], size[2])
        axis = min(growable, key=lambda each: size[each])
        size[axis] *= 2
