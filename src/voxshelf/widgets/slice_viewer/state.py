"""What a viewer looks at: ``ViewerState``, traits to observe, set and link; no browser needed.

Words used here are those of :mod:`voxshelf.slicing`. Traits may be changed from any thread: JupyterLab delivers
messages of a widget on threads of their own, several at once.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import traitlets

from voxshelf.errors import DamagedDataError, LayerNotFoundError, OutOfRangeError, VoxshelfError
from voxshelf.model import BoundingBox, Mag, ViewConfiguration, VoxelSize
from voxshelf.slicing import (
    SMALLEST_ZOOM,
    Histogram,
    Plan,
    Plane,
    View,
    auto_window,
    fit_zoom,
    histogram,
    plan,
    read_plane,
)
from voxshelf.widgets.slice_viewer.layer_state import LayerState
from voxshelf.widgets.slice_viewer.opening import opening_configuration

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


@dataclass(frozen=True)
class LayerPicture:
    """What reading one layer for one view gave.

    Parameters
    ----------
    name : str
        The layer.
    plan : Plan or None
        What was read; None where nothing of the layer is in view.
    voxels : ndarray or None
        ``(rows, columns)`` or, for RGB, ``(3, rows, columns)``; None where nothing was read.
    error : str
        Why not, in plain words; empty where all went well.
    """

    name: str
    plan: Plan | None = None
    voxels: NDArray[Any] | None = None
    error: str = ""


class ViewerState(traitlets.HasTraits):
    """What is looked at.

    Parameters
    ----------
    dataset : Dataset
        Any handle with ``name``, ``voxel_size`` and ``layers``.
    view_configuration : ViewConfiguration, optional
        How it first appears, in place of the dataset's own default (a store knows more than the dataset's JSON).

    Attributes
    ----------
    plane : str
        ``"XY"``, ``"XZ"`` or ``"YZ"``.
    position : tuple of 3 ints
        The voxel in the middle of the picture, ``(x, y, z)`` in Mag-1 voxels; kept within the volume.
    zoom : float or None
        Mag-1 voxels of the finest axis per screen pixel; None fits the whole volume.
    physical : bool
        Whether the axes count in physical units instead of voxels; stays False where the voxel size is unknown.
    screen : tuple of 2 ints
        Width and height of the picture area in pixels, as the browser has it.
    active : str
        The layer whose intensities are being adjusted.
    hover : dict
        What is under the pointer: ``{"position": (x, y, z), "values": {layer: number}}``; empty for nothing.
    busy : bool
        Whether slices are being read.
    error : str
        What is wrong with the slice on screen, in plain words; empty if nothing is.
    """

    plane = traitlets.CaselessStrEnum([str(plane) for plane in Plane], "XY")
    position = traitlets.Tuple(traitlets.Int(), traitlets.Int(), traitlets.Int(), default_value=(0, 0, 0))
    zoom: Any = traitlets.Float(None, allow_none=True)
    physical = traitlets.Bool(False)
    screen = traitlets.Tuple(traitlets.Int(), traitlets.Int(), default_value=(640, 480))
    active = traitlets.Unicode("")
    hover = traitlets.Dict()
    busy = traitlets.Bool(False)
    error = traitlets.Unicode("")

    def __init__(
        self, dataset: Any, view_configuration: ViewConfiguration | None = None, **others: Any
    ) -> None:
        self.lock = threading.RLock()
        self.dataset = dataset
        # A bare folder may not say how large its voxels are: then they are shown as cubes, without units.
        self.voxel_size = dataset.voxel_size or VoxelSize((1, 1, 1))
        self._reading = 0
        given = view_configuration or opening_configuration(dataset)
        configured = given.layers or {}
        self.layers = {
            name: LayerState(name, layer, configured.get(name)) for name, layer in dataset.layers.items()
        }
        self.bounding_box = _around(layer.bounding_box for layer in dataset.layers.values())
        self._center = self._inside(given.position or self._middle())
        super().__init__(**others)
        self.position = self._rounded(self._center)
        self.zoom = given.zoom
        colors = [name for name, layer in self.layers.items() if layer.is_color]
        self.active = next(iter(colors), "")
        self.observe(self._position_was_set, "position")

    # -- where ----------------------------------------------------------------------------------

    @property
    def center(self) -> tuple[float, float, float]:
        """The point in the middle of the picture, in Mag-1 voxels; it lies in voxel ``position``."""
        return self._center

    @property
    def view(self) -> View:
        """The present view, with a number for the zoom also where the whole volume is fitted."""
        zoom: float | None = self.zoom
        if zoom is None:
            zoom = fit_zoom(self.bounding_box, Plane(self.plane), self.screen, self.voxel_size)
        return View(Plane(self.plane), self._center, zoom, self.screen)

    @property
    def box(self) -> BoundingBox:
        """The box that is visible: Mag-1 voxels, one slice thick, within the volume."""
        return self.view.visible_box(self.voxel_size).intersection(self.bounding_box)

    def look_from(self, document: dict[str, Any]) -> bool:
        """Take over a view that the browser reports; answers whether it was taken as it is."""
        with self.lock, self.hold_trait_notifications():
            center = self._inside(document["center"])
            zoom = document["zoom"]
            self._center = center
            self.plane = document["plane"]
            self.position = self._rounded(center)
            self.zoom = None if zoom is None else max(float(zoom), SMALLEST_ZOOM)
            self.physical = bool(document["physical"])
            width, height = document.get("screen") or self.screen
            self.screen = (max(int(width), 1), max(int(height), 1))
        return all(math.isclose(a, b) for a, b in zip(center, document["center"], strict=True))

    def view_document(self) -> dict[str, Any]:
        """The present view, for the browser."""
        return {
            "plane": self.plane,
            "center": list(self._center),
            "zoom": self.zoom,
            "physical": self.physical,
            "screen": list(self.screen),
        }

    def view_configuration(self) -> ViewConfiguration:
        """The present view and all layers' looks, as a view configuration that can be stored."""
        return ViewConfiguration(
            position=self.position,
            zoom=self.view.zoom,
            layers={name: layer.configuration() for name, layer in self.layers.items()},
        )

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
        name = layer if layer is not None else self._first_visible()
        state = self.layer(name)
        planned = self.plan_for(name)
        if planned is None:
            raise OutOfRangeError(
                f"Nothing of layer {name!r} is in view.", hint="Move to where it has data, or press Fit."
            )
        box = self.box.intersection(state.layer.bounding_box)
        voxels: NDArray[Any] = state.layer.read(box, mag=planned.mag if mag is None else Mag(mag))
        return voxels

    def pictures(self, view: View, names: Iterable[str]) -> list[LayerPicture]:
        """Read layers for a view; what cannot be read is told in words, the others come nevertheless."""
        with self.lock:
            self._reading += 1
            self.busy = True
        try:
            return [self._picture(view, self.layers[name]) for name in names if name in self.layers]
        finally:
            with self.lock:
                self._reading -= 1
                self.busy = self._reading > 0

    def visible_voxels(self, name: str) -> NDArray[Any] | None:
        """A layer's values that are on screen; None where there are none or they cannot be read."""
        picture = self._picture(self.view, self.layer(name))
        return picture.voxels

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

    @traitlets.validate("position")
    def _valid_position(self, proposal: Any) -> tuple[int, int, int]:
        return self._rounded(self._inside(tuple(edge + 0.5 for edge in proposal["value"])))

    @traitlets.validate("zoom")
    def _valid_zoom(self, proposal: Any) -> float | None:
        zoom = proposal["value"]
        if zoom is not None and not (zoom > 0 and math.isfinite(zoom)):
            raise OutOfRangeError(
                f"{zoom} is not a zoom.",
                hint="Give voxels per screen pixel, greater than 0, or None to fit the whole volume.",
            )
        return None if zoom is None else max(zoom, SMALLEST_ZOOM)

    @traitlets.validate("physical")
    def _valid_physical(self, proposal: Any) -> bool:
        return bool(proposal["value"]) and self.dataset.voxel_size is not None

    def _position_was_set(self, change: Any) -> None:
        with self.lock:
            if self._rounded(self._center) != change["new"]:
                x, y, z = change["new"]
                self._center = (x + 0.5, y + 0.5, z + 0.5)

    def _middle(self) -> tuple[float, ...]:
        """The middle of the volume in the plane, the middle of a voxel on the normal."""
        box = self.bounding_box
        normal = Plane(self.plane).axes[2]
        return tuple(
            box.center[axis] + 0.5 if axis == normal else box.topleft[axis] + box.size[axis] / 2
            for axis in range(3)
        )

    def _inside(self, center: Iterable[float]) -> tuple[float, float, float]:
        box = self.bounding_box
        x, y, z = (
            min(max(float(at), low), max(high, low + 1) - 1e-6)
            for at, low, high in zip(center, box.topleft, box.bottomright, strict=True)
        )
        return (x, y, z)

    @staticmethod
    def _rounded(center: tuple[float, float, float]) -> tuple[int, int, int]:
        x, y, z = (math.floor(at) for at in center)
        return (x, y, z)

    def _first_visible(self) -> str:
        shown = [layer for layer in self.layers.values() if layer.visible]
        for layer in sorted(shown, key=lambda layer: not layer.is_color):
            return layer.name
        raise LayerNotFoundError("No layer is visible.", hint="Show a layer, or name the one to read.")

    def _picture(self, view: View, layer: LayerState) -> LayerPicture:
        planned = self.plan_for(layer.name, view)
        if planned is None:
            return LayerPicture(layer.name)
        try:
            voxels = layer.shown_channels(read_plane(layer.layer, planned))
        except Exception as error:  # noqa: BLE001 - whatever a file holds, the viewer goes on with other slices
            return LayerPicture(layer.name, planned, error=explain(layer.name, error))
        with self.lock:
            layer.learn(voxels)
        return LayerPicture(layer.name, planned, voxels)


def explain(layer: str, error: Exception) -> str:
    """What went wrong while reading a layer, as sentences for a person."""
    if isinstance(error, VoxshelfError):
        text = f"{layer}: {error.what}"
        if isinstance(error, DamagedDataError):
            where = [
                part
                for part, known in (
                    (f"file {error.file}", str(error.file)),
                    (f"block {error.block}", str(error.block)),
                )
                if known != "None" and known not in error.what
            ]
            text += f" ({', '.join(where)})" if where else ""
        return f"{text} {error.hint}".strip()
    return f"{layer}: this slice could not be read ({type(error).__name__}: {error})."


def _around(boxes: Iterable[BoundingBox]) -> BoundingBox:
    total = BoundingBox((0, 0, 0), (0, 0, 0))
    for box in boxes:
        total = total.union(box)
    return total
