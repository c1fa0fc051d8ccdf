"""ZIP files with a dataset in them: looked at first, unpacked only if everything about them is sound."""

from voxshelf.intake.archives.extraction import extract_archive, require_free_space
from voxshelf.intake.archives.inspection import ArchiveContents, ArchiveLimits, inspect_archive
from voxshelf.intake.archives.layout import Layout

__all__ = [
    "ArchiveContents",
    "ArchiveLimits",
    "Layout",
    "extract_archive",
    "inspect_archive",
    "require_free_space",
]
