"""The nouns of voxshelf: frozen values that every room shares, and the rules that hold between them.

Only pydantic and the standard library are used here. Axes are always ``x, y, z``; boxes are in Mag-1 voxels
unless a name says otherwise. JSON keys (camelCase) appear only in :mod:`voxshelf.model.documents` and its
writer.
"""

from voxshelf.model.data_source import DataFormat, DataSource, DataSourceId, LayerProperties, MagProperties
from voxshelf.model.document_writer import write_document
from voxshelf.model.documents import Reading, Values, read_document
from voxshelf.model.elements import Category, ElementClass
from voxshelf.model.geometry import BoundingBox, Mag, Vec3Int
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
from voxshelf.model.rules import check_data_source
from voxshelf.model.view_configuration import (
    BlendMode,
    LayerViewConfiguration,
    LoadingStrategy,
    ViewConfiguration,
    builtin_layer_view_configuration,
    builtin_view_configuration,
)
from voxshelf.model.voxel_size import LengthUnit, VoxelSize

__all__ = [
    "BlendMode",
    "BoundingBox",
    "Category",
    "ChangeEvent",
    "ChangeKind",
    "Confidence",
    "DataFormat",
    "DataSource",
    "DataSourceId",
    "DatasetRecord",
    "DatasetStatus",
    "ElementClass",
    "Finding",
    "LayerProperties",
    "LayerSummary",
    "LayerViewConfiguration",
    "LengthUnit",
    "LoadingStrategy",
    "Mag",
    "MagProperties",
    "Origin",
    "Page",
    "Place",
    "Problem",
    "Proposal",
    "Reading",
    "ScanReport",
    "Severity",
    "Values",
    "Vec3Int",
    "ViewConfiguration",
    "VoxelSize",
    "builtin_layer_view_configuration",
    "builtin_view_configuration",
    "check_data_source",
    "errors_among",
    "format_place",
    "read_document",
    "write_document",
]
