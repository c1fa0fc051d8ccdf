"""The slice viewer: scroll through a dataset's planes, with its segmentations on top.

``state.py`` knows what is looked at and needs no browser; ``view.py`` lays out; ``driver.py`` and ``js/`` are the
browser's side; ``panel.py`` is the list of layers with the histogram.
"""

from voxshelf.widgets.slice_viewer.layer_state import LayerState
from voxshelf.widgets.slice_viewer.state import ViewerState
from voxshelf.widgets.slice_viewer.view import SliceViewer

__all__ = ["LayerState", "SliceViewer", "ViewerState"]
