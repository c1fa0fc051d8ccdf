"""Find out what a folder holds, and propose a data source for it, value by value."""

from voxshelf.intake.explore.exploring import explore

__all__ = ["explore"]
