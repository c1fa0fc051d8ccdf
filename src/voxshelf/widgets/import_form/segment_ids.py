"""*Compute*: find the largest segment id by reading a whole layer, with progress and Cancel.

The coarser mags are not enough: small segments are gone there.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from voxshelf.dataset import Dataset
from voxshelf.errors import OperationCancelledError, VoxshelfError
from voxshelf.model import Category
from voxshelf.widgets.import_form.advanced import draft_of
from voxshelf.widgets.theme import Message

if TYPE_CHECKING:
    from voxshelf.dataset import Layer
    from voxshelf.widgets.import_form.layer_form import LayerForm
    from voxshelf.widgets.import_form.state import ImportFormState


class SegmentIdSearch:
    """Searches aside, one layer at a time.

    Parameters
    ----------
    form : ImportFormState
        Whose dataset is read, and where the result goes.
    """

    def __init__(self, form: ImportFormState) -> None:
        self._form = form
        self._cancelled: dict[str, threading.Event] = {}

    def start(self, layer: LayerForm) -> None:
        """Search, unless that is going on already; fills in the field when it is done."""
        if layer.progress is not None:
            return
        cancelled = self._cancelled[layer.name] = threading.Event()
        layer.progress_text = "Starting …"
        layer.progress = 0.0
        self._form.aside.run(f"segment ids of {layer.name}", lambda: self._search(layer, cancelled))

    def cancel(self, layer: LayerForm) -> None:
        """Stop searching; the field stays as it is."""
        if layer.name in self._cancelled:
            self._cancelled[layer.name].set()

    def close(self) -> None:
        """Stop all searches."""
        for cancelled in self._cancelled.values():
            cancelled.set()

    def _search(self, layer: LayerForm, cancelled: threading.Event) -> None:
        def step(done: int, total: int) -> None:
            layer.progress_text = f"{done / total:.0%} of {total / 1e6:,.0f} million voxels"
            layer.progress = done / total

        try:
            largest = self._handle(layer).compute_largest_segment_id(progress=step, cancel=cancelled)
        except OperationCancelledError:
            self._form.message = Message("Computing the largest segment id was cancelled.")
        except (VoxshelfError, OSError) as error:
            self._form.message = Message.of_error(error, doing="Computing the largest segment id")
        else:
            layer.largest_segment_id.set_computed(
                largest, "The largest id among all voxels of the finest mag."
            )
        finally:
            layer.progress = None

    def _handle(self, layer: LayerForm) -> Layer:
        """The layer as the form describes it: the folder alone may have been taken for colour."""
        opened = self._form.store[self._form.key]
        if opened.layers[layer.name].category is Category.SEGMENTATION:
            return opened.layers[layer.name]
        return Dataset(opened.path, draft_of(self._form.current())).layers[layer.name]
