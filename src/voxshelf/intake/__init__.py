"""How data gets in: look for dataset folders, and find out what a folder holds."""

from voxshelf.intake.explore import explore, tighten_boxes
from voxshelf.intake.scan import FoundFolder, SkippedFolder, scan_dataset, scan_root

__all__ = ["FoundFolder", "SkippedFolder", "explore", "scan_dataset", "scan_root", "tighten_boxes"]
