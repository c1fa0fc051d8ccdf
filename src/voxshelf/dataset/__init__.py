"""The handles people hold: ``Dataset``, ``Layer``, ``MagView``, and the file that describes a dataset.

A *dataset* is a folder with *layers*; a layer is ``color`` or ``segmentation``, has a *bounding box* in Mag-1 voxels
and *mags*, the same voxels on coarser grids, written ``1`` or ``2-2-1``. Indexing is numpy's, with absolute
positions ``(x, y, z)`` and channels first. Nothing here needs a store, and nothing is read before it is asked for.
"""

from voxshelf.dataset.coordinates import at_all_coordinates
from voxshelf.dataset.dataset import Dataset
from voxshelf.dataset.json_edit import edit_text, new_text
from voxshelf.dataset.json_text import parse_text
from voxshelf.dataset.layer import Layer
from voxshelf.dataset.mag_folder import find_mag_folder, is_url, mag_folder_of
from voxshelf.dataset.mag_view import MagView
from voxshelf.dataset.opening import create_dataset, open_dataset
from voxshelf.dataset.properties_file import (
    BACKUPS_NAME,
    PROPERTIES_NAME,
    PropertiesFile,
    read_properties,
    save_properties,
)
from voxshelf.dataset.thumbnail import thumbnail

__all__ = [
    "BACKUPS_NAME",
    "PROPERTIES_NAME",
    "Dataset",
    "Layer",
    "MagView",
    "PropertiesFile",
    "at_all_coordinates",
    "create_dataset",
    "edit_text",
    "find_mag_folder",
    "is_url",
    "mag_folder_of",
    "new_text",
    "open_dataset",
    "parse_text",
    "read_properties",
    "save_properties",
    "thumbnail",
]
