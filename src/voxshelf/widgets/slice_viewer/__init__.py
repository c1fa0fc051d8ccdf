"""The slice viewer: scroll through a dataset's planes, one or three at a time, with its segmentations on top.

``state.py`` knows what is looked at (``place.py``: where, ``axes.py``: when) and needs no browser; ``configuration.py`` and
``code_lines.py`` turn that into documents and text, ``still.py`` into a picture. ``view.py`` lays out; ``driver.py``
and ``js/`` are the browser's side; ``followed.py`` ties a viewer to its store: ``following.py`` takes over what changes
there (``taking_over.py``: of the data), ``remembering.py`` keeps what the person chooses. ``layer_panel.py``,
``histogram_panel.py``, ``segment_panel.py`` and ``default_bar.py`` stand beside the picture.
"""

from voxshelf.widgets.slice_viewer.layer_state import LayerState
from voxshelf.widgets.slice_viewer.state import ViewerState
from voxshelf.widgets.slice_viewer.view import SliceViewer

__all__ = ["LayerState", "SliceViewer", "ViewerState"]
