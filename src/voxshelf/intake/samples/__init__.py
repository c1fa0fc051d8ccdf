"""The samples that are made on the spot: see :func:`make_tissue_sample`."""

from voxshelf.intake.samples.tissue import TISSUE_SIZE, TISSUE_VOXEL_SIZE, make_tissue_sample

__all__ = ["TISSUE_SIZE", "TISSUE_VOXEL_SIZE", "make_tissue_sample"]
