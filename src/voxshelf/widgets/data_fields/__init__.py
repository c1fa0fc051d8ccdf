"""The fields of a dataset's data properties, which the import form and the editor share.

A ``Field`` is one editable value, and its ``FieldKind`` says how that is written and read. ``draft_of`` makes a data
source of a proposal that is not complete yet. A ``Search`` finds a value by reading voxels. ``LayerControls`` and
``VoxelSizeControl`` put fields on screen; labels and what is wrong are added by whoever shows them.
"""

from voxshelf.widgets.data_fields.controls import VoxelSizeControl, category_control, text_control
from voxshelf.widgets.data_fields.drafting import draft_of
from voxshelf.widgets.data_fields.field_kinds import (
    BOUNDING_BOX,
    CATEGORY,
    LARGEST_SEGMENT_ID,
    VOXEL_SIZE,
    FieldKind,
)
from voxshelf.widgets.data_fields.fields import Field
from voxshelf.widgets.data_fields.layer_controls import LayerControls, SearchControl
from voxshelf.widgets.data_fields.searches import Search, find_data_bounds, find_largest_segment_id

__all__ = [
    "BOUNDING_BOX",
    "CATEGORY",
    "LARGEST_SEGMENT_ID",
    "VOXEL_SIZE",
    "Field",
    "FieldKind",
    "LayerControls",
    "Search",
    "SearchControl",
    "VoxelSizeControl",
    "category_control",
    "draft_of",
    "find_data_bounds",
    "find_largest_segment_id",
    "text_control",
]
