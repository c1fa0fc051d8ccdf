"""How the viewer looks: ``SliceViewer`` lays out figure, controls and layers, and forwards between state and browser."""

from __future__ import annotations

import importlib.util
import warnings
from typing import TYPE_CHECKING, Any

import bqplot
import ipywidgets as widgets

from voxshelf.slicing import Plane
from voxshelf.widgets.slice_viewer.driver import Driver
from voxshelf.widgets.slice_viewer.panel import IntensityPanel, LayerRow
from voxshelf.widgets.slice_viewer.state import ViewerState
from voxshelf.widgets.slice_viewer.units import axis_unit

if TYPE_CHECKING:
    from voxshelf.model import ViewConfiguration

_MARGIN = {"top": 8, "right": 12, "bottom": 42, "left": 62}
_VIEW_TRAITS = ["plane", "position", "zoom", "physical"]


class SliceViewer(ViewerState, widgets.HBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Scroll through a dataset.

    Wheel or ``f``/``d`` move through slices (with shift ten at a time), dragging moves the picture, Ctrl + wheel or
    ``+``/``-`` zoom, ``0`` shows the whole volume.

    Parameters
    ----------
    dataset : Dataset
        What to look at.
    view_configuration : ViewConfiguration, optional
        How it first appears; default: what the dataset's own JSON says, else its middle, fitted, with automatic
        contrast.
    height : int
        Height of the figure in pixels.

    Examples
    --------
    >>> viewer = vx.SliceViewer(vx.open_dataset("path"))    # doctest: +SKIP
    >>> viewer.position = (512, 512, 40); viewer.plane = "XZ"    # doctest: +SKIP
    >>> viewer.box, viewer.read().shape    # doctest: +SKIP
    """

    _parts: tuple[Any, ...] = ()

    def __init__(
        self, dataset: Any, view_configuration: ViewConfiguration | None = None, *, height: int = 480
    ) -> None:
        _warn_of_broken_brush()
        super().__init__(dataset, view_configuration)
        self._unit = axis_unit(self.bounding_box, self.voxel_size)
        self._from_browser = False
        self._turn = 0
        self.panel = IntensityPanel(self)
        self._x, self._y = self._axes()
        self.figure = self._figure(height)
        self.driver = Driver(
            self.pictures,
            self._rested,
            source=self._source(),
            view=self._own_view(),
            looks=self._looks(),
            active=self.active,
            scale_x=self._x.scale,
            scale_y=self._y.scale,
            brush=self.panel.brush,
        )
        main = widgets.VBox(
            [self.driver, self.figure], layout=widgets.Layout(flex="1 1 460px", min_width="0")
        )
        main.add_class("vxs-main")
        rows = [LayerRow(layer) for layer in self.layers.values()]
        side = widgets.VBox([*rows, self.panel], layout=widgets.Layout(flex="0 1 270px", min_width="230px"))
        side.add_class("vxs-side")
        self.children = (main, side)
        self._parts = (self.driver, self.figure, *rows, self.panel, main, side)
        self.layout = widgets.Layout(flex_flow="row wrap", width="100%", overflow="hidden")
        self.add_class("vx-slice-viewer")
        self._connect()
        self._label_axes()

    def refresh(self) -> None:
        """Read the slices anew, after the data changed."""
        self.driver.refresh()

    def close(self) -> None:
        """Close the viewer and everything in it."""
        for widget in self._parts:
            widget.close()
        super().close()

    # -- laying out -----------------------------------------------------------------------------

    def _axes(self) -> tuple[bqplot.Axis, bqplot.Axis]:
        x = bqplot.LinearScale(min=0.0, max=1.0, allow_padding=False)
        y = bqplot.LinearScale(min=0.0, max=1.0, reverse=True, allow_padding=False)
        style = {"grid_lines": "none"}
        return (
            bqplot.Axis(scale=x, label_offset="32px", **style),
            bqplot.Axis(scale=y, side="left", label_offset="48px", **style),
        )

    def _figure(self, height: int) -> bqplot.Figure:
        figure = bqplot.Figure(
            marks=[],
            axes=[self._x, self._y],
            fig_margin=_MARGIN,
            min_aspect_ratio=0.01,
            max_aspect_ratio=100,
            display_toolbar=False,
            animation_duration=0,
            layout=widgets.Layout(width="auto", height=f"{height}px", min_width="120px", min_height="60px"),
        )
        figure.add_class("vxs-figure")
        return figure

    def _source(self) -> dict[str, Any]:
        box, size = self.bounding_box, self.voxel_size
        return {
            "name": self.dataset.name,
            "box": [*box.topleft, *box.size],
            "voxelSize": list(size.factor),
            "voxelSizeNm": list(size.in_nanometers),
            "unit": self._unit.symbol if self.dataset.voxel_size else None,
            "unitsPerVoxel": list(self._unit.per_voxel),
            "margin": _MARGIN,
            "empty": _why_empty(self),
        }

    def _looks(self) -> list[dict[str, Any]]:
        return [layer.document() for layer in self.layers.values()]

    def _label_axes(self) -> None:
        horizontal, vertical, _ = Plane(self.plane).axes
        unit = self._unit.symbol if self.physical else "voxels"
        self._x.label = f"{'xyz'[horizontal]} [{unit}]"
        self._y.label = f"{'xyz'[vertical]} [{unit}]"

    # -- forwarding -----------------------------------------------------------------------------

    def _connect(self) -> None:
        self.observe(self._view_changed, _VIEW_TRAITS)
        self.observe(lambda _: self._label_axes(), ["plane", "physical"])
        self.observe(lambda change: setattr(self.driver, "active", change["new"]), "active")
        for layer in self.layers.values():
            layer.observe(lambda _: self._looks_changed())
        self.driver.observe(self._browser_moved, "view")
        self.driver.observe(lambda change: setattr(self, "hover", _hover(change["new"])), "hover")
        self.driver.observe(lambda change: setattr(self, "error", change["new"]), "error")

    def _looks_changed(self) -> None:
        with self.lock:
            self.driver.looks = self._looks()

    def _own_view(self) -> dict[str, Any]:
        """The view as the kernel sends it: ``turn`` counts what was changed here, ``origin`` is nobody's."""
        return {**self.view_document(), "turn": self._turn, "origin": ""}

    def _view_changed(self, _change: Any) -> None:
        with self.lock:
            if not self._from_browser:
                self._turn += 1
                self.driver.view = self._own_view()

    def _browser_moved(self, change: Any) -> None:
        document = change["new"]
        with self.lock:
            if not document["origin"]:
                return
            if document["turn"] < self._turn:
                # It was sent before the browser heard of a change made here, which wins.
                self.screen = tuple(document["screen"])
                self.driver.view = self._own_view()
                return
            self._from_browser = True
            try:
                as_asked = self.look_from(document)
            finally:
                self._from_browser = False
            if not as_asked:
                self._view_changed(None)

    def _rested(self) -> None:
        self.panel.update_histogram()


def _hover(found: dict[str, Any]) -> dict[str, Any]:
    """What the browser found under the pointer, with numbers for the texts that carry 64 bits exactly."""
    if not found:
        return {}
    values = {name: _number(text) for name, text in found["values"].items()}
    return {"position": tuple(found["position"]), "values": values}


def _number(text: str) -> Any:
    if text.startswith("("):
        return tuple(_number(part) for part in text.strip("()").split(", "))
    try:
        return int(text)
    except ValueError:
        return float(text)


def _why_empty(state: ViewerState) -> str:
    if not state.layers:
        return "This dataset has no layers yet."
    if state.bounding_box.is_empty:
        return "The layers of this dataset are empty: their bounding boxes hold no voxels."
    return ""


def _warn_of_broken_brush() -> None:
    if importlib.util.find_spec("bqplot_gl") is not None:
        warnings.warn(
            "bqplot-gl is installed: with it, dragging in bqplot's histogram does nothing. Uninstall it, or use the "
            "range slider below the histogram.",
            stacklevel=3,
        )
