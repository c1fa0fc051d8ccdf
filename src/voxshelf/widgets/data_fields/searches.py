"""Values that are found by reading voxels: the largest segment id, and where the data end.

Both read the finest mag: coarser ones have lost small segments and thin edges. Searches run aside, say how far
they are, can be cancelled, and write what they found into a field.
"""

from __future__ import annotations

import itertools
import threading
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import traitlets

from voxshelf.dataset import Dataset, at_all_coordinates
from voxshelf.errors import OperationCancelledError, VoxshelfError
from voxshelf.model import BoundingBox, Mag
from voxshelf.widgets.data_fields.drafting import draft_of
from voxshelf.widgets.theme import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TypeAlias

    from voxshelf.dataset import Layer
    from voxshelf.model import Proposal
    from voxshelf.store import DatasetStore
    from voxshelf.widgets.aside import Aside
    from voxshelf.widgets.data_fields.fields import Field

    Step: TypeAlias = Callable[[int, int], None]
    Found: TypeAlias = tuple[Any, str]
    Find: TypeAlias = "Callable[[Layer, SearchedLayer, Step, threading.Event], Found]"

_PIECE_SIDE = 128


class SearchedLayer(Protocol):
    """What a search needs to know of a layer that is being described."""

    @property
    def name(self) -> str:
        """Its name in the folder."""

    @property
    def category(self) -> Field:
        """Colour or segmentation."""

    @property
    def bounding_box(self) -> Field:
        """Where its voxels are said to be."""


class SearchedForm(Protocol):
    """What a search needs of the form that the layer belongs to."""

    store: DatasetStore
    key: str
    aside: Aside
    message: Any

    def current(self) -> Proposal:
        """The values as they are now."""


def find_largest_segment_id(layer: Layer, _: SearchedLayer, step: Step, cancelled: threading.Event) -> Found:
    """The largest id among all voxels."""
    largest = layer.compute_largest_segment_id(progress=step, cancel=cancelled)
    return largest, "The largest id among all voxels of the finest mag."


def find_data_bounds(layer: Layer, form: SearchedLayer, step: Step, cancelled: threading.Event) -> Found:
    """The smallest box around all voxels that are not 0 at any time, within the present (or the detected) box.

    Raises
    ------
    VoxshelfError
        If every voxel is 0.
    """
    within: BoundingBox = form.bounding_box.value or form.bounding_box.proposed.value or layer.bounding_box
    mag = min(Mag(mag) for mag in layer.mags)
    bounds = BoundingBox((0, 0, 0), (0, 0, 0))
    times = list(at_all_coordinates(layer))
    searched = _stored_part(within.in_mag(mag), times, mag)
    done, total = 0, searched.volume
    for piece in _pieces(searched):
        if cancelled.is_set():
            raise OperationCancelledError("Looking for the end of the data was cancelled.")
        # What lies inside of what is known already cannot make it larger: of dense data little is read.
        if not bounds.contains(piece):
            for time in times:
                if _is_missing(time, mag, piece):
                    continue
                bounds = bounds.union(_occupied(time.read(piece.from_mag(mag), mag=mag), piece))
        done += piece.volume
        step(done, total)
    if bounds.is_empty:
        raise VoxshelfError(
            f"Every voxel of layer {form.name!r} in {within} is 0.",
            hint="Check the box, or leave the layer out.",
        )
    return bounds.from_mag(mag).intersection(within), "Every voxel outside of it is 0."


def _stored_part(box: BoundingBox, times: Sequence[Any], mag: Mag) -> BoundingBox:
    """What files can have of a box at any time: one that somebody typed may be far larger."""
    if not all(hasattr(time, "mag") for time in times):  # a layer that does not know how it is stored
        return box
    stored = BoundingBox((0, 0, 0), (0, 0, 0))
    for time in times:
        stored = stored.union(time.mag(mag).folder.array.bounding_box())
    return box.intersection(stored)


def _is_missing(layer: Any, mag: Mag, piece: BoundingBox) -> bool:
    return hasattr(layer, "mag") and layer.mag(mag).folder.array.is_missing(piece)


def _pieces(box: BoundingBox) -> Iterator[BoundingBox]:
    ranges = [range(low, high, _PIECE_SIDE) for low, high in zip(box.topleft, box.bottomright, strict=True)]
    for z, y, x in itertools.product(*reversed(ranges)):
        yield BoundingBox((x, y, z), (_PIECE_SIDE,) * 3).intersection(box)


def _occupied(voxels: Any, piece: BoundingBox) -> BoundingBox:
    """The box around the voxels of a piece that are not 0; ``(x, y, z)`` or ``(c, x, y, z)``."""
    if not voxels.any():
        return BoundingBox((0, 0, 0), (0, 0, 0))
    filled = voxels.any(axis=0) if voxels.ndim > 3 else voxels != 0
    lower, upper = [], []
    for axis, start in enumerate(piece.topleft):
        others = tuple(other for other in range(3) if other != axis)
        places = np.flatnonzero(filled.any(axis=others))
        lower.append(start + int(places[0]))
        upper.append(start + int(places[-1]) + 1)
    return BoundingBox.from_corners(lower, upper)


class Search(traitlets.HasTraits):
    """Finds the value of one field.

    Parameters
    ----------
    form : SearchedForm
        Whose dataset is read.
    layer : SearchedLayer
        Which layer.
    field : Field
        Where the value goes.
    find : callable
        One of the functions above.
    """

    progress = traitlets.Float(
        None, allow_none=True, help="How far it is, 0-1; None while it is not running."
    )
    progress_text = traitlets.Unicode("")

    def __init__(self, form: SearchedForm, layer: SearchedLayer, field: Field, find: Find) -> None:
        super().__init__()
        self._form = form
        self._layer = layer
        self._field = field
        self._find = find
        self._cancelled = threading.Event()

    def start(self) -> None:
        """Search, unless that is going on already."""
        if self.progress is not None:
            return
        self._cancelled = threading.Event()
        self.progress_text = "Starting …"
        self.progress = 0.0
        self._form.aside.run(f"search {self._field.place}", self._search)

    def cancel(self) -> None:
        """Stop searching; the field stays as it is."""
        self._cancelled.set()

    def _step(self, done: int, total: int) -> None:
        self.progress_text = f"{done / total:.0%} of {total / 1e6:,.1f} million voxels"
        self.progress = done / total

    def _search(self) -> None:
        doing = f"Reading layer {self._layer.name!r}"
        try:
            value, note = self._find(self._handle(), self._layer, self._step, self._cancelled)
        except OperationCancelledError:
            self._form.message = Message(f"{doing} was cancelled.")
        except (VoxshelfError, OSError) as error:
            self._form.message = Message.of_error(error, doing=doing)
        else:
            self._field.set_computed(value, note)
        finally:
            self.progress = None

    def _handle(self) -> Layer:
        """The layer as the form describes it: the folder alone may have been taken for colour."""
        opened, name = self._form.store[self._form.key], self._layer.name
        if opened.layers[name].category is self._layer.category.value:
            return opened.layers[name]
        return Dataset(opened.path, draft_of(self._form.current())).layers[name]
