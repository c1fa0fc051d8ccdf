"""What a viewer looks at: ``ViewerState``, traits to observe, set and link; no browser needed.

Words used here are those of :mod:`voxshelf.slicing`. Traits may be changed from any thread: JupyterLab delivers
messages of a widget on threads of their own, several at once.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets

from voxshelf.errors import LayerNotFoundError, OutOfRangeError
from voxshelf.model import BlendMode, Mag, ViewConfiguration, ViewState
from voxshelf.slicing import Histogram, Plan, Region, View, auto_window, histogram, plan
from voxshelf.widgets.slice_viewer.axes import AxesState, layer_at
from voxshelf.widgets.slice_viewer.code_lines import expression_of, text_of, view_of_fragment
from voxshelf.widgets.slice_viewer.configuration import (
    SETTINGS,
    apply,
    begin_anew,
    given_configuration,
    open_view,
    present,
    present_view,
    stored_configuration,
)
from voxshelf.widgets.slice_viewer.following import document_of
from voxshelf.widgets.slice_viewer.layer_picture import LayerPicture, read_picture
from voxshelf.widgets.slice_viewer.layer_state import LayerState
from voxshelf.widgets.slice_viewer.place import around
from voxshelf.widgets.slice_viewer.places import LAYER_KEYS, place_of
from voxshelf.widgets.slice_viewer.still import picture_of, save_picture
from voxshelf.widgets.slice_viewer.taking_over import Snapshot, take_over
from voxshelf.widgets.theme import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from voxshelf.model import Place


class ViewerState(AxesState):
    """What is looked at.

    Parameters
    ----------
    dataset : Dataset
        Any handle with ``name``, ``voxel_size`` and ``layers``.
    configuration : ViewConfiguration, ResolvedViewConfiguration or dict, optional
        How it first appears, in place of the dataset's own default (a store knows more than the dataset's JSON);
        a dict has the camelCase keys of the JSON. What it does not say is as usual.
    expression : str, optional
        The Python that opens the dataset again, for lines to copy; default: ``vx.open_dataset("its path")``.
    view : ViewState or dict, optional
        A bookmark to open, on top of the configuration.

    Attributes
    ----------
    plane, panes, position, zoom, physical, screen
        Where one looks, see :class:`PlaceState`.
    axes : dict
        Where one is on further axes, ``{"t": 3}``, see :class:`AxesState`.
    interpolation : bool
        Whether voxels are smoothed instead of showing their edges; never segments.
    blend_mode : str
        ``"Additive"`` or ``"Cover"``: how several colour layers make one picture.
    segmentation_pattern_opacity : float
        Opacity of the stripes inside of segments, 0-100.
    render_missing_data_black : bool
        Whether what is not on disk is black instead of chequered.
    selective_segment_visibility : bool
        Whether only chosen segments are shown.
    color_layer_order : list of str
        Colour layers from the front to the back; those not named follow.
    edits : int
        Counts changes of what :meth:`configuration_document` says, made here or in the browser, other than by
        :meth:`apply_configuration`: observe it to store them.
    active : str
        The layer whose intensities are being adjusted.
    hover : dict
        What is under the pointer: ``{"position": (x, y, z), "values": {layer: number}}``; empty for nothing.
    busy : bool
        Whether slices are being read.
    error : str
        What is wrong with the slice on screen, in plain words; empty if nothing is.
    news : Message
        What changed elsewhere and was taken over, or why the dataset cannot be followed; usually nothing.
    touched : dict
        What the counted edits changed: place in a view configuration → the number of its last edit.
    """

    interpolation = traitlets.Bool(False)
    blend_mode = traitlets.CaselessStrEnum([str(mode) for mode in BlendMode], str(BlendMode.ADDITIVE))
    segmentation_pattern_opacity = traitlets.Float(40.0, min=0.0, max=100.0)
    render_missing_data_black = traitlets.Bool(False)
    selective_segment_visibility = traitlets.Bool(False)
    color_layer_order: Any = traitlets.List(traitlets.Unicode())
    edits = traitlets.Int(0)
    active = traitlets.Unicode("")
    hover = traitlets.Dict()
    busy = traitlets.Bool(False)
    error = traitlets.Unicode("")
    news = traitlets.Instance(Message, args=())

    def __init__(
        self,
        dataset: Any,
        configuration: Any = None,
        *,
        expression: str | None = None,
        view: ViewState | dict[str, Any] | None = None,
        **others: Any,
    ) -> None:
        self.dataset = dataset
        self.shown = Snapshot.of(dataset)
        self.expression = expression or expression_of(dataset)
        self._reading = 0
        self._quiet: list[int] = []
        self.touched: dict[Place, int] = {}
        self.rotation = (0.0, 0.0, 0.0)
        self.layers = {name: LayerState(name, layer) for name, layer in dataset.layers.items()}
        box = around(layer.bounding_box for layer in dataset.layers.values())
        super().__init__(box, dataset.voxel_size, **others)
        colors = [name for name, layer in self.layers.items() if layer.is_color]
        self.active = next(iter(colors), "")
        self._begin(configuration, view)
        self.observe(self._edited, ["position", "zoom", *SETTINGS])
        for layer in self.layers.values():
            layer.observe(self._edited, list(LAYER_KEYS))

    # -- settings -------------------------------------------------------------------------------

    def view_configuration(self) -> ViewConfiguration:
        """The present view and all layers' looks, as a view configuration that can be stored."""
        return present(self)

    def configuration_document(self) -> dict[str, Any]:
        """The same as JSON with camelCase keys; partial: it says nothing about keys that a viewer has no use for."""
        return present(self).document()

    def apply_configuration(self, document: dict[str, Any]) -> None:
        """Take over what a view configuration says, JSON with camelCase keys; no edit is counted.

        What it does not say stays; keys that are unknown or do not fit are left out.
        """
        with self._quietly():
            apply(self, given_configuration(self.dataset, document))

    def take_values(self, values: Mapping[Place, Any]) -> None:
        """Take over single values of a view configuration; no edit is counted.

        Parameters
        ----------
        values : mapping of tuple to Any
            Place → JSON; None where nobody says a value any more, so that the viewer chooses: an intensity range by
            what is on screen.
        """
        if not values:
            return
        self.apply_configuration(document_of(values))
        for place, value in values.items():
            if value is None and place[-1] == "intensityRange" and place[1] in self.layers:
                with self._quietly():
                    self.auto_contrast(str(place[1]))

    def go_to_default(self) -> None:
        """Show the dataset as it first appears for everybody: looks, settings, position and zoom."""
        with self._quietly():
            self.zoom = None
            self.go_to(self._middle())
            begin_anew(self, given_configuration(self.dataset, stored_configuration(self.dataset)))

    def take_over(self, dataset: Any) -> None:
        """Go on with another handle of the same dataset, after its voxel size, layers or mags changed."""
        with self.lock, self._quietly():
            for layer in take_over(self, dataset):
                layer.observe(self._edited, list(LAYER_KEYS))
            self.axes = {}  # what they have is kept within the axes that there are now

    @property
    def view_state(self) -> ViewState:
        """Where one looks and how the layers appear, as a bookmark; setting it opens one."""
        return self.with_coordinates(present_view(self))

    @view_state.setter
    def view_state(self, view: ViewState | dict[str, Any]) -> None:
        bookmark = ViewState.model_validate(view)
        self.take_coordinates(bookmark)
        open_view(self, bookmark)

    def picture(self) -> NDArray[np.uint8]:
        """What is on screen as RGB ``(rows, columns, 3)``, made here; see :func:`picture_of`."""
        with self._quietly():
            return picture_of(self)

    def save_picture(self, path: Path | str) -> None:
        """Save what is on screen as an image file, in the proportions of the specimen."""
        with self._quietly():
            save_picture(self, Path(path))

    def text(self, what: str) -> str:
        """The view as text to take along: ``read`` or ``open`` (Python), ``json``, ``link`` or ``position``."""
        return text_of(self, what)

    def open_link(self, link: str) -> None:
        """Look where a link, or its end, points; see :meth:`text`."""
        self.view_state = view_of_fragment(link)

    def settings_document(self) -> dict[str, Any]:
        """What is set for all layers together, for the browser."""
        return {
            "interpolation": self.interpolation,
            "cover": self.blend_mode == BlendMode.COVER,
            "pattern": self.segmentation_pattern_opacity,
            "missingBlack": self.render_missing_data_black,
            "selective": self.selective_segment_visibility,
        }

    def painting_order(self) -> list[LayerState]:
        """All layers as they are painted: colours from the back to the front, then segmentations."""
        colors = [layer for layer in self.layers.values() if layer.is_color]
        named = [name for name in dict.fromkeys(self.color_layer_order) if self.layers.get(name) in colors]
        front = [self.layers[name] for name in named]
        behind = [layer for layer in colors if layer not in front]
        return [*reversed([*front, *behind]), *(x for x in self.layers.values() if not x.is_color)]

    def isolate_segment(self, layer: str, segment: int) -> None:
        """Show one segment of a layer only."""
        self.layer(layer).selected_segments = []
        self.layer(layer).select_segment(segment)
        self.selective_segment_visibility = True

    def show_all_segments(self) -> None:
        """Show all segments again; their colours stay."""
        self.selective_segment_visibility = False
        for layer in self.layers.values():
            layer.hidden_segments, layer.selected_segments = [], []

    # -- what -----------------------------------------------------------------------------------

    def layer(self, name: str) -> LayerState:
        """The look of a layer.

        Raises
        ------
        LayerNotFoundError
            If there is none of that name.
        """
        if name not in self.layers:
            known = ", ".join(repr(known) for known in self.layers) or "none"
            raise LayerNotFoundError(f"There is no layer {name!r}.", hint=f"The dataset has: {known}.")
        return self.layers[name]

    def plan_for(self, name: str, view: View | None = None) -> Plan | None:
        """What to read of a layer for a view (default: the present one)."""
        layer = self.layer(name).layer
        return plan(
            view or self.view,
            bounding_box=layer.bounding_box,
            mags=layer.mags,
            voxel_size=self.voxel_size,
        )

    def read(self, layer: str | None = None, *, mag: Any = None) -> NDArray[Any]:
        """The visible box as numpy.

        Parameters
        ----------
        layer : str, optional
            Default: the first visible colour layer, else the first visible one.
        mag : Mag, optional
            Default: the mag on screen. ``1`` gives full resolution, which for a wide view can be large.

        Returns
        -------
        ndarray
            As :meth:`voxshelf.dataset.Layer.read` gives it: ``(x, y, z)``, one voxel thick along the normal.

        Raises
        ------
        LayerNotFoundError, OutOfRangeError, DamagedDataError
            If there is no such layer, nothing of it is in view, or its data is damaged.
        """
        name = layer if layer is not None else self.first_visible()
        state = self.layer(name)
        planned, handle = self.plan_for(name), layer_at(state.layer, self.axes)
        if planned is None or handle is None:
            raise OutOfRangeError(
                f"Nothing of layer {name!r} is in view.", hint="Move to where it has data, or press Fit."
            )
        box = self.box.intersection(state.layer.bounding_box)
        voxels: NDArray[Any] = handle.read(box, mag=planned.mag if mag is None else Mag(mag))
        return voxels

    def pictures(
        self, region: Region, names: Iterable[str], axes: Mapping[str, int] | None = None
    ) -> list[LayerPicture]:
        """Read layers for a part of a plane, at given coordinates on further axes (default: the present ones).

        What cannot be read is told in words, the others come nevertheless.
        """
        where = self.axes if axes is None else axes
        with self.lock:
            self._reading += 1
            self.busy = True
        try:
            return [self._picture(region, self.layers[name], where) for name in names if name in self.layers]
        finally:
            with self.lock:
                self._reading -= 1
                self.busy = self._reading > 0

    def first_visible(self) -> str:
        """The layer that is read where none is named: the first visible colour layer, else the first visible one.

        Raises
        ------
        LayerNotFoundError
            If no layer is visible.
        """
        shown = [layer for layer in self.layers.values() if layer.visible]
        for layer in sorted(shown, key=lambda layer: not layer.is_color):
            return layer.name
        raise LayerNotFoundError("No layer is visible.", hint="Show a layer, or name the one to read.")

    def visible_voxels(self, name: str) -> NDArray[Any] | None:
        """A layer's values that are on screen; None where there are none or they cannot be read."""
        return self._picture(self.region, self.layer(name), self.axes).voxels

    def histogram(self, name: str) -> Histogram | None:
        """How the visible values of a layer are distributed, between the layer's limits."""
        voxels = self.visible_voxels(name)
        return None if voxels is None else histogram(voxels, limits=self.layer(name).limits)

    def auto_contrast(self, name: str) -> None:
        """Choose a layer's window by the values that are visible now."""
        voxels = self.visible_voxels(name)
        if voxels is not None and auto_window(voxels) is not None:
            self.layer(name).learn(voxels, again=True)

    # -- within ---------------------------------------------------------------------------------

    def _picture(self, region: Region, layer: LayerState, axes: Mapping[str, int]) -> LayerPicture:
        picture = read_picture(layer, region, self.voxel_size, axes)
        if picture.voxels is not None:
            with self.lock, self._quietly():
                layer.learn(picture.voxels)
        return picture

    def _begin(self, given: Any, view: ViewState | dict[str, Any] | None) -> None:
        first = given_configuration(self.dataset, given)
        for name, entry in (first.layers or {}).items():
            if name in self.layers:
                self.layers[name].configure(entry)
        apply(self, first.model_copy(update={"layers": None}))
        if view is not None:
            self.view_state = view

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Changes made within, by this thread, are no edits."""
        self._quiet.append(threading.get_ident())
        try:
            yield
        finally:
            self._quiet.remove(threading.get_ident())

    def _edited(self, change: Any) -> None:
        if threading.get_ident() not in self._quiet:
            owner = change["owner"]
            with self.lock:
                place = place_of(change["name"], None if owner is self else owner.name)
                self.touched[place] = self.edits + 1
                self.edits += 1
