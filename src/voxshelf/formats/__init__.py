"""Bytes ⇄ voxels: the file formats that datasets are stored in.

Words used here: an array is one mag of one layer (:class:`VoxelArray`); a *source* is where its bytes come
from (:class:`ByteSource`). Importing this package does not load numba; the first read does, unless
:func:`warm_up` did it before in the background.
"""

from __future__ import annotations

from voxshelf.formats.bytes import ByteSource, LocalFile
from voxshelf.formats.voxels import VoxelArray
from voxshelf.formats.warm import compile_kernels, warm_up

__all__ = ["ByteSource", "LocalFile", "VoxelArray", "compile_kernels", "warm_up"]
