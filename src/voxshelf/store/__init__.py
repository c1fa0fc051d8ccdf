"""The dataset store: the one object that widgets, command line, scripts and service stand on."""

from voxshelf.catalog import SortKey
from voxshelf.sharing import DATASET_ACTIONS, Access, Action, Decision
from voxshelf.store.capabilities import Capabilities, Capability
from voxshelf.store.handles import StoredDataset
from voxshelf.store.local import LocalDatasetStore
from voxshelf.store.markdown import render_description
from voxshelf.store.protocol import DatasetStore
from voxshelf.store.samples import SampleInfo, SampleState
from voxshelf.store.trash import TrashEntry
from voxshelf.store.uploads import UploadInfo

__all__ = [
    "DATASET_ACTIONS",
    "Access",
    "Action",
    "Capabilities",
    "Capability",
    "DatasetStore",
    "Decision",
    "LocalDatasetStore",
    "SampleInfo",
    "SampleState",
    "SortKey",
    "StoredDataset",
    "TrashEntry",
    "UploadInfo",
    "render_description",
]
