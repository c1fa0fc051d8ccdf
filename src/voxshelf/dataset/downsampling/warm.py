"""Getting the kernels ready before they are needed: for an install step such as ``voxshelf warm``."""

from __future__ import annotations

import numpy as np

from voxshelf.dataset.downsampling.reduce import DownsampleMode, downsample

__all__ = ["compile_kernels"]

# What microscopes and segmentations come in; other types are compiled when they are first met.
_USUAL = (
    ("uint8", DownsampleMode.MEDIAN),
    ("uint16", DownsampleMode.MEDIAN),
    ("uint32", DownsampleMode.MODE),
    ("uint64", DownsampleMode.MODE),
)


def compile_kernels() -> None:
    """Compile (or load) the kernels for the usual types: seconds on a new machine, less than one later."""
    for dtype, mode in _USUAL:
        downsample(np.zeros((1, 2, 2, 2), dtype=dtype, order="F"), (2, 2, 2), mode)
