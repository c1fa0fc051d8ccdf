"""The WKW format: cube files of LZ4-compressed or raw blocks, read and written by this package itself.

Words used here: a *mag folder* holds cube files; a *file* (cube) holds ``file_len³`` *blocks* of
``block_len³`` voxels.
Specification: https://github.com/scalableminds/webknossos-wrap#webknossos-wrapper-format.
"""

from __future__ import annotations

from voxshelf.formats.wkw.array import WkwArray
from voxshelf.formats.wkw.header import BlockType, WkwHeader

__all__ = ["BlockType", "WkwArray", "WkwHeader"]
