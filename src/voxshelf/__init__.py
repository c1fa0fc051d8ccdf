"""voxshelf: keep, look at and share 3D image data in Jupyter.

``import voxshelf as vx`` costs next to nothing: every public name is loaded when it is first used (PEP 562), so
a script that reads one array never loads a widget library, and a service never loads JupyterLab's.

Words used throughout: a *dataset* has *layers*; a layer has *mags* (magnifications, written ``1`` or
``2-2-1``) and a *bounding box* in Mag-1 voxels; the *store* keeps datasets. Axes are always ``x, y, z``.
"""

from __future__ import annotations

import gc
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from voxshelf.dataset import Dataset, Layer, MagView, create_dataset, open_dataset
    from voxshelf.errors import VoxshelfError
    from voxshelf.model import BoundingBox, Mag, VoxelSize
    from voxshelf.widgets import (
        DatasetTable,
        EditTabs,
        Gallery,
        ImportForm,
        SamplePicker,
        SharingLinks,
        SliceViewer,
        UploadPanel,
    )
    from voxshelf.wiring import open_store, show

__version__ = "0.1.0"

_ROOM_OF = {
    "BoundingBox": "voxshelf.model",
    "Dataset": "voxshelf.dataset",
    "DatasetTable": "voxshelf.widgets",
    "EditTabs": "voxshelf.widgets",
    "Gallery": "voxshelf.widgets",
    "ImportForm": "voxshelf.widgets",
    "Layer": "voxshelf.dataset",
    "Mag": "voxshelf.model",
    "MagView": "voxshelf.dataset",
    "SamplePicker": "voxshelf.widgets",
    "SharingLinks": "voxshelf.widgets",
    "SliceViewer": "voxshelf.widgets",
    "UploadPanel": "voxshelf.widgets",
    "VoxelSize": "voxshelf.model",
    "VoxshelfError": "voxshelf.errors",
    "create_dataset": "voxshelf.dataset",
    "open_dataset": "voxshelf.dataset",
    "open_store": "voxshelf.wiring",
    "show": "voxshelf.wiring",
}

__all__ = [
    "BoundingBox",
    "Dataset",
    "DatasetTable",
    "EditTabs",
    "Gallery",
    "ImportForm",
    "Layer",
    "Mag",
    "MagView",
    "SamplePicker",
    "SharingLinks",
    "SliceViewer",
    "UploadPanel",
    "VoxelSize",
    "VoxshelfError",
    "__version__",
    "create_dataset",
    "open_dataset",
    "open_store",
    "show",
]


def __getattr__(name: str) -> Any:
    room = _ROOM_OF.get(name)
    if room is None:
        raise AttributeError(f"module 'voxshelf' has no attribute {name!r}")
    collects = gc.isenabled()
    # What is loaded stays: looking for garbage in it would take a quarter of the time.
    gc.disable()
    try:
        value = getattr(import_module(room), name)
    finally:
        if collects:
            gc.enable()
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
