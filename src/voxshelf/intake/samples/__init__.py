"""The samples that are made on the spot: ``make_sample`` by name, ``make_tissue_sample`` in any size.

Loading this package compiles nothing; the tissue's kernels are loaded when it is first asked for (PEP 562).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from voxshelf.intake.samples.listing import GENERATED_SAMPLES, make_sample

if TYPE_CHECKING:
    from voxshelf.intake.samples.tissue import TISSUE_SIZE, TISSUE_VOXEL_SIZE, make_tissue_sample

__all__ = ["GENERATED_SAMPLES", "TISSUE_SIZE", "TISSUE_VOXEL_SIZE", "make_sample", "make_tissue_sample"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'voxshelf.intake.samples' has no attribute {name!r}")
    return getattr(import_module("voxshelf.intake.samples.tissue"), name)
