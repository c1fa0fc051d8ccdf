"""Zarr arrays, version 2 and 3, as voxels of one mag: read-only, decoded by zarr-python.

Words used here: a *dimension* is an axis of the stored array, counted from 0; :class:`ArrayAxes` says which dimension
is which axis. A *file* holds one chunk or, where the array is sharded, a shard of many.
:class:`~voxshelf.formats.zarr.array.ZarrArray` reads; importing it loads zarr, importing this package does not.
Specification: https://zarr-specs.readthedocs.io/en/latest/specs.html.
"""

from __future__ import annotations

from voxshelf.formats.zarr.axes import ArrayAxes

__all__ = ["ArrayAxes"]
