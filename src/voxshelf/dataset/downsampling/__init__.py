"""Mag pyramids: which coarser mags a layer gets, and how their voxels are computed.

The mag rule is in :mod:`~voxshelf.dataset.downsampling.mag_rule`, arrays in memory are made smaller by
:func:`downsample`, mags on disk by :func:`downsample_mag`. Importing this package loads no numba: the compiled
kernels come with the first voxel.
"""

from voxshelf.dataset.downsampling.driver import DownsampleSource, DownsampleTarget, downsample_mag
from voxshelf.dataset.downsampling.mag_rule import Sampling, coarsest_mag, mags_to_coarsest, next_mag
from voxshelf.dataset.downsampling.reduce import DownsampleMode, downsample
from voxshelf.dataset.downsampling.warm import compile_kernels

__all__ = [
    "DownsampleMode",
    "DownsampleSource",
    "DownsampleTarget",
    "Sampling",
    "coarsest_mag",
    "compile_kernels",
    "downsample",
    "downsample_mag",
    "mags_to_coarsest",
    "next_mag",
]
