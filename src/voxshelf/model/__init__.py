"""The nouns of voxshelf: frozen values that every room shares, and the rules that hold between them.

Only pydantic and the standard library are used here. Axes are always ``x, y, z``; boxes are in Mag-1 voxels
unless a name says otherwise. JSON keys (camelCase) appear only in :mod:`voxshelf.model.documents` and its
writer.
"""

from voxshelf.model.axes import AdditionalAxis, AxisOrder
from voxshelf.model.data_source import DataFormat, DataSource, DataSourceId, LayerProperties, MagProperties
from voxshelf.model.document_writer import write_document
from voxshelf.model.documents import Reading, Values, read_document
from voxshelf.model.elements import Category, ElementClass
from voxshelf.model.expiry import Expiry, InvalidExpiryError, parse_expiry
from voxshelf.model.geometry import BoundingBox, Mag, Vec3Int
from voxshelf.model.history import Change, EditKind, apply_changes, diff_documents, undo_changes
from voxshelf.model.history_entries import EditedSection, HistoryEntry
from voxshelf.model.links import AdditionalCoordinate, Link, LinkState, NewLink, ViewState
from voxshelf.model.merging import Conflict, Merge, merge_documents
from voxshelf.model.metadata import MetadataEntry, check_metadata
from voxshelf.model.people import (
    Actor,
    Folder,
    Organization,
    Role,
    Team,
    User,
    folder_lineage,
    tidy_folder_path,
)
from voxshelf.model.problems import Place, Problem, Severity, errors_among, format_place
from voxshelf.model.proposal import Confidence, Finding, Origin, Proposal
from voxshelf.model.records import (
    ChangeEvent,
    ChangeKind,
    DatasetRecord,
    DatasetStatus,
    LayerSummary,
    Page,
    ScanReport,
)
from voxshelf.model.rules import check_data_source, doubt_voxel_size
from voxshelf.model.unset import UNSET, Unset
from voxshelf.model.view_configuration import (
    BlendMode,
    LayerViewConfiguration,
    LoadingStrategy,
    ViewConfiguration,
    builtin_layer_view_configuration,
    builtin_view_configuration,
)
from voxshelf.model.view_documents import (
    PartialView,
    ViewLevels,
    copy_view_document,
    partial_view,
    rename_layers_in_view,
    reset_view_document,
    view_document_of,
)
from voxshelf.model.view_keys import FIRST_APPEARANCE, ValueForm, ViewKey, view_reference
from voxshelf.model.view_levels import ViewedLayer
from voxshelf.model.view_problems import ViewLevel, ViewProblem
from voxshelf.model.view_resolution import (
    LevelValue,
    ResolvedValue,
    ResolvedViewConfiguration,
    resolve_view,
    shortest_view_document,
)
from voxshelf.model.voxel_size import LengthUnit, VoxelSize

__all__ = [
    "FIRST_APPEARANCE",
    "UNSET",
    "Actor",
    "AdditionalAxis",
    "AdditionalCoordinate",
    "AxisOrder",
    "BlendMode",
    "BoundingBox",
    "Category",
    "Change",
    "ChangeEvent",
    "ChangeKind",
    "Confidence",
    "Conflict",
    "DataFormat",
    "DataSource",
    "DataSourceId",
    "DatasetRecord",
    "DatasetStatus",
    "EditKind",
    "EditedSection",
    "ElementClass",
    "Expiry",
    "Finding",
    "Folder",
    "HistoryEntry",
    "InvalidExpiryError",
    "LayerProperties",
    "LayerSummary",
    "LayerViewConfiguration",
    "LengthUnit",
    "LevelValue",
    "Link",
    "LinkState",
    "LoadingStrategy",
    "Mag",
    "MagProperties",
    "Merge",
    "MetadataEntry",
    "NewLink",
    "Organization",
    "Origin",
    "Page",
    "PartialView",
    "Place",
    "Problem",
    "Proposal",
    "Reading",
    "ResolvedValue",
    "ResolvedViewConfiguration",
    "Role",
    "ScanReport",
    "Severity",
    "Team",
    "Unset",
    "User",
    "ValueForm",
    "Values",
    "Vec3Int",
    "ViewConfiguration",
    "ViewKey",
    "ViewLevel",
    "ViewLevels",
    "ViewProblem",
    "ViewState",
    "ViewedLayer",
    "VoxelSize",
    "apply_changes",
    "builtin_layer_view_configuration",
    "builtin_view_configuration",
    "check_data_source",
    "check_metadata",
    "copy_view_document",
    "diff_documents",
    "doubt_voxel_size",
    "errors_among",
    "folder_lineage",
    "format_place",
    "merge_documents",
    "parse_expiry",
    "partial_view",
    "read_document",
    "rename_layers_in_view",
    "reset_view_document",
    "resolve_view",
    "shortest_view_document",
    "tidy_folder_path",
    "undo_changes",
    "view_document_of",
    "view_reference",
    "write_document",
]
