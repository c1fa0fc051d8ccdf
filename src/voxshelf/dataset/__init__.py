"""The handles people hold: ``Dataset``, ``Layer``, ``MagView``, and the file that describes a dataset.

Indexing is numpy's, with absolute voxel coordinates ``(x, y, z)`` and channels first. Nothing here needs a store.
"""

from voxshelf.dataset.properties_file import (
    BACKUPS_NAME,
    PROPERTIES_NAME,
    PropertiesFile,
    read_properties,
    save_properties,
)

__all__ = ["BACKUPS_NAME", "PROPERTIES_NAME", "PropertiesFile", "read_properties", "save_properties"]
