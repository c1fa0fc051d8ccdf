"""Find out what a folder holds, and propose a data source for it, value by value."""

from voxshelf.intake.explore.exploring import explore
from voxshelf.intake.explore.tightening import tighten_boxes

__all__ = ["explore", "tighten_boxes"]
