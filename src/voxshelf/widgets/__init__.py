"""Widgets: what people see and touch in JupyterLab, Notebook and Voilà; one folder per component.

Every component takes a store or a dataset, keeps its logic in ``state.py`` (no browser needed) and lays out in
``view.py``. Each is loaded when its name is first used (PEP 562), so that a viewer alone loads no table.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from voxshelf.widgets.dataset_table import DatasetTable
    from voxshelf.widgets.edit_tabs import EditTabs
    from voxshelf.widgets.gallery import Gallery
    from voxshelf.widgets.import_form import ImportForm
    from voxshelf.widgets.manager import Manager
    from voxshelf.widgets.samples import SamplePicker
    from voxshelf.widgets.sharing_links import SharingLinks
    from voxshelf.widgets.slice_viewer import SliceViewer
    from voxshelf.widgets.upload import UploadPanel

_ROOM_OF = {
    "Manager": "voxshelf.widgets.manager",
    "DatasetTable": "voxshelf.widgets.dataset_table",
    "EditTabs": "voxshelf.widgets.edit_tabs",
    "Gallery": "voxshelf.widgets.gallery",
    "ImportForm": "voxshelf.widgets.import_form",
    "SamplePicker": "voxshelf.widgets.samples",
    "SharingLinks": "voxshelf.widgets.sharing_links",
    "SliceViewer": "voxshelf.widgets.slice_viewer",
    "UploadPanel": "voxshelf.widgets.upload",
}

__all__ = [
    "DatasetTable",
    "EditTabs",
    "Gallery",
    "ImportForm",
    "Manager",
    "SamplePicker",
    "SharingLinks",
    "SliceViewer",
    "UploadPanel",
]


def __getattr__(name: str) -> Any:
    room = _ROOM_OF.get(name)
    if room is None:
        raise AttributeError(f"module 'voxshelf.widgets' has no attribute {name!r}")
    value = getattr(import_module(room), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
